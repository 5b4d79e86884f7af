package river_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/enginetest"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEngine(t *testing.T) { enginetest.Run(t, bench) }

func bench(t *testing.T) enginetest.Bench {
	s := openStore(t, storetest.URL(t))
	return enginetest.Bench{
		New: func(t *testing.T, workers int, limit engine.Limit) engine.Engine {
			return newEngine(t, s, river.Options{Workers: workers, Poll: 50 * time.Millisecond, Grace: time.Nanosecond, Retry: time.Millisecond, Limit: limit})
		},
		Transactions: func() tandem.Transactions { return s.Transactions() },
		SetTimer: func(t *testing.T, c journal.Cycle, at time.Time) {
			_, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO timer (account, cycle, next_at) VALUES ($1, $2, $3)`, c.Account, c.ID, at.UnixMicro())
			if err != nil {
				t.Fatal(err)
			}
		},
		AgeWaits: func(t *testing.T, by time.Duration) { ageWaits(t, s, by) },
		Barriers: func(ctx context.Context) ([]journal.Barrier, bool, error) { return s.ReadyBarriers(ctx) },
		AgeHolds: func(t *testing.T, by time.Duration) { ageHolds(t, s, by) },
	}
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

func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newEngine(t *testing.T, s *store.Store, o river.Options) *river.Engine {
	t.Helper()
	e, err := river.New(t.Context(), slog.New(slog.DiscardHandler), s, s, s.Dialect().(*postgres.DB), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

type runnerFunc func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error)

func (runnerFunc) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

func (f runnerFunc) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	return f(ctx, l, t)
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

func finish(ctx context.Context, l engine.Lease) (engine.Yield, error) {
	return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
}

var options = river.Options{
	Workers: 8, Poll: 50 * time.Millisecond, Grace: time.Nanosecond, Retry: time.Millisecond,
	Timeout: time.Second, Rescue: 1500 * time.Millisecond,
}

// TestHoldAcrossNodes holds a cycle on one node that runs on the other.
func TestHoldAcrossNodes(t *testing.T) {
	url := storetest.URL(t)
	s1, s2 := openStore(t, url), openStore(t, url)
	o := options
	o.Timeout, o.Rescue = time.Minute, 2*time.Minute // it is not the timeout that stops it
	here, there := newEngine(t, s1, o), newEngine(t, s2, o)
	began := make(chan bool, 1)
	var running atomic.Int32
	start(t, there, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		running.Add(1)
		defer running.Add(-1)
		began <- true
		<-ctx.Done()
		return engine.Yield{}, ctx.Err()
	})
	ids, err := here.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := here.SignalCycle(ctx, 1, "c", engine.Hold); err != nil {
		t.Fatal(err)
	}
	if n := running.Load(); n != 0 {
		t.Errorf("%d slices run after Hold", n)
	}
	txn, err := s1.Transactions().Get(t.Context(), 1, ids[0])
	if err != nil || txn.Status != tandem.TransactionHeld {
		t.Errorf("%+v, %v", txn, err)
	}
}

// TestDeadNode has a node take a transaction and die: another node finishes it
// from its last commit, and what the dead one would still commit is fenced.
func TestDeadNode(t *testing.T) {
	url := storetest.URL(t)
	dead, alive := openStore(t, url), openStore(t, url)
	leases := make(chan engine.Lease, 1)
	hang := make(chan bool)
	var once sync.Once
	o := options
	o.Workers = 1 // it takes nothing more
	start(t, newEngine(t, dead, o), func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		err := l.Commit(ctx, journal.Delta{Items: []tandem.StepItem{{Seq: t.NextSeq}}, Frontier: []byte("after one step")})
		once.Do(func() { leases <- l })
		<-hang // it does not even notice that its time is over
		return engine.Yield{}, err
	})
	t.Cleanup(func() { close(hang) }) // before the node is stopped
	second := newEngine(t, alive, options)
	if _, err := second.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"}); err != nil {
		t.Fatal(err)
	}
	lease := <-leases
	seen := make(chan journal.Txn, 1)
	start(t, second, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		seen <- t
		return y, err
	})
	select {
	case txn := <-seen:
		if string(txn.Frontier) != "after one step" || txn.NextSeq != 2 {
			t.Errorf("goes on from %q, item %d", txn.Frontier, txn.NextSeq)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nobody finished the dead node's transaction")
	}
	if err := lease.Commit(t.Context(), journal.Delta{Status: tandem.TransactionFailed}); !errors.Is(err, engine.ErrFenced) {
		t.Errorf("the dead node's commit: %v, want ErrFenced", err)
	}
}

// TestLostNode has a node take a transaction and lose its connection for good,
// as if it had been killed: another node need not wait for the slice's time to
// be over.
func TestLostNode(t *testing.T) {
	url := storetest.URL(t)
	lost, alive := openStore(t, url), openStore(t, url)
	o := options
	o.Timeout, o.Rescue, o.Lost = time.Minute, 2*time.Minute, 200*time.Millisecond
	second := newEngine(t, alive, o)
	o.Poll = time.Hour // it does not come back
	first := newEngine(t, lost, o)
	began := make(chan bool, 1)
	start(t, first, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		began <- true
		<-ctx.Done()
		return engine.Yield{}, ctx.Err()
	})
	if _, err := first.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"}); err != nil {
		t.Fatal(err)
	}
	<-began
	seen := make(chan bool, 1)
	start(t, second, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		seen <- true
		return finish(ctx, l)
	})
	select {
	case <-seen:
		t.Fatal("the transaction was taken from a node that lives")
	case <-time.After(5 * o.Lost):
	}
	var ended int
	if err := alive.Dialect().Writer().QueryRowContext(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 2 AND objid = (SELECT substr(attempted_by[1], 6)::int FROM river_job)`).Scan(&ended); err != nil || ended != 1 {
		t.Fatalf("ended %d connections, %v; want 1", ended, err)
	}
	select {
	case <-seen:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody finished the lost node's transaction")
	}
}

// TestSoonAfter submits a transaction so soon after another that River does not
// tell of it.
func TestSoonAfter(t *testing.T) {
	o := options
	o.Poll = time.Minute
	e := newEngine(t, openStore(t, storetest.URL(t)), o)
	seen := make(chan bool, 2)
	start(t, e, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		seen <- true
		return y, err
	})
	for i := range 100 {
		for range 2 {
			if _, err := e.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i%10) * time.Millisecond)
		}
		for range 2 {
			select {
			case <-seen:
			case <-time.After(20 * time.Second):
				t.Fatal("a transaction waits though a worker is free")
			}
		}
	}
}

// TestWindow admits no more of an account than its window.
func TestWindow(t *testing.T) {
	s := openStore(t, storetest.URL(t))
	o := options
	o.Window, o.Timeout, o.Rescue = 3, time.Minute, 2*time.Minute
	e := newEngine(t, s, o)
	began, end := make(chan bool, 20), make(chan bool)
	start(t, e, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		began <- true
		<-end
		return finish(ctx, l)
	})
	if _, err := e.Submit(t.Context(), slices.Repeat([]journal.NewTxn{{Account: 1, Cycle: "c"}}, 10)...); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		<-began
	}
	if _, err := e.Submit(t.Context(), journal.NewTxn{Account: 2, Cycle: "d"}); err != nil {
		t.Fatal(err)
	}
	<-began // the other account's
	var jobs int
	if err := s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job`).Scan(&jobs); err != nil || jobs != 4 {
		t.Errorf("%d jobs, %v; want 3 and 1", jobs, err)
	}
	close(end)
	for range 7 {
		<-began
	}
}
