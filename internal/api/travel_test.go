package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// What goes out comes in elsewhere, and out again, byte for byte.
func TestTemplatesMove(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		var tm templateJSON
		w.ok(call{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)}, &tm)
		first := w.ok(call{method: "GET", path: "/v1.0/templates/" + tm.ID + "/export"}, nil)
		token := w.other()
		w.ok(call{method: "POST", path: "/v1.0/templates/import?draft=true", token: token, body: first.body}, &tm)
		if tm.ReleaseState != "Draft" || tm.Published {
			t.Errorf("as a draft: %+v", tm)
		}
		w.fails(call{method: "GET", path: "/v1.0/templates/" + tm.ID + "/export", token: token}, 404, "Template "+tm.ID+" has no live release.")
		second := w.ok(call{method: "GET", path: "/v1.0/templates/" + tm.ID + "/export?releaseId=" + *tm.DraftID, token: token}, nil)
		if first.body != second.body {
			t.Errorf("%s came out as %s", first.body, second.body)
		}
		if a := w.do(call{method: "POST", path: "/v1.0/templates/import", body: strings.Replace(first.body, `"Version":"1.0","UniqueIdentifier"`, `"Version":"0.9","UniqueIdentifier"`, 1)}); a.status != 400 ||
			!strings.Contains(a.body, `"Message":"Failed to import template.","ModelState":{"Connectors[0]":["Connectors[0]: connector Bookshelf CRM 0.9 is not in the library."]}`) {
			t.Errorf("a connector that is missing: %d %s", a.status, a.body)
		}
	})
}

// ownTemplate makes a connector of the partner's own and a template of it, and
// gives its path.
func (w *world) ownTemplate() string {
	w.t.Helper()
	w.account("books", "")
	w.ok(call{method: "POST", path: "/v1.0/account/connectors/custom", account: "books", body: `{
		"Name": "Ledger", "Version": "2.1", "UniqueIdentifier": "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f", "ReleaseStatus": "Live", "Icon": "data:image/png;base64,iVBORw0KGgo=",
		"Parameters": [{"Name": "AppKey", "TargetType": "HttpHeader", "Sensitive": true, "Hidden": true, "Value": "hunter2"}],
		"Methods": [{"Name": "List", "MethodUniqueIdentifier": "6a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://ledger.test/"}]}`}, nil)
	var tm templateJSON
	w.ok(call{method: "POST", path: "/v1.0/templates/import", body: `{"Format": "tandem-template/1", "Name": "Accounts", "Graph": {
		"Steps": [{"Id": "7a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f", "Name": "List", "ActionType": 1, "Connector": "l", "Method": "6a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f",
			"Parameters": [{"Target": "AppKey", "MappingType": "StaticValue", "Value": "hunter2"}]}],
		"Edges": [], "Connectors": [{"Ref": "l", "Name": "Ledger", "Version": "2.1"}]}}`}, &tm)
	return "/v1.0/templates/" + tm.ID
}

// other makes another partner, with an account, and gives a token for it.
func (w *world) other() string {
	w.t.Helper()
	other, err := w.services.Identity.Setup(w.t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		w.t.Fatal(err)
	}
	token := w.tokenFor(other, "")
	w.ok(call{method: "POST", path: "/v1.0/accounts", token: token, body: `{"Id":"bolts","Name":"Bolts"}`}, nil)
	return token
}

// A partner's own connector goes with the template, without its secrets, and can be
// installed where it comes to.
func TestConnectorsMove(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		first := w.ok(call{method: "GET", path: w.ownTemplate() + "/export"}, nil)
		if strings.Contains(first.body, "hunter2") || !strings.Contains(first.body, `"Definition":{"Name":"Ledger"`) {
			t.Errorf("exported %s", first.body)
		}
		token := w.other()
		var tm templateJSON
		w.ok(call{method: "POST", path: "/v1.0/templates/import", token: token, body: first.body}, &tm)
		second := w.ok(call{method: "GET", path: "/v1.0/templates/" + tm.ID + "/export", token: token}, nil)
		if first.body != second.body {
			t.Errorf("%s came out as %s", first.body, second.body)
		}
		w.ok(call{method: "POST", path: "/v1.0/templates/import", token: token, body: first.body}, nil)
		w.ok(call{method: "POST", path: "/v1.0/templates/import", body: first.body}, nil)
		var c struct {
			ID         string `json:"Id"`
			Connectors []struct{ Name, Version, Icon string }
		}
		w.ok(call{method: "POST", path: "/v1.0/templates/" + tm.ID + "/install", token: token, account: "bolts"}, &c)
		if len(c.Connectors) != 1 || c.Connectors[0].Name != "Ledger" || c.Connectors[0].Version != "2.1" {
			t.Errorf("installed: %+v", c)
		}
		changed := strings.Replace(first.body, `"EndPoint":"https://ledger.test/"`, `"EndPoint":"https://thief.test/"`, 1)
		if a := w.do(call{method: "POST", path: "/v1.0/templates/import", token: token, body: changed}); a.status != 400 ||
			!strings.Contains(a.body, `"Connectors[0]":["Connectors[0]: there is a connector Ledger 2.1 already, and it has another definition. Give one of them another version."]`) {
			t.Errorf("another of the same name: %d %s", a.status, a.body)
		}
		unknown := strings.Replace(first.body, `"MethodType":"Action"`, `"MethodType":"Action","Magic":"x"`, 1)
		if a := w.do(call{method: "POST", path: "/v1.0/templates/import", token: token, body: unknown}); a.status != 400 || !strings.Contains(a.body, "a template file has no such property") {
			t.Errorf("a property that is not known: %d %s", a.status, a.body)
		}
	})
}

