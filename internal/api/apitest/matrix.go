package apitest

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// Target is an installation to try. Its partners have no accounts yet.
type Target struct {
	Client   *http.Client
	URL      string
	Upstream string // a server for what transactions call; "": they call names that are not there
	Routes   []api.Route
	Partners [2]tandem.NewPartner
	// Transaction makes a transaction of a cycle in an account of the first or
	// second partner, by API ID, and returns when it changes no more.
	Transaction func(account string, c tandem.CycleID, hook tandem.StepID) tandem.TransactionID
	// Session signs the first console user of a partner in.
	Session func(p tandem.PartnerID) tandem.SessionID
	// Digest is of all rows of the database: see storetest.Digest.
	Digest func() string
	// Flush writes what the audit log has taken in.
	Flush func()
}

// stranger is somebody who must not get through to what owner has.
type stranger struct {
	why    string
	who    request // token and accounts only
	status int     // the refusal
}

// Matrix tries every route as everybody.
func Matrix(t *testing.T, x Target) {
	known := entries()
	maps.Copy(known, libraryEntries())
	maps.Copy(known, securityEntries())
	checkEntries(t, x.Routes, known)
	if t.Failed() {
		return
	}
	own := x.build(t, x.Partners[0], "canary-own", "")
	sub := x.build(t, x.Partners[0], "canary-sub", own.Canary)
	beside := x.build(t, x.Partners[0], "canary-beside", "")
	other := x.build(t, x.Partners[1], "canary-other", "")
	before, tries := x.Digest(), 0
	for _, r := range x.Routes {
		e := known[r.ID]
		for _, pair := range [][2]*tenant{{own, sub}, {own, beside}, {own, other}, {sub, own}, {other, own}} {
			owner, who := pair[0], pair[1]
			for _, s := range strangers(r, e, owner, who) {
				x.try(t, r, e, owner, s)
				tries++
			}
			if e.owner == nobody && r.Method == http.MethodGet && r.Scope != api.Public {
				x.look(t, r, e, owner, who)
				tries++
			}
		}
		if after := x.Digest(); after != before {
			t.Errorf("%s %s changed a row for somebody whom it refused", r.Method, r.Path)
			before = after
		}
	}
	t.Run("foreign ids in bodies", func(t *testing.T) { x.bodies(t, own, beside, other) })
	t.Run("the owner", func(t *testing.T) { x.owner(t, known, own) })
	t.Logf("%d routes, %d tries", len(x.Routes), tries)
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// checkEntries holds routes and entries to each other.
func checkEntries(t *testing.T, routes []api.Route, known map[string]entry) {
	t.Helper()
	there := map[string]bool{}
	for _, r := range routes {
		e, ok := known[r.ID]
		path, _, _ := strings.Cut(e.path, "?")
		switch {
		case !ok:
			t.Errorf("%s %s (%s) has no entry: say in entry.go how to call it, and whose its ids are", r.Method, r.Path, r.ID)
		case placeholder.ReplaceAllString(path, "{}") != placeholder.ReplaceAllString(r.Path, "{}"):
			t.Errorf("%s: the entry's path %s is not the route's, %s", r.ID, e.path, r.Path)
		}
		there[r.ID] = true
	}
	for id := range known {
		if !there[id] {
			t.Errorf("%s has an entry and no route", id)
		}
	}
}

// strangers are those who try a route with owner's ids, who among them, and how
// they must be refused.
func strangers(r api.Route, e entry, owner, who *tenant) []stranger {
	if r.Scope == api.Public {
		return nil
	}
	all := []stranger{
		{"no token", request{accounts: []string{owner.Canary}}, 401},
		{"a token that was never issued", request{token: tandem.NewGUID(), accounts: []string{owner.Canary}}, 401},
	}
	if r.Scope == api.Partner {
		return append(all, partnerStrangers(e, owner, who)...)
	}
	return append(all, accountStrangers(r, e, owner, who)...)
}

func partnerStrangers(e entry, owner, who *tenant) []stranger {
	all := []stranger{
		{"a token for another account", request{token: who.token}, 403},
		{"a token for this account", request{token: owner.token}, 403},
	}
	if e.owner != nobody && owner.partner != who.partner {
		all = append(all, stranger{"another partner", request{token: who.partnerToken}, 404})
	}
	return all
}

func accountStrangers(r api.Route, e entry, owner, who *tenant) []stranger {
	named := []string{owner.Canary}
	all := []stranger{
		{"no account", request{token: owner.partnerToken}, 401},
		{"an empty account", request{token: owner.partnerToken, accounts: []string{""}}, 401},
		{"an unknown account", request{token: owner.partnerToken, accounts: []string{"nowhere"}}, 401},
		{"two accounts", request{token: owner.partnerToken, accounts: []string{owner.Canary, who.Canary}}, 401},
		{"a token for another account", request{token: who.token, accounts: named}, 403},
	}
	if owner.partner != who.partner {
		all = append(all, stranger{"another partner names it", request{token: who.partnerToken, accounts: named}, 401})
	}
	mayUse := e.owner == nobody || e.owner == partner && owner.partner == who.partner || e.inherited && who.parent == owner.Canary
	if mayUse {
		return all
	}
	restricted := 404
	if r.Need.Unrestricted {
		restricted = 403
	}
	return append(all,
		stranger{"foreign ids, with a token for the own account", request{token: who.token}, restricted},
		stranger{"foreign ids, in the own account", request{token: who.partnerToken, accounts: []string{who.Canary}}, 404})
}

// try makes a request that must be refused.
func (x Target) try(t *testing.T, r api.Route, e entry, owner *tenant, s stranger) {
	t.Helper()
	s.who.method, s.who.path = r.Method, owner.fill(e.path)
	if e.body != nil {
		s.who.body = e.body(owner)
	}
	res := x.send(t, s.who)
	if res.status != s.status || strings.Contains(strings.ReplaceAll(res.body, owner.fill(e.path), ""), "of "+owner.Canary) {
		t.Errorf("%s %s by %s: %d %s, want %d", r.Method, s.who.path, s.why, res.status, res.body, s.status)
	}
}

// look reads a list as somebody who may, and looks for what is owner's in it.
func (x Target) look(t *testing.T, r api.Route, e entry, owner, who *tenant) {
	t.Helper()
	q := request{method: r.Method, path: who.fill(e.path), token: who.partnerToken}
	if r.Scope == api.Account {
		q.token = who.token
	}
	res := x.send(t, q)
	if res.status != http.StatusOK {
		t.Errorf("%s %s: %d %s", r.Method, q.path, res.status, res.body)
	}
	shared := owner.partner == who.partner && r.Scope == api.Partner || e.inherited && who.parent == owner.Canary
	if !shared && strings.Contains(res.body, "of "+owner.Canary) {
		t.Errorf("%s %s shows %s what is %s's: %s", r.Method, q.path, who.Canary, owner.Canary, res.body)
	}
	if strings.Contains(res.body, "key of "+owner.Canary) {
		t.Errorf("%s %s shows a secret: %s", r.Method, q.path, res.body)
	}
}

// bodies names foreign things in bodies rather than paths.
func (x Target) bodies(t *testing.T, own, beside, other *tenant) {
	before := x.Digest()
	for _, owner := range []*tenant{beside, other} {
		for path, body := range map[string]object{
			"POST /v1.0/cycles/{cycle}/steps":                 {"ActionType": "Action", "AccountConnectorId": owner.Installed, "Method": actionMethod},
			"PUT /v1.0/cycles/{cycle}/steps/{action}":         {"AccountConnector": object{"Id": owner.Installed}},
			"POST /v1.0/cycles/{cycle}/edges":                 {"HeadStepId": own.Hook, "TailStepId": owner.Action},
			"PUT /v1.0/steps/{action}/parameters/{parameter}": {"MappingType": "StepOutput", "SourceStepId": owner.Hook, "SourceField": "id"},
			"PUT /v1.0/steps/{writer}/fieldmappings/{field}":  {"MappingType": "StepOutput", "SourceStepId": owner.Hook, "SourceField": "id"},
		} {
			method, path, _ := strings.Cut(path, " ")
			res := x.send(t, request{method: method, path: own.fill(path), token: own.token, body: body})
			if res.status != http.StatusBadRequest || strings.Contains(res.body, "of "+owner.Canary) {
				t.Errorf("%s %s with what is %s's: %d %s", method, path, owner.Canary, res.status, res.body)
			}
		}
	}
	for name, id := range map[string]string{"TemplateId": other.Template, "FolderId": tandem.NewGUID()} {
		res := x.send(t, request{
			method: http.MethodPost, path: own.fill("/v1.0/cycles/{cycle}/copytotemplate"), token: own.partnerToken, accounts: []string{own.Canary},
			body: object{name: id},
		})
		if res.status != http.StatusBadRequest || !strings.Contains(res.body, "could not be found") {
			t.Errorf("a cycle copied to another partner's %s: %d %s", name, res.status, res.body)
		}
	}
	res := x.send(t, request{
		method: http.MethodPost, path: "/v1.0/accounts", token: own.partnerToken,
		body: object{"Name": "mole", "ParentAccountId": other.Canary},
	})
	if res.status != http.StatusBadRequest {
		t.Errorf("an account below another partner's: %d %s", res.status, res.body)
	}
	x.libraryBodies(t, own, other)
	if x.Digest() != before {
		t.Error("a row has changed")
	}
}

// owner calls every route as its owner, deletions last and from the inside out.
func (x Target) owner(t *testing.T, known map[string]entry, own *tenant) {
	routes := slices.Clone(x.Routes)
	slices.Reverse(routes)
	slices.SortStableFunc(routes, func(a, b api.Route) int { return late(a) - late(b) })
	for _, r := range routes {
		e := known[r.ID]
		q := request{method: r.Method, path: own.fill(e.path), token: own.token, id: "audited-" + r.ID}
		if r.Scope == api.Partner || r.Need.Unrestricted {
			q.token, q.accounts = own.partnerToken, []string{own.Canary}
		}
		if e.body != nil {
			q.body = e.body(own)
		}
		if r.ID == "deleteAccount" {
			continue // it has a sub-account, which goes first
		}
		res := x.send(t, q)
		if slices.Contains([]int{401, 403, 404}, res.status) || res.status >= 500 {
			t.Errorf("%s %s by its owner: %d %s", r.Method, q.path, res.status, res.body)
		}
		x.audited(t, r, own, q.id, r.Changes && r.Scope != api.Public && res.status < 300)
	}
	for _, a := range []string{"canary-sub", own.Canary} {
		if res := x.send(t, request{method: http.MethodDelete, path: "/v1.0/accounts/" + a, token: own.partnerToken}); res.status != http.StatusOK {
			t.Errorf("delete %s: %d %s", a, res.status, res.body)
		}
	}
	if res := x.send(t, request{method: http.MethodGet, path: "/v1.0/cycles", token: own.token}); res.status != http.StatusUnauthorized {
		t.Errorf("the token of a deleted account: %d %s", res.status, res.body)
	}
}

// audited says whether a request has the one entry in the audit log that it is
// to have, or none.
func (x Target) audited(t *testing.T, r api.Route, own *tenant, id string, want bool) {
	t.Helper()
	x.Flush()
	var found []tandem.AuditEntry
	res := x.send(t, request{method: http.MethodGet, path: "/v1.0/audit?text=" + id, token: own.partnerToken})
	if err := json.Unmarshal([]byte(res.body), &found); err != nil || res.status != http.StatusOK {
		t.Fatalf("audit log: %d %s: %v", res.status, res.body, err)
	}
	found = slices.DeleteFunc(found, func(e tandem.AuditEntry) bool { return e.RequestID != id })
	if (len(found) == 1) != want || len(found) > 1 || want && (found[0].Action != r.ID || found[0].Outcome != tandem.ActDone || found[0].Actor == "") {
		t.Errorf("%s %s has %d entries in the audit log: %+v", r.Method, r.Path, len(found), found)
	}
}

// late orders routes so that nothing is gone before it is asked for.
func late(r api.Route) int {
	if r.Method == http.MethodDelete {
		return 1
	}
	return 0
}
