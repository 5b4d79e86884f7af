package run_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

func delay(id string, interval int, unit tandem.DelayUnit) tandem.Step {
	return tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.DelayStep, Delay: &tandem.Delay{Interval: interval, Unit: unit}}
}

func until(id, value string) tandem.Step {
	return tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.WaitUntilStep, Until: &tandem.Mapping{MappingType: tandem.MapStatic, Value: value}}
}

func waitAll(id string) tandem.Step {
	return tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.WaitAllStep}
}

// A delay is reckoned once, from when it was reached: neither a crash after any
// commit nor a slice that begins too early changes when it is over.
func TestDelayIsReckonedOnce(t *testing.T) {
	for crashAt := range 4 {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, graph("in>a a>wait wait>b b>again again>c", step("in", "plain", ""), step("a", "send", "a"), delay("wait", 2, tandem.Days), step("b", "send", "{{id}}"), delay("again", 3, tandem.Weeks), step("c", "send", "c")), methods...)
			w.crashAt = crashAt
			began := time.Now()
			var at []time.Duration
			w.answer = func(string, string) reply {
				at = append(at, time.Since(began))
				return reply{}
			}
			txn := w.webhook(`{"id":7}`)
			for txn.Status != tandem.TransactionWaiting {
				_, _ = w.slice(t.Context(), txn)
			}
			time.Sleep(time.Hour)
			y, err := w.slice(t.Context(), txn)
			if errors.Is(err, errCrash) {
				y, err = w.slice(t.Context(), txn)
			}
			if err != nil || y.Kind != engine.Until || !y.Wake.Equal(began.Add(48*time.Hour)) || !txn.Wake.Equal(y.Wake) {
				t.Fatalf("woken too early: %+v, %v", y, err)
			}
			w.run(t.Context())
			if diff := cmp.Diff([]time.Duration{0, 2 * 24 * time.Hour, 23 * 24 * time.Hour}, at); diff != "" {
				t.Error(diff)
			}
			if want := `send {"v":"a"}; send {"v":7}; send {"v":"c"}`; w.bodies() != want || txn.Status != tandem.TransactionCompleted {
				t.Errorf("%s, %s", w.bodies(), txn.Status)
			}
			wait := txn.items[2]
			if wait.StepID != "wait" || wait.Tasks != 0 || !wait.Started.Equal(began) || wait.Finished.Sub(began) != 48*time.Hour || wait.Outcome != tandem.OutcomeSuccess || txn.tasks() != 4 {
				t.Errorf("recorded %+v, %d tasks", wait, txn.tasks())
			}
		})
	}
}

// What a branch waits for delays the branches after it, since branches run in order.
func TestWaitUntil(t *testing.T) {
	for _, tt := range []struct {
		name, value, body, wants string // wants: minutes waited, or an incident
	}{
		{"a date", "2000-01-01T00:10:00Z", `{}`, "10m0s"},
		{"a field", "{{due}}", `{"due":"2000-01-01T01:20:00+01:00"}`, "20m0s"},
		{"a fraction", "{{due}}", `{"due":"2000-01-01T00:00:01.0000001Z"}`, "1.000001s"},
		{"the past", "1999-12-31", `{}`, "0s"},
		{"now", "2000-01-01", `{}`, "0s"},
		{"the last that is kept", "2000-02-01", `{}`, "744h0m0s"},
		{"beyond what is kept", "2000-02-01T00:00:01Z", `{}`, "Wait Until is over retention period"},
		{"far beyond", "9999-12-31", `{}`, "Wait Until is over retention period"},
		{"no date", "{{due}}", `{"due":"soon"}`, "Field is not a valid DateTime"},
		{"nothing", "{{due}}", `{}`, "WaitUntil step is missing wait criteria"},
		{"a merge field that fails", "{{due | shift:1:days}}", `{"due":"soon"}`, "Wait Until Failed To Run"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, graph("in>wait wait>out", step("in", "plain", ""), until("wait", tt.value), step("out", "send", "x")), methods...)
				began := time.Now()
				txn := w.webhook(tt.body)
				w.run(t.Context())
				got := time.Since(began).String()
				if len(w.incidents) > 0 {
					got = w.incidents[0].ShortMessage
				}
				failed := strings.Contains(tt.wants, " ")
				if got != tt.wants || failed != (txn.Status == tandem.TransactionFailed) || failed == (len(w.effects) == 1) {
					t.Errorf("%s, %s, %v", got, txn.Status, w.incidents)
				}
				if item := txn.items[1]; item.StepID != "wait" || item.Tasks != 0 || (item.Outcome == tandem.OutcomeError) != failed {
					t.Errorf("recorded %+v", item)
				}
			})
		})
	}
}

