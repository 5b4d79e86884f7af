package store_test

import (
	"errors"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// open lists the transactions that are not at their end.
func (m *machine) open(c tandem.CycleID) (ids []tandem.TransactionID) {
	for _, id := range slices.Sorted(maps.Keys(m.txns)) {
		if x := m.txns[id]; x.Cycle == c && !x.Status.Final() {
			ids = append(ids, id)
		}
	}
	return ids
}

// hold stops a cycle: what works on its transactions is fenced.
func (m *machine) hold(r *rapid.T) {
	c := cycle(r)
	if err := m.s.Hold(m.t.Context(), m.account, c); err != nil {
		r.Fatal(err)
	}
	m.held[c] = true
	for _, id := range m.open(c) {
		if x := m.txns[id]; x.Status == tandem.TransactionQueued || x.Status == tandem.TransactionWaiting {
			x.Status, x.epoch = tandem.TransactionHeld, x.epoch+1
		}
	}
}

// resume starts it again: who was waiting waits on.
func (m *machine) resume(r *rapid.T) {
	c := cycle(r)
	if err := m.s.Resume(m.t.Context(), m.account, c); err != nil {
		r.Fatal(err)
	}
	m.held[c] = false
	for _, id := range m.open(c) {
		x := m.txns[id]
		if x.Status != tandem.TransactionHeld {
			continue
		}
		if x.Status = tandem.TransactionQueued; x.wakes {
			x.Status = tandem.TransactionWaiting
		}
	}
}

// cancel ends all of a cycle, and with it perhaps parents in the other one.
func (m *machine) cancel(r *rapid.T) {
	c := cycle(r)
	got, err := m.s.Cancel(m.t.Context(), m.account, c)
	if err != nil {
		r.Fatal(err)
	}
	delete(m.barriers, c)
	m.wakes(r, m.ended(m.open(c)), got)
}

// drop ends some transactions with all that they were split into.
func (m *machine) drop(r *rapid.T) {
	id, _ := m.choose(r, rapid.Bool().Draw(r, "final"))
	dropped, got, err := m.s.Drop(m.t.Context(), m.account, []tandem.TransactionID{id})
	if err != nil {
		r.Fatal(err)
	}
	want := m.below(id)
	woken := m.ended(want)
	var ids []tandem.TransactionID
	for _, t := range dropped {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	slices.Sort(want)
	if !slices.Equal(want, ids) {
		r.Fatalf("dropped %v, want %v", ids, want)
	}
	m.wakes(r, woken, got)
}

// below is an open transaction, and what is open below it.
func (m *machine) below(id tandem.TransactionID) []tandem.TransactionID {
	if m.txns[id].Status.Final() {
		return nil
	}
	all := []tandem.TransactionID{id}
	for child, x := range m.txns {
		if x.Parent == id {
			all = append(all, m.below(child)...)
		}
	}
	return all
}

// ended cancels transactions, and does to those above them what that does. It
// returns those that can go on.
func (m *machine) ended(ids []tandem.TransactionID) (woken []tandem.TransactionID) {
	for _, id := range ids {
		x := m.txns[id]
		x.Status, x.wakes, x.awaits = tandem.TransactionCancelled, false, false
	}
	for _, id := range ids {
		woken = append(woken, m.settle(id, m.txns[id])...)
	}
	return woken
}

// claim takes a transaction over, as another node does: the owner before it is
// fenced. Nobody can take what is not queued, or whose cycle is held.
func (m *machine) claim(r *rapid.T) {
	id, x := m.choose(r, rapid.Bool().Draw(r, "final"))
	t, err := m.s.Claim(m.t.Context(), m.account, id, x.epoch, x.epoch+1)
	may := x.Status == tandem.TransactionQueued && !m.held[x.Cycle]
	if may != (err == nil) || err != nil && !errors.Is(err, journal.ErrFenced) {
		r.Fatalf("claim of one that is %s, held %v: %v", x.Status, m.held[x.Cycle], err)
	}
	if err == nil {
		if x.epoch++; t.Epoch != x.epoch {
			r.Fatalf("epoch %d, want %d", t.Epoch, x.epoch)
		}
	}
}
