package run_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// ended is a transaction as it is kept.
func (t *txn) ended(begun int) *run.Ended {
	return &run.Ended{
		Transaction: tandem.Transaction{ID: t.ID, CycleID: t.Cycle, Version: 1, ParentID: t.Parent, Status: t.Status, Begun: begun},
		Account:     1, Items: t.items, Frontier: t.Frontier,
	}
}

// again runs what was made to repeat another, and gives its effects.
func (w *world) again(n journal.NewTxn, err error) (*txn, string) {
	w.tb.Helper()
	if err != nil {
		w.tb.Fatal(err)
	}
	if n.Repeats == 0 || n.Account != 1 || n.Version != 2 || n.Parent != 0 {
		w.tb.Errorf("made %+v", n)
	}
	for _, item := range n.Items {
		if item.Tasks != 0 {
			w.tb.Errorf("a copy counts: %+v", item)
		}
	}
	w.effects = nil
	t := w.submit(n)
	w.run(w.tb.Context())
	return t, w.bodies()
}

// failing answers send2 with an error.
func failing(path, body string) reply {
	if path == "/send2" {
		return reply{status: 500}
	}
	return reply{body: `{"id":"of ` + strings.TrimPrefix(path, "/") + `"}`}
}

// A resumed transaction has the data of the one that failed, and goes on with the
// step that did, and then with the branches that had not begun; a retried one has
// the trigger's. The request that failed goes again with the key that it had, as
// often as it is resumed; those of a retry have keys of their own.
func TestResumeAndRetry(t *testing.T) {
	w := newWorld(t, graph("in>a a>bad bad>after a>other in>last", step("in", "plain", ""), step("a", "send", "{{id}}"), step("bad", "send2", "1"),
		step("after", "send", "{{a::id}}"), step("other", "send", "other {{a::id}}"), step("last", "send", "last {{in::id}}")), methods...)
	w.answer = failing
	first := w.webhook(`{"id":7}`)
	w.run(t.Context())
	if first.Status != tandem.TransactionFailed || w.bodies() != `send {"v":7}; send2 {"v":1}` {
		t.Fatalf("%s: %s", first.Status, w.bodies())
	}
	key := w.effects[1].Key

	resumed, got := w.again(run.Resume(first.ended(1), w.in.Plan, w.in.Plan, 2))
	if got != `send2 {"v":1}` || resumed.Status != tandem.TransactionFailed || w.effects[0].Key != key {
		t.Fatalf("resumed, it failed again as %s: %s", resumed.Status, got)
	}
	w.answer = nil
	resumed, got = w.again(run.Resume(resumed.ended(2), w.in.Plan, w.in.Plan, 2))
	if want := `send2 {"v":1}; send {"v":"of send"}; send {"v":"other of send"}; send {"v":"last 7"}`; got != want || resumed.Status != tandem.TransactionCompleted || resumed.tasks() != 4 {
		t.Errorf("resumed: %s, %d tasks: %s", resumed.Status, resumed.tasks(), got)
	}
	keys := map[string]bool{}
	for _, e := range w.effects {
		keys[e.Key] = true
	}
	if w.effects[0].Key != key || len(keys) != 4 {
		t.Errorf("resumed twice, with keys %v, at first %s", keys, key)
	}
	retried, got := w.again(run.Retry(first.ended(1), w.in.Plan, 2))
	if want := `send {"v":7}; send2 {"v":1}; `; !strings.HasPrefix(got, want) || w.effects[1].Key == key || retried.Status != tandem.TransactionCompleted || retried.tasks() != 5 {
		t.Errorf("retried: %s, %d tasks: %s", retried.Status, retried.tasks(), got)
	}
	if _, err := run.Resume(resumed.ended(2), w.in.Plan, w.in.Plan, 2); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("resumed after its end: %v", err)
	}
}

