package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func barriers(t *testing.T, s *store.Store) {
	j := &barrierTest{journalTest{s: s}}
	t.Run("opens with the first, ends with all", j.opens)
	t.Run("gathers who comes later for the next", j.turns)
	t.Run("knows what children are of", j.ofChildren)
	t.Run("waits for what outlives its parent", j.outlived)
	t.Run("is passed once", j.passesOnce)
	t.Run("is not passed after a trigger failed", j.fails)
	t.Run("waits while its cycle is held", j.held)
	t.Run("ends with its transactions", j.cancelled)
	t.Run("keeps its cycle from ending", func(t *testing.T) { j.keepsOpen(t, s) })
	t.Run("loses nobody under contention", j.contended)
}

type barrierTest struct{ journalTest }

const barrierStep = tandem.StepID("5f0d7c9e-0000-4000-8000-0000000000b1")

var beyond = []byte("beyond the barrier")

// arrive commits the arrival of a transaction, which ends or goes on otherwise.
func (j *barrierTest) arrive(t *testing.T, a tandem.AccountID, id tandem.TransactionID, ends bool) {
	t.Helper()
	d := journal.Delta{Account: a, Cycle: cycle, Txn: id, Frontier: []byte("more"), Arrivals: []journal.Arrival{{Step: barrierStep, Version: 3, Frontier: beyond}}}
	if ends {
		d.Status, d.Frontier = tandem.TransactionCompleted, nil
	}
	j.commit(t, d)
}

func (j *barrierTest) end(t *testing.T, a tandem.AccountID, id tandem.TransactionID) {
	t.Helper()
	j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: id, Status: tandem.TransactionCompleted})
}

func (j *barrierTest) begin(t *testing.T, a tandem.AccountID) tandem.TransactionID {
	t.Helper()
	return j.submit(t, journal.NewTxn{Account: a, Cycle: cycle, Version: 3})[0]
}

// ready are the barriers of an account that can be passed.
func (j *barrierTest) ready(t *testing.T, a tandem.AccountID) (own []journal.Barrier) {
	t.Helper()
	all, _, err := j.s.ReadyBarriers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Account == a {
			own = append(own, b)
		}
	}
	return own
}

func (j *barrierTest) pass(t *testing.T, b journal.Barrier) tandem.TransactionID {
	t.Helper()
	return j.submit(t, passing(b))[0]
}

func passing(b journal.Barrier) journal.NewTxn {
	return journal.NewTxn{
		Account: b.Account, Cycle: b.Cycle, Version: b.Version, Frontier: b.Frontier, Items: []tandem.StepItem{{Seq: 1, StepID: b.Step}},
		Pass: &journal.Pass{Step: b.Step, Mark: b.Mark},
	}
}

func (j *barrierTest) opens(t *testing.T) {
	const a = 11
	if _, open, err := j.s.ReadyBarriers(t.Context()); open || err != nil {
		t.Errorf("open before anybody arrived: %v, %v", open, err)
	}
	first, second, third := j.begin(t, a), j.begin(t, a), j.begin(t, a)
	j.arrive(t, a, second, true)
	if _, open, _ := j.s.ReadyBarriers(t.Context()); !open {
		t.Error("not open")
	}
	for _, id := range []tandem.TransactionID{first, third} {
		if r := j.ready(t, a); len(r) != 0 {
			t.Fatalf("ready before %d ended: %+v", id, r)
		}
		j.arrive(t, a, id, false)
		j.end(t, a, id)
	}
	r := j.ready(t, a)
	if len(r) != 1 || r[0].Cycle != cycle || r[0].Version != 3 || r[0].Step != barrierStep || r[0].Mark != third || r[0].Failed || string(r[0].Frontier) != string(beyond) || time.Since(r[0].Opened) > time.Minute {
		t.Fatalf("ready: %+v", r)
	}
	id := j.pass(t, r[0])
	n, err := j.s.Load(t.Context(), a, id)
	if err != nil || n.Version != 3 || string(n.Frontier) != string(beyond) || n.NextSeq != 2 {
		t.Errorf("%+v, %v", n, err)
	}
	if _, open, _ := j.s.ReadyBarriers(t.Context()); open {
		t.Error("still open")
	}
}

func (j *barrierTest) turns(t *testing.T) {
	const a = 12
	first := j.begin(t, a)
	j.arrive(t, a, first, false)
	second, third := j.begin(t, a), j.begin(t, a)
	j.arrive(t, a, second, true)
	if len(j.ready(t, a)) != 0 {
		t.Fatal("ready before the first ended")
	}
	j.end(t, a, first)
	r := j.ready(t, a)
	if len(r) != 1 || r[0].Mark != first {
		t.Fatalf("those who came later keep the first waiting: %+v", r)
	}
	went := j.pass(t, r[0])
	if len(j.ready(t, a)) != 0 {
		t.Error("the next is ready before the third ended")
	}
	j.end(t, a, third)
	if r = j.ready(t, a); len(r) != 1 || r[0].Mark != third {
		t.Errorf("the next: %+v", r)
	}
	j.end(t, a, went)
	j.pass(t, r[0])
	if len(j.ready(t, a)) != 0 {
		t.Error("a barrier is left")
	}
}

