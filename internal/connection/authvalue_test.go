package connection_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// Each way in takes what it needs, and says of all else which member is wrong,
// without repeating it.
func TestAuthValues(t *testing.T) {
	ways := map[string]connector.Authentication{
		"fields": {AuthType: connector.AuthFields, Fields: []connector.AuthField{{Name: "User"}, {Name: "Pin", Sensitive: true}, {Name: "Area", Optional: true}}},
		"aws":    {AuthType: connector.AuthAWS, Region: "eu-west-1", Service: "s3"},
		"tls":    {AuthType: connector.AuthMutualTLS},
		"jwt":    {AuthType: connector.AuthJWT, Claims: []connector.NameValue{{Name: "iss", Value: "x"}}, Fields: []connector.AuthField{{Name: "Issuer"}}},
		"oauth1": {AuthType: connector.AuthOAuth1},
		"code":   {AuthType: connector.AuthOAuth2, OAuth2Type: connector.AuthorisationCode},
		"pass":   {AuthType: connector.AuthOAuth2, OAuth2Type: connector.PasswordCredentials},
	}
	c := &connector.Connector{Name: "CRM", Version: "1"}
	for name, a := range ways {
		a.Name = name
		c.Authentication = append(c.Authentication, a)
	}
	w := newWorldOn(t, "", connection.Options{}, c)
	id := map[string]int64{}
	for _, a := range w.library.Authentication {
		id[a.Name] = a.ID
	}
	for _, tt := range []struct {
		way, value, says string // "": it is taken
		state            tandem.AuthenticationState
	}{
		{"fields", `{"user":"ada","PIN":1234}`, "", tandem.Authenticated},
		{"fields", `{"User":"ada","Pin":"s3cr3t","Area":null}`, "", tandem.Authenticated},
		{"fields", `{"User":"s3cr3t"}`, "Pin is required", ""},
		{"fields", `{"User":"ada","Pin":"s3cr3t","Admin":"s3cr3t"}`, "not known; it is a JSON object with User, Pin, Area (optional)", ""},
		{"fields", `{"User":"ada","user":"s3cr3t","Pin":"x"}`, "User is there twice", ""},
		{"fields", `{"User":["s3cr3t"],"Pin":"x"}`, "User must be a text", ""},
		{"fields", `s3cr3t`, "must be a JSON object", ""},
		{"fields", `{"User":"ada","Pin":"x"} s3cr3t`, "must be a JSON object", ""},
		{"fields", `{}`, "is required", ""},
		{"aws", `{"AccessKeyId":"AK","SecretAccessKey":"s3cr3t"}`, "", tandem.Authenticated},
		{"aws", `{"AccessKeyId":"AK","SecretAccessKey":"s3cr3t","SessionToken":"t"}`, "", tandem.Authenticated},
		{"aws", `{"AccessKeyId":"AK"}`, "SecretAccessKey is required", ""},
		{"aws", `{"AccessKeyId":"AK\r\nX: 1","SecretAccessKey":"s3cr3t"}`, "AccessKeyId must not hold line breaks", ""},
		{"tls", `{"Certificate":"s3cr3t","PrivateKey":"s3cr3t"}`, "Certificate and PrivateKey must be PEM", ""},
		{"tls", `{"Certificate":"x"}`, "PrivateKey is required", ""},
		{"jwt", `{"Issuer":"x","PrivateKey":"s3cr3t"}`, "PrivateKey: is not a private key in PEM", ""},
		{"jwt", `{"PrivateKey":"s3cr3t"}`, "Issuer is required", ""},
		{"oauth1", `{"OAuthToken":"t","OAuthTokenSecret":"s3cr3t"}`, "", tandem.Authenticated},
		{"oauth1", `{"OAuthToken":"s3cr3t"}`, "OAuthTokenSecret is required", ""},
		{"oauth1", ` { } `, "", tandem.NotAuthenticated},
		{"code", `s3cr3t-token`, "", tandem.Authenticated},
		{"code", `{}`, "", tandem.NotAuthenticated},
		{"code", `{"AccessToken":"s3cr3t","RefreshToken":"r","Expires":"2026-01-01T00:00:00","RefreshExpires":"2027-01-01T00:00:00Z"}`, "", tandem.Authenticated},
		{"code", `{"RefreshToken":"s3cr3t"}`, "", tandem.Authenticated},
		{"code", `{"AccessToken":"s3cr3t","Expires":"tomorrow"}`, "Expires must be a time", ""},
		{"code", `{"AccessToken":"s3cr3t s3cr3t"}`, "AccessToken must not hold spaces", ""},
		{"code", "s3cr3t\r\nX: 1", "AccessToken must not hold spaces", ""},
		{"code", `{"Username":"s3cr3t"}`, "not known", ""},
		{"pass", `{}`, "Username is required", ""},
		{"pass", `{"Username":"s3cr3t"}`, "Password is required", ""},
		{"pass", `{"AccessToken":"s3cr3t"}`, "", tandem.Authenticated},
		{"code", `{"AccessToken":"` + strings.Repeat("s3cr3t", 4000) + `"}`, "at most 16384 bytes", ""},
	} {
		got, err := w.Install(t.Context(), w.root, &w.library.LibraryConnector, tandem.ConnectorInstall{AuthenticationID: id[tt.way], AuthValue: tandem.Secret(tt.value)})
		var e *tandem.Error
		switch {
		case tt.says == "" && (err != nil || got.State != tt.state):
			t.Errorf("%s %s: %+v, %v", tt.way, tt.value, got, err)
		case tt.says != "" && (!errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != "AuthValue" || !strings.Contains(e.Message, tt.says) || strings.Contains(e.Error(), "s3cr3t")):
			t.Errorf("%s %s: %v, want %q", tt.way, tt.value, err, tt.says)
		}
	}
	got, err := w.Install(t.Context(), w.root, &w.library.LibraryConnector, tandem.ConnectorInstall{AuthenticationID: id["fields"], AuthValue: `{"user":"ada","PIN":1234}`})
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Credentials(t.Context(), w.root, got.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]tandem.Secret{"User": "ada", "Pin": "1234"}, r.Values); diff != "" {
		t.Error(diff)
	}
}