// What is wrong with a file is told with its property, however wrong it is.
func TestBadFiles(t *testing.T) {
	w := newWorld(t, api.Options{})
	file := sampleFile(t)
	for want, body := range map[string]string{
		`"body":["body: malformed JSON at byte `:                                  file[:100],
		`"body":["body: wrong type: array"]`:                                      `[]`,
		`"Graph.Steps.ActionType":["Graph.Steps.ActionType: wrong type: string"]`: strings.Replace(file, `"ActionType": 1`, `"ActionType": "x"`, 1),
		`"Foo":["Foo: a template file has no such property."]`:                    strings.Replace(file, `"Format"`, `"Foo": 1, "Format"`, 1),
		`"Format":["Format: must be \"tandem-template/1\", not \"\"."]`:           `null`,
		`"body":["body: malformed JSON at byte 10001`:                             strings.Repeat(`[`, 20_000),
	} {
		a := w.do(call{method: "POST", path: "/v1.0/templates/import", body: body})
		if a.status != 400 || !strings.Contains(a.body, `"Message":"Failed to import template.","ModelState":{`+want) {
			t.Errorf("%.60s: %d %s, want %s", body, a.status, a.body, want)
		}
	}
	w.fails(call{method: "POST", path: "/v1.0/templates/import"}, 400, "Failed to import template.")
}

// Who may work on templates alone cannot bring connectors with them.
func TestWhoMayBringConnectors(t *testing.T) {
	var who tandem.Principal
	w := newWorld(t, api.Options{Session: func(*http.Request) (tandem.Principal, error) { return signed(who) }})
	file := w.ok(call{method: "GET", path: w.ownTemplate() + "/export"}, nil).body
	other, err := w.services.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	who = tandem.Principal{Partner: other.PartnerID, ConsoleUser: 1}
	who.Permissions[tandem.AreaTemplates], who.Permissions[tandem.AreaCustomConnectors] = tandem.ManageLevel, tandem.ViewLevel
	bring := call{method: "POST", path: "/v1.0/templates/import", token: "-", body: file}
	w.fails(bring, 403, "This needs the permission CustomConnectors: Manage.")
	who.Permissions[tandem.AreaCustomConnectors] = tandem.ManageLevel
	w.ok(bring, nil)
	who.Permissions[tandem.AreaCustomConnectors] = tandem.NoLevel
	w.ok(bring, nil) // they are there now
}

// What one partner offers, another takes once, and neither learns of the other.
func TestOffer(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		at := w.ownTemplate()
		var tm, got templateJSON
		w.ok(call{method: "GET", path: at}, &tm)
		file := w.ok(call{method: "GET", path: at + "/export"}, nil).body
		token, offer := w.other(), at+"/releases/"+tm.ReleaseID+"/offer"
		var made struct {
			Code         string
			ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
		}
		if a := w.ok(call{method: "POST", path: offer}, &made); a.status != 201 || len(made.Code) < 43 || time.Until(made.ExpiresAtUTC).Round(time.Hour) != 7*24*time.Hour {
			t.Errorf("offered: %d %s", a.status, a.body)
		}
		accept := func(body map[string]any) call {
			return call{method: "POST", path: "/v1.0/templates/accept", token: token, body: body}
		}
		w.fails(accept(map[string]any{"Code": made.Code, "FolderId": tandem.NewGUID()}), 400, "Folder with provided ID could not be found.")
		a := w.ok(accept(map[string]any{"code": made.Code}), &got)
		if a.status != 201 || got.ReleaseState != "Live" || !got.Published || got.Name != tm.Name || got.ID == tm.ID || strings.Contains(a.body, tm.ID) || strings.Contains(a.body, tm.ReleaseID) {
			t.Errorf("accepted: %d %s", a.status, a.body)
		}
		if back := w.ok(call{method: "GET", path: "/v1.0/templates/" + got.ID + "/export", token: token}, nil); back.body != file {
			t.Errorf("%s came over as %s", file, back.body)
		}
		for _, code := range []string{made.Code, "x", ""} {
			w.worthless(accept(map[string]any{"Code": code}))
		}
		w.ok(call{method: "POST", path: offer}, &made)
		if w.ok(accept(map[string]any{"Code": made.Code, "Draft": true}), &got); got.ReleaseState != "Draft" || got.Published {
			t.Errorf("as a draft: %+v", got)
		}
		w.audited(map[string]int{"offerRelease": 2, "offerTaken": 2, "acceptTemplate": 0}, "")
		w.audited(map[string]int{"offerRelease": 0, "offerTaken": 0, "acceptTemplate": 2}, token)
	})
}

