package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// nativeJSON is what tests read of installed connectors.
type nativeJSON struct {
	ID                            tandem.AccountConnectorID `json:"Id"`
	Name                          string
	IsPartnerIntegrationConnector bool
	LimitedUntilUTC               *time.Time `json:"LimitedUntilUtc"`
	ExpiresAtUTC                  *time.Time `json:"ExpiresAtUtc"`
}

// used says of each connector of templates whether it is native, and in how many
// templates it is.
func (w *world) used(query string) string {
	w.t.Helper()
	var all []struct {
		Name      string
		Versions  []string
		Native    bool
		Templates []struct{ Name string }
	}
	w.ok(call{method: "GET", path: "/v1.0/templates/connectors" + query}, &all)
	said := ""
	for _, c := range all {
		said += fmt.Sprintf("%s %v %v %d; ", c.Name, c.Versions, c.Native, len(c.Templates))
	}
	return said
}

func TestTemplateConnectors(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		if got := w.used(""); got != "" {
			t.Errorf("without templates: %s", got)
		}
		var made templateJSON
		for range 2 {
			w.ok(call{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)}, &made)
		}
		const settings = "/v1.0/connectors/Bookshelf%20CRM/settings"
		var set struct{ Native bool }
		if w.ok(call{method: "PUT", path: settings, body: `{"Native":true}`}, &set); !set.Native {
			t.Error("it is not native")
		}
		if w.ok(call{method: "PUT", path: settings, body: `{}`}, &set); !set.Native {
			t.Error("it is not native any more")
		}
		for query, want := range map[string]string{
			"":                     "Bookshelf CRM [1.0] true 2; Postbag [1.0] false 2; ",
			"?query=BAG":           "Postbag [1.0] false 2; ",
			"?page=2&pageSize=1":   "Postbag [1.0] false 2; ",
			"?query=nothing":       "",
			"?orderBy=Name&page=1": "Bookshelf CRM [1.0] true 2; Postbag [1.0] false 2; ",
		} {
			if got := w.used(query); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		w.ok(call{method: "DELETE", path: "/v1.0/templates/" + made.ID}, nil)
		if got := w.used("?query=crm"); got != "Bookshelf CRM [1.0] true 1; " {
			t.Errorf("of what is in the recycle bin: %s", got)
		}
		w.ok(call{method: "DELETE", path: settings}, nil)
		if got := w.used("?query=crm"); got != "Bookshelf CRM [1.0] false 1; " {
			t.Errorf("after the settings were forgotten: %s", got)
		}
	})
}

// What is native is installed as the partner's own, unless somebody says otherwise.
func TestNative(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	var made templateJSON
	w.ok(call{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)}, &made)
	w.ok(call{method: "PUT", path: "/v1.0/connectors/Bookshelf%20CRM/settings", body: `{"Native":true}`}, nil)
	for body, want := range map[string]bool{
		`{}`: true, `{"IsPartnerIntegrationConnector":null}`: true, `{"IsPartnerIntegrationConnector":false}`: false, `{"IsPartnerIntegrationConnector":true}`: true,
	} {
		var c nativeJSON
		w.ok(call{method: "POST", path: "/v1.0/connectors/Bookshelf%20CRM/install", account: "books", body: body}, &c)
		if c.IsPartnerIntegrationConnector != want {
			t.Errorf("%s: the partner's %v", body, c.IsPartnerIntegrationConnector)
		}
		w.ok(call{method: "DELETE", path: fmt.Sprint("/v1.0/account/connectors/", c.ID), account: "books"}, nil)
	}
	w.ok(call{method: "POST", path: "/v1.0/templates/" + made.ID + "/install", account: "books"}, nil)
	for _, c := range w.connectorsOf("books") {
		if want := c.Name == "Bookshelf CRM"; c.IsPartnerIntegrationConnector != want {
			t.Errorf("%s came with a template: the partner's %v", c.Name, c.IsPartnerIntegrationConnector)
		}
	}
}

func TestLimitedConnector(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		in := w.installed("books")
		a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprint("/v1.0/account/connectors/", in.ID)
		for _, wait := range []time.Duration{time.Hour, -time.Hour} {
			until := time.Now().Add(wait)
			change := func(c *tandem.ConnectorWait) { c.Until = until }
			if _, err := db.ChangeConnectorWait(t.Context(), a.ID, tandem.AccountConnectorID(in.ID), change); err != nil {
				t.Fatal(err)
			}
			var one nativeJSON
			w.ok(call{method: "GET", path: path, account: "books"}, &one)
			var all []nativeJSON
			w.ok(call{method: "GET", path: "/v1.0/account/connectors", account: "books"}, &all)
			for _, c := range append(all, one) {
				if limited := c.LimitedUntilUTC != nil; limited != (wait > 0) {
					t.Errorf("a wait that ends in %s: %v", wait, c.LimitedUntilUTC)
				}
			}
		}
	})
}
