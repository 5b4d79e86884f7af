package storetest

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func webhookMatches(t *testing.T, s *store.Store) {
	m := &matchTest{journalTest{s: s}}
	t.Run("the newest that is open", m.newest)
	t.Run("one key twice", m.twice)
	t.Run("submitted children are the parent's", m.adopts)
	t.Run("the end of the waiting", m.unmatches)
	t.Run("the end of the waiting while a cycle is held", m.unmatchesHeld)
	t.Run("rests for nothing", m.rests)
	t.Run("no wake is lost under contention", m.contended)
	t.Run("what has ended gets no children", m.refuses)
	t.Run("what is over is swept", m.expires)
}

func webhookAnswers(t *testing.T, s *store.Store) {
	m := &matchTest{journalTest{s: s}}
	t.Run("the first counts", m.answers)
	t.Run("of many callers", m.manyAnswers)
	t.Run("go with their transactions", m.answersGo)
}

type matchTest struct{ journalTest }

// hold makes transactions that wait at a step for a key.
func (m *matchTest) hold(t *testing.T, key string, n int, until time.Time) []tandem.TransactionID {
	t.Helper()
	ids := m.submit(t, make([]journal.NewTxn, n)...)
	for _, id := range ids {
		m.commit(t, journal.Delta{Txn: id, Status: tandem.TransactionWaiting, Wake: until, Frontier: []byte("f"), Matches: []journal.Match{{Step: "s", Hash: key, Item: 3, Until: until}}})
	}
	return ids
}

func (m *matchTest) find(t *testing.T, key string, want tandem.TransactionID) {
	t.Helper()
	h, err := m.s.Match(t.Context(), 1, cycle, "s", key, time.Now())
	if want == 0 && tandem.ErrorCode(err) == tandem.NotFound {
		return
	}
	if err != nil || h.ID != want || h.Item != 3 {
		t.Errorf("key %s: %+v, %v, want transaction %d", key, h, err, want)
	}
}

func (m *matchTest) newest(t *testing.T) {
	later := time.Now().Add(time.Hour)
	ids := m.hold(t, "a", 3, later)
	m.find(t, "a", ids[2])
	m.find(t, "b", 0)
	if _, err := m.s.Match(t.Context(), 2, cycle, "s", "a", time.Now()); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of another account: %v", err)
	}
	if _, err := m.s.Match(t.Context(), 1, cycle, "s2", "a", time.Now()); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of another step: %v", err)
	}
	if _, err := m.s.Match(t.Context(), 1, cycle, "s", "a", later); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("after its end: %v", err)
	}
	m.commit(t, journal.Delta{Txn: ids[2], Status: tandem.TransactionCompleted, Unmatch: true})
	m.find(t, "a", ids[1])
	if _, err := m.s.Cancel(t.Context(), 1, cycle); err != nil {
		t.Fatal(err)
	}
	m.find(t, "a", 0)
}

func (m *matchTest) adopts(t *testing.T) {
	parent := m.hold(t, "adopt", 1, time.Now().Add(time.Hour))[0]
	m.submit(t, journal.NewTxn{Parent: parent, Account: 1, Cycle: cycle}, journal.NewTxn{Parent: parent, Account: 1, Cycle: cycle})
	once := journal.NewTxn{Parent: parent, Account: 1, Cycle: cycle, Trigger: "webhook s", Key: "event"}
	first, second := m.submit(t, once), m.submit(t, once)
	if !slices.Equal(first, second) {
		t.Errorf("the same event made %v and %v", first, second)
	}
	if got := m.get(t, parent); got.Children != 3 {
		t.Errorf("%d children, want 3", got.Children)
	}
	// It ends when all of them have, if it waits for that.
	m.commit(t, journal.Delta{Txn: parent, Status: tandem.TransactionSplit, Unmatch: true})
	if got := m.get(t, parent); got.Status != tandem.TransactionSplit {
		t.Errorf("with open children it is %s", got.Status)
	}
	page, err := m.s.Transactions().List(t.Context(), 1, tandem.TransactionFilter{Parent: parent})
	if err != nil || page.Total != 3 {
		t.Fatalf("%d children, %v", page.Total, err)
	}
	for _, c := range page.Rows {
		m.commit(t, journal.Delta{Txn: c.ID, Parent: parent, Status: tandem.TransactionCompleted})
	}
	if got := m.get(t, parent); got.Status != tandem.TransactionCompleted {
		t.Errorf("after its children it is %s", got.Status)
	}
}

