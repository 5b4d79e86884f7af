package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// designJSON is the design of a cycle.
type designJSON struct {
	CycleID           string `json:"CycleId"`
	Name, Status      string
	Revision          int64
	Graph             tandem.Graph
	AccountConnectors []struct {
		Ref                string
		AccountConnectorID int64 `json:"AccountConnectorId"`
	}
}

// graphOf is a webhook that leads to a call, by ids of which n is a part.
func graphOf(n int) tandem.Graph {
	id := func(what int) string { return fmt.Sprintf("00000000-0000-4000-8000-%06d%06d", n, what) }
	return tandem.Graph{
		Connectors: []tandem.ConnectorRef{{Ref: "crm", Name: "Bookshelf CRM", Version: "1.0"}},
		Steps: []tandem.Step{
			{ID: tandem.StepID(id(1)), Name: "New", ActionType: tandem.WebhookStep, Connector: "crm", Method: "60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"},
			{
				ID: tandem.StepID(id(2)), Name: "Get", ActionType: tandem.ActionStep, Connector: "crm", Method: "0c2365ca-70aa-4f85-9837-5777fba21f37",
				Parameters: []tandem.Mapping{{Target: "ContactId", MappingType: tandem.MapStatic, Value: "1"}},
			},
		},
		Edges: []tandem.Edge{{ID: tandem.EdgeID(id(3)), HeadStepID: tandem.StepID(id(1)), TailStepID: tandem.StepID(id(2)), EdgeType: tandem.ForwardEdge}},
	}
}

