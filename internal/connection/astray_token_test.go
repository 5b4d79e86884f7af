package connection_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// What a partner keeps secret, and a request for tokens names, goes only to where
// the definition says that tokens come from.
func TestPartnersSecretInTokenRequests(t *testing.T) {
	var asked []string
	answer := func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`) // who asks notices what is missing
	}
	p, thief := oauthtest.New(t), oauthtest.New(t)
	p.Answer, thief.Answer = answer, answer
	c := &connector.Connector{
		Name: "CRM", Version: "1",
		Authentication: []connector.Authentication{{AuthType: connector.AuthOAuth2, OAuth2Type: connector.ClientCredentials, AccessTokenURL: "{{Login}}/token?of={{Token}}"}},
		Parameters: []connector.Parameter{
			{Name: "Login", TargetType: connector.MergeField, AccountConnectorProperty: true, Default: p.URL},
			{Name: "Token", TargetType: connector.MergeField, PartnerConnectorProperty: true, Sensitive: true, Optional: true},
		},
	}
	w := newWorldOn(t, "", connection.Options{}, c)
	set := connection.NewSettings(w.store, w.vault)
	if _, err := set.Set(t.Context(), w.partner(t), &w.library.LibraryConnector, tandem.ConnectorSettingsUpdate{
		Properties: []tandem.Property{{Name: "Token", Value: "partner-token"}},
	}); err != nil {
		t.Fatal(err)
	}
	w.install(t, tandem.ConnectorInstall{AuthValue: "{}", Properties: ofClient})
	if len(asked) == 0 || asked[0] != "of=partner-token" {
		t.Fatalf("where the definition says: %q", asked)
	}
	asked = nil
	w.install(t, tandem.ConnectorInstall{AuthValue: "{}", Properties: append(slices.Clone(ofClient), tandem.Property{Name: "Login", Value: thief.URL})})
	if len(asked) == 0 || strings.Contains(strings.Join(asked, " "), "partner-token") {
		t.Errorf("where the account says: %q", asked)
	}
}
