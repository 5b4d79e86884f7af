package local_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// one is the limit of accounts of which one transaction runs after the other.
func one(context.Context, tandem.AccountID) (int, error) { return 1, nil }

// suspected submits transactions that ran when the process ended.
func suspected(t *testing.T, s *store.Store, n ...journal.NewTxn) {
	t.Helper()
	if _, err := s.Submit(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	for _, txn := range n {
		if _, err := s.Suspect(t.Context(), txn.Account, txn.ID, 1); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSuspectsTakeTheirTurns starts after a crash, and another, in which the first
// transactions of a cycle ran, of which one runs after the other: so they do now, to
// their ends, and before those that had not begun.
func TestSuspectsTakeTheirTurns(t *testing.T) {
	s := openStore(t, t.TempDir())
	defer s.Close()
	suspected(t, s, journal.NewTxn{ID: 1, Account: 1, Cycle: "c"}, journal.NewTxn{ID: 2, Account: 1, Cycle: "c"}, journal.NewTxn{ID: 3, Account: 1, Cycle: "c"})
	if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: 4, Account: 1, Cycle: "c"}}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var ran []tandem.TransactionID
	done := make(chan bool, 4)
	start(t, newEngine(t, s, local.Options{Grace: time.Nanosecond, Limit: one}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		mu.Lock()
		ran = append(ran, t.ID)
		mu.Unlock()
		if t.NextSeq == 1 {
			wake := time.Now().Add(20 * time.Millisecond).Truncate(time.Microsecond)
			d := journal.Delta{Items: []tandem.StepItem{{Seq: 1}}, Frontier: []byte("later"), Status: tandem.TransactionWaiting, Wake: wake}
			return engine.Yield{Kind: engine.Until, Wake: wake}, l.Commit(ctx, d)
		}
		defer func() { done <- true }()
		return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
	})
	for n := range 4 {
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("only %d ended", n)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]tandem.TransactionID{1, 1, 2, 2, 3, 3, 4, 4}, ran); diff != "" {
		t.Errorf("who ran, slice by slice (-want +got):\n%s", diff)
	}
}

// TestSuspectsAreAlone starts after a crash, and another, with suspects of several
// accounts, with limits and without: the next begins when the one before has run for
// a while, so that it is known who takes the process with it.
func TestSuspectsAreAlone(t *testing.T) {
	s := openStore(t, t.TempDir())
	defer s.Close()
	for a := range tandem.AccountID(3) {
		suspected(t, s, journal.NewTxn{ID: 1 + tandem.TransactionID(a), Account: 1 + a, Cycle: "c"})
	}
	limit := func(_ context.Context, a tandem.AccountID) (int, error) {
		return map[tandem.AccountID]int{1: 1, 2: 1}[a], nil
	}
	began := make(chan time.Time, 3)
	start(t, newEngine(t, s, local.Options{Grace: time.Nanosecond, Limit: limit}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		began <- time.Now()
		<-ctx.Done()
		return engine.Yield{Kind: engine.Ready}, nil
	})
	var last time.Time
	for n := range 3 {
		select {
		case at := <-began:
			if apart := at.Sub(last); apart < 200*time.Millisecond {
				t.Errorf("suspect %d began %s after the one before", n, apart)
			}
			last = at
		case <-time.After(20 * time.Second):
			t.Fatalf("only %d began", n)
		}
	}
}
