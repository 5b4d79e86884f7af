package run_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// flaky has in>out>after, where out is tried again as its own policy says.
func flaky(t *testing.T, retries int) *world {
	g := graph("in>out out>after", step("in", "plain", ""), step("out", "send", "x"), step("after", "send2", "1"))
	g.Steps[1].StepErrorAction, g.Steps[1].Retries = tandem.RetryStep, retries
	return newWorld(t, g, methods...)
}

// A step that fails for good is tried after 5, 35, 95, 275 and 635 minutes. Each
// attempt is recorded, with a warning; the last is the error. All is one task.
func TestRetryLadder(t *testing.T) {
	for retries := 1; retries <= tandem.MaxRetries; retries++ {
		synctest.Test(t, func(t *testing.T) {
			w := flaky(t, retries)
			began := time.Now()
			var at []int
			w.answer = func(string, string) reply {
				at = append(at, int(time.Since(began).Minutes()))
				return reply{status: 500}
			}
			txn := w.webhook(`{}`)
			w.run(t.Context())
			if diff := cmp.Diff([]int{0, 5, 35, 95, 275, 635}[:retries+1], at); diff != "" {
				t.Error(diff)
			}
			if txn.Status != tandem.TransactionFailed || w.meter["send"].Failed != 1 || w.meter["send"].Succeeded != 0 || txn.tasks() != 2 {
				t.Errorf("%s, meter %v, %d tasks", txn.Status, w.meter, txn.tasks())
			}
			for i, item := range txn.items[1:] {
				want := tandem.OutcomeWarning
				if i == retries {
					want = tandem.OutcomeError
				}
				in := w.incidents[i]
				if item.Attempt != i+1 || item.Prev != 1 || item.Outcome != want || in.IncidentLevel != want || in.Item != item.Seq || w.effects[i].Key != w.effects[0].Key {
					t.Errorf("attempt %d: %+v, %+v", i+1, item, in)
				}
			}
			if want := fmt.Sprintf("answered 500; retry 1 of %d is at 2000-01-01T00:05:00Z", retries); w.incidents[0].FullMessage != want || w.incidents[0].ShortMessage != "Failed to call the method" {
				t.Errorf("the first says %+v, want %q", w.incidents[0], want)
			}
			last := w.incidents[len(w.incidents)-1]
			if len(w.incidents) != retries+1 || last.ShortMessage != "Out of retries" || last.FullMessage != fmt.Sprintf("Failed to call the method: answered 500; it was the last of %d retries", retries) {
				t.Errorf("the last of %d says %+v", len(w.incidents), last)
			}
		})
	}
}

// Who succeeds in the end goes on, with an incident for what failed before.
func TestRetrySucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := flaky(t, 5)
		calls := 0
		w.answer = func(path, _ string) reply {
			if calls++; path == "/send" && calls < 3 {
				return reply{status: 401}
			}
			return reply{}
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if txn.Status != tandem.TransactionCompleted || len(w.incidents) != 2 || w.meter["send"].Succeeded != 1 || w.meter["send"].Failed != 0 || txn.items[3].Attempt != 3 || txn.items[4].Prev != 4 {
			t.Errorf("%s, %+v, %v, %+v", txn.Status, w.incidents, w.meter, txn.items)
		}
	})
}

// A wait for a third party's limit takes none of the retries, and the cycle's
// policy holds where the step has none.
func TestRetriesAreNotForLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph("in>out", step("in", "plain", ""), step("out", "send", "x"))
		g.StepErrorAction, g.Retries = tandem.RetryStep, 1
		w := newWorld(t, g, methods...)
		answers := []reply{{status: 429, retryAfter: time.Minute}, {status: 500}, {status: 429, retryAfter: time.Minute}, {status: 500}}
		w.answer = func(string, string) reply {
			a := answers[0]
			answers = answers[1:]
			return a
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if len(answers) != 0 || txn.Status != tandem.TransactionFailed || txn.items[1].Attempt != 2 || txn.items[2].Attempt != 4 {
			t.Errorf("%v left, %s, %+v", answers, txn.Status, txn.items)
		}
	})
}

// The wait for the next attempt is durable: who crashes while it lasts neither
// forgets it nor begins anew.
func TestRetryOutlivesProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := flaky(t, 2)
		w.answer = func(string, string) reply { return reply{status: 503} }
		w.crashAt = 1
		began := time.Now()
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if txn.Status != tandem.TransactionFailed || time.Since(began) != 35*time.Minute || len(w.effects) != 3 {
			t.Errorf("%s after %s, %d calls", txn.Status, time.Since(began), len(w.effects))
		}
		y, err := w.slice(t.Context(), txn)
		if err != nil || y.Kind != engine.Done {
			t.Error(y, err)
		}
	})
}

// Of a method with pages the page that failed is tried again, and none that was
// taken already; pages that are made one document are still that.
func TestRetryOfPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph("in>out", step("in", "list", ""), step("out", "send", "{{[rows].n}}"))
		g.StepErrorAction, g.Retries, g.CollectionSplitType = tandem.RetryStep, 3, tandem.SplitNone
		w := newWorld(t, g, methods...)
		failed := 0
		w.answer = func(path, body string) reply {
			if path == "/list2" && failed < 2 {
				failed++
				return reply{status: 502}
			}
			return pages(3)(path, body)
		}
		txn := w.submit(run.TimerStart(w.firing()))
		w.run(t.Context())
		var paths []string
		for _, e := range w.effects {
			paths = append(paths, e.Path)
		}
		last := w.effects[len(w.effects)-1].Body
		if txn.Status != tandem.TransactionCompleted || failed != 2 || strings.Count(strings.Join(paths, " "), "/list") != 5 || !strings.Contains(last, "[") {
			t.Errorf("%s: %v, sent %s", txn.Status, paths, last)
		}
	})
}

// What comes out of recorded data alone would come out again.
func TestDecisionIsNotRetried(t *testing.T) {
	g := graph("in>d d?T>out", step("in", "plain", ""), decision("d", "x", "1"), step("out", "send", "x"))
	g.StepErrorAction, g.Retries = tandem.RetryStep, 5
	g.Steps[1].Decision.Groups[0][0].Condition = tandem.Matches
	g.Steps[1].Decision.Groups[0][0].Right.Value = "{{p}}"
	w := newWorld(t, g, methods...)
	txn := w.webhook(`{"p":"("}`)
	w.run(t.Context())
	if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].ShortMessage != "Failed to build the request" {
		t.Errorf("%s, %+v", txn.Status, w.incidents)
	}
}

// The content that after_error leaves with a warning is the step's data, also
// for who reads it from the record.
func TestWarningHasData(t *testing.T) {
	w := newWorld(t, graph("in>get get>out", step("in", "plain", ""), step("get", "send", "x"), step("out", "send2", "{{n}}")), methods...)
	w.options.Steps = 2
	w.answer = func(path, _ string) reply {
		if path == "/send" {
			return reply{body: `{"n":7}`, warning: "404 Not Found"}
		}
		return reply{}
	}
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if txn.Status != tandem.TransactionCompleted || !strings.HasSuffix(w.bodies(), `send2 {"v":7}`) {
		t.Errorf("%s: %s %+v", txn.Status, w.bodies(), w.incidents)
	}
}
