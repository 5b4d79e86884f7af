package apitest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// A place is where a request may name something: in the path, in the query, or
// at a property of the body.
type place struct {
	route api.Route
	in    string // "path", "query" or "body"
	name  string // of the placeholder or parameter, or the way to the property: ".A[].B"

	restricted bool // what is shared is asked for by who is restricted to the account
}

// thing is what properties and parameters of a name are the id of.
type thing struct {
	of    func(t *tenant) string
	owner owner // account: of one account; partner: of any of the partner's

	// makes says that a thing of this name is made if there is none: the request
	// does the same with what is there elsewhere.
	makes bool
}

// things are what requests name in queries and bodies, by the property in lower
// case.
var things = map[string]thing{
	"account":            {of: func(t *tenant) string { return t.Canary }, owner: partner},
	"accounts":           {of: func(t *tenant) string { return t.Canary }, owner: partner},
	"parentaccountid":    {of: func(t *tenant) string { return t.Canary }, owner: partner},
	"accountconnector":   {of: func(t *tenant) string { return t.Installed }, owner: account},
	"accountconnectorid": {of: func(t *tenant) string { return t.Installed }, owner: account},
	"connectorid":        {of: func(t *tenant) string { return t.Custom }, owner: partner},
	"cycle":              {of: func(t *tenant) string { return t.Cycle }, owner: account},
	"cycleid":            {of: func(t *tenant) string { return t.Cycle }, owner: account},
	"cycleids":           {of: func(t *tenant) string { return t.FromTemplate }, owner: partner},
	"folderid":           {of: func(t *tenant) string { return t.Folder }, owner: partner},
	"fromreleaseid":      {of: func(t *tenant) string { return t.Draft }, owner: partner},
	"headstepid":         {of: func(t *tenant) string { return t.Lister }, owner: account},
	"moveto":             {of: func(t *tenant) string { return t.Folder }, owner: partner},
	"parentfolderid":     {of: func(t *tenant) string { return t.Folder }, owner: partner},
	"releaseid":          {of: func(t *tenant) string { return t.Draft }, owner: partner},
	"sourcefieldid":      {of: func(t *tenant) string { return t.CustomField }, owner: account},
	"sourcestepid":       {of: func(t *tenant) string { return t.Hook }, owner: account},
	"tailstepid":         {of: func(t *tenant) string { return t.Lister }, owner: account},
	"templateid":         {of: func(t *tenant) string { return t.Template }, owner: partner},
	"templateids":        {of: func(t *tenant) string { return t.Template }, owner: partner},
	"username":           {of: func(t *tenant) string { return t.Username }, owner: partner, makes: true},
}

// unowned are names that look like those of ids, and why they are none of what a
// tenant has.
var unowned = map[string]string{
	"authenticationid": "of the library",
	"connector":        "of the library",
	"method":           "of the library",
	"methodid":         "of the library",
	"triggerid":        "of the library",
	"actorid":          "sought in the partner's own entries",
	"object":           "sought in the partner's own entries",
	"requestid":        "sought in the partner's own calls",
	"subaccounts":      "whether, not which",
	"originid":         "told from the others in the same body",

	"issueToken.client_id":                   "who asks",
	"createAccount.Id":                       "the caller's choice",
	"updateAccount.Id":                       "cannot be changed",
	"createCustomConnector.Id":               "cannot be chosen",
	"updateCustomConnector.Id":               "cannot be changed",
	"verifyAudit.id":                         "a place in the partner's own chain",
	"updateSignOn.Accounts":                  "whether, not which",
	"updateSignOn.ClientId":                  "the provider's",
	"updateConnectorSettings.ClientId":       "the third party's",
	"updateConsoleUser.Permissions.Accounts": "a level",
}

// graphs are what bodies hold whole: the ids within name what is in the same
// body.
var graphs = regexp.MustCompile(`^(importTemplate|updateRelease|updateCycleDesign)\.(Graph|Connectors)\b`)

// looksLikeID matches the last property of a way, in lower case.
var looksLikeID = regexp.MustCompile(`ids?$|^(accounts?|cycle|connector|method|moveto|username|object)$`)

