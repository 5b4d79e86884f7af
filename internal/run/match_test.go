package run_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// middle is a webhook that is not the first step: requests whose order is key.
func middle(id, key string) tandem.Step {
	s := step(id, "plain", "")
	s.Match = &tandem.Match{Field: "order", Key: tandem.Mapping{MappingType: tandem.MapStatic, Value: key}}
	return s
}

// request is one for a transaction that is held, as the intake makes it go on.
func (w *world) request(t *testing.T, held *txn, at int, body string) *txn {
	t.Helper()
	m := w.matches[held.ID][at]
	n, err := run.MatchStart(run.Firing{Account: 1, Cycle: "cycle", Version: 9, Step: m.Step, Method: "plain", At: time.Now()},
		journal.Held{ID: held.ID, Version: held.Version, Item: m.Item}, held.items, tandem.Exchange{Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	child := w.submit(n)
	held.children++
	return child
}

// advance runs slices of a transaction until it waits or ends.
func (w *world) advance(t *testing.T, txn *txn) engine.Yield {
	t.Helper()
	for range 20 {
		y, err := w.slice(t.Context(), txn)
		if err != nil && w.commits != w.crashAt {
			t.Fatal(err)
		}
		if err == nil && y.Kind != engine.Ready {
			return y
		}
	}
	t.Fatal("no end")
	return engine.Yield{}
}

// A transaction that is held does what else there is to do, and goes on with each
// request that comes for it, until nobody keeps its record any more; whatever
// crashes in between.
func TestHeldForRequests(t *testing.T) {
	var want map[string]any
	for crashAt := range 8 {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, graph("in>a a>mid a>b mid>out", step("in", "plain", ""), step("a", "send", "a{{id}}"), middle("mid", "{{in::id}}"), step("b", "send", "b"), step("out", "send", "{{mid::state}} of {{in::id}}")), methods...)
			w.crashAt = crashAt
			held := w.webhook(`{"id":7}`)
			began := time.Now()
			y := w.advance(t, held)
			if y.Kind != engine.Until || held.Status != tandem.TransactionWaiting || !y.Wake.Equal(held.Wake) {
				t.Fatalf("%+v, %s", y, held.Status)
			}
			if kept := held.Wake.Sub(began); kept < 31*24*time.Hour-time.Second || kept > 31*24*time.Hour+time.Minute {
				t.Errorf("held for %v", kept)
			}
			if len(w.matches[held.ID]) != 1 || w.matches[held.ID][0].Step != "mid" {
				t.Errorf("waits for %+v", w.matches[held.ID])
			}
			for _, state := range []string{"paid", "shipped"} {
				child := w.request(t, held, 0, fmt.Sprintf(`{"order":"7","state":%q}`, state))
				if y := w.advance(t, child); y.Kind != engine.Done || child.Status != tandem.TransactionCompleted || child.tasks() != 2 {
					t.Errorf("%+v, %s, %d tasks", y, child.Status, child.tasks())
				}
			}
			if held.Status != tandem.TransactionWaiting {
				t.Errorf("after requests it is %s", held.Status)
			}
			time.Sleep(time.Hour)
			if y := w.advance(t, held); y.Kind != engine.Until || !y.Wake.Equal(held.Wake) {
				t.Errorf("woken too early: %+v", y)
			}
			time.Sleep(time.Until(held.Wake))
			if w.run(t.Context()); held.Status != tandem.TransactionCompleted || len(w.matches) != 0 {
				t.Errorf("in the end it is %s, and waits for %v", held.Status, w.matches)
			}
			story := w.story()
			if want == nil {
				want = story
				if got, w := w.bodies(), `send {"v":"a7"}; send {"v":"b"}; send {"v":"paid of 7"}; send {"v":"shipped of 7"}`; got != w {
					t.Errorf("sent %s\nwant %s", got, w)
				}
			}
			if diff := cmp.Diff(want, story); diff != "" {
				t.Errorf("with a crash after commit %d: %s", crashAt, diff)
			}
		})
	}
}

// A cycle that finishes takes no requests: what waits for some ends.
func TestHeldEndsWithItsCycle(t *testing.T) {
	w := newWorld(t, graph("in>mid mid>out", step("in", "plain", ""), middle("mid", "{{id}}"), step("out", "send", "x")), methods...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	delete(w.matches, held.ID)
	w.advance(t, held)
	if w.run(t.Context()); held.Status != tandem.TransactionCompleted || len(w.effects) != 0 {
		t.Errorf("%s, %v", held.Status, w.effects)
	}
}

// What was held is open for as long as what its requests made, also when its cycle
// takes none any more: a Wait All is for all of it.
func TestHeldEndsAfterItsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>mid mid>wait wait>all all>out", step("in", "plain", ""), middle("mid", "{{id}}"), delay("wait", 1, tandem.Hours), waitAll("all"), step("out", "send", "x")), methods...)
		held := w.webhook(`{"id":7}`)
		w.advance(t, held)
		child := w.request(t, held, 0, `{}`)
		w.advance(t, child)
		delete(w.matches, held.ID)
		if y := w.advance(t, held); y.Kind != engine.Children || held.Status != tandem.TransactionSplit || child.Status != tandem.TransactionWaiting {
			t.Errorf("%+v, %s, its child is %s", y, held.Status, child.Status)
		}
		if w.run(t.Context()); held.Status != tandem.TransactionCompleted || child.Status != tandem.TransactionCompleted || len(w.arrivals) != 1 {
			t.Errorf("%s, its child is %s, %d arrivals", held.Status, child.Status, len(w.arrivals))
		}
	})
}

