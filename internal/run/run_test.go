package run_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/engine"
)

var methods = []connector.Method{
	{MethodUniqueIdentifier: "event", Name: "Event", MethodType: connector.Webhook},
	{MethodUniqueIdentifier: "plain", Name: "Plain", MethodType: connector.Webhook, ResponseFields: []connector.Field{{ConnectorField: "id"}}},
	{MethodUniqueIdentifier: "list", Name: "List", MethodType: connector.Action, Endpoint: "/{{LastSuccessfulRunDate}}", Paging: &connector.Paging{Items: "rows", MaxPages: 5}},
	{MethodUniqueIdentifier: "get", Name: "Get", MethodType: connector.Action, ResponseFields: []connector.Field{{ConnectorField: "[found].n"}}},
	{MethodUniqueIdentifier: "send", Name: "Send", MethodType: connector.Action, HTTPMethod: "POST", RequestDataType: connector.JSONBody},
	{
		MethodUniqueIdentifier: "send2", Name: "Send 2", MethodType: connector.Action, HTTPMethod: "POST", RequestDataType: connector.JSONBody,
		RequestFields: []connector.Field{{ConnectorField: "v", DataType: connector.Integer}},
	},
}

func step(id, method, v string) tandem.Step {
	s := tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.ActionStep, Connector: "c", Method: method}
	if method == "event" || method == "plain" {
		s.ActionType = tandem.WebhookStep
	}
	if v != "" {
		s.Fields = []tandem.Mapping{{Target: "v", MappingType: tandem.MapStatic, Value: v}}
	}
	return s
}

func decision(id, left, right string) tandem.Step {
	return tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: [][]tandem.Rule{{{
		Left: tandem.Mapping{MappingType: tandem.MapStatic, Value: left}, Condition: tandem.Equals, Right: tandem.Mapping{MappingType: tandem.MapStatic, Value: right},
	}}}}}
}

// graph joins steps by edges written head>tail, with ?T or ?F for the exits of
// a decision.
func graph(edges string, steps ...tandem.Step) *tandem.Graph {
	g := &tandem.Graph{Steps: steps}
	for _, e := range strings.Fields(edges) {
		head, tail, _ := strings.Cut(e, ">")
		head, exit, _ := strings.Cut(head, "?")
		kind := map[string]tandem.EdgeType{"T": tandem.TrueEdge, "F": tandem.FalseEdge, "": tandem.ForwardEdge}[exit]
		g.Edges = append(g.Edges, tandem.Edge{HeadStepID: tandem.StepID(head), TailStepID: tandem.StepID(tail), EdgeType: kind})
	}
	return g
}

// bodies are the effects in order.
func (w *world) bodies() string {
	var b []string
	for _, e := range w.effects {
		b = append(b, strings.TrimPrefix(e.Path, "/")+" "+e.Body)
	}
	return strings.Join(b, "; ")
}

func TestWebhookToOneStepIsOneCommit(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "plain", ""), step("out", "send", "{{id}}")), methods...)
	w.serve()
	txn := w.webhook(`{"id":12}`)
	w.run(t.Context())
	if got, want := w.bodies(), `send {"v":12}`; got != want || w.commits != 1 || txn.Status != tandem.TransactionCompleted {
		t.Errorf("%s in %d commits, %s", got, w.commits, txn.Status)
	}
	if w.meter["plain"].Succeeded != 1 || w.meter["send"].Succeeded != 1 || len(txn.items) != 2 || txn.items[1].Prev != 1 || txn.items[1].Tasks != 1 {
		t.Errorf("meter %v, items %+v", w.meter, txn.items)
	}
	if len(w.effects[0].Key) != 32 || txn.Frontier != nil {
		t.Errorf("key %q, frontier %v", w.effects[0].Key, txn.Frontier)
	}
}

func TestDecisionsRideAndBranchesRunInOrder(t *testing.T) {
	w := newWorld(t, graph("in>d d?T>a d?T>b d?F>c a>e b>e", step("in", "plain", ""), decision("d", "{{go}}", "yes"),
		step("a", "send", "a"), step("b", "send", "b"), step("c", "send", "c"), step("e", "send", "e {{in::go}}")), methods...)
	txn := w.webhook(`{"go":"YES"}`)
	w.run(t.Context())
	want := `send {"v":"a"}; send {"v":"e YES"}; send {"v":"b"}; send {"v":"e YES"}`
	if w.bodies() != want || w.commits != 4 {
		t.Errorf("%s\nwant %s; %d commits", w.bodies(), want, w.commits)
	}
	if e := txn.items[1]; e.StepID != "d" || e.Exit != tandem.TrueEdge || e.Tasks != 0 {
		t.Errorf("decision %+v", e)
	}
	if w.effects[1].Key == w.effects[3].Key {
		t.Error("two paths have one key")
	}
	w.webhook(`{"go":"no"}`)
	w.run(t.Context())
	if !strings.HasSuffix(w.bodies(), `send {"v":"c"}`) {
		t.Error(w.bodies())
	}
}

