package run_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/run"
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

// pages answers a paged list of n pages of two rows.
func pages(n int) func(path, body string) reply {
	return func(path, _ string) reply {
		rest, ok := strings.CutPrefix(path, "/list")
		if !ok {
			return reply{body: "{}"}
		}
		page := 0
		_, _ = fmt.Sscan(rest, &page)
		r := reply{body: fmt.Sprintf(`{"rows":[{"n":%d},{"n":%d}]}`, 2*page, 2*page+1)}
		if page+1 < n {
			r.next = fmt.Sprint(page + 1)
		}
		return r
	}
}

func TestTimerCollectsPageByPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>out", step("in", "list", ""), step("out", "send", "{{[rows].n}}")), methods...)
		w.answer = func(path, body string) reply {
			time.Sleep(time.Second)
			return pages(3)(path, body)
		}
		started := time.Now()
		parent := w.submit(run.TimerStart(w.firing()))
		w.run(t.Context())
		want := `list ; list1 ; list2 ; send {"v":0}; send {"v":1}; send {"v":2}; send {"v":3}; send {"v":4}; send {"v":5}`
		if w.bodies() != want {
			t.Error(w.bodies())
		}
		if w.meter["list"].Succeeded != 1 || w.meter["send"].Succeeded != 6 || parent.Status != tandem.TransactionCompleted || len(parent.items) != 3 || parent.tasks() != 1 {
			t.Error(w.meter, parent.Status, parent.items)
		}
		if !w.lastRuns["in"].Equal(started) {
			t.Errorf("last run %v, want %v", w.lastRuns["in"], started)
		}
	})
}

func TestTimerWithoutSplittingMakesOneDocument(t *testing.T) {
	g := graph("in>out", step("in", "list", ""), step("out", "send", "{{[rows].n}}"))
	g.Steps[0].CollectionSplitType = tandem.SplitNone
	w := newWorld(t, g, methods...)
	w.answer = pages(3)
	w.submit(run.TimerStart(w.firing()))
	w.run(t.Context())
	if want := `list ; list1 ; list2 ; send {"v":[0,1,2,3,4,5]}`; w.bodies() != want {
		t.Error(w.bodies())
	}
}

func TestTimerWithoutRowsMakesNothing(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "list", ""), step("out", "send", "x")), methods...)
	w.answer = func(string, string) reply { return reply{body: `{"rows":[]}`} }
	txn := w.submit(run.TimerStart(w.firing()))
	w.run(t.Context())
	if len(w.effects) != 1 || txn.Status != tandem.TransactionCompleted || w.commits != 1 {
		t.Error(w.bodies(), txn.Status, w.commits)
	}
}

func TestPageThatFails(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "list", ""), step("out", "send", "x")), methods...)
	w.answer = func(path, body string) reply {
		if path == "/list2" {
			return reply{status: 500}
		}
		return pages(100)(path, body)
	}
	txn := w.submit(run.TimerStart(w.firing()))
	w.run(t.Context())
	if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].FullMessage != "answered 500" || len(w.lastRuns) != 0 {
		t.Errorf("%s %+v", txn.Status, w.incidents)
	}
}

func TestPagesThatAreTooLargeTogether(t *testing.T) {
	g := graph("in>out", step("in", "list", ""), step("out", "send", "{{[rows].n}}"))
	g.Steps[0].CollectionSplitType = tandem.SplitNone
	w := newWorld(t, g, methods...)
	w.options.Pages = 50
	w.answer = pages(3)
	txn := w.submit(run.TimerStart(w.firing()))
	w.run(t.Context())
	if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].FullMessage != "The pages have more than 50 bytes together." {
		t.Errorf("%s %+v", txn.Status, w.incidents)
	}
}

// What a third party sent is in no message in a form that a database refuses:
// the transaction would never end.
func TestMessagesAreText(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "event", ""), step("out", "send", "x")), methods...)
	w.answer = func(string, string) reply {
		return reply{status: 500, message: "no \x00 such \xff host" + strings.Repeat("é", 1<<20)}
	}
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 {
		t.Fatal(txn.Status, w.incidents)
	}
	for _, m := range []string{w.incidents[0].FullMessage, txn.items[len(txn.items)-1].Message} {
		if !strings.HasPrefix(m, "no \ufffd such \ufffd hosté") || !utf8.ValidString(m) || len(m) > 5<<10 {
			t.Errorf("%.60q of %d bytes", m, len(m))
		}
	}
}