// A transaction may wait at two places, for each in its own way.
func TestHeldTwice(t *testing.T) {
	w := newWorld(t, graph("in>one in>two one>out two>out", step("in", "plain", ""), middle("one", "{{id}}-1"), middle("two", "{{id}}-2"), step("out", "send", "{{state}}")), methods...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	if m := w.matches[held.ID]; len(m) != 2 || m[0].Hash == m[1].Hash {
		t.Fatalf("%+v", m)
	}
	w.advance(t, w.request(t, held, 1, `{"state":"b"}`))
	w.advance(t, w.request(t, held, 0, `{"state":"a"}`))
	if got, want := w.bodies(), `send {"v":"b"}; send {"v":"a"}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// A child may come to a webhook in turn.
func TestHeldAgain(t *testing.T) {
	w := newWorld(t, graph("in>one one>two two>out", step("in", "plain", ""), middle("one", "{{id}}"), middle("two", "{{one::next}}"), step("out", "send", "{{in::id}} {{one::next}} {{two::last}}")), methods...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	child := w.request(t, held, 0, `{"next":8}`)
	w.advance(t, child)
	if child.Status != tandem.TransactionWaiting {
		t.Fatalf("the child is %s", child.Status)
	}
	w.advance(t, w.request(t, child, 0, `{"last":9}`))
	if got, want := w.bodies(), `send {"v":"7 8 9"}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

func TestHeldWithoutKey(t *testing.T) {
	for name, tt := range map[string]struct {
		key    string
		policy tandem.StepErrorAction
		status tandem.TransactionStatus
	}{
		"missing":          {"{{none}}", "", tandem.TransactionFailed},
		"cannot be":        {"{{id | date:yyyy}}", "", tandem.TransactionFailed},
		"missing, ignored": {"{{none}}", tandem.IgnoreError, tandem.TransactionCompleted},
	} {
		mid := middle("mid", tt.key)
		mid.StepErrorAction = tt.policy
		w := newWorld(t, graph("in>mid", step("in", "plain", ""), mid), methods...)
		held := w.webhook(`{"id":"x"}`)
		w.advance(t, held)
		if held.Status != tt.status || len(w.incidents) != 1 || w.incidents[0].ShortMessage != "Failed to find the webhook source key" || w.incidents[0].StepName != "mid" {
			t.Errorf("%s: %s, %+v", name, held.Status, w.incidents)
		}
	}
}

// The list in a request is split like that of a call, and again when the request is
// retried.
func TestRequestIsSplit(t *testing.T) {
	mid := middle("mid", "{{id}}")
	mid.Method, mid.CollectionSplitType = "rows", tandem.SplitAll
	list := methods[0]
	list.MethodUniqueIdentifier = "rows"
	w := newWorld(t, graph("in>mid mid>out", step("in", "plain", ""), mid, step("out", "send", "{{[].n}}")), append(methods[:len(methods):len(methods)], list)...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	split := func(request *txn) {
		t.Helper()
		w.effects = nil
		w.advance(t, request)
		for _, part := range w.txns {
			if part.Parent == request.ID {
				w.advance(t, part)
			}
		}
		if got, want := w.bodies(), `send {"v":1}; send {"v":2}`; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
	request := w.request(t, held, 0, `[{"n":1},{"n":2}]`)
	split(request)
	again, err := run.Retry(request.ended(2), w.in.Plan, 2)
	if err != nil {
		t.Fatal(err)
	}
	split(w.submit(again))
	part, err := run.Retry(w.txns[len(w.txns)-1].ended(2), w.in.Plan, 2)
	if err != nil {
		t.Fatal(err)
	}
	w.effects = nil
	if w.advance(t, w.submit(part)); w.bodies() != `send {"v":2}` {
		t.Errorf("a part alone: %s", w.bodies())
	}
}

func TestRequestForAStepThatIsGone(t *testing.T) {
	w := newWorld(t, graph("in>mid mid>out", step("in", "plain", ""), middle("mid", "{{id}}"), step("out", "send", "x")), methods...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	child := w.request(t, held, 0, `{}`)
	child.items[len(child.items)-1].StepID = "gone"
	w.advance(t, child)
	if child.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].ShortMessage != "Failed to find webhook trigger step" {
		t.Errorf("%s, %+v", child.Status, w.incidents)
	}
	if _, err := run.MatchStart(run.Firing{}, journal.Held{ID: 1, Item: 5}, held.items, tandem.Exchange{}); err == nil {
		t.Error("a path of items that are not there")
	}
}

// The record tells the key, unless records are to be without what is sent.
func TestKeyIsRecorded(t *testing.T) {
	for _, omit := range []bool{false, true} {
		g := graph("in>mid", step("in", "plain", ""), middle("mid", "{{id}}"))
		g.OmitRequests = omit
		w := newWorld(t, g, methods...)
		held := w.webhook(`{"id":7}`)
		w.advance(t, held)
		item := held.items[1]
		if shown := item.Request != nil; shown == omit || shown && string(item.Request.Body) != `{"Key":"7"}` || item.Tasks != 0 {
			t.Errorf("omitted %v: %+v", omit, item)
		}
		if (w.matches[held.ID][0].Hash == workflow.Key{}.Hash) {
			t.Error("no hash")
		}
	}
}
