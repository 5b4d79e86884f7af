package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

const (
	customPath   = "/v1.0/account/connectors/custom"
	customGUID   = "0e6f3c1a-6a3c-4c77-9d0e-7a1f7b8c9d10"
	customMethod = "0e6f3c1a-6a3c-4c77-9d0e-7a1f7b8c9d11"
	secondMethod = "0e6f3c1a-6a3c-4c77-9d0e-7a1f7b8c9d12"
	oldMethod    = "0e6f3c1a-6a3c-4c77-9d0e-7a1f7b8c9d13"
)

// custom is a connector with a method that can be used, and one that cannot.
func custom(endpoint string) map[string]any {
	method := func(name, guid, answers string) map[string]any {
		return map[string]any{
			"Name": name, "MethodUniqueIdentifier": guid, "MethodType": "Action", "HttpMethod": "GET", "Endpoint": endpoint, "ResponseDataType": answers,
		}
	}
	return map[string]any{
		"Name": "Bookshelf CRM", "UniqueIdentifier": customGUID, "Version": "1.0", "ReleaseStatus": "live", "Description": "Of " + endpoint,
		"Authentication": []any{map[string]any{"AuthType": "None"}},
		"Methods":        []any{method("List", customMethod, "Json"), method("Count", secondMethod, "Json"), method("Old", oldMethod, "Edifact")},
	}
}

type customJSON struct {
	ID            int64 `json:"Id"`
	Name, Status  string
	ReleaseStatus string
	Billable      any
	CreatedOnUTC  string `json:"CreatedOnUtc"`
	Unsupported   []string
	Vendor        json.RawMessage
	ProductAddon  map[string]any
	Deprecations  []any
	Description   string
}

// vendors is an API with two partners, who each have an account.
type vendors struct {
	*world
	other string // token
}

func newVendors(t *testing.T, db *store.Store) *vendors {
	v := &vendors{world: newWorldOn(t, db, api.Options{})}
	made, err := v.services.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	v.other = v.tokenFor(made, "")
	v.account("a", "")
	v.ok(call{method: "POST", path: "/v1.0/accounts", token: v.other, body: `{"Id":"a","Name":"a"}`}, nil)
	return v
}

func (v *vendors) create(token string, body any) (c customJSON) {
	v.t.Helper()
	v.ok(call{method: "POST", path: customPath, account: "a", token: token, body: body}, &c)
	return c
}

func TestCustomConnectors(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		c := v.create("", `{"id":9,"NAME":" Own ","uniqueidentifier":"`+strings.ToUpper(customGUID)+`","billable":"true","Vendor":{"Big":12345678901234567890.10,"Text":"<&>"},"productAddon":{"Currency":"GBP"}}`)
		if c.ID == 9 || c.Name != "Own" || c.ReleaseStatus != "Draft" || c.Status != "Draft" || c.Billable != true || c.CreatedOnUTC == "" || c.ProductAddon["Currency"] != "GBP" || c.Deprecations == nil {
			t.Errorf("created: %+v", c)
		}
		at := fmt.Sprintf("%s/%d", customPath, c.ID)
		a := v.ok(call{method: "GET", path: at + "/", account: "a"}, &c)
		if !strings.Contains(a.body, `"Big":12345678901234567890.10`) || !strings.Contains(a.body, `"UniqueIdentifier":"`+customGUID+`"`) {
			t.Errorf("what is not known is not as it was: %s", a.body)
		}
		var changed customJSON
		v.ok(call{method: "PUT", path: at, account: "a", body: `{"Description":"d","vendor2":[1],"Vendor":null,"Status":"Beta"}`}, &changed)
		if changed.Description != "d" || changed.Vendor != nil || changed.Status != "Beta" || changed.Name != "Own" {
			t.Errorf("changed: %+v", changed)
		}
		v.create("", `{"Name":"Another","UniqueIdentifier":"`+secondMethod+`"}`)
		var all []customJSON
		if l := v.ok(call{method: "GET", path: customPath + "?pageSize=1&page=2", account: "a"}, &all); len(all) != 1 || all[0].Name != "Own" || l.header.Get("Total-Records") != "2" || l.header.Get("Total-Pages") != "2" {
			t.Errorf("list: %v %v", l.header, all)
		}
		v.ok(call{method: "DELETE", path: at, account: "a"}, nil)
		for _, method := range []string{"GET", "DELETE"} {
			v.fails(call{method: method, path: at, account: "a"}, 404, fmt.Sprintf("Connector %d could not be found.", c.ID))
		}
		v.fails(call{method: "GET", path: customPath + "/properties", account: "a"}, 400, "")
	})
}