// more is what a body holds beside an id, for it to be looked at at all.
var more = map[string]object{
	"createStep":         {"ActionType": "Action", "Method": actionMethod},
	"mapField":           {"MappingType": "StepOutput", "SourceField": "id"},
	"updateFieldMapping": {"MappingType": "StepOutput", "SourceField": "id"},
	"mapParameter":       {"MappingType": "StepOutput", "SourceField": "id"},
	"updateParameter":    {"MappingType": "StepOutput", "SourceField": "id"},
}

// places tries foreign ids wherever own's requests may name something. The answer
// must be, but for the id, that for what is not there.
func (m *matrix) places(t *testing.T, own *tenant) {
	all := m.document(t)
	for _, r := range m.Routes {
		all = append(all, m.inPath(r, own)...)
	}
	for _, p := range all {
		m.placed(t, p, own)
		if p.route.Scope == api.Shared {
			p.restricted = true
			m.placed(t, p, own)
		}
	}
	m.named(t, own)
	t.Logf("%d places", len(all))
}

// inPath are the placeholders of a route that stand for what a tenant has.
func (m *matrix) inPath(r api.Route, own *tenant) (all []place) {
	e := m.entries[r.ID]
	for _, name := range placeholder.FindAllString(e.path, -1) {
		if e.owner != nobody && own.fill(name) != m.tenants[len(m.tenants)-1].fill(name) {
			all = append(all, place{route: r, in: "path", name: name})
		}
	}
	return all
}

// placed tries one place.
func (m *matrix) placed(t *testing.T, p place, own *tenant) {
	t.Helper()
	what, foreign := m.thing(p, own)
	absent := m.ask(t, p, own, absentLike(what.of(own)))
	for _, of := range foreign {
		got := m.ask(t, p, own, what.of(of))
		if got != absent && !(what.makes && got.status == absent.status) {
			t.Errorf("%s with %s %s of %s: %v; of nobody: %v", p.route.ID, p.in, p.name, of.Canary, got, absent)
		}
	}
	if absent.status/100 == 2 && p.route.Method != http.MethodGet && !what.makes {
		t.Errorf("%s takes what is not there in %s %s: %v", p.route.ID, p.in, p.name, absent)
	}
	after := m.Digest()
	if after != m.digest && !what.makes {
		t.Errorf("%s with %s %s changed a row", p.route.ID, p.in, p.name)
	}
	m.digest = after
}

// thing is what a place names, and whose are foreign to own there.
func (m *matrix) thing(p place, own *tenant) (thing, []*tenant) {
	e := m.entries[p.route.ID]
	what := thing{of: func(t *tenant) string { return t.fill(p.name) }, owner: e.owner}
	if p.in != "path" {
		what = things[lastName(p.name)]
	}
	var foreign []*tenant
	for _, of := range m.tenants {
		if of.partner != own.partner || of != own && (p.route.Scope == api.Account || p.restricted) && what.owner == account && !(e.inherited && of.Canary == own.parent) {
			foreign = append(foreign, of)
		}
	}
	return what, foreign
}

