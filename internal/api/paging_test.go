package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// Every list that the document has says how long it is, and comes in pages.
func TestListsInPages(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		place := w.furnished()
		lists := 0
		for _, path := range slices.Sorted(maps.Keys(w.contract.at("paths"))) {
			answer := w.contract.at("paths", path, "get", "responses", "200")
			media, _ := answer["content"].(map[string]any)
			kind, _ := media["application/json"].(map[string]any)
			schema, _ := kind["schema"].(map[string]any)
			if !slices.Contains(types(schema["type"]), "array") {
				continue
			}
			lists++
			headers, _ := answer["headers"].(map[string]any)
			if headers["Total-Pages"] == nil || headers["Total-Records"] == nil {
				t.Errorf("%s: the document has the headers %v", path, slices.Collect(maps.Keys(headers)))
			}
			w.paged(place(path))
		}
		if lists < 30 {
			t.Errorf("%d lists in the document", lists)
		}
	})
}

// furnished has something of everything that lists are about, and gives paths of
// the document with the ids of that.
func (w *world) furnished() (place func(path string) string) {
	cycle, hook, action := w.built("books")
	txn := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	in := fmt.Sprint("/v1.0/account/connectors/", action.AccountConnector.ID)
	var template struct{ Id string }
	var store struct{ Id int64 }
	w.ok(call{method: "POST", path: "/v1.0/templates/import", body: hello}, &template)
	w.ok(call{method: "POST", path: "/v1.0/marketplaces", body: `{"Name":"Store"}`}, &store)
	w.ok(call{method: "POST", path: in + "/fields", account: "books", body: `{"ConnectorField":"x"}`}, nil)
	w.ok(call{method: "POST", path: "/v1.0/cycles/" + cycle + "/variables", account: "books", body: `{"SystemName":"x"}`}, nil)
	var own struct{ Id int64 }
	w.ok(call{method: "POST", path: "/v1.0/account/connectors/custom", account: "books", body: `{"Name":"Own","UniqueIdentifier":"5c0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f"}`}, &own)
	var releases []struct{ Id string }
	w.ok(call{method: "GET", path: "/v1.0/templates/" + template.Id + "/releases"}, &releases)
	fill := strings.NewReplacer(
		"/custom/{id}", fmt.Sprint("/custom/", own.Id),
		"/accounts/{id}", "/accounts/books", "/cycles/{id}", "/cycles/"+cycle, "/steps/{id}", "/steps/"+action.ID, "/account/connectors/{id}", strings.TrimPrefix(in, "/v1.0"),
		"/templates/{id}", "/templates/"+template.Id, "/marketplaces/{id}", fmt.Sprint("/marketplaces/", store.Id), "/transactions/{id}", "/transactions/"+txn.String(),
		"/oauthclients/{id}", "/oauthclients/"+w.partner.ClientID, "{rolloutId}", w.rolledOut(template.Id),
		"{transactionId}", txn.String(), "{releaseId}", releases[0].Id, "{connector}", "Bookshelf%20CRM", "{version}", "1.0",
	)
	return fill.Replace
}

// rolledOut is the id of a rollout of a template, of no cycle.
func (w *world) rolledOut(template string) string {
	w.t.Helper()
	id := tandem.NewGUID()
	_, err := w.db.Dialect().Writer().ExecContext(w.t.Context(), `INSERT INTO rollout (partner, id, template, release, version, state, reason, canary, max_failures, tried, failures,
		client, console_user, created_by, created_at, ended_at, next_at, leased_until) VALUES ($1, $2, $3, '', 1, 'Completed', '', 0, 0, 0, 0, '', 0, '', 1, 1, 0, 0)`, w.partner.PartnerID, id, template)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// paged asks for a list in the ways that there are.
func (w *world) paged(path string) {
	w.t.Helper()
	get := func(query string) (rows []any, a answer) {
		w.t.Helper()
		a = w.do(call{method: "GET", path: path + query, account: "books"})
		if a.status != 200 {
			w.t.Errorf("%s%s: %d %s", path, query, a.status, a.body)
			return nil, a
		}
		w.ok(call{method: "GET", path: path + query, account: "books"}, &rows)
		return rows, a
	}
	all, a := get("")
	if a.header.Get("Total-Records") != fmt.Sprint(len(all)) || a.header.Get("Total-Pages") != fmt.Sprint(min(len(all), 1)) {
		w.t.Errorf("%s: %d rows, of %q, on %q pages", path, len(all), a.header.Get("Total-Records"), a.header.Get("Total-Pages"))
	}
	for _, query := range []string{"?per_page=1", "?PAGESIZE=1&Page=1"} {
		one, a := get(query)
		if len(one) != min(len(all), 1) || a.header.Get("Total-Pages") != fmt.Sprint(len(all)) || a.header.Get("Total-Records") != fmt.Sprint(len(all)) {
			w.t.Errorf("%s%s: %d rows of %d, on %q pages", path, query, len(one), len(all), a.header.Get("Total-Pages"))
		}
	}
	past, a := get("?page=99&pageSize=5000")
	if past == nil || len(past) > 0 || a.header.Get("Total-Records") != fmt.Sprint(len(all)) {
		w.t.Errorf("%s past its end: %s, of %q", path, a.body, a.header.Get("Total-Records"))
	}
	for _, query := range []string{"?page=0", "?pageSize=0", "?per_page=x", "?page=-1"} {
		w.fails(call{method: "GET", path: path + query, account: "books"}, 400, "")
	}
}

// More than a thousand rows on a page are a thousand.
func TestPagesHaveAnEnd(t *testing.T) {
	w := newWorld(t, api.Options{})
	for range 1001 {
		if _, err := w.services.Accounts.Create(t.Context(), w.partner.PartnerID, tandem.AccountUpdate{Name: tandem.Some("x")}); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]int{"": 50, "?pageSize=5000": 1000, "?per_page=1001&page=2": 1, "?page=1": 50, "?page=21": 1, "?pageSize=1000": 1000} {
		var rows []any
		w.ok(call{method: "GET", path: "/v1.0/accounts" + query}, &rows)
		if len(rows) != want {
			t.Errorf("%s: %d rows, want %d", query, len(rows), want)
		}
	}
}