// A list outlines methods, and what is written back as it was listed takes nothing
// away.
func TestCustomConnectorsAreOutlined(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		at := fmt.Sprintf("%s/%d", customPath, v.create("", custom("https://x.test/")).ID)
		get := func() string {
			return regexp.MustCompile(`"Revision":\d+,`).ReplaceAllString(v.ok(call{method: "GET", path: at, account: "a"}, nil).body, "")
		}
		whole := get()
		var all []json.RawMessage
		v.ok(call{method: "GET", path: customPath, account: "a"}, &all)
		var row struct{ Methods, Authentication []map[string]any }
		if err := json.Unmarshal(all[0], &row); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"Name": "List", "MethodUniqueIdentifier": customMethod, "MethodType": "Action", "Outline": true}
		if diff := cmp.Diff(want, row.Methods[0]); diff != "" || len(row.Methods) != 3 || len(row.Authentication) != 1 {
			t.Errorf("listed: %s, -want +got\n%s", all[0], diff)
		}
		v.ok(call{method: "PUT", path: at, account: "a", body: string(all[0])}, nil)
		if now := get(); now != whole {
			t.Errorf("written back: %s, want %s", now, whole)
		}
		v.ok(call{method: "PUT", path: at, account: "a", body: `{"Methods":[{"MethodUniqueIdentifier":"` + strings.ToUpper(secondMethod) + `","Outline":true}]}`}, nil)
		if now := get(); !strings.Contains(now, `"Name":"Count"`) || strings.Contains(now, "Outline") || strings.Contains(now, customMethod) {
			t.Errorf("with one method: %s", now)
		}
		v.fails(call{method: "PUT", path: at, account: "a", body: `{"Methods":[{"MethodUniqueIdentifier":"` + customMethod + `","Outline":true}]}`}, 400,
			"Invalid connector: (Column 'Methods' has an outline of method \""+customMethod+"\", which the connector does not have)")
	})
}

func TestCustomConnectorsTellWhatIsWrong(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		taken := v.create("", custom("https://x.test/"))
		id := `"UniqueIdentifier":"` + secondMethod + `"`
		for body, want := range map[string]string{
			`{` + id + `}`:                                           "(Column 'Name' cannot be null)",
			`{"Name":null,` + id + `}`:                               "(Column 'Name' cannot be null)",
			`{"Name":{},` + id + `}`:                                 "(Column 'Name' cannot be null)",
			`{"Name":"n"}`:                                           "(Column 'UniqueIdentifier' cannot be null)",
			`{"Name":"n","UniqueIdentifier":"n"}`:                    "(Column 'UniqueIdentifier' must be a GUID)",
			`{"Name":"n","name":"m",` + id + `}`:                     "(Column 'Name' is there twice)",
			`{"Name":"n",` + id + `,"Methods":{}}`:                   "(Column 'Methods' must be a list)",
			`{"Name":"n",` + id + `,"Billable":"perhaps"}`:           "(Column 'Billable' must be true or false)",
			`{"Name":"n",` + id + `,"Description":[1]}`:              "(Column 'Description' must be text)",
			`{"Name":"n",` + id + `,"ProductAddon":[]}`:              "(Column 'ProductAddon' must be an object)",
			`{"Name":"n",` + id + `,"ReleaseStatus":"New"}`:          "(Column 'ReleaseStatus' must be Draft, Live or Deprecated)",
			`{"Name":"n","UniqueIdentifier":"` + customGUID + `"}`:   "(Column 'UniqueIdentifier' is taken, or Name is, by another connector of the same version)",
			`{"Name":"` + strings.Repeat("n", 256) + `",` + id + `}`: "(Column 'Name' has at most 255 bytes)",
			`null`: "(Column 'Name' cannot be null)",
		} {
			v.fails(call{method: "POST", path: customPath, account: "a", body: body}, 400, "Invalid connector: "+want)
		}
		for _, body := range []string{`[]`, `"x"`, `{`, ``} {
			v.fails(call{method: "POST", path: customPath, account: "a", body: body}, 400, "")
		}
		v.ok(call{method: "GET", path: customPath}, nil) // they are the partner's, whichever account is named
		v.fails(call{method: "GET", path: customPath, account: "nowhere"}, 401, "")
		at := fmt.Sprintf("%s/%d", customPath, taken.ID)
		v.fails(call{method: "PUT", path: at, account: "a", body: `{"UniqueIdentifier":null}`}, 400, "Invalid connector: (Column 'UniqueIdentifier' cannot be null)")
		restricted := v.tokenFor(v.partner, "account:a")
		v.ok(call{method: "GET", path: at, token: restricted}, nil)
		v.fails(call{method: "PUT", path: at, token: restricted, body: `{}`}, 403, "")
		v.fails(call{method: "POST", path: customPath, token: restricted, body: `{}`}, 403, "")
		v.fails(call{method: "DELETE", path: at, token: restricted}, 403, "")
	})
}

