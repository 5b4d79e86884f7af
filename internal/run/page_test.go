package run_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// bulk is a method that takes a long list in parts.
var bulk = connector.Method{
	MethodUniqueIdentifier: "bulk", Name: "Bulk", MethodType: connector.Action, HTTPMethod: "POST", RequestDataType: connector.JSONBody,
	PagingOut: &connector.PagingOut{Items: "rows", PageSize: 2},
}

// parts answers n parts, the last without a next one.
func parts(n int) func(path, body string) reply {
	return func(path, _ string) reply {
		rest, ok := strings.CutPrefix(path, "/bulk")
		if !ok {
			return reply{}
		}
		part, _ := strconv.Atoi(rest)
		r := reply{body: fmt.Sprintf(`{"part":%d}`, part)}
		if part+1 < n {
			r.next = strconv.Itoa(part + 1)
		}
		return r
	}
}

func TestLongListIsSentInParts(t *testing.T) {
	w := newWorld(t, graph("in>bulk bulk>out", step("in", "plain", ""), step("bulk", "bulk", ""), step("out", "send", "{{part}}")), append(methods[:len(methods):len(methods)], bulk)...)
	w.answer = parts(3)
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if want := `bulk {}; bulk1 {}; bulk2 {}; send {"v":2}`; w.bodies() != want {
		t.Errorf("%s, want %s", w.bodies(), want)
	}
	if w.meter["bulk"].Succeeded != 1 || txn.tasks() != 3 || len(txn.items) != 5 {
		t.Errorf("meter %v, %d tasks, %d items", w.meter, txn.tasks(), len(txn.items))
	}
	keys := map[string]bool{}
	for _, e := range w.effects {
		keys[e.Key] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d keys of 4 requests", len(keys))
	}
}

// Cut after every commit, no part is sent again that was committed.
func TestPartsThatWereCommittedAreNotSentAgain(t *testing.T) {
	for at := 1; at <= 5; at++ {
		w := newWorld(t, graph("in>bulk bulk>out", step("in", "plain", ""), step("bulk", "bulk", ""), step("out", "send", "x")), append(methods[:len(methods):len(methods)], bulk)...)
		w.answer, w.crashAt = parts(4), at
		w.webhook(`{}`)
		w.run(t.Context())
		if want := `bulk {}; bulk1 {}; bulk2 {}; bulk3 {}; send {"v":"x"}`; w.bodies() != want || w.commits != 5 {
			t.Errorf("cut after commit %d of %d: %s", at, w.commits, w.bodies())
		}
	}
}

// A limit in the middle of pages that make one document waits, and takes up the
// next of them.
func TestPagesWaitWhereTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph("in>list list>out", step("in", "plain", ""), step("list", "list", ""), step("out", "send", "{{[rows].n}}"))
		w := newWorld(t, g, methods...)
		w.answer = pages(4)
		calls := 0
		w.limit = func(int64) time.Duration {
			if calls++; calls%2 == 0 {
				return time.Second
			}
			return 0
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if want := `list ; list1 ; list2 ; list3 ; send {"v":[0,1,2,3,4,5,6,7]}`; w.bodies() != want || txn.tasks() != 3 {
			t.Errorf("%s, %d tasks", w.bodies(), txn.tasks())
		}
	})
}

func TestStepIsSplitPageByPage(t *testing.T) {
	story := func(crashAt int) (*world, map[string]any) {
		g := graph("in>list list>out", step("in", "plain", ""), step("list", "list", ""), step("out", "send", "{{[rows].n}} {{id}}"))
		g.CollectionSplitType = tandem.SplitAll
		w := newWorld(t, g, methods...)
		w.answer, w.crashAt = pages(3), crashAt
		w.webhook(`{"id":"x"}`)
		w.run(t.Context())
		return w, w.story()
	}
	w, want := story(0)
	if want := `list ; list1 ; list2 ; send {"v":"0 x"}; send {"v":"1 x"}; send {"v":"2 x"}; send {"v":"3 x"}; send {"v":"4 x"}; send {"v":"5 x"}`; w.bodies() != want {
		t.Errorf("%s, want %s", w.bodies(), want)
	}
	if w.meter["list"].Succeeded != 1 || len(w.txns) != 7 {
		t.Errorf("meter %v, %d transactions", w.meter, len(w.txns))
	}
	for at := 1; at <= w.commits; at++ {
		if _, got := story(at); !cmp.Equal(want, got) {
			t.Fatalf("cut after commit %d:\n%s", at, cmp.Diff(want, got))
		}
	}
}

func TestConditionChoosesTheExit(t *testing.T) {
	yes, no := true, false
	for _, tt := range []struct {
		condition *bool
		status    int
		want      string
	}{{&yes, 200, "yes"}, {&no, 200, "no"}, {nil, 200, "none"}, {nil, 500, "none no"}} {
		choose := step("choose", "send", "")
		choose.Script, choose.StepErrorAction = "function action_condition() { return method_response.ok }", tandem.IgnoreError
		w := newWorld(t, graph("in>choose choose?T>yes choose?F>no choose>none", step("in", "plain", ""), choose,
			step("yes", "send2", "1"), step("no", "send2", "2"), step("none", "send2", "3")), methods...)
		w.answer = func(path, _ string) reply {
			if path == "/send" {
				return reply{condition: tt.condition, status: tt.status}
			}
			return reply{}
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		var taken []string
		for _, i := range txn.items[2:] {
			taken = append(taken, string(i.StepID))
		}
		if got := strings.Join(taken, " "); got != tt.want || txn.Status != tandem.TransactionCompleted {
			t.Errorf("condition %v, status %d: %s, %s", tt.condition, tt.status, got, txn.Status)
		}
	}
}

func TestWhatScriptsDecide(t *testing.T) {
	chosen := time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)
	w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b")), methods...)
	w.answer = func(_, body string) reply {
		if strings.Contains(body, "a") {
			return reply{warning: "404 Not Found, which does not matter", lastRun: chosen}
		}
		return reply{}
	}
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if len(w.incidents) != 1 || w.incidents[0].IncidentLevel != tandem.OutcomeWarning || w.incidents[0].FullMessage != "404 Not Found, which does not matter" {
		t.Errorf("%+v", w.incidents)
	}
	if txn.Status != tandem.TransactionCompleted || len(w.effects) != 2 || w.meter["send"] != (journal.Count{Succeeded: 1, Failed: 1}) {
		t.Errorf("%s, %s, %v", txn.Status, w.bodies(), w.meter)
	}
	if len(w.lastRuns) != 1 || !w.lastRuns["a"].Equal(chosen) {
		t.Errorf("last runs %v", w.lastRuns)
	}
}