// An error that is to be ignored lets the branch go on at once.
func TestIgnoredWaitGoesOn(t *testing.T) {
	g := graph("in>wait wait>out", step("in", "plain", ""), until("wait", "{{due}}"), step("out", "send", "x"))
	g.StepErrorAction = tandem.IgnoreError
	w := newWorld(t, g, methods...)
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if txn.Status != tandem.TransactionCompleted || len(w.effects) != 1 || len(w.incidents) != 1 || w.incidents[0].IncidentLevel != tandem.OutcomeWarning {
		t.Errorf("%s, %v", txn.Status, w.incidents)
	}
}

// All that arrive end there, each with a word to the barrier, and what comes after is
// for one more transaction, without their data.
func TestWaitAll(t *testing.T) {
	g := graph("in>a a>all all>b all>c", step("in", "event", ""), step("a", "send", "{{n}}"), waitAll("all"), step("b", "send", "b{{n}}"), step("c", "send", "c"))
	w := newWorld(t, g, methods...)
	told := 0
	w.options.Arrived = func() { told++ }
	root := w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}]}`)
	w.run(t.Context())
	if len(w.effects) != 3 || len(w.arrivals) != 3 || told != 3 || root.Status != tandem.TransactionCompleted {
		t.Fatalf("%s, %d arrivals, told %d times, %s", w.bodies(), len(w.arrivals), told, root.Status)
	}
	for _, txn := range w.txns[1:] {
		if item := txn.items[len(txn.items)-1]; item.StepID != "all" || item.Tasks != 0 {
			t.Errorf("recorded %+v", item)
		}
	}
	first := w.arrivals[0]
	for _, a := range w.arrivals {
		if !cmp.Equal(first, a) || a.Failed || a.Step != "all" || a.Version != 1 {
			t.Errorf("arrived %+v", a)
		}
	}
	went := w.submit(run.BarrierStart(journal.Barrier{Account: 1, Cycle: "cycle", Version: 1, Step: "all", Mark: 4, Frontier: first.Frontier}, time.Now()))
	w.run(t.Context())
	if want := `send {"v":"b"}; send {"v":"c"}`; !strings.HasSuffix(w.bodies(), want) || len(w.effects) != 5 || went.Status != tandem.TransactionCompleted {
		t.Errorf("%s, %s", w.bodies(), went.Status)
	}
	if went.items[0].StepID != "all" || went.items[0].Tasks != 0 || went.items[1].Prev != 1 || went.tasks() != 2 {
		t.Errorf("recorded %+v", went.items)
	}
}

// A Wait All with nothing after it is the end of a branch, and nothing else.
func TestWaitAllAtTheEnd(t *testing.T) {
	w := newWorld(t, graph("in>all", step("in", "plain", ""), waitAll("all")), methods...)
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if len(w.arrivals) != 0 || txn.Status != tandem.TransactionCompleted || len(txn.items) != 2 {
		t.Errorf("%v, %s", w.arrivals, txn.Status)
	}
}

// A trigger that fails, with or without a part of its data, tells all barriers; a
// later step's error does not.
func TestWaitAllAfterAFailure(t *testing.T) {
	for _, policy := range []tandem.StepErrorAction{tandem.StopTransaction, tandem.IgnoreError} {
		g := graph("in>a a>all all>b in>more more>last", step("in", "list", ""), step("a", "send", "a"), waitAll("all"), step("b", "send", "b"), waitAll("more"), step("last", "send", "z"))
		g.StepErrorAction = policy
		w := newWorld(t, g, methods...)
		w.answer = func(path, body string) reply {
			switch path {
			case "/list":
				return reply{body: `{"rows":[{"n":1}]}`, next: "2"}
			case "/list2":
				return reply{status: 500}
			}
			return reply{status: 500}
		}
		w.submit(run.TimerStart(run.Firing{Account: 1, Cycle: "cycle", Version: 1}))
		w.run(t.Context())
		var got []string
		for _, a := range w.arrivals {
			if a.Failed {
				got = append(got, string(a.Step))
			}
		}
		if diff := cmp.Diff([]string{"all", "more"}, got); diff != "" {
			t.Errorf("%s: %s", policy, diff)
		}
	}
}

// A stop in the middle of a wait leaves it as it is.
func TestWaitIsNotCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>wait wait>out", step("in", "plain", ""), delay("wait", 1, tandem.Hours), step("out", "send", "x")), methods...)
		txn := w.webhook(`{}`)
		ctx, cancel := context.WithCancel(t.Context())
		if y, err := w.slice(ctx, txn); err != nil || y.Kind != engine.Until {
			t.Fatal(y, err)
		}
		cancel()
		if y, err := w.slice(ctx, txn); err != nil || y.Kind != engine.Ready || txn.Status != tandem.TransactionWaiting {
			t.Fatal(y, err)
		}
		time.Sleep(time.Hour)
		w.run(t.Context())
		if txn.Status != tandem.TransactionCompleted || len(txn.items) != 3 {
			t.Errorf("%s, %d items", txn.Status, len(txn.items))
		}
	})
}
