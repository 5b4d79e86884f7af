package local_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/enginetest"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestEngine(t *testing.T) { enginetest.Run(t, bench) }

// bench opens the store anew for each engine, as a process that starts again
// does.
func bench(t *testing.T) enginetest.Bench {
	dir := storetest.Folder(t)
	var s *store.Store
	t.Cleanup(func() { s.Close() })
	return enginetest.Bench{
		New: func(t *testing.T, workers int, limit engine.Limit) engine.Engine {
			if s != nil {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			s = openStore(t, dir)
			o := local.Options{Workers: workers, Grace: time.Nanosecond, Retry: time.Millisecond, Limit: limit, Ask: 10 * time.Millisecond}
			e, err := local.New(t.Context(), slog.New(slog.DiscardHandler), s, s, o)
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
		Transactions: func() tandem.Transactions { return s.Transactions() },
		SetTimer:     func(t *testing.T, c journal.Cycle, at time.Time) { setTimer(t, s, c, at) },
		AgeWaits:     func(t *testing.T, by time.Duration) { ageWaits(t, s, by) },
		Barriers:     func(ctx context.Context) ([]journal.Barrier, bool, error) { return s.ReadyBarriers(ctx) },
		AgeHolds:     func(t *testing.T, by time.Duration) { ageHolds(t, s, by) },
	}
}

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ageWaits(t *testing.T, s *store.Store, by time.Duration) {
	t.Helper()
	if _, err := s.Dialect().Writer().ExecContext(t.Context(), `UPDATE txn SET wake_at = wake_at - $1 WHERE wake_at > 0`, by.Microseconds()); err != nil {
		t.Fatal(err)
	}
}

func ageHolds(t *testing.T, s *store.Store, by time.Duration) {
	t.Helper()
	if _, err := s.Dialect().Writer().ExecContext(t.Context(), `UPDATE hold SET since = since - $1`, by.Microseconds()); err != nil {
		t.Fatal(err)
	}
}

func setTimer(t *testing.T, s *store.Store, c journal.Cycle, at time.Time) {
	t.Helper()
	_, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO timer (account, cycle, next_at) VALUES ($1, $2, $3)`, c.Account, c.ID, at.UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
}

// start runs e until stop is called or the test ends.
func start(t *testing.T, e engine.Engine, r runnerFunc) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := e.Run(ctx, r); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
	})
	t.Cleanup(stop)
	return stop
}

type runnerFunc func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error)

func (runnerFunc) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

func (f runnerFunc) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	return f(ctx, l, t)
}

func newEngine(t *testing.T, s *store.Store, o local.Options) *local.Engine {
	t.Helper()
	e, err := local.New(t.Context(), slog.New(slog.DiscardHandler), s, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestBusyBeyondQueued(t *testing.T) {
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	e := newEngine(t, s, local.Options{Queued: 3})
	n := journal.NewTxn{Account: 1, Cycle: "c"}
	if _, err := e.Submit(t.Context(), n, n, n); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Submit(t.Context(), n); !errors.Is(err, engine.ErrBusy) {
		t.Errorf("beyond the bound: %v, want ErrBusy", err)
	}
}

// An account whose transactions wait in great number leaves room for others.
func TestBusyOfOneAccount(t *testing.T) {
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	e := newEngine(t, s, local.Options{Queued: 8})
	took := 0
	for ; took < 8; took++ {
		if _, err := e.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"}); errors.Is(err, engine.ErrBusy) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if took != 5 {
		t.Errorf("%d are taken of one account", took)
	}
	if _, err := e.Submit(t.Context(), journal.NewTxn{Account: 2, Cycle: "c"}); err != nil {
		t.Errorf("of another: %v", err)
	}
}

// TestStartsWithMuchOpen starts with very many pending transactions, more than
// memory is allowed for, and runs them in order.
func TestStartsWithMuchOpen(t *testing.T) {
	const txns = 100_000
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	base := tandem.TransactionID(1) << 40
	for first := 0; first < txns; first += 10_000 {
		n := make([]journal.NewTxn, 10_000)
		for i := range n {
			n[i] = journal.NewTxn{ID: base + tandem.TransactionID(first+i), Account: tandem.AccountID(1 + i%10), Cycle: "c", Frontier: []byte("x")}
		}
		if _, err := s.Submit(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	began := worked(t)
	e := newEngine(t, s, local.Options{Workers: 1, Resident: 1})
	if took := worked(t) - began; took > 5*time.Second {
		t.Errorf("it started after %v of work", took)
	}
	seen := make(chan journal.Txn)
	stop := start(t, e, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		select {
		case seen <- t:
			return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
		case <-ctx.Done():
			return engine.Yield{}, ctx.Err()
		}
	})
	defer stop()
	last := map[tandem.AccountID]tandem.TransactionID{}
	for range 50 {
		txn := <-seen
		if txn.ID <= last[txn.Account] || string(txn.Frontier) != "x" {
			t.Errorf("after %d came %d, with frontier %q", last[txn.Account], txn.ID, txn.Frontier)
		}
		last[txn.Account] = txn.ID
	}
	if len(last) != 10 {
		t.Errorf("transactions of %d accounts began, want 10", len(last))
	}
}

// TestCutOffIsNotPoison ends the engine again and again while a transaction
// waits for its third party, as the process is told to end: that is not its
// fault.
func TestCutOffIsNotPoison(t *testing.T) {
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: 1, Account: 1, Cycle: "c"}}); err != nil {
		t.Fatal(err)
	}
	for n := range 2 * journal.Poisonous {
		began := make(chan bool, 1)
		stop := start(t, newEngine(t, s, local.Options{Grace: time.Nanosecond}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
			began <- true
			<-ctx.Done()
			return engine.Yield{Kind: engine.Ready}, nil
		})
		select {
		case <-began:
		case <-time.After(10 * time.Second):
			t.Fatalf("after %d ends it is %s", n, status(t, s, 1))
		}
		stop()
	}
}

// TestSuspectsDoNotQueue starts after a crash, and another, in which many
// transactions waited for a slow third party: they are not served one by one.
func TestSuspectsDoNotQueue(t *testing.T) {
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	const txns = 3
	for id := range tandem.TransactionID(txns) {
		if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: 1 + id, Account: 1, Cycle: "c"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Suspect(t.Context(), 1, 1+id, 1); err != nil {
			t.Fatal(err)
		}
	}
	began := make(chan bool, txns)
	start(t, newEngine(t, s, local.Options{Grace: time.Nanosecond}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		began <- true
		<-ctx.Done()
		return engine.Yield{Kind: engine.Ready}, nil
	})
	for n := range txns {
		select {
		case <-began:
		case <-time.After(10 * time.Second):
			t.Fatalf("only %d began", n)
		}
	}
}

// TestProcessKiller starts anew whenever a certain transaction runs, and leaves
// the engine before to itself, as if the process ended: in the end it is not run
// again, and the others are. It takes longer when nothing says that the process
// ended by itself.
func TestProcessKiller(t *testing.T) {
	t.Run("crashes", func(t *testing.T) { testProcessKiller(t, true, 3) })
	t.Run("is killed", func(t *testing.T) { testProcessKiller(t, false, 9) })
}

func testProcessKiller(t *testing.T, crashed bool, want int) {
	s := openStore(t, storetest.Folder(t))
	defer s.Close()
	const killer = tandem.TransactionID(11)
	var n []journal.NewTxn
	for id := killer - 1; id <= killer+1; id++ {
		n = append(n, journal.NewTxn{ID: id, Account: 1, Cycle: "c"})
	}
	if _, err := s.Submit(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	deaths := 0
	for status(t, s, killer) != tandem.TransactionFailed {
		died := make(chan bool, 1)
		start(t, newEngine(t, s, local.Options{Grace: time.Nanosecond, Crashed: crashed}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
			if t.ID != killer {
				return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
			}
			died <- true
			<-ctx.Done()
			return engine.Yield{}, ctx.Err()
		})
		for alive := true; alive && status(t, s, killer) != tandem.TransactionFailed; {
			select {
			case <-died:
				deaths, alive = deaths+1, false
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	if deaths != want {
		t.Errorf("it ended the process %d times, want %d", deaths, want)
	}
	start(t, newEngine(t, s, local.Options{}), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
	})
	for _, id := range []tandem.TransactionID{killer - 1, killer + 1} {
		for end := time.Now().Add(time.Minute); status(t, s, id) != tandem.TransactionCompleted && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		if got := status(t, s, id); got != tandem.TransactionCompleted {
			t.Errorf("the healthy transaction %d is %s", id, got)
		}
	}
}

func status(t *testing.T, s *store.Store, id tandem.TransactionID) tandem.TransactionStatus {
	t.Helper()
	txn, err := s.Transactions().Get(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	return txn.Status
}