func TestWebhookListIsSplit(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "event", ""), step("out", "send", "{{records.n}}")), methods...)
	w.options.Children = 2
	parent := w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}]}`)
	y, err := w.slice(t.Context(), parent)
	if err != nil || y.Kind != engine.Children || parent.Status != tandem.TransactionSplit || len(w.txns) != 4 || w.commits != 2 {
		t.Fatalf("%v %v, %s, %d transactions, %d commits", y, err, parent.Status, len(w.txns), w.commits)
	}
	w.run(t.Context())
	if want := `send {"v":1}; send {"v":2}; send {"v":3}`; w.bodies() != want {
		t.Error(w.bodies())
	}
	if w.meter["event"].Succeeded != 1 || parent.Status != tandem.TransactionCompleted || w.txns[1].items[0].Tasks != 0 || w.txns[1].Parent != 1 {
		t.Errorf("%v %s %+v", w.meter, parent.Status, w.txns[1].items)
	}

	empty := w.webhook(`[]`)
	if y, err := w.slice(t.Context(), empty); err != nil || y.Kind != engine.Done || empty.Status != tandem.TransactionCompleted || len(empty.items) != 1 {
		t.Errorf("empty list: %v %v %s", y, err, empty.Status)
	}
}

func TestSplitNonePassesTheDocumentOn(t *testing.T) {
	g := graph("in>out", step("in", "event", ""), step("out", "send", "{{[records].n}}"))
	g.CollectionSplitType = tandem.SplitNone
	w := newWorld(t, g, methods...)
	w.webhook(`{"records":[{"n":1},{"n":2}]}`)
	w.run(t.Context())
	if want := `send {"v":[1,2]}`; w.bodies() != want || len(w.txns) != 1 {
		t.Error(w.bodies())
	}
}

// A cycle may keep what is sent, and what its webhook is sent around the data,
// out of its records; whatever happens to the step.
func TestRequestsAreOmitted(t *testing.T) {
	for _, omit := range []bool{false, true} {
		g := graph("in>get get>bad bad>out", step("in", "plain", ""), step("get", "get", ""), step("bad", "send2", "1"), step("out", "send", "{{in::id}} {{[found].n}}"))
		g.CollectionSplitType, g.StepErrorAction, g.OmitRequests = tandem.SplitAll, tandem.IgnoreError, omit
		w := newWorld(t, g, methods...)
		w.answer = func(path, _ string) reply {
			if path == "/send2" {
				return reply{status: 500}
			}
			return reply{body: `{"found":[{"n":1},{"n":2}]}`}
		}
		w.webhook(`{"id":7}`)
		w.run(t.Context())
		if !strings.HasSuffix(w.bodies(), `send {"v":"7 2"}`) {
			t.Errorf("data is lost: %s", w.bodies())
		}
		requests := 0
		for _, txn := range w.txns {
			for _, i := range txn.items {
				if i.Request != nil {
					requests++
				}
			}
		}
		if (requests == 0) != omit || len(w.txns) < 3 {
			t.Errorf("omit %t: %d requests in the records of %d transactions", omit, requests, len(w.txns))
		}
	}
}

func TestSplitAllSplitsLaterSteps(t *testing.T) {
	g := graph("in>get get>out", step("in", "plain", ""), step("get", "get", ""), step("out", "send", "{{in::id}} {{[found].n}}"))
	g.CollectionSplitType = tandem.SplitAll
	w := newWorld(t, g, methods...)
	w.answer = func(path, _ string) reply { return reply{body: `{"found":[{"n":1},{"n":2}]}`} }
	parent := w.webhook(`{"id":7}`)
	w.run(t.Context())
	if want := `get ; send {"v":"7 1"}; send {"v":"7 2"}`; w.bodies() != want {
		t.Error(w.bodies())
	}
	if parent.tasks() != 2 || w.txns[1].tasks() != 1 {
		t.Errorf("%d tasks, of a child %d", parent.tasks(), w.txns[1].tasks())
	}
	if w.meter["send"].Succeeded != 2 || w.meter["get"].Succeeded != 1 || w.meter["plain"].Succeeded != 1 || parent.Status != tandem.TransactionCompleted {
		t.Error(w.meter, parent.Status)
	}
}