func TestErrorActions(t *testing.T) {
	tests := []struct {
		action  tandem.StepErrorAction
		status  int
		value   string // of send2's field, an integer
		effects string
		end     tandem.TransactionStatus
		level   tandem.Outcome
		short   string
		stops   int
	}{
		{"", 500, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to call the method", 0},
		{tandem.StopTransaction, 401, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to authenticate the connector", 0},
		{tandem.IgnoreError, 500, "1", `send2 {"v":1}; send {"v":"after 1"}; send {"v":"b"}`, tandem.TransactionCompleted, tandem.OutcomeWarning, "Failed to call the method", 0},
		{tandem.StopIntegration, 400, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to call the method", 1},
		{tandem.IgnoreError, 200, "x", `send {"v":"after 1"}; send {"v":"b"}`, tandem.TransactionCompleted, tandem.OutcomeWarning, "Failed to build the request", 0},
		{tandem.StopTransaction, 200, "{{gone}}", ``, tandem.TransactionFailed, tandem.OutcomeError, "Required source is empty", 0},
	}
	for _, tt := range tests {
		g := graph("in>bad bad>after in>b", step("in", "plain", ""), step("bad", "send2", tt.value), step("after", "send", "after {{id}}"), step("b", "send", "b"))
		g.Steps[1].StepErrorAction = tt.action
		w := newWorld(t, g, methods...)
		w.answer = func(path, _ string) reply {
			if path == "/send2" {
				return reply{status: tt.status, body: `{"id":"of an error"}`}
			}
			return reply{}
		}
		txn := w.webhook(`{"id":1}`)
		w.run(t.Context())
		if w.bodies() != tt.effects || txn.Status != tt.end || len(w.stopped) != tt.stops || w.meter["send2"].Failed != 1 {
			t.Errorf("%+v: %s, %s, stopped %v, meter %v", tt, w.bodies(), txn.Status, w.stopped, w.meter)
		}
		if len(w.incidents) != 1 || w.incidents[0].ShortMessage != tt.short || w.incidents[0].IncidentLevel != tt.level || w.incidents[0].StepName != "bad" || w.incidents[0].TransactionID != txn.ID {
			t.Errorf("%+v: %+v", tt, w.incidents)
		}
	}
}

func TestLimitWaitsAndIsNeverLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>out", step("in", "plain", ""), step("out", "send", "x")), methods...)
		var at []time.Duration
		began := time.Now()
		w.answer = func(string, string) reply {
			at = append(at, time.Since(began).Round(time.Second))
			if len(at) < 4 {
				return reply{status: 429, retryAfter: time.Duration(len(at)) * time.Minute}
			}
			return reply{}
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		m := time.Minute
		if diff := cmp.Diff([]time.Duration{0, m, 3 * m, 6 * m}, at); diff != "" {
			t.Error(diff)
		}
		if txn.Status != tandem.TransactionCompleted || len(w.incidents) != 3 || w.incidents[0].IncidentLevel != tandem.OutcomeWarning || w.meter["send"].Succeeded != 1 || txn.items[1].Attempt != 4 {
			t.Errorf("%s %+v %v", txn.Status, w.incidents, w.meter)
		}
		if want := "429 Too Many Requests; calls go on at 2000-01-01T00:01:00Z"; w.incidents[0].FullMessage != want {
			t.Errorf("the incident says %q, want %q", w.incidents[0].FullMessage, want)
		}
		for _, e := range w.effects {
			if e.Key != w.effects[0].Key {
				t.Error("the key changed between attempts")
			}
		}
	})
}

// Who has to wait for his turn is no error, no attempt and no task, and has his
// place again when he comes back.
func TestPlaceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b")), methods...)
		var places []int64
		w.limit = func(place int64) time.Duration {
			if places = append(places, place); len(places)%3 != 0 {
				return time.Minute
			}
			return 0
		}
		began := time.Now()
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if diff := cmp.Diff([]int64{0, 7, 7, 0, 7, 7}, places); diff != "" || time.Since(began) != 4*time.Minute {
			t.Error(diff, time.Since(began))
		}
		if txn.Status != tandem.TransactionCompleted || len(w.incidents) != 0 || w.meter["send"].Succeeded != 2 || txn.items[1].Attempt != 1 || len(w.effects) != 2 {
			t.Errorf("%s %+v %v", txn.Status, w.incidents, w.meter)
		}
	})
}

