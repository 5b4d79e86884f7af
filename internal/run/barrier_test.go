package run_test

import (
	"context"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// A trigger that is set aside as poison spoils the Wait All of its cycle; what is beyond
// its trigger does not, nor what cannot be read.
func TestPoisonSpoils(t *testing.T) {
	g := func(split tandem.CollectionSplitType) *world {
		in := step("in", "event", "")
		in.CollectionSplitType = split
		return newWorld(t, graph("in>a a>all all>out", in, step("a", "send", "a"), waitAll("all"), step("out", "send", "x")), methods...)
	}
	timer := func(w *world) *txn { return w.submit(run.TimerStart(w.firing())) }
	webhook := func(w *world) *txn { return w.webhook(`{"records":[{"n":1},{"n":2}]}`) }
	for name, tt := range map[string]struct {
		w     *world
		begin func(*world) *txn
		do    func(*txn)
		want  int
	}{
		"a timer":             {g(tandem.SplitNone), timer, nil, 1},
		"a list to split":     {g(tandem.SplitAll), webhook, nil, 1},
		"a webhook":           {g(tandem.SplitNone), webhook, nil, 0},
		"what has been split": {g(tandem.SplitAll), webhook, func(t *txn) { t.Frontier = nil }, 0},
		"a damaged frontier":  {g(tandem.SplitAll), webhook, func(t *txn) { t.Frontier = []byte("?") }, 0},
		"a later step":        {g(tandem.SplitAll), nil, nil, 0},
	} {
		var of *txn
		if tt.begin == nil {
			tt.w.advance(t, webhook(tt.w))
			of = tt.w.txns[1] // a part
		} else if of = tt.begin(tt.w); tt.do != nil {
			tt.do(of)
		}
		arrivals, _ := tt.w.runner().Spoils(t.Context(), of.Txn)
		if len(arrivals) != tt.want || tt.want > 0 && (!arrivals[0].Failed || arrivals[0].Step != "all" || arrivals[0].Version != of.Version) {
			t.Errorf("%s spoils %+v", name, arrivals)
		}
		if commits := tt.w.commits; tt.begin != nil && commits != 0 {
			t.Errorf("%s: %d commits", name, commits)
		}
	}
}

// What comes to rest says so, with the time of the last request that it waits for.
func TestRests(t *testing.T) {
	w := newWorld(t, graph("in>one in>two", step("in", "plain", ""), middle("one", "{{id}}"), middle("two", "{{id}}")), methods...)
	held := w.webhook(`{"id":7}`)
	rests := &restless{lease: lease{w}}
	if _, err := w.runner().Slice(t.Context(), rests, held.Txn); err != nil {
		t.Fatal(err)
	}
	if last := w.matches[held.ID][1].Until; !rests.last.Resting || !rests.last.Wake.Equal(last) {
		t.Errorf("%+v, want it to rest until %v", rests.last, last)
	}
	w.matches[held.ID] = w.matches[held.ID][:1] // the other has been given up
	if _, err := w.runner().Slice(t.Context(), rests, held.Txn); err != nil {
		t.Fatal(err)
	}
	if first := w.matches[held.ID][0].Until; !rests.last.Resting || !rests.last.Wake.Equal(first) {
		t.Errorf("%+v, want it to rest until %v", rests.last, first)
	}
}

// restless keeps the last delta.
type restless struct {
	lease
	last journal.Delta
}

func (r *restless) Commit(ctx context.Context, d journal.Delta) error {
	r.last = d
	return r.lease.Commit(ctx, d)
}