// The partner's client is for accounts that have none, and goes to no address that
// the account chooses.
func TestPartnersClient(t *testing.T) {
	p := oauthtest.New(t)
	c := &connector.Connector{
		Name: "CRM", Version: "1",
		Authentication: []connector.Authentication{{AuthType: connector.AuthOAuth2, OAuth2Type: connector.ClientCredentials, AccessTokenURL: "{{Login}}/token"}},
		Parameters: []connector.Parameter{
			{Name: "Login", TargetType: connector.MergeField, AccountConnectorProperty: true, Default: p.URL, Values: []connector.Choice{{Value: p.URL}, {Value: strings.Replace(p.URL, "127.0.0.1", "localhost", 1)}}},
			{Name: "Tier", TargetType: connector.HTTPHeader, PartnerConnectorProperty: true}, {Name: "Token", TargetType: connector.HTTPHeader, PartnerConnectorProperty: true, Sensitive: true},
		},
	}
	w := newWorldOn(t, "", connection.Options{}, c)
	set, partner := connection.NewSettings(w.store, w.vault), w.partner(t)
	shown, err := set.Set(t.Context(), partner, &w.library.LibraryConnector, tandem.ConnectorSettingsUpdate{
		ClientID: tandem.Some(oauthtest.ClientID), ClientSecret: tandem.Some(tandem.Secret(oauthtest.ClientSecret)),
		Properties: []tandem.Property{{Name: "tier", Value: "gold"}, {Name: "Token", Value: "partner-token"}},
	})
	if err != nil || shown.ClientSecret != oauthtest.ClientSecret || shown.Properties[1].Value != "partner-token" {
		t.Fatalf("who just set it sees %+v, %v", shown, err)
	}
	shown, err = set.Get(t.Context(), partner, &w.library.LibraryConnector)
	if err != nil || shown.ClientID != oauthtest.ClientID || shown.ClientSecret != "***" || shown.Properties[0].Value != "gold" || shown.Properties[1].Value != "***" {
		t.Errorf("%+v, %v", shown, err)
	}
	if _, err := set.Set(t.Context(), partner, &w.library.LibraryConnector, tandem.ConnectorSettingsUpdate{ClientSecret: tandem.Some(tandem.Secret("***")), Properties: shown.Properties}); err != nil {
		t.Error(err)
	}
	install := func(properties ...tandem.Property) *tandem.AccountConnector {
		t.Helper()
		return w.install(t, tandem.ConnectorInstall{AuthValue: "{}", Properties: properties})
	}
	got := install()
	r, err := w.Credentials(t.Context(), w.sub, got.ID)
	if err != nil || got.State != tandem.Authenticated || r.Properties["Tier"] != "gold" || r.Properties["Token"] != "partner-token" {
		t.Errorf("%+v, %+v, %v", got, r, err)
	}
	if seen, err := w.Get(t.Context(), w.root, got.ID); err != nil || len(seen.Properties) != 0 {
		t.Errorf("the account sees %+v, %v", seen, err)
	}
	if got := install(tandem.Property{Name: "Login", Value: c.Parameters[0].Values[1].Value}); got.State != tandem.Authenticated {
		t.Errorf("one of the choices: %+v", got)
	}
	thief := oauthtest.New(t)
	if got := install(tandem.Property{Name: "Login", Value: thief.URL}); got.State != tandem.NotAuthenticated || !strings.Contains(got.Note, "Login") || thief.Count("client_credentials") != 0 {
		t.Errorf("an address of the account's own: %+v, asked %d times", got, thief.Count("client_credentials"))
	}
	if got := install(append(ofClient, tandem.Property{Name: "Login", Value: thief.URL})...); got.State != tandem.Authenticated {
		t.Errorf("with a client of its own: %+v", got)
	}
	if got := install(tandem.Property{Name: "ClientId", Value: "own"}); got.State != tandem.NotAuthenticated || !strings.Contains(got.Note, "invalid_client") {
		t.Errorf("half a client is not completed by the partner's: %+v", got)
	}
	for says, u := range map[string]tandem.ConnectorSettingsUpdate{
		"belongs to another ClientId":           {ClientID: tandem.Some("another")},
		"is not a partner connector property":   {Properties: []tandem.Property{{Name: "Login", Value: "x"}}},
		"not a connector property that matches": {Properties: []tandem.Property{{Name: "X", Value: "x"}}},
		"property name 'tier' is given twice":   {Properties: []tandem.Property{{Name: "Tier"}, {Name: "tier"}}},
	} {
		if _, err := set.Set(t.Context(), partner, &w.library.LibraryConnector, u); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %s", err, says)
		}
	}
	other := w.library.LibraryConnector
	other.Connector = &connector.Connector{Name: "crm", Version: "2", Authentication: c.Authentication}
	if shown, err := set.Get(t.Context(), partner, &other); err != nil || shown.ClientID != oauthtest.ClientID {
		t.Errorf("another release: %+v, %v", shown, err)
	}
	other.Own = true
	if shown, err := set.Get(t.Context(), partner, &other); err != nil || shown.ClientID != "" {
		t.Errorf("the partner's own of that name: %+v, %v", shown, err)
	}
	if err := set.Clear(t.Context(), partner, &w.library.LibraryConnector); err != nil {
		t.Fatal(err)
	}
	if shown, err := set.Get(t.Context(), partner, &w.library.LibraryConnector); err != nil || shown.ClientID != "" || shown.ClientSecret != "" || shown.Properties[1].Value != "" {
		t.Errorf("cleared: %+v, %v", shown, err)
	}
}

// partner is whose the accounts are.
func (w *world) partner(t *testing.T) tandem.PartnerID {
	t.Helper()
	p, err := w.store.AccountPartner(t.Context(), w.root)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever an AuthValue is, it is taken or refused, and an error does not repeat it.
func FuzzAuthValue(f *testing.F) {
	for _, s := range []string{`{}`, `{"AccessToken":"x"}`, "x", `{"Expires":"2026-01-01T00:00:00Z"}`, `{"a":{"b":1}}`, "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, grant := range []connector.OAuth2Type{connector.AuthorisationCode, connector.PasswordCredentials} {
			err := connection.CheckAuthValue(&connector.Authentication{AuthType: connector.AuthOAuth2, OAuth2Type: grant}, value)
			var e *tandem.Error
			if err != nil && !errors.As(err, &e) {
				t.Errorf("%q: %v", value, err)
			}
			var object map[string]any
			if json.Unmarshal([]byte(value), &object) == nil && err != nil && len(value) > 40 && strings.Contains(e.Message, value) {
				t.Errorf("%q is repeated: %v", value, err)
			}
		}
	})
}
