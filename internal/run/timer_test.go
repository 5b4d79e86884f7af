package run_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/run"
)

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