func TestCycleDesign(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		in := w.installed("books")
		var c struct{ Id string }
		w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"c"}`}, &c)
		at, g := "/v1.0/cycles/"+c.Id+"/design", graphOf(1)

		var got designJSON
		a := w.ok(call{method: "GET", path: at, account: "books"}, &got)
		if a.header.Get("ETag") != `"1"` || got.Revision != 1 || got.Status != "Paused" || got.Name != "c" || len(got.Graph.Steps) != 0 {
			t.Errorf("at first: %+v", got)
		}
		a = w.ok(call{method: "PUT", path: at, account: "books", body: map[string]any{"Revision": 1, "Graph": g}}, &got)
		if a.header.Get("ETag") != `"2"` || got.Revision != 2 || len(got.AccountConnectors) != 1 || got.AccountConnectors[0].AccountConnectorID != in.ID {
			t.Errorf("replaced: %+v", got)
		}
		if diff := cmp.Diff(g, got.Graph); diff != "" {
			t.Errorf("the graph:\n%s", diff)
		}
		for _, c := range []call{{body: map[string]any{"Revision": 1, "Graph": g}}, {body: map[string]any{"Graph": g}, header: map[string]string{"If-Match": `"1"`}}} {
			c.method, c.path, c.account = "PUT", at, "books"
			w.fails(c, 409, "The cycle has been changed since: it is at revision 2.")
		}
		w.ok(call{method: "PUT", path: "/v1.0/cycles/" + c.Id, account: "books", body: `{"Name":"d"}`}, nil)
		w.ok(call{method: "PUT", path: at, account: "books", body: map[string]any{"Revision": 2, "Graph": g}}, &got) // a name is no design
		if got.Revision != 2 || got.Name != "d" {
			t.Errorf("the same again: %+v", got)
		}
		w.ok(call{method: "PUT", path: "/v1.0/cycles/" + c.Id + "/activate", account: "books"}, nil)
		w.fails(call{method: "PUT", path: at, account: "books", body: map[string]any{"Graph": g}}, 409, "The cycle is running.")
		w.ok(call{method: "GET", path: at, account: "books"}, &got)
		if got.Status != "Running" {
			t.Errorf("a running cycle: %+v", got)
		}
	})
}

func TestCycleDesignTellsWhatIsWrong(t *testing.T) {
	w := newWorld(t, api.Options{})
	in := w.installed("books")
	var c, other struct{ Id string }
	w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"c"}`}, &c)
	w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"d"}`}, &other)
	at, g := "/v1.0/cycles/"+c.Id+"/design", graphOf(2)
	w.ok(call{method: "PUT", path: at, account: "books", body: map[string]any{"Graph": g}}, nil)
	w.fails(call{method: "PUT", path: "/v1.0/cycles/" + other.Id + "/design", account: "books", body: map[string]any{"Graph": g}}, 400, "Step id "+string(g.Steps[0].ID)+" is in use by another cycle.")
	bound := func(id int64) string {
		text, err := json.Marshal(map[string]any{"Graph": g, "AccountConnectors": []any{map[string]any{"Ref": "crm", "AccountConnectorId": id}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for body, want := range map[string]string{
		`{"Graph":{"Stepz":[]}}`:                                     `{"Graph":["Stepz: a graph has no such property"]}`,
		`{"Graph":{"Steps":[{"Id":"x","Name":"n","ActionType":1}]}}`: `"Graph.Steps[0].Id":`,
		`{"Graph":{"Connectors":[{"Ref":"a","Name":"No such"}]}}`:    `"Graph.Connectors[0]":["Graph.Connectors[0]: connector No such  is not in the library."]`,
		bound(in.ID + 1000):                                          `Account connector ` + fmt.Sprint(in.ID+1000) + ` could not be found.`,
	} {
		if a := w.do(call{method: "PUT", path: at, account: "books", body: body}); a.status != 400 || !strings.Contains(a.body, want) {
			t.Errorf("%.80s: %d %s, want %s", body, a.status, a.body, want)
		}
	}
}

// What was made of a template's steps can still be upgraded after its design was
// replaced, whatever the request says that the steps are copies of.
func TestCycleDesignKeepsOrigins(t *testing.T) {
	l := newLibrary(t, storetest.SQLite(t))
	l.account("books", "")
	var c struct{ Id string }
	l.ok(call{method: "POST", path: "/v1.0/templates/" + l.template.ID + "/install", account: "books"}, &c)
	at := "/v1.0/cycles/" + c.Id + "/design"
	var was, is designJSON
	l.ok(call{method: "GET", path: at, account: "books"}, &was)
	sent := was.Graph
	sent.Steps = append([]tandem.Step{}, was.Graph.Steps...)
	for i := range sent.Steps {
		sent.Steps[i].Origin = ""
	}
	sent.Steps[0].Name = "Renamed"
	sent.Steps = append(sent.Steps, tandem.Step{ID: "00000000-0000-4000-8000-000000000009", Origin: was.Graph.Steps[0].Origin, Name: "Copy", ActionType: tandem.AnnotationStep})
	l.ok(call{method: "PUT", path: at, account: "books", body: map[string]any{"Revision": was.Revision, "Graph": sent}}, &is)
	for i, s := range was.Graph.Steps {
		if got := is.Graph.Steps[i].Origin; got == "" || got != s.Origin {
			t.Errorf("step %d was of %q, and is of %q", i, s.Origin, got)
		}
	}
	if s := is.Graph.Steps[len(sent.Steps)-1]; s.Origin != "" {
		t.Errorf("a new step is of %q", s.Origin)
	}
	if diff := cmp.Diff(was.AccountConnectors, is.AccountConnectors); diff != "" {
		t.Errorf("its connectors:\n%s", diff)
	}
}

func TestReleasePrerequisites(t *testing.T) {
	l := newLibrary(t, storetest.SQLite(t))
	_, at := l.draft()
	g := graphOf(3)
	g.Steps[1].Parameters = nil
	var missing []tandem.Prerequisite
	put := func() {
		l.t.Helper()
		l.ok(call{method: "PUT", path: at, body: map[string]any{"Graph": g}}, nil)
		l.ok(call{method: "GET", path: at + "/prerequisites"}, &missing)
	}
	if put(); len(missing) != 1 || missing[0].ReasonCode != tandem.ReasonParameter || missing[0].StepID != g.Steps[1].ID {
		t.Errorf("without a parameter: %+v", missing)
	}
	g.Steps[1].Parameters = []tandem.Mapping{{Target: "ContactId", MappingType: tandem.MapStatic, IsLaunchVisible: true}}
	if put(); len(missing) != 0 {
		t.Errorf("what customers are asked for: %+v", missing)
	}
	g = tandem.Graph{Steps: []tandem.Step{}, Edges: []tandem.Edge{}}
	if put(); len(missing) != 1 || missing[0].ObjectType != tandem.ObjectCycle || missing[0].ObjectID != l.template.ID {
		t.Errorf("without steps: %+v", missing)
	}
}