func (j *barrierTest) ofChildren(t *testing.T) {
	const a = 13
	root := j.begin(t, a)
	child := func(parent tandem.TransactionID) tandem.TransactionID {
		n := journal.NewTxn{ID: j.id(), Account: a, Cycle: cycle, Version: 3}
		j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: parent, Frontier: []byte("more"), Children: []journal.NewTxn{n}})
		return n.ID
	}
	arrive := func(id, parent tandem.TransactionID) {
		j.arrive(t, a, id, false)
		j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: id, Parent: parent, Status: tandem.TransactionCompleted})
	}
	first := child(root)
	arrive(first, root)
	second := child(root)
	grandchild := child(second) // made after the barrier opened, but of what it waits for
	arrive(grandchild, second)
	arrive(second, root)
	if len(j.ready(t, a)) != 0 {
		t.Error("ready before the root ended")
	}
	j.end(t, a, root)
	r := j.ready(t, a)
	if len(r) != 1 {
		t.Fatalf("ready: %+v", r)
	}
	j.end(t, a, j.pass(t, r[0]))
	if r := j.ready(t, a); len(r) != 0 {
		t.Errorf("the children of what was waited for opened another: %+v", r)
	}
}

// outlived ends transactions before what was made of them: by an error, and by a
// person who was killed in the middle of it.
func (j *barrierTest) outlived(t *testing.T) {
	const a = 21
	fail := func(id, parent tandem.TransactionID) (child tandem.TransactionID) {
		n := journal.NewTxn{ID: j.id(), Account: a, Cycle: cycle, Version: 3}
		j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: id, Parent: parent, Status: tandem.TransactionFailed, Children: []journal.NewTxn{n}})
		return n.ID
	}
	root := j.begin(t, a)
	middle := fail(root, 0)
	j.arrive(t, a, j.begin(t, a), true)
	of := fail(j.begin(t, a), 0) // is for the next
	if len(j.ready(t, a)) != 0 {
		t.Error("ready before a part of what failed has ended")
	}
	last := fail(middle, root)
	if len(j.ready(t, a)) != 0 {
		t.Error("ready before a part of a part has ended")
	}
	j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: last, Parent: middle, Status: tandem.TransactionCompleted})
	r := j.ready(t, a)
	if len(r) != 1 {
		t.Fatalf("ready: %+v; what came later keeps it shut", r)
	}
	j.end(t, a, j.pass(t, r[0]))
	j.end(t, a, of)
}

func (j *barrierTest) passesOnce(t *testing.T) {
	const a = 14
	id := j.begin(t, a)
	j.arrive(t, a, id, true)
	b := j.ready(t, a)[0]
	var went atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		n := passing(b)
		n.ID = j.id()
		wg.Go(func() {
			ids, err := j.s.Submit(t.Context(), []journal.NewTxn{n})
			if err != nil {
				t.Error(err)
			} else if ids[0] != 0 {
				went.Add(1)
			} else if _, err := j.s.Load(t.Context(), a, n.ID); tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("one that came late is there: %v", err)
			}
		})
	}
	wg.Wait()
	if n := went.Load(); n != 1 {
		t.Errorf("%d went on", n)
	}
	if open, err := j.s.Open(t.Context(), journal.Cycle{Account: a, ID: cycle}, 0, 100); len(open) != 1 || err != nil {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

func (j *barrierTest) fails(t *testing.T) {
	const a = 15
	fail := func(id tandem.TransactionID) {
		j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: id, Status: tandem.TransactionFailed, Arrivals: []journal.Arrival{{Step: barrierStep, Version: 3, Frontier: beyond, Failed: true}}})
	}
	first, second := j.begin(t, a), j.begin(t, a)
	j.arrive(t, a, first, false) // opens
	third := j.begin(t, a)
	j.arrive(t, a, third, false) // is for the next
	fail(second)
	j.end(t, a, first)
	r := j.ready(t, a)
	if len(r) != 1 || !r[0].Failed {
		t.Fatalf("ready: %+v", r)
	}
	if err := j.s.DropBarrier(t.Context(), r[0]); err != nil {
		t.Fatal(err)
	}
	j.end(t, a, third)
	if r = j.ready(t, a); len(r) != 1 || r[0].Failed {
		t.Fatalf("the next: %+v", r)
	}
	went := j.pass(t, r[0])
	fourth := j.begin(t, a)
	j.arrive(t, a, went, true)
	fail(fourth) // alone; what opened the barrier is fine
	fifth := j.begin(t, a)
	fail(fifth) // before anybody of its generation arrives
	for _, want := range []bool{true, true} {
		if r = j.ready(t, a); len(r) != 1 || r[0].Failed != want {
			t.Fatalf("ready: %+v", r)
		}
		if err := j.s.DropBarrier(t.Context(), r[0]); err != nil {
			t.Fatal(err)
		}
	}
	if r = j.ready(t, a); len(r) != 0 {
		t.Errorf("left: %+v", r)
	}
}