// worthless makes a call with a code that is no good.
func (w *world) worthless(c call) {
	w.t.Helper()
	w.fails(c, 400, "")
	if a := w.do(c); !strings.Contains(a.body, `"Code":["Code: nothing is offered under it, or not any more. Ask for a new one."]`) {
		w.t.Errorf("%v: %s", c.body, a.body)
	}
}

// audited counts what a partner's audit log tells of; it has no secrets, and nobody
// in it from elsewhere.
func (w *world) audited(want map[string]int, token string) {
	w.t.Helper()
	var all []tandem.AuditEntry
	body := w.ok(call{method: "GET", path: "/v1.0/audit?pageSize=100", token: token}, &all).body
	got := map[string]int{}
	for _, e := range all {
		got[e.Action]++
		if e.Action == "offerTaken" && (e.Actor != "" || e.ActorID != "" || e.Address != "" || !strings.HasSuffix(e.Object, "/offer")) {
			w.t.Errorf("who took it: %+v", e)
		}
	}
	for action, n := range want {
		if got[action] != n {
			w.t.Errorf("%s is %d times in %s, want %d", action, got[action], body, n)
		}
	}
}

// A code is good for the release as it was, while it is there, until it is taken
// back.
func TestOfferEnds(t *testing.T) {
	w := newWorld(t, api.Options{})
	at, token := w.ownTemplate(), w.other()
	var tm templateJSON
	w.ok(call{method: "GET", path: at}, &tm)
	offered := func(release string) call {
		var made struct{ Code string }
		w.ok(call{method: "POST", path: at + "/releases/" + release + "/offer"}, &made)
		return call{method: "POST", path: "/v1.0/templates/accept", token: token, body: map[string]any{"Code": made.Code, "Draft": true}}
	}
	live := at + "/releases/" + tm.ReleaseID + "/offer"
	w.fails(call{method: "DELETE", path: live}, 404, "Release "+tm.ReleaseID+" is not offered.")
	first, second := offered(tm.ReleaseID), offered(tm.ReleaseID)
	w.fails(call{method: "DELETE", path: live, token: token}, 404, "Release "+tm.ReleaseID+" is not offered.")
	w.ok(call{method: "DELETE", path: live}, nil)
	w.worthless(first)
	w.worthless(second)

	var draft releaseJSON
	w.ok(call{method: "POST", path: at + "/releases"}, &draft)
	path := at + "/releases/" + draft.ID
	stale, old := offered(draft.ID), offered(tm.ReleaseID)
	w.ok(call{method: "PUT", path: path, body: `{"Notes":"x"}`}, nil)
	w.worthless(stale)
	gone := offered(draft.ID)
	w.ok(call{method: "DELETE", path: path}, nil)
	w.worthless(gone)
	w.ok(call{method: "DELETE", path: at}, nil)
	w.worthless(old)
	w.fails(call{method: "POST", path: live}, 404, "")
	w.ok(call{method: "POST", path: at + "/restore"}, nil)

	w.ok(call{method: "POST", path: "/v1.0/account/connectors/custom", token: token, account: "bolts", body: `{"Name": "Ledger", "Version": "2.1", "UniqueIdentifier": "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f"}`}, nil)
	w.fails(old, 400, "Failed to import template.")
	var custom []struct {
		ID int `json:"Id"`
	}
	w.ok(call{method: "GET", path: "/v1.0/account/connectors/custom", token: token, account: "bolts"}, &custom)
	w.ok(call{method: "DELETE", path: fmt.Sprint("/v1.0/account/connectors/custom/", custom[0].ID), token: token, account: "bolts"}, nil)
	w.ok(old, nil) // what was refused has not used it up
}

// Of many who accept at once, one has it.
func TestOfferIsTakenOnce(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		at, token := w.ownTemplate(), w.other()
		var tm templateJSON
		w.ok(call{method: "GET", path: at}, &tm)
		var made struct{ Code string }
		w.ok(call{method: "POST", path: at + "/releases/" + tm.ReleaseID + "/offer"}, &made)
		statuses := make(chan int, 8)
		for range cap(statuses) {
			go func() {
				statuses <- w.do(call{method: "POST", path: "/v1.0/templates/accept", token: token, body: map[string]any{"Code": made.Code}}).status
			}()
		}
		got := map[int]int{}
		for range cap(statuses) {
			got[<-statuses]++
		}
		if got[201] != 1 || got[400] != cap(statuses)-1 {
			t.Errorf("%v", got)
		}
	})
}