func TestStopRecordsNoHalfStep(t *testing.T) {
	w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send2", "1")), methods...)
	w.serve()
	ctx, cancel := context.WithCancel(t.Context())
	w.answer = func(path, _ string) reply {
		if path == "/send2" && ctx.Err() == nil {
			cancel()
			return reply{never: true}
		}
		return reply{}
	}
	txn := w.webhook(`{}`)
	y, err := w.slice(ctx, txn)
	if err != nil || y.Kind != engine.Ready || len(txn.items) != 2 || txn.Status != tandem.TransactionQueued || len(w.incidents) != 0 {
		t.Fatalf("%v %v, %d items, %s, %v", y, err, len(txn.items), txn.Status, w.incidents)
	}
	w.run(t.Context())
	if txn.Status != tandem.TransactionCompleted || len(w.effects) != 3 || w.effects[1] != w.effects[2] {
		t.Errorf("%s %v", txn.Status, w.effects)
	}
}

// What was done when the stop came is recorded.
func TestStopAfterTheAnswerRecordsIt(t *testing.T) {
	w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b")), methods...)
	ctx, cancel := context.WithCancel(t.Context())
	w.answer = func(string, string) reply {
		cancel()
		return reply{}
	}
	txn := w.webhook(`{}`)
	if y, err := w.slice(ctx, txn); err != nil || y.Kind != engine.Ready || len(txn.items) != 2 || len(w.effects) != 1 {
		t.Errorf("%v %v, %d items, %s", y, err, len(txn.items), w.bodies())
	}
}

func TestSlicesAreBounded(t *testing.T) {
	w := newWorld(t, graph("in>a a>b b>c", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b"), step("c", "send", "c")), methods...)
	w.options.Steps = 2
	txn := w.webhook(`{}`)
	if y, err := w.slice(t.Context(), txn); err != nil || y.Kind != engine.Ready || len(w.effects) != 1 {
		t.Fatal(y, err, w.bodies())
	}
	w.run(t.Context())
	if want := `send {"v":"a"}; send {"v":"b"}; send {"v":"c"}`; w.bodies() != want {
		t.Error(w.bodies())
	}
	if y, err := w.slice(t.Context(), txn); err != nil || y.Kind != engine.Done {
		t.Error("a finished transaction runs again", y, err)
	}
}

// Cut after every commit in turn, a transaction comes to the same end as one
// that is not, and what it repeats has the key that it had.
func TestCrashAfterEveryCommit(t *testing.T) {
	flows := map[string]func(w *world){
		"webhook": func(w *world) { w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}],"x":1}`) },
		"split":   func(w *world) { w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}]}`) },
		"timer":   func(w *world) { w.submit(run.TimerStart(w.firing())) },
	}
	for name, start := range flows {
		t.Run(name, func(t *testing.T) {
			tell := func(crashAt int) (map[string]any, int) {
				trigger := map[string]string{"webhook": "event", "split": "event", "timer": "list"}[name]
				g := graph("in>d d?T>get d?T>b d?F>b get>bad bad>out", step("in", trigger, ""), decision("d", "{{[rows].n}}{{records.n}}{{x}}", "1"),
					step("get", "get", ""), step("b", "send", "b"), step("bad", "send2", "{{none}}"), step("out", "send", "{{[found].n}}"))
				g.StepErrorAction, g.CollectionSplitType = tandem.IgnoreError, tandem.SplitAll
				w := newWorld(t, g, methods...)
				w.options.Children, w.crashAt = 1, crashAt
				w.answer = func(path, body string) reply {
					if path == "/get" {
						return reply{body: `{"found":[{"n":8},{"n":9}]}`}
					}
					return pages(2)(path, body)
				}
				start(w)
				w.run(t.Context())
				return w.story(), w.commits
			}
			want, commits := tell(0)
			if commits < 5 {
				t.Fatalf("only %d commits: %v", commits, want)
			}
			for at := 1; at <= commits; at++ {
				if got, _ := tell(at); !cmp.Equal(want, got) {
					t.Fatalf("cut after commit %d:\n%s", at, cmp.Diff(want, got))
				}
			}
		})
	}
}

// Cut before every commit in turn (the call was made, its record lost).
func TestCrashBeforeCommitRepeatsWithTheSameKey(t *testing.T) {
	w := newWorld(t, graph("in>d d?T>a a>b", step("in", "plain", ""), decision("d", "1", "1"), step("a", "send", "a"), step("b", "send2", "2")), methods...)
	txn := w.webhook(`{}`)
	for len(w.effects) < 2 {
		if _, err := w.runner().Slice(t.Context(), lost{}, txn.Txn); err == nil {
			t.Fatal("the commit was not lost")
		}
	}
	w.run(t.Context())
	keys := map[string]int{}
	for _, e := range w.effects {
		keys[e.Key]++
	}
	if len(keys) != 2 || txn.Status != tandem.TransactionCompleted || keys[w.effects[0].Key] != 3 {
		t.Errorf("%v, %s", w.effects, txn.Status)
	}
}