// A custom connector is in the library of its partner, unless it is not asked for.
func TestCustomConnectorsInTheLibrary(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		c := v.create("", custom("https://x.test/"))
		count := func(path string) (n int) {
			var all []struct{ Description string }
			v.ok(call{method: "GET", path: path}, &all)
			for _, one := range all {
				if one.Description == "Of https://x.test/" {
					n++
				}
			}
			return n
		}
		for path, want := range map[string]int{
			"/v1.0/connectors": 1, "/v1.0/connectors?includeCustomConnectors=false": 0, "/v1.0/connectors?query=x.test": 1,
			"/v1.0/connectors/Bookshelf%20CRM": 1, "/v1.0/connectors/bookshelf%20crm/1.0": 1,
		} {
			if n := count(path); n != want {
				t.Errorf("%s: %d, want %d", path, n, want)
			}
		}
		var methods []struct {
			ID                     int64 `json:"Id"`
			MethodUniqueIdentifier string
		}
		v.ok(call{method: "GET", path: fmt.Sprintf("/v1.0/connectors/%d/methods", c.ID)}, &methods)
		if len(methods) != 2 || methods[0].MethodUniqueIdentifier != secondMethod {
			t.Fatalf("methods %+v", methods)
		}
		method := fmt.Sprintf("/v1.0/methods/%d", methods[0].ID)
		v.ok(call{method: "GET", path: method}, nil)

		// By name the library's comes first, and the other partner sees nothing.
		var named []struct {
			ID int64 `json:"Id"`
		}
		v.ok(call{method: "GET", path: "/v1.0/connectors/Bookshelf%20CRM/1.0"}, &named)
		if len(named) != 2 || named[1].ID != c.ID {
			t.Errorf("by name: %v, want %d last", named, c.ID)
		}
		for path, absent := range map[string]string{
			method: "/v1.0/methods/999999999", fmt.Sprintf("/v1.0/connectors/%d", c.ID): "/v1.0/connectors/999999999",
			fmt.Sprintf("%s/%d", customPath, c.ID): customPath + "/999999999",
		} {
			got, want := v.do(call{method: "GET", path: path, token: v.other, account: "a"}), v.do(call{method: "GET", path: absent, token: v.other, account: "a"})
			id, nowhere := path[strings.LastIndex(path, "/")+1:], absent[strings.LastIndex(absent, "/")+1:]
			if got.status != 404 || strings.ReplaceAll(got.body, id, nowhere) != want.body {
				t.Errorf("%s of another partner: %d %s", path, got.status, got.body)
			}
		}
		v.fails(call{method: "POST", path: fmt.Sprintf("/v1.0/connectors/%d/install", c.ID), token: v.other, account: "a"}, 404, "")
	})
}

