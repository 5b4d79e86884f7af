package store_test

import (
	"maps"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// barrier is what is known of one: it, and the one that opens when it ends.
type barrier struct{ now, next generation }

// generation is the transactions that a barrier is for.
type generation struct {
	mark   tandem.TransactionID // 0: there is none
	failed bool
}

// all is the step that waits for all, and hook the one that waits for requests.
const (
	all  tandem.StepID = "all"
	hook tandem.StepID = "hook"
)

// arrive ends a transaction at the step that waits for all. Who comes later than
// the barrier opened is for the next.
func (m *machine) arrive(r *rapid.T) {
	id, x := m.choose(r, false)
	failed := rapid.Bool().Draw(r, "failed")
	d := m.delta(id, x)
	d.Status, d.Arrivals = tandem.TransactionCompleted, []journal.Arrival{{Step: all, Failed: failed, Frontier: []byte("beyond")}}
	m.commit(r, x, d)
	b, newest := m.barriers[x.Cycle], m.newest(x.Cycle)
	if b == nil {
		b = &barrier{now: generation{mark: newest}}
		m.barriers[x.Cycle] = b
	}
	if m.root(id) <= b.now.mark {
		b.now.failed = b.now.failed || failed
		return
	}
	b.next = generation{newest, b.next.failed || failed}
}

func (m *machine) newest(c tandem.CycleID) (id tandem.TransactionID) {
	for i, x := range m.txns {
		if x.Cycle == c {
			id = max(id, i)
		}
	}
	return id
}

func (m *machine) root(id tandem.TransactionID) tandem.TransactionID {
	for m.txns[id].Parent != 0 {
		id = m.txns[id].Parent
	}
	return id
}

// pass ends a barrier: one transaction goes on, once, or none if a trigger failed.
func (m *machine) pass(r *rapid.T) {
	c := cycle(r)
	b := m.barriers[c]
	if b == nil {
		r.Skip("no barrier")
	}
	if b.now.failed {
		if err := m.s.DropBarrier(m.t.Context(), journal.Barrier{Account: m.account, Cycle: c, Step: all, Mark: b.now.mark}); err != nil {
			r.Fatal(err)
		}
	} else {
		id := m.beyond(r, c, b.now.mark)
		if id == 0 {
			r.Fatal("nothing goes on")
		}
		m.txns[id] = &model{Cycle: c, pending: true}
		if late := m.beyond(r, c, b.now.mark); late != 0 {
			r.Fatalf("%d goes on too", late)
		}
	}
	if *b = (barrier{now: b.next}); b.now.mark == 0 {
		delete(m.barriers, c)
	}
}

// beyond submits what goes on from a barrier.
func (m *machine) beyond(r *rapid.T, c tandem.CycleID, mark tandem.TransactionID) tandem.TransactionID {
	ids, err := m.s.Submit(m.t.Context(), []journal.NewTxn{{ID: m.id(), Account: m.account, Cycle: c, Frontier: []byte("beyond"), Pass: &journal.Pass{Step: all, Mark: mark}}})
	if err != nil {
		r.Fatal(err)
	}
	return ids[0]
}

// waits says that a barrier is not passed before a transaction has ended, or what was
// made of it.
func (m *machine) waits(c tandem.CycleID, b *barrier, id tandem.TransactionID) bool {
	x := m.txns[id]
	if x.Cycle != c || m.root(id) > b.now.mark {
		return false
	}
	if x.Status.Final() {
		return x.open > 0
	}
	return x.Parent == 0
}

// checkBarriers compares those that can be passed: all roots up to their marks
// have ended, with all that was made of them, and their cycles are not held.
func (m *machine) checkBarriers(r *rapid.T) {
	ready, open, err := m.s.ReadyBarriers(m.t.Context())
	if err != nil {
		r.Fatal(err)
	}
	want, got := map[tandem.CycleID]generation{}, map[tandem.CycleID]generation{}
	for _, b := range ready {
		got[b.Cycle] = generation{b.Mark, b.Failed}
	}
	for c, b := range m.barriers {
		waits := func(id tandem.TransactionID) bool { return m.waits(c, b, id) }
		if !m.held[c] && !slices.ContainsFunc(slices.Collect(maps.Keys(m.txns)), waits) {
			want[c] = b.now
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(generation{})); diff != "" || open != (len(m.barriers) > 0) {
		r.Fatalf("barriers that can be passed (-want +got), open %v:\n%s", open, diff)
	}
}

// await has a transaction wait for requests.
func (m *machine) await(r *rapid.T) {
	id, x := m.choose(r, false)
	d := m.delta(id, x)
	d.Status, d.Frontier = tandem.TransactionWaiting, []byte("waiting")
	d.Matches = []journal.Match{{Step: hook, Hash: "key", Item: 1, Until: farAway}}
	m.commit(r, x, d)
}

// unmatch closes a cycle to requests: who waits for nothing else wakes.
func (m *machine) unmatch(r *rapid.T) {
	c := cycle(r)
	got, err := m.s.Unmatch(m.t.Context(), m.account, c)
	if err != nil {
		r.Fatal(err)
	}
	var want []tandem.TransactionID
	for _, id := range m.open(c) {
		x := m.txns[id]
		if x.awaits && x.Status == tandem.TransactionWaiting {
			want = append(want, id)
		}
		x.awaits = false
	}
	m.wakes(r, want, got)
}

// checkRequests compares who is found by a request: the newest that waits.
func (m *machine) checkRequests(r *rapid.T) {
	for _, c := range cycles {
		var want tandem.TransactionID
		for _, id := range m.open(c) {
			if m.txns[id].awaits {
				want = id
			}
		}
		got, err := m.s.Match(m.t.Context(), m.account, c, hook, "key", time.Now())
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound || got.ID != want {
			r.Fatalf("a request finds %v, %v; want %v", got.ID, err, want)
		}
	}
}