// refuses has a request come for what has ended since it was found: nothing is made
// of it, and it may come again.
func (m *matchTest) refuses(t *testing.T) {
	later := time.Now().Add(time.Hour)
	parents := m.hold(t, "refuse", 3, later)
	if _, _, err := m.s.Drop(t.Context(), 1, parents[:1]); err != nil {
		t.Fatal(err)
	}
	m.commit(t, journal.Delta{Txn: parents[1], Status: tandem.TransactionFailed, Unmatch: true})
	event := journal.NewTxn{Account: 1, Cycle: cycle, Trigger: "webhook s", Key: "refused", Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, nil)}}
	for _, parent := range parents[:2] {
		was := m.get(t, parent)
		event.Parent = parent
		if ids := m.submit(t, event); ids[0] != 0 {
			t.Errorf("a child of what is %s: %d", was.Status, ids[0])
		}
		if diff := cmp.Diff(was, m.get(t, parent)); diff != "" {
			t.Errorf("what was final changed: %s", diff)
		}
		if page, err := m.s.Transactions().List(t.Context(), 1, tandem.TransactionFilter{Parent: parent}); err != nil || page.Total != 0 {
			t.Errorf("%d children, %v", page.Total, err)
		}
	}
	event.Parent = parents[2]
	first, again := m.submit(t, event), m.submit(t, event)
	if first[0] == 0 || !slices.Equal(first, again) {
		t.Errorf("the event that came again made %v, and then %v", first, again)
	}
}

// twice has a transaction come to a step by two ways, with the same key: it is held
// there once, until the later of the two times, and goes on from the second.
func (m *matchTest) twice(t *testing.T) {
	sooner := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	later := sooner.Add(time.Hour)
	match := func(item int32, until time.Time) journal.Match {
		return journal.Match{Step: "s", Hash: "twice", Item: item, Until: until}
	}
	ids := m.submit(t, make([]journal.NewTxn, 3)...)
	together := []journal.Match{match(5, sooner), match(3, later)}
	m.commit(t, journal.Delta{Txn: ids[0], Status: tandem.TransactionWaiting, Wake: later, Resting: true, Matches: together})
	m.commit(t, journal.Delta{Txn: ids[1], Status: tandem.TransactionWaiting, Wake: later, Resting: true, Matches: []journal.Match{match(5, later), match(3, sooner)}})
	m.commit(t, journal.Delta{Txn: ids[2], Status: tandem.TransactionQueued, Matches: together[:1]})
	m.commit(t, journal.Delta{Txn: ids[2], Status: tandem.TransactionWaiting, Wake: later, Resting: true, Matches: together[1:]})
	m.find(t, "twice", ids[2])
	for _, id := range ids {
		if until, err := m.s.Awaits(t.Context(), 1, id); err != nil || !until.Equal(later) {
			t.Errorf("transaction %d waits until %v, %v, want %v", id, until, err, later)
		}
	}
	woken, err := m.s.Unmatch(t.Context(), 1, cycle)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Sort(woken); !slices.Equal(woken, ids) {
		t.Errorf("woken are %v, want %v", woken, ids)
	}
}

// rests has a transaction wait for requests of which none come since it was looked.
func (m *matchTest) rests(t *testing.T) {
	later := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	rest := func(d journal.Delta) (journal.Outcome, *tandem.Transaction) {
		d.Status, d.Wake, d.Resting, d.Frontier = tandem.TransactionWaiting, later, true, []byte("f")
		return m.commit(t, d), m.get(t, d.Txn)
	}
	ids := m.submit(t, make([]journal.NewTxn, 2)...)
	match := []journal.Match{{Step: "s", Hash: "rest", Item: 3, Until: later}}
	if o, got := rest(journal.Delta{Txn: ids[0], Matches: match}); !o.Wake.Equal(later) || !got.Wake.Equal(later) {
		t.Errorf("with a request to wait for it wakes at %v, %v", o.Wake, got.Wake)
	}
	m.commit(t, journal.Delta{Txn: ids[1], Status: tandem.TransactionQueued, Frontier: []byte("f"), Matches: match})
	if _, err := m.s.Unmatch(t.Context(), 1, cycle); err != nil {
		t.Fatal(err)
	}
	if o, got := rest(journal.Delta{Txn: ids[1]}); o.Wake.After(time.Now()) || got.Wake.After(time.Now()) || o.Status != tandem.TransactionWaiting {
		t.Errorf("with none it is %s, and wakes at %v, %v", o.Status, o.Wake, got.Wake)
	}
}