func TestCustomConnectorInstall(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		c := v.create("", custom("https://x.test/"))
		at, install := fmt.Sprintf("%s/%d", customPath, c.ID), fmt.Sprintf("/v1.0/connectors/%d/install", c.ID)
		put := func(body string) { v.t.Helper(); v.ok(call{method: "PUT", path: at, account: "a", body: body}, nil) }
		refused := func(why string) {
			t.Helper()
			v.fails(call{method: "POST", path: install, account: "a"}, 400, why)
		}
		put(`{"ReleaseStatus":"draft"}`)
		refused(fmt.Sprintf("Connector %d is a draft and cannot be installed.", c.ID))
		put(`{"ReleaseStatus":"Deprecated"}`)
		refused(fmt.Sprintf("Connector %d is deprecated and cannot be installed.", c.ID))
		put(`{"ReleaseStatus":"Live","Scripts":[{"Script":"x"}]}`)
		refused(fmt.Sprintf("Connector %d cannot be installed: Scripts: is not supported.", c.ID))
		put(`{"Scripts":null}`)
		var in struct {
			ID        int64 `json:"Id"`
			Connector struct{ Status, Description string }
		}
		v.ok(call{method: "POST", path: install, account: "a"}, &in)
		if in.Connector.Status != "Live" {
			t.Errorf("installed: %+v", in)
		}
		used := fmt.Sprintf("/v1.0/account/connectors/%d", in.ID)
		v.ok(call{method: "GET", path: used + "/methods/" + customMethod, account: "a"}, nil)
		why := `Method "Old" of connector Bookshelf CRM cannot be used: Methods[2].ResponseDataType: "Edifact" is not known; it is one of Unknown, Json, Xml, Form, File, PlainText, SimpleFile, MultipartRelated.`
		v.fails(call{method: "GET", path: used + "/methods/" + oldMethod, account: "a"}, 400, why)
		cycle := v.cycle("a", "own")
		v.fails(call{method: "POST", path: cycle + "/steps", account: "a", body: map[string]any{"ActionType": "Action", "AccountConnectorId": in.ID, "Method": oldMethod}}, 400, why)

		// What is installed goes on working, deprecated or edited, and keeps what it has.
		put(`{"ReleaseStatus":"Deprecated"}`)
		v.ok(call{method: "GET", path: used + "/methods/" + customMethod, account: "a"}, nil)
		for body, lost := range map[string]string{
			`{"Methods":[]}`:                            "The connector is installed, and the change would take away the use of all of it: Methods: is required.",
			`{"Scripts":"x"}`:                           "The connector is installed, and the change would take away the use of all of it: Scripts: is not supported.",
			`{"Version":"2.0"}`:                         "The connector is installed: its UniqueIdentifier and Version cannot change.",
			`{"Authentication":[{"AuthType":"Basic"}]}`: "The connector is installed, and the change would take away the authentication None.",
		} {
			v.fails(call{method: "PUT", path: at, account: "a", body: body}, 409, lost)
		}
		// Nor is what its users have given sent elsewhere.
		shadowed := custom("https://x.test/")
		for _, m := range shadowed["Methods"].([]any) {
			m.(map[string]any)["Endpoint"] = "https://{{Shop}}/"
		}
		for _, body := range []any{
			map[string]any{"Methods": custom("https://evil.test/")["Methods"]},
			map[string]any{"Methods": shadowed["Methods"], "Parameters": []any{map[string]any{"Name": "Shop", "TargetType": "HttpHeader", "Value": "evil.test"}}},
			`{"Authentication":[{"AuthType":"None"},{"AuthType":"ApiKey","TargetType":"QueryString","TargetName":"key"}]}`,
		} {
			a := v.do(call{method: "PUT", path: at, account: "a", body: body})
			if a.status != 409 || !strings.Contains(a.body, "credentials elsewhere") {
				t.Errorf("%v: %d %s", body, a.status, a.body)
			}
		}
		if a := v.do(call{method: "GET", path: at}); strings.Contains(a.body, "evil.test") {
			t.Error("it calls another host")
		}
		v.fails(call{method: "DELETE", path: at, account: "a"}, 409, "The connector is installed in an account.")
		v.ok(call{method: "DELETE", path: used, account: "a"}, nil)
		v.ok(call{method: "DELETE", path: at, account: "a"}, nil)
	})
}

// cycle makes one, and gives its path.
func (v *vendors) cycle(account, name string) string {
	v.t.Helper()
	var made struct {
		ID string `json:"Id"`
	}
	v.ok(call{method: "POST", path: "/v1.0/cycles", account: account, body: map[string]string{"Name": name}}, &made)
	return "/v1.0/cycles/" + made.ID
}

