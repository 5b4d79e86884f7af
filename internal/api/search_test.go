package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// Lists of a partner's own are searched by part of their texts, however it is
// spelled, and wildcards of SQL are texts like others.
func TestSearchOfThePartnersOwn(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newDesks(t, db)
		desk, _ := w.desk("")
		guids := []string{tandem.NewGUID(), tandem.NewGUID()}
		for path, rows := range map[string][]string{
			"/v1.0/marketplaces": {`{"Name":"Éclair 100%","Description":"For Cafés"}`, `{"Name":"Plain"}`},
			"/v1.0/consoleusers": {`{"Name":"Éclair 100%","Email":"cafe@acme.test"}`, `{"Name":"Plain","Email":"plain@acme.test"}`},
			"/v1.0/account/connectors/custom": {
				fmt.Sprintf(`{"Name":"Éclair 100%%","UniqueIdentifier":%q}`, guids[0]), fmt.Sprintf(`{"Name":"Plain","UniqueIdentifier":%q}`, guids[1]),
			},
		} {
			for _, body := range rows {
				w.ok(call{method: "POST", path: path, header: desk, body: body}, nil)
			}
		}
		for path, want := range map[string]string{
			"/v1.0/marketplaces?query=%C3%A9CLAIR":                                 "Éclair 100%",
			"/v1.0/marketplaces?query=e%CC%81clair":                                "Éclair 100%",
			"/v1.0/marketplaces?query=caf%C3%A9&pageSize=1":                        "Éclair 100%",
			"/v1.0/marketplaces?query=0%25":                                        "Éclair 100%",
			"/v1.0/marketplaces?query=_":                                           "",
			"/v1.0/marketplaces?query=l&orderBy=Name&sortOrderAsc=false":           "Éclair 100%, Plain",
			"/v1.0/consoleusers?query=%C3%A9CLAIR":                                 "Éclair 100%",
			"/v1.0/consoleusers?query=PLAIN%40":                                    "Plain",
			"/v1.0/consoleusers?query=nobody":                                      "",
			"/v1.0/account/connectors/custom?query=%C3%A9CLAIR":                    "Éclair 100%",
			"/v1.0/account/connectors/custom?query=" + strings.ToUpper(guids[1]):   "Plain",
			"/v1.0/account/connectors/custom?query=none":                           "",
			"/v1.0/account/connectors/custom?query=l&orderBy=Id&sortOrderAsc=true": "Éclair 100%, Plain",
		} {
			var all []struct{ Name string }
			a := w.ok(call{method: "GET", path: path, header: desk}, &all)
			var names []string
			for _, one := range all {
				names = append(names, one.Name)
			}
			if got := strings.Join(names, ", "); got != want || a.header.Get("Total-Records") != fmt.Sprint(len(names)) {
				t.Errorf("%s: %q of %s, want %q", path, got, a.header.Get("Total-Records"), want)
			}
		}
	})
}