// One of those that data was split into is run again by itself.
func TestRetryOfChild(t *testing.T) {
	g := graph("in>get get>bad", step("in", "event", ""), step("get", "get", ""), step("bad", "send2", "{{[found].n}}"))
	g.CollectionSplitType = tandem.SplitAll
	w := newWorld(t, g, methods...)
	w.answer = func(path, body string) reply {
		if path == "/get" {
			return reply{body: `{"found":[{"n":1},{"n":2}]}`}
		}
		return failing(path, body)
	}
	w.webhook(`{}`)
	w.run(t.Context())
	child := w.txns[len(w.txns)-1]
	if child.Parent == 0 || child.Status != tandem.TransactionFailed {
		t.Fatalf("%+v", child)
	}
	w.answer = nil
	for name, make := range map[string]func() (journal.NewTxn, error){
		"retry":  func() (journal.NewTxn, error) { return run.Retry(child.ended(2), w.in.Plan, 2) },
		"resume": func() (journal.NewTxn, error) { return run.Resume(child.ended(2), w.in.Plan, w.in.Plan, 2) },
	} {
		if again, got := w.again(make()); got != `send2 {"v":2}` || again.Status != tandem.TransactionCompleted {
			t.Errorf("%s: %s, %s", name, again.Status, got)
		}
	}
}

// A collection that failed at a page goes on with that page when it is resumed, so
// that nothing of the pages before it is made twice; retried, it begins anew.
func TestResumeOfPages(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "list", ""), step("out", "send", "{{[rows].n}}")), methods...)
	w.answer = func(path, body string) reply {
		if path == "/list1" {
			return reply{status: 500}
		}
		return pages(3)(path, body)
	}
	first := w.submit(run.TimerStart(w.firing()))
	w.run(t.Context())
	if first.Status != tandem.TransactionFailed || len(w.txns) != 3 {
		t.Fatalf("%s, %d transactions", first.Status, len(w.txns))
	}
	key := w.effects[1].Key
	w.answer = pages(3)
	resumed, got := w.again(run.Resume(first.ended(0), w.in.Plan, w.in.Plan, 2))
	if want := `list1 ; list2 ; send {"v":2}; send {"v":3}; send {"v":4}; send {"v":5}`; got != want || resumed.Status != tandem.TransactionCompleted {
		t.Errorf("resumed: %s, %s", resumed.Status, got)
	}
	if w.effects[0].Key != key {
		t.Errorf("the page that failed had key %s, and %s when it was resumed", key, w.effects[0].Key)
	}
	retried, got := w.again(run.Retry(first.ended(0), w.in.Plan, 2))
	if !strings.HasPrefix(got, `list ; list1 ; list2 ; send {"v":0}`) || retried.Status != tandem.TransactionCompleted {
		t.Errorf("retried: %s, %s", retried.Status, got)
	}
}

// On another version of the cycle steps are found again, wherever they stand, and
// what is not there any more is a conflict.
func TestRepeatOnAnotherVersion(t *testing.T) {
	g := graph("in>a a>bad", step("in", "plain", ""), step("a", "send", "a"), step("bad", "send2", "1"))
	w := newWorld(t, g, methods...)
	w.answer = failing
	first := w.webhook(`{}`)
	w.run(t.Context())
	was := w.in.Plan
	fixed := newWorld(t, graph("in>a a>bad bad>new", step("new", "send", "new"), step("bad", "send2", "2"), step("a", "send", "a"), step("in", "plain", "")), methods...)
	w.in, w.answer = fixed.in, nil
	if _, got := w.again(run.Resume(first.ended(1), was, w.in.Plan, 2)); got != `send2 {"v":2}; send {"v":"new"}` {
		t.Errorf("resumed: %s", got)
	}
	without := newWorld(t, graph("hook>a", step("hook", "plain", ""), step("a", "send", "a")), methods...).in.Plan
	_, err1 := run.Resume(first.ended(1), was, without, 2)
	_, err2 := run.Retry(first.ended(1), without, 2)
	_, err3 := run.Retry(&run.Ended{}, without, 2)
	if diff := cmp.Diff([]tandem.Code{tandem.Conflict, tandem.Conflict, tandem.Conflict}, []tandem.Code{tandem.ErrorCode(err1), tandem.ErrorCode(err2), tandem.ErrorCode(err3)}); diff != "" {
		t.Error(diff)
	}
}