// contended has transactions come to rest while their cycle is closed to requests:
// none of them is left waiting.
func (m *matchTest) contended(t *testing.T) {
	later := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	const workers, rounds = 4, 15
	ids := m.submit(t, make([]journal.NewTxn, workers*rounds)...)
	var resting sync.WaitGroup
	for some := range slices.Chunk(ids, rounds) {
		resting.Go(func() {
			for _, id := range some {
				d := journal.Delta{Account: 1, Cycle: cycle, Txn: id, Status: tandem.TransactionQueued, Frontier: []byte("f"), Matches: []journal.Match{{Step: "s", Hash: "c", Until: later}}}
				if _, err := m.s.Commit(t.Context(), d); err != nil {
					t.Error(err)
				}
				d.Status, d.Wake, d.Resting, d.Matches = tandem.TransactionWaiting, later, true, nil
				if _, err := m.s.Commit(t.Context(), d); err != nil {
					t.Error(err)
				}
			}
		})
	}
	rested := make(chan bool)
	go func() { resting.Wait(); close(rested) }()
	for done := false; !done; {
		select {
		case <-rested:
			done = true // and once more
		default:
		}
		if _, err := m.s.Unmatch(t.Context(), 1, cycle); err != nil {
			t.Error(err)
		}
	}
	for _, id := range ids {
		if got := m.get(t, id); got.Wake.After(time.Now()) {
			t.Errorf("transaction %d waits until %v for nothing", id, got.Wake)
		}
	}
}

// unmatchesHeld ends the waiting while a cycle is held: what waited goes on when it
// is resumed.
func (m *matchTest) unmatchesHeld(t *testing.T) {
	id := m.hold(t, "held", 1, time.Now().Add(time.Hour).Truncate(time.Microsecond))[0]
	if err := m.s.Hold(t.Context(), 1, cycle); err != nil {
		t.Fatal(err)
	}
	if woken, err := m.s.Unmatch(t.Context(), 1, cycle); err != nil || slices.Contains(woken, id) {
		t.Errorf("woken are %v, %v", woken, err)
	}
	if got := m.get(t, id); got.Status != tandem.TransactionHeld {
		t.Errorf("in a cycle that is held it is %s", got.Status)
	}
	if err := m.s.Resume(t.Context(), 1, cycle); err != nil {
		t.Fatal(err)
	}
	if got := m.get(t, id); got.Status != tandem.TransactionWaiting || got.Wake.After(time.Now()) {
		t.Errorf("when it is resumed it is %s until %v", got.Status, got.Wake)
	}
}

func (m *matchTest) unmatches(t *testing.T) {
	later := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	alone := m.hold(t, "end", 2, later)
	busy := m.submit(t, journal.NewTxn{Account: 1, Cycle: cycle})[0] // waits for something else, too
	sooner := later.Add(-time.Minute)
	m.commit(t, journal.Delta{Txn: busy, Status: tandem.TransactionWaiting, Wake: sooner, Matches: []journal.Match{{Step: "s", Hash: "end", Until: later}}})
	woken, err := m.s.Unmatch(t.Context(), 1, cycle)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(woken)
	if !slices.Equal(woken, alone) {
		t.Errorf("woken are %v, want %v", woken, alone)
	}
	m.find(t, "end", 0)
	for _, id := range append(alone, busy) {
		got := m.get(t, id)
		if due := !got.Wake.After(time.Now()); due != (id != busy) || got.Status != tandem.TransactionWaiting {
			t.Errorf("transaction %d is %s until %v", id, got.Status, got.Wake)
		}
		if until, err := m.s.Awaits(t.Context(), 1, id); !until.IsZero() || err != nil {
			t.Errorf("transaction %d still waits for requests, until %v: %v", id, until, err)
		}
	}
}

