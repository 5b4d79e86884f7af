// Package enginetest is the conformance suite that every engine passes.
//
// The cases wait for signals from the runners that they give the engine, never
// for time to pass; what never comes fails the case after [patience].
package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// patience is how long a case waits for what has to come.
const patience = 20 * time.Second

// Bench is an engine's installation under test.
type Bench struct {
	// New opens an engine with a number of workers over what was there
	// before. It stops without grace, and retries after milliseconds.
	New func(t *testing.T, workers int, limit engine.Limit) engine.Engine
	// Transactions reads the records.
	Transactions func() tandem.Transactions
	// SetTimer makes a cycle due.
	SetTimer func(t *testing.T, c journal.Cycle, at time.Time)
	// AgeWaits has all that waits be due so much earlier.
	AgeWaits func(t *testing.T, by time.Duration)
	// Barriers lists those that can be passed, as the store does.
	Barriers func(ctx context.Context) (ready []journal.Barrier, open bool, err error)
	// AgeHolds has all holds begin so much earlier.
	AgeHolds func(t *testing.T, by time.Duration)
}

// Run runs the suite; each case on an installation of its own.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"runs what is submitted", runs},
		{"ends before it has begun", endsEarly},
		{"knows a key", dedupes},
		{"makes nothing of a firing that comes late", lateFiring},
		{"starts a cycle's transactions in order", ordered},
		{"gives a transaction one owner at a time", oneOwner},
		{"goes on from the last commit after a crash", crash},
		{"fences an owner that is over", fenced},
		{"goes on when all children have ended", join},
		{"ends a parent with its last child", joinEnds},
		{"wakes at a time", until},
		{"waits over stops and starts", parked},
		{"goes on once when all have arrived", barrier},
		{"holds a cycle in the middle of a step", hold},
		{"cancels a cycle in the middle of a step", cancel},
		{"drops a transaction in the middle of a step", drop},
		{"drops what waits, and what was split", dropWaiting},
		{"closes a cycle to requests", closes},
		{"lets nothing rest for requests that are over", restsForNothing},
		{"goes on with a child that is submitted", adopts},
		{"makes no child of what has ended", orphans},
		{"goes on once when all have arrived behind requests", barrierOfRequests},
		{"expires what is held for too long", expire},
		{"serves quiet accounts during a flood", fair},
		{"serves quiet accounts while others hang", hanging},
		{"goes on beside one that hangs", beside},
		{"works on so many of an account at once", limited},
		{"ends a cycle's transactions in order", serial},
		{"lets others go on in order", unblocked},
		{"stops hundreds in the middle of their steps", stopsAll},
		{"blames nobody for what is away", away},
		{"sets poison aside", poison},
		{"spoils a barrier with poison", spoilt},
		{"refuses what is too much, and runs all else", overload},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(&bench{T: t, Bench: open(t)}) })
	}
}

// bench is a case's.
type bench struct {
	*testing.T
	Bench
	engine.Engine
	stop  func() // ends the engine and waits for it
	limit limits
}

// runner is a function as an engine.Runner.
type runner func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error)

// Spoils says that what is a trigger, by its frontier, spoils a barrier.
func (runner) Spoils(_ context.Context, t journal.Txn) ([]journal.Arrival, error) {
	if string(t.Frontier) != "trigger" {
		return nil, nil
	}
	return []journal.Arrival{{Step: "all", Version: 7, Frontier: []byte("beyond"), Failed: true}}, nil
}

func (r runner) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	return r(ctx, l, t)
}

// start starts an engine, after stopping the one before.
func (b *bench) start(workers int, r runner) {
	b.Helper()
	b.open(workers)
	b.run(r)
}

func (b *bench) open(workers int) {
	b.Helper()
	if b.stop != nil {
		b.stop()
	}
	b.Engine = b.New(b.T, workers, b.limit.of)
}

// run runs the engine that was opened.
func (b *bench) run(r runner) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	e := b.Engine
	wg.Go(func() {
		if err := e.Run(ctx, r); err != nil {
			b.Errorf("run: %v", err)
		}
	})
	b.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
	})
	b.Cleanup(b.stop)
}

func (b *bench) submit(n ...journal.NewTxn) []tandem.TransactionID {
	b.Helper()
	for i := range n {
		if n[i].Account == 0 {
			n[i].Account, n[i].Cycle = one.Account, one.ID
		}
	}
	ids, err := b.Submit(b.Context(), n...)
	if err != nil {
		b.Fatal(err)
	}
	return ids
}

func (b *bench) signal(c journal.Cycle, s engine.Signal) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	if err := b.SignalCycle(ctx, c.Account, c.ID, s); err != nil {
		b.Fatalf("signal %d: %v", s, err)
	}
}

func (b *bench) status(id tandem.TransactionID) tandem.TransactionStatus {
	b.Helper()
	t, err := b.Transactions().Get(b.Context(), one.Account, id)
	if err != nil {
		b.Fatal(err)
	}
	return t.Status
}

var one, two = journal.Cycle{Account: 1, ID: "one"}, journal.Cycle{Account: 2, ID: "two"}

// receive takes what a runner sends.
func receive[T any](b *bench, c <-chan T, what string) T {
	b.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		b.Fatalf("waited in vain for %s", what)
		panic("not reached")
	}
}

// finish ends a transaction.
func finish(ctx context.Context, l engine.Lease) (engine.Yield, error) {
	return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted})
}

// step commits a step item and what is pending after it.
func step(ctx context.Context, l engine.Lease, t journal.Txn, frontier string) error {
	return l.Commit(ctx, journal.Delta{Items: []tandem.StepItem{{Seq: t.NextSeq, StepID: "step"}}, Frontier: []byte(frontier)})
}

// stopped waits for ctx, as a step does that is stopped.
func stopped(ctx context.Context) (engine.Yield, error) {
	select {
	case <-ctx.Done():
		return engine.Yield{}, ctx.Err()
	case <-time.After(patience):
		return engine.Yield{}, errors.New("nobody stopped the slice")
	}
}