// generator is a third party with so many items, a thousand on a page.
func generator(t testing.TB, items int) string {
	const size = 1000
	var page strings.Builder
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil {
			t.Error(err)
		}
		page.Reset()
		page.WriteString(`{"rows":[`)
		for i := (n - 1) * size; i < min(n*size, items); i++ {
			if i > (n-1)*size {
				page.WriteByte(',')
			}
			fmt.Fprintf(&page, `{"id":%d,"name":"item %d","email":"item-%d@example.com"}`, i, i, i)
		}
		page.WriteString(`]}`)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(page.String()))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// sink is a journal that counts children and forgets them.
type sink struct {
	run.Records
	run.Stopper
	*run.Integration
	caller   *invoke.Caller
	txn      journal.Txn
	children int
	peak     uint64
	commits  int
}

func (s *sink) Plan(context.Context, tandem.AccountID, tandem.CycleID, int64) (*run.Integration, error) {
	return s.Integration, nil
}

func (s *sink) Call(ctx context.Context, _ tandem.AccountID, _ tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	return s.caller.Call(ctx, c)
}

func (s *sink) Commit(_ context.Context, d journal.Delta) error {
	s.txn.Frontier, s.txn.Status = d.Frontier, d.Status
	s.children += len(d.Children)
	for _, i := range d.Items {
		s.txn.NextSeq = max(s.txn.NextSeq, i.Seq+1)
		s.txn.Items = append(s.txn.Items, i)
	}
	if s.commits++; s.commits%50 == 1 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak = max(s.peak, m.HeapAlloc)
	}
	return nil
}

// split splits a list of n items, at the trigger or at a later step, and says how
// much was alive at most meanwhile.
func split(tb testing.TB, n int, trigger bool) (peak uint64) {
	list := connector.Method{
		MethodUniqueIdentifier: "list", Name: "List", MethodType: connector.Action, HTTPMethod: "GET", Endpoint: "{{Base}}/items",
		ResponseDataType: connector.JSONBody, Paging: &connector.Paging{Items: "rows", PageSize: 1000, MaxPages: 5000},
		Parameters: []connector.Parameter{
			{Name: "page", TargetType: connector.QueryString, Value: connector.PageNumber},
			{Name: "Base", TargetType: connector.MergeField},
		},
	}
	in := step("list", "list", "")
	in.Parameters = []tandem.Mapping{{Target: "Base", MappingType: tandem.MapStatic, Value: generator(tb, n)}}
	g := graph("list>out", in, step("out", "send", "{{[rows].id}}"))
	begin := run.TimerStart(run.Firing{Account: 1, Cycle: "cycle", Version: 1, At: time.Now()})
	if !trigger {
		g = graph("in>list list>out", step("in", "plain", ""), in, step("out", "send", "{{[rows].id}}"))
		g.CollectionSplitType = tandem.SplitAll
		begin = run.WebhookStart(run.Firing{Account: 1, Cycle: "cycle", Version: 1, Step: "in", Method: "plain", At: time.Now()}, tandem.Exchange{Body: []byte(`{}`)})
	}
	w := newWorld(tb, g, append(methods[:2:2], list, methods[4])...)
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer client.Close()
	s := &sink{Integration: w.in, caller: invoke.New(client, invoke.Options{}), txn: journal.Txn{
		ID: 1, Account: 1, Cycle: "cycle", Version: 1, Frontier: begin.Frontier, NextSeq: int32(len(begin.Items)) + 1, Items: begin.Items,
	}}
	r := run.New(slog.New(slog.DiscardHandler), s, s, s, s, run.Options{Children: 1000})
	for s.txn.Status == tandem.TransactionQueued {
		if y, err := r.Slice(tb.Context(), s, s.txn); err != nil || y.Kind != engine.Ready && y.Kind != engine.Children {
			tb.Fatal(y, err)
		}
	}
	if s.children != n {
		tb.Fatalf("%d children of %d items", s.children, n)
	}
	return s.peak
}

// A list of any length is split in the memory of a page: what is alive with ten
// times as many items is not more by 40 bytes an item.
func TestSplitNeedsLittleMemory(t *testing.T) {
	const few, many = 10_000, 100_000
	for where, trigger := range map[string]bool{"trigger": true, "step": false} {
		less, more := split(t, few, trigger), split(t, many, trigger)
		if more > less+40*many {
			t.Errorf("%s: %d items needed %d KB, and %d items %d KB", where, few, less>>10, many, more>>10)
		}
	}
}

// BenchmarkSplitMillion splits a million items, read page by page from a server.
func BenchmarkSplitMillion(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(split(b, 1_000_000, false))/(1<<20), "MB-alive")
	}
}