func (j *barrierTest) held(t *testing.T) {
	const a = 16
	j.arrive(t, a, j.begin(t, a), true)
	if err := j.s.Hold(t.Context(), a, cycle); err != nil {
		t.Fatal(err)
	}
	if len(j.ready(t, a)) != 0 {
		t.Error("ready while its cycle is held")
	}
	if err := j.s.Resume(t.Context(), a, cycle); err != nil {
		t.Fatal(err)
	}
	if len(j.ready(t, a)) != 1 {
		t.Error("not ready when its cycle is resumed")
	}
}

func (j *barrierTest) cancelled(t *testing.T) {
	const a, b = 17, 18
	for _, of := range []tandem.AccountID{a, b} {
		waits := j.begin(t, of)
		j.arrive(t, of, j.begin(t, of), true)
		_ = waits
	}
	if _, err := j.s.Cancel(t.Context(), a, cycle); err != nil {
		t.Fatal(err)
	}
	if err := j.s.Hold(t.Context(), b, cycle); err != nil {
		t.Fatal(err)
	}
	if _, err := j.s.ExpireHold(t.Context(), b, cycle); err != nil {
		t.Fatal(err)
	}
	if n := j.left(t, 18); n != 1 {
		t.Errorf("%d barriers after a short hold", n)
	}
	if _, err := j.s.Dialect().Writer().ExecContext(t.Context(), `UPDATE hold SET since = since - $1 WHERE account = 18`, (25 * time.Hour).Microseconds()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.s.ExpireHold(t.Context(), b, cycle); err != nil {
		t.Fatal(err)
	}
	if n := j.left(t, 17) + j.left(t, 18); n != 0 {
		t.Errorf("%d barriers of what was cancelled", n)
	}
}

// left are the barriers of an account.
func (j *barrierTest) left(t *testing.T, a tandem.AccountID) int {
	t.Helper()
	return count(t, j.s.Dialect().Reader(), "barrier", a)
}

// keepsOpen has a cycle that finishes wait for what goes on from a barrier.
func (j *barrierTest) keepsOpen(t *testing.T, s *store.Store) {
	a := newAccount(t, s, newPartner(t, s, "b@acme.test"), "a", 0).ID
	c := change(t, s, newCycle(t, s, a, nil), func(c *tandem.Cycle) { c.Status = tandem.CycleRunning })
	change(t, s, c, func(c *tandem.Cycle) { c.Status = tandem.CycleFinishing })
	id := j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID, Version: 1})[0]
	j.commit(t, journal.Delta{Account: a, Cycle: c.ID, Txn: id, Status: tandem.TransactionCompleted, Arrivals: []journal.Arrival{{Step: barrierStep, Version: 1, Frontier: beyond}}})
	if left, err := s.SettleCycles(t.Context()); left != 1 || err != nil {
		t.Errorf("%d cycles are to end, %v", left, err)
	}
	for _, b := range j.ready(t, a) {
		if err := s.DropBarrier(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s.SettleCycles(t.Context()); left != 0 || err != nil {
		t.Errorf("%d cycles are to end after the barrier, %v", left, err)
	}
}

// contended has transactions arrive while barriers end: each arrival is followed by
// an end.
func (j *barrierTest) contended(t *testing.T) {
	const a, rounds, workers = 19, 40, 4
	var ids [workers][]tandem.TransactionID
	for w := range ids {
		for range rounds {
			ids[w] = append(ids[w], j.begin(t, a))
		}
	}
	var wg sync.WaitGroup
	for w := range ids {
		wg.Go(func() {
			for _, id := range ids[w] {
				j.arrive(t, a, id, true)
			}
		})
	}
	arrived := make(chan bool)
	go func() { wg.Wait(); close(arrived) }()
	for done := false; ; {
		ready := j.ready(t, a)
		if done && len(ready) == 0 {
			break
		}
		for _, b := range ready {
			j.end(t, a, j.pass(t, b))
		}
		select {
		case <-arrived:
			done = true
		default:
		}
	}
	if n := j.left(t, a); n != 0 {
		t.Errorf("%d barriers that nothing passes", n)
	}
}