// ask makes own's request with an id at a place. The id is not in the answer.
func (m *matrix) ask(t *testing.T, p place, own *tenant, id string) response {
	t.Helper()
	e := m.entries[p.route.ID]
	q := request{method: p.route.Method, path: own.fill(e.path), token: own.token, body: e.of(own)}
	if p.route.Scope == api.Partner || p.route.Need.Unrestricted || p.route.Scope == api.Shared && !p.restricted {
		q.token, q.accounts = own.partnerToken, []string{own.Canary}
	}
	switch p.in {
	case "path":
		q.path = own.fill(strings.Replace(e.path, p.name, url.PathEscape(id), 1))
	case "query":
		path, query, _ := strings.Cut(q.path, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		values.Set(p.name, id)
		q.path = path + "?" + values.Encode()
	case "body":
		// Of decisions, only a step that decides takes any.
		if r := p.route; r.ID == "updateStep" && strings.HasPrefix(p.name, ".Decision") {
			q.path = own.fill(strings.Replace(e.path, "{action}", "{fork}", 1))
		}
		q.body = bodyWith(t, p, q.body, id)
	}
	res := m.send(t, q)
	res.body = strings.ReplaceAll(strings.ReplaceAll(res.body, url.PathEscape(id), "{id}"), id, "{id}")
	return res
}

// bodyWith is a body with an id at the place p.
func bodyWith(t *testing.T, p place, body any, id string) any {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var filled object
	if json.Unmarshal(data, &filled) != nil || filled == nil { // none, or a list
		filled = object{}
	}
	maps.Copy(filled, more[p.route.ID])
	top, rest, _ := strings.Cut(strings.TrimPrefix(p.name, "."), ".")
	if top == "Decision" {
		filled["ActionType"] = top
	}
	name := strings.TrimRight(top, "[]")
	filled[name] = nested(strings.TrimPrefix(top, name)+dotted(rest), id)
	return filled
}

func dotted(rest string) string {
	if rest == "" {
		return ""
	}
	return "." + rest
}

// nested puts a value at the end of a way such as "[].A.B".
func nested(way, id string) any {
	if inner, ok := strings.CutPrefix(way, "[]"); ok {
		return []any{nested(inner, id)}
	}
	if way == "" {
		return id
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(way, "."), ".")
	plain := strings.TrimRight(name, "[]")
	return object{plain: nested(strings.TrimPrefix(name, plain)+dotted(rest), id)}
}

// absentLike is an id of the same kind that nothing has.
func absentLike(id string) string {
	if _, err := strconv.ParseInt(id, 10, 64); err == nil {
		return strings.Repeat("9", max(len(id), 9))
	}
	if len(id) == len(tandem.NewGUID()) && strings.Count(id, "-") == 4 {
		return tandem.NewGUID()
	}
	if _, host, ok := strings.Cut(id, "@"); ok {
		return "nowhere@" + host
	}
	return "nowhere"
}

// lastName is the property at the end of a way, in lower case; of an Id in an
// object, the object's.
func lastName(way string) string {
	parts := strings.Split(strings.ToLower(strings.ReplaceAll(way, "[]", "")), ".")
	last := parts[len(parts)-1]
	if last == "id" && len(parts) > 1 && parts[len(parts)-2] != "" {
		return parts[len(parts)-2]
	}
	return last
}

// named names foreign accounts in the header: the answer is that for one that is
// not there.
func (m *matrix) named(t *testing.T, own *tenant) {
	other := m.tenants[len(m.tenants)-1]
	for _, r := range m.Routes {
		if r.Scope != api.Account {
			continue
		}
		e := m.entries[r.ID]
		for token, foreign := range map[string][]*tenant{own.partnerToken: {other}, own.token: m.tenants[1:]} {
			q := request{method: r.Method, path: own.fill(e.path), token: token, accounts: []string{"nowhere"}, body: e.of(own)}
			absent := m.send(t, q)
			for _, of := range foreign {
				q.accounts = []string{of.Canary}
				if got := m.send(t, q); got != absent || got.status < 400 {
					t.Errorf("%s in %s: %v; in no account: %v", r.ID, of.Canary, got, absent)
				}
			}
		}
	}
	if m.Digest() != m.digest {
		t.Error("a row has changed")
	}
}

// document reads the places in queries and bodies from the API's own
// description, so that what is added there is tried, too.
func (m *matrix) document(t *testing.T) (all []place) {
	t.Helper()
	var d description
	if err := json.Unmarshal([]byte(m.send(t, request{method: http.MethodGet, path: "/v1.0/openapi.json"}).body), &d); err != nil {
		t.Fatal(err)
	}
	routes := map[string]api.Route{}
	for _, r := range m.Routes {
		routes[r.ID] = r
	}
	for _, methods := range d.Paths {
		for _, o := range methods {
			r := routes[o.OperationID]
			for _, q := range o.Parameters {
				if q.In == "query" {
					all = append(all, known(t, place{route: r, in: "query", name: q.Name})...)
				}
			}
			for _, way := range d.ways(o) {
				all = append(all, known(t, place{route: r, in: "body", name: way})...)
			}
		}
	}
	slices.SortFunc(all, func(a, b place) int { return strings.Compare(a.route.ID+a.name, b.route.ID+b.name) })
	return all
}

// known is p, if it names what tenants have. Nobody may add an id without saying
// of what.
func known(t *testing.T, p place) []place {
	t.Helper()
	full := p.route.ID + "." + strings.TrimPrefix(p.name, ".")
	last := lastName(p.name)
	switch _, ok := things[last]; {
	case !looksLikeID.MatchString(last), graphs.MatchString(full), unowned[full] != "", unowned[last] != "":
		return nil
	case !ok:
		t.Errorf("%s has %s %s: say in place.go what it is the id of, or why of nothing", p.route.ID, p.in, p.name)
		return nil
	}
	return []place{p}
}
