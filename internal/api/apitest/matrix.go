package apitest

import (
	"maps"
	"net/http"
	"regexp"
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
	// SignIn signs a console user in, or a user in the account with an API ID: it
	// gives what their browser sends.
	SignIn func(who tandem.Principal, account string) http.Header
	// Expired is an access token of a partner that is past its time.
	Expired func(p tandem.NewPartner) string
	// Digest is of all rows of the database: see storetest.Digest.
	Digest func() string
	// Flush writes what the audit log has taken in.
	Flush func()
}

// fewest is how many requests the matrix makes at least.
const fewest = 10_000

// matrix is a world to try everything in.
type matrix struct {
	Target
	entries map[string]entry
	tenants []*tenant
	digest  string
	tries   int
}

// Matrix tries every route as everybody.
func Matrix(t *testing.T, x Target) {
	m := &matrix{Target: x, entries: entries()}
	checkEntries(t, x.Routes, m.entries)
	if t.Failed() {
		return
	}
	own := x.build(t, x.Partners[0], "canary-own", "")
	sub := x.build(t, x.Partners[0], "canary-sub", own.Canary)
	beside := x.build(t, x.Partners[0], "canary-beside", "")
	other := x.build(t, x.Partners[1], "canary-other", "")
	m.tenants = []*tenant{own, sub, beside, other}
	everybody := builder{t, x, own}.cast(own, sub, beside, other)
	m.digest = x.Digest()
	t.Run("everybody", func(t *testing.T) {
		for _, r := range x.Routes {
			m.route(t, r, everybody)
		}
	})
	t.Run("foreign ids", func(t *testing.T) { m.places(t, own) })
	t.Run("time", func(t *testing.T) { m.times(t, own, other) })
	t.Run("the owner", func(t *testing.T) { m.owner(t, own) })
	t.Logf("%d routes, %d principals, %d requests", len(x.Routes), len(everybody), m.tries)
	if m.tries < fewest {
		t.Errorf("these are less than %d", fewest)
	}
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
	for id := range maps.Keys(known) {
		if !there[id] {
			t.Errorf("%s has an entry and no route", id)
		}
	}
}

// try is a request by an actor with an owner's ids.
type try struct {
	request
	by    actor
	owner *tenant
	want  int // the status that refuses it, or through
}

// route calls one route as everybody, and looks for a changed row afterwards: one
// by one only if there is one.
func (m *matrix) route(t *testing.T, r api.Route, everybody []actor) {
	tries := m.plan(r, everybody)
	for _, y := range tries {
		m.do(t, r, y)
	}
	after := m.Digest()
	if after == m.digest {
		return
	}
	t.Errorf("%s %s changed a row for somebody who may not", r.Method, r.Path)
	for _, y := range tries {
		before := after
		m.send(t, y.request)
		if after = m.Digest(); after != before {
			t.Errorf("it was %s, with the ids of %s", y.by.name, y.owner.Canary)
		}
	}
	m.digest = after
}

// plan is all that everybody tries at a route: but for what they may, unless it
// changes nothing.
func (m *matrix) plan(r api.Route, everybody []actor) (tries []try) {
	e, reads := m.entries[r.ID], r.Method == http.MethodGet
	own, other := m.tenants[0], m.tenants[len(m.tenants)-1]
	for _, owner := range m.tenants {
		for _, a := range everybody {
			// Permissions are the same in all accounts.
			if len(a.console) == 1 && owner != own && owner != other {
				continue
			}
			for _, named := range headers(r, a, owner) {
				want := m.verdict(r, e, a, named, owner)
				if want == through && (!reads || r.Scope == api.Public) {
					continue
				}
				q := a.ask(named...)
				q.method, q.path, q.body = r.Method, owner.fill(e.path), e.of(owner)
				tries = append(tries, try{q, a, owner, want})
			}
		}
	}
	return tries
}

// headers are the accounts that a names in a request for what is owner's.
func headers(r api.Route, a actor, owner *tenant) [][]string {
	switch {
	case r.Scope != api.Account:
		return [][]string{nil}
	case a.account != nil:
		return [][]string{nil, {owner.Canary}, {a.account.Canary, owner.Canary}}
	case a.console == nil:
		return [][]string{nil, {""}, {owner.Canary}, {"nowhere"}, {owner.Canary, "nowhere"}}
	}
	return [][]string{{owner.Canary}}
}

// do makes a request, and looks at its answer: it must be the right refusal, or
// one that tells of nobody else.
func (m *matrix) do(t *testing.T, r api.Route, y try) {
	t.Helper()
	res := m.send(t, y.request)
	if y.want == through && res.status/100 != 2 && !mayFail[r.ID] || y.want != through && res.status != y.want {
		t.Errorf("%s %s in %q by %s: %d %s, want %d", r.Method, y.path, y.accounts, y.by.name, res.status, res.body, y.want)
	}
	text := strings.ReplaceAll(res.body, y.path, "")
	for _, of := range m.tenants {
		if y.want != through || !m.sees(r, y, of) {
			if strings.Contains(text, "of "+of.Canary) {
				t.Errorf("%s %s in %q shows %s what is %s's: %s", r.Method, y.path, y.accounts, y.by.name, of.Canary, text)
			}
		}
		for _, thing := range unfinished {
			if r.Scope == api.Shared && y.by.account != nil && strings.Contains(text, thing+" of "+of.Canary) {
				t.Errorf("%s %s shows %s the %s of %s: %s", r.Method, y.path, y.by.name, thing, of.Canary, text)
			}
		}
		if strings.Contains(text, "key of "+of.Canary) {
			t.Errorf("%s %s shows a secret: %s", r.Method, y.path, text)
		}
	}
}

// mayFail are routes that answer some with an error although they may call them.
var mayFail = map[string]bool{"getProfile": true, "getOwnUser": true, "getMethodResult": true}

// unfinished is what of the library is for the partner alone.
var unfinished = []string{"draft", "deleted template", "folder", "custom connector"}

// sees says whether the answer to a request that got through may tell of a
// tenant.
func (m *matrix) sees(r api.Route, y try, of *tenant) bool {
	e := m.entries[r.ID]
	switch {
	case r.Scope == api.Shared && y.by.account != nil && e.owner == account:
		return of == y.by.account
	case r.Scope != api.Account:
		return of.partner == y.by.partner
	}
	place, _ := m.place(y.by, r.Need, y.accounts)
	return of == place || (e.shared || e.owner == partner) && of.partner == place.partner || e.inherited && place.parent == of.Canary
}

// send makes a request, and counts it.
func (m *matrix) send(t *testing.T, r request) response {
	t.Helper()
	m.tries++
	return m.Target.send(t, r)
}
