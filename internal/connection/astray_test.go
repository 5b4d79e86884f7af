package connection_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
)

// What a partner keeps secret goes to no address that the account chooses.
func TestPartnersSecretProperty(t *testing.T) {
	const crm = "https://crm.example.com"
	choice := []connector.Choice{{Value: "https://eu.example.com"}}
	account := func(name string) connector.Parameter {
		return connector.Parameter{Name: name, TargetType: connector.MergeField, AccountConnectorProperty: true, Optional: true}
	}
	instance, site := account("Instance"), connector.Parameter{Name: "Site", TargetType: connector.MergeField, Value: "https://{{Zone}}.example.com"}
	instance.Default, instance.Values = crm, choice
	for name, tt := range map[string]struct {
		endpoint, property, value string
		chosen                    string // by which the secret is kept back
	}{
		"default":             {"{{Instance}}/x", "", "", ""},
		"a choice":            {"{{Instance}}/x", "Instance", choice[0].Value, ""},
		"any address":         {"{{Instance}}/x", "Instance", "https://thief.example", "Instance"},
		"a part of a domain":  {"https://{{Zone}}.example.com/x", "Zone", "eu", ""},
		"a path":              {crm + "/{{Zone}}", "Zone", "https://thief.example/", ""},
		"a part of a part":    {"{{Site}}/x", "Zone", "eu", ""},
		"the end of a host":   {"{{Site}}/x", "Zone", "thief.example/", "Zone"},
		"a parameter":         {"{{URL}}", "", "", ""},
		"a parameter, listed": {"{{URL}}", "Hosts", "thief.example", "Hosts"},
		"hosts of no use":     {crm + "/x", "Hosts", "thief.example", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := &connector.Connector{
				Name: "CRM", Version: "1",
				Authentication: []connector.Authentication{{AuthType: connector.AuthAPIKey}},
				Parameters: []connector.Parameter{
					instance, site, account("Zone"), account("Hosts"), {Name: "Tier", TargetType: connector.HTTPHeader, PartnerConnectorProperty: true},
					{Name: "Token", TargetType: connector.HTTPHeader, PartnerConnectorProperty: true, Sensitive: true},
				},
				Methods: []connector.Method{{Name: "m", HTTPMethod: "GET", Endpoint: tt.endpoint, Parameters: []connector.Parameter{{Name: "URL", TargetType: connector.MergeField}}}},
			}
			w := newWorldOn(t, "", connection.Options{}, c)
			set, partner := connection.NewSettings(w.store, w.vault), w.partner(t)
			if _, err := set.Set(t.Context(), partner, &w.library.LibraryConnector, tandem.ConnectorSettingsUpdate{
				Properties: []tandem.Property{{Name: "Tier", Value: "gold"}, {Name: "Token", Value: "partner-token"}},
			}); err != nil {
				t.Fatal(err)
			}
			in := tandem.ConnectorInstall{AuthValue: "k"}
			if tt.property != "" {
				in.Properties = []tandem.Property{{Name: tt.property, Value: tt.value}}
			}
			r, err := w.Credentials(t.Context(), w.sub, w.install(t, in).ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Properties["Token"] != "partner-token"; got != (tt.chosen != "") || r.Properties["Tier"] != "gold" {
				t.Errorf("%v", r.Properties)
			}
			if tt.chosen == "" && r.State != tandem.Authenticated || tt.chosen != "" && (r.State != tandem.NotAuthenticated || !strings.Contains(r.Note, tt.chosen) || !strings.Contains(r.Note, "Token")) {
				t.Errorf("%s, %q", r.State, r.Note)
			}
		})
	}
}
