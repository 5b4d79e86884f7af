package connector

import (
	"slices"
	"testing"
)

func TestAccountProperties(t *testing.T) {
	names := func(c *Connector) (all []string) {
		for _, p := range c.AccountProperties() {
			all = append(all, p.Name)
		}
		return all
	}
	oauth := []Authentication{{AuthType: AuthAPIKey}, {AuthType: AuthOAuth2}}
	for name, tt := range map[string]struct {
		c    Connector
		want []string
	}{
		"without OAuth":     {Connector{Authentication: oauth[:1], Parameters: []Parameter{{Name: "A", AccountConnectorProperty: true}, {Name: "B"}}}, []string{"A"}},
		"with OAuth":        {Connector{Authentication: oauth}, []string{"ClientId", "ClientSecret"}},
		"its own":           {Connector{Authentication: oauth, Parameters: []Parameter{{ID: 7, Name: "clientid", AccountConnectorProperty: true}}}, []string{"clientid", "ClientSecret"}},
		"not the account's": {Connector{Authentication: oauth, Parameters: []Parameter{{Name: "ClientId"}, {Name: "ClientSecret"}}}, nil},
	} {
		if got := names(&tt.c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if all := (&Connector{Authentication: oauth}).AccountProperties(); all[0].Sensitive || !all[1].Sensitive || all[0].ID == all[1].ID || all[0].ID >= 0 || all[1].ID >= 0 {
		t.Errorf("%+v", all)
	}
}

func TestSteersTokens(t *testing.T) {
	c := &Connector{
		Parameters: []Parameter{
			{ID: 1, Name: "Zone", AccountConnectorProperty: true}, {ID: 2, Name: "Tenant", AccountConnectorProperty: true},
			{ID: 3, Name: "Login", AccountConnectorProperty: true, Default: "https://{{Zone}}.test"},
		},
		Authentication: []Authentication{{AccessTokenURL: "{{Login}}/{{Tenant}}/token"}},
	}
	for id, want := range map[int64]bool{1: true, 2: false, 3: true} {
		if got := c.Steers(id); got != want {
			t.Errorf("%d: %v", id, got)
		}
	}
}