// Two partners have connectors of the same name, version and GUIDs, which are those
// of one in the library, too: each calls its own, and templates find theirs.
func TestCustomConnectorsOfTwoPartners(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		own, foreign := v.create("", custom("https://own.test/")), v.create(v.other, custom("https://other.test/"))
		if own.ID == foreign.ID {
			t.Fatal("they have one number")
		}
		file := tandem.TemplateFile{
			Format: tandem.TemplateFileFormat, Name: "Own",
			Graph: tandem.Graph{
				Steps:      []tandem.Step{{ID: customMethod, Name: "list", ActionType: tandem.ActionStep, Connector: "c", Method: customMethod}},
				Connectors: []tandem.ConnectorRef{{Ref: "c", Name: "Bookshelf CRM", Version: "1.0", UniqueIdentifier: customGUID}},
			},
		}
		var tm struct {
			ID         string `json:"Id"`
			Connectors []struct {
				ID int64 `json:"Id"`
			}
		}
		v.ok(call{method: "POST", path: "/v1.0/templates/import", body: file}, &tm)
		if len(tm.Connectors) != 1 || tm.Connectors[0].ID != own.ID {
			t.Errorf("the template uses %+v, want %d", tm.Connectors, own.ID)
		}
		first := "/v1.0/templates/" + tm.ID
		exported := v.ok(call{method: "GET", path: first + "/export"}, nil)
		if !strings.Contains(exported.body, "https://own.test/") {
			t.Errorf("the file does not hold the connector: %s", exported.body)
		}
		v.fails(call{method: "POST", path: "/v1.0/templates/import", token: v.other, body: exported.body}, 400, "Failed to import template.")
		v.ok(call{method: "POST", path: "/v1.0/templates/import", token: v.other, body: file}, &tm)
		if tm.Connectors[0].ID != foreign.ID {
			t.Errorf("the other's template uses %d, want %d", tm.Connectors[0].ID, foreign.ID)
		}
		var cycle struct {
			ID         string `json:"Id"`
			Connectors []struct {
				ID int64 `json:"Id"`
			}
		}
		v.ok(call{method: "POST", path: "/v1.0/templates/" + tm.ID + "/install", token: v.other, account: "a"}, &cycle)
		if len(cycle.Connectors) != 1 || cycle.Connectors[0].ID != foreign.ID {
			t.Errorf("the other's cycle uses %+v, want %d", cycle.Connectors, foreign.ID)
		}

		// Where it is not there, the library's of the same name is not taken for it.
		v.ok(call{method: "DELETE", path: first}, nil)
		v.ok(call{method: "DELETE", path: fmt.Sprintf("%s/%d", customPath, own.ID), account: "a"}, nil)
		a := v.do(call{method: "POST", path: "/v1.0/templates/import", body: file})
		var e struct{ ModelState map[string][]string }
		if err := json.Unmarshal([]byte(a.body), &e); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{"Graph.Connectors[0]": {"Graph.Connectors[0]: connector Bookshelf CRM 1.0 is not in the library, and there is no custom connector with its UniqueIdentifier, " + customGUID + "."}}
		if diff := cmp.Diff(want, e.ModelState); a.status != http.StatusBadRequest || diff != "" {
			t.Errorf("import without the connector: %d %s", a.status, a.body)
		}
		v.ok(call{method: "POST", path: "/v1.0/templates/import", body: exported.body}, nil) // which brings it
	})
}