func (m *matchTest) expires(t *testing.T) {
	m.hold(t, "old", 1, time.Now().Add(-time.Minute))
	kept := m.hold(t, "new", 1, time.Now().Add(time.Hour))[0]
	old := m.answered(t, "old")
	if _, err := m.s.Expire(t.Context(), time.Now().Add(30*time.Minute)); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := m.s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_match WHERE hash IN ('old', 'new')`).Scan(&left); err != nil || left != 1 {
		t.Errorf("%d matches are left, %v", left, err)
	}
	m.find(t, "new", kept)
	if found, err := m.s.Answers(t.Context(), []journal.Caller{old}); err != nil || len(found) != 1 || found[0].Response == nil {
		t.Errorf("an answer went too early: %+v, %v", found, err)
	}
	if _, err := m.s.Expire(t.Context(), time.Now().Add(26*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if found, err := m.s.Answers(t.Context(), []journal.Caller{old}); err != nil || len(found) != 0 {
		t.Errorf("an answer stayed: %+v, %v", found, err)
	}
}

// answered makes a transaction with an answer, still open.
func (m *matchTest) answered(t *testing.T, body string) journal.Caller {
	t.Helper()
	id := m.submit(t, journal.NewTxn{Account: 1, Cycle: cycle})[0]
	m.commit(t, journal.Delta{Txn: id, Status: tandem.TransactionQueued, Answers: []journal.Answer{{To: id, Response: tandem.Exchange{Status: 201, Body: []byte(body)}}}})
	return journal.Caller{Account: 1, ID: id}
}

func (m *matchTest) answers(t *testing.T) {
	ids := m.submit(t, make([]journal.NewTxn, 3)...)
	of := []journal.Caller{{Account: 1, ID: ids[0]}, {Account: 1, ID: ids[1]}, {Account: 1, ID: ids[2]}, {Account: 2, ID: ids[0]}}
	if found, err := m.s.Answers(t.Context(), of); err != nil || len(found) != 0 {
		t.Fatalf("before there is any: %+v, %v", found, err)
	}
	response := func(body string) tandem.Exchange {
		return tandem.Exchange{Status: http.StatusAccepted, Headers: map[string]string{"X-A": "b"}, Body: []byte(body)}
	}
	first := response("first")
	m.commit(t, journal.Delta{Txn: ids[1], Answers: []journal.Answer{{To: ids[0], Response: first}, {To: ids[0], Response: response("second")}}})
	m.commit(t, journal.Delta{Txn: ids[0], Status: tandem.TransactionFailed, Answers: []journal.Answer{{To: ids[0], Response: response("third")}}})
	m.commit(t, journal.Delta{Txn: ids[2], Status: tandem.TransactionCancelled})
	found, err := m.s.Answers(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b journal.Answered) int { return int(a.ID - b.ID) })
	want := []journal.Answered{{Caller: of[0], Response: &first, Status: tandem.TransactionFailed}, {Caller: of[2], Status: tandem.TransactionCancelled}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// answersGo deletes answers with the records of those that they were to, and keeps
// none that comes later.
func (m *matchTest) answersGo(t *testing.T) {
	never := 0
	short := tandem.Account{Partner: newPartner(t, m.s, "answers@acme.test"), APIID: "a", Timezone: "UTC", StepDataSuccessRetentionHours: &never}
	if err := m.s.CreateAccount(t.Context(), &short, dataKey); err != nil {
		t.Fatal(err)
	}
	a := short.ID
	to := m.submit(t, journal.NewTxn{Account: a, Cycle: cycle})[0]
	answer := []journal.Answer{{To: to, Response: tandem.Exchange{Status: 200, Body: []byte("x")}}}
	part := journal.NewTxn{ID: m.id(), Account: a, Cycle: cycle}
	m.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: to, Status: tandem.TransactionCompleted, Answers: answer, Children: []journal.NewTxn{part}})
	left := func() (n int) {
		if err := m.s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_answer WHERE account = $1 AND txn = $2`, a, to).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 1 {
		t.Errorf("%d answers, want 1", n)
	}
	if _, err := m.s.Expire(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d answers outlive whom they were to", n)
	}
	m.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: part.ID, Status: tandem.TransactionCompleted, Answers: answer})
	if n := left(); n != 0 {
		t.Errorf("%d answers to who is gone", n)
	}
}

func (m *matchTest) manyAnswers(t *testing.T) {
	var of []journal.Caller
	for range 250 {
		of = append(of, m.answered(t, "x"))
	}
	if found, err := m.s.Answers(t.Context(), of); err != nil || len(found) != len(of) {
		t.Errorf("%d answers, %v", len(found), err)
	}
}