// An address that is made of a parameter stays made of it: no value of another kind,
// nor one of a method that hides it, takes its place.
func TestCustomConnectorKeepsItsAddress(t *testing.T) {
	v := newVendors(t, storetest.SQLite(t))
	document := func(parameter, hiding map[string]any) map[string]any {
		c := custom("{{BaseUrl}}/things")
		c["Parameters"] = []any{map[string]any{"Name": "BaseUrl", "TargetType": "MergeField", "AccountConnectorProperty": true}}
		if parameter != nil {
			c["Parameters"] = []any{parameter}
		}
		if hiding != nil {
			c["Methods"].([]any)[0].(map[string]any)["Parameters"] = []any{hiding}
		}
		return c
	}
	c := v.create("", document(nil, nil))
	v.ok(call{method: "POST", path: fmt.Sprintf("/v1.0/connectors/%d/install", c.ID), account: "a"}, nil)
	at := fmt.Sprintf("%s/%d", customPath, c.ID)
	const evil = "https://evil.test"
	for name, body := range map[string]map[string]any{
		"a fixed value":       document(map[string]any{"Name": "BaseUrl", "TargetType": "MergeField", "Value": evil, "AccountConnectorProperty": true}, nil),
		"a default":           document(map[string]any{"Name": "BaseUrl", "TargetType": "MergeField", "Default": evil, "AccountConnectorProperty": true}, nil),
		"in a header":         document(map[string]any{"Name": "BaseUrl", "TargetType": "HttpHeader", "Value": evil}, nil),
		"hidden by a method":  document(nil, map[string]any{"Name": "BaseUrl", "TargetType": "MergeField", "Value": evil}),
		"by another name":     document(nil, map[string]any{"Name": "Other", "TargetName": "BaseUrl", "TargetType": "MergeField", "Value": evil}),
		"hidden in the query": document(nil, map[string]any{"Name": "BaseUrl", "TargetType": "QueryString", "Value": evil}),
	} {
		if a := v.do(call{method: "PUT", path: at, account: "a", body: body}); a.status != 409 || !strings.Contains(a.body, "credentials elsewhere") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	harmless := document(nil, map[string]any{"Name": "Colour", "TargetType": "QueryString"})
	v.ok(call{method: "PUT", path: at, account: "a", body: harmless}, nil)
}

// What customers use takes more than what nobody uses yet.
func TestWhoMayChangeCustomConnectors(t *testing.T) {
	var who tandem.Principal
	w := newWorld(t, api.Options{Session: func(*http.Request) (tandem.Principal, error) { return signed(who) }})
	v := &vendors{world: w}
	v.account("a", "")
	c := v.create("", custom("https://x.test/"))
	at := fmt.Sprintf("%s/%d", customPath, c.ID)
	who = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1}
	for _, tt := range []struct {
		state          string
		level          tandem.Level
		change, delete int
	}{
		{"Draft", tandem.ViewLevel, 403, 403},
		{"Draft", tandem.EditLevel, 200, 403},
		{"Live", tandem.EditLevel, 403, 403},
		{"Live", tandem.ManageLevel, 200, 0},
		{"Deprecated", tandem.EditLevel, 403, 403},
		{"Deprecated", tandem.ManageLevel, 200, 0},
	} {
		w.ok(call{method: "PUT", path: at, account: "a", body: map[string]string{"ReleaseStatus": tt.state}}, nil)
		who.Permissions[tandem.AreaCustomConnectors] = tt.level
		if a := w.do(call{method: "PUT", path: at, account: "a", token: "-", body: `{"Description":"mine"}`}); a.status != tt.change {
			t.Errorf("change a %s one by %v: %d, want %d\n%s", tt.state, tt.level, a.status, tt.change, a.body)
		}
		if tt.state == "Draft" && tt.level == tandem.EditLevel {
			w.fails(call{method: "PUT", path: at, account: "a", token: "-", body: `{"releasestatus":"Live"}`}, 403, "This needs the permission CustomConnectors: Manage.")
			w.fails(call{method: "POST", path: customPath, account: "a", token: "-", body: `{"Name":"New","UniqueIdentifier":"` + tandem.NewGUID() + `","ReleaseStatus":"Live"}`}, 403, "This needs the permission CustomConnectors: Manage.")
			w.ok(call{method: "PUT", path: at, account: "a", token: "-", body: `{"ReleaseStatus":"Draft"}`}, nil)
		}
		if tt.delete == 0 {
			continue
		}
		if a := w.do(call{method: "DELETE", path: at, account: "a", token: "-"}); a.status != tt.delete {
			t.Errorf("delete a %s one by %v: %d, want %d\n%s", tt.state, tt.level, a.status, tt.delete, a.body)
		}
	}
}

// A change says which revision it was made of, and is refused if there is another
// by then. Nobody needs to name an account.
func TestCustomConnectorRevision(t *testing.T) {
	w := newWorld(t, api.Options{})
	var made, now struct {
		ID       int64 `json:"Id"`
		Revision int64
	}
	document := map[string]any{"Name": "Own", "UniqueIdentifier": customGUID, "Revision": 99}
	looked := func(at any) map[string]string { return map[string]string{"If-Match": fmt.Sprint(at)} }
	w.ok(call{method: "POST", path: customPath, body: document}, &made)
	path := fmt.Sprintf("%s/%d", customPath, made.ID)
	w.ok(call{method: "PUT", path: path, header: looked(made.Revision), body: map[string]any{"Description": "a"}}, &now)
	if now.Revision == made.Revision {
		t.Errorf("the revision is still %d", now.Revision)
	}
	w.fails(call{method: "PUT", path: path, header: looked(made.Revision), body: map[string]any{"Description": "b"}}, 409, "Somebody else has changed the connector meanwhile.")
	w.fails(call{method: "PUT", path: path, header: looked("x"), body: map[string]any{}}, 400, "")
	w.ok(call{method: "PUT", path: path, body: map[string]any{"Description": "c", "Revision": made.Revision}}, nil)
	var got map[string]any
	w.ok(call{method: "GET", path: path}, &got)
	if got["Description"] != "c" || got["Revision"] == float64(99) {
		t.Errorf("%v", got)
	}
}
