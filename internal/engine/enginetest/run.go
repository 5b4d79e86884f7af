package enginetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func runs(b *bench) {
	seen := make(chan journal.Txn, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		seen <- t
		return y, err
	})
	ids := b.submit(journal.NewTxn{Version: 7, Frontier: []byte("begin"), Items: []tandem.StepItem{{Seq: 1}}}, journal.NewTxn{})
	got := map[tandem.TransactionID]journal.Txn{}
	for range ids {
		t := receive(b, seen, "a slice")
		got[t.ID] = t
	}
	t := got[ids[0]]
	if t.Account != one.Account || t.Cycle != one.ID || t.Version != 7 || string(t.Frontier) != "begin" || t.NextSeq != 2 {
		b.Errorf("the runner got %+v", t)
	}
	for _, id := range ids {
		if s := b.status(id); s != tandem.TransactionCompleted {
			b.Errorf("status %s", s)
		}
	}
}

// endsEarly is told to end before it has begun, which is no error.
func endsEarly(b *bench) {
	b.open(1)
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	if err := b.Engine.Run(ctx, runner(func(context.Context, engine.Lease, journal.Txn) (engine.Yield, error) {
		b.Error("a slice began")
		return engine.Yield{}, nil
	})); err != nil {
		b.Error(err)
	}
}

func dedupes(b *bench) {
	seen := make(chan tandem.TransactionID, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		seen <- t.ID
		return y, err
	})
	first := b.submit(journal.NewTxn{Trigger: "hook", Key: "k"})
	again := b.submit(journal.NewTxn{Trigger: "hook", Key: "k"})
	other := b.submit(journal.NewTxn{Trigger: "hook", Key: "l"})
	if first[0] != again[0] || first[0] == other[0] {
		b.Errorf("ids %v %v %v", first, again, other)
	}
	got := []tandem.TransactionID{receive(b, seen, "the first"), receive(b, seen, "the other")}
	slices.Sort(got)
	if diff := cmp.Diff([]tandem.TransactionID{first[0], other[0]}, got); diff != "" {
		b.Errorf("ran (-want +got):\n%s", diff)
	}
}

func lateFiring(b *bench) {
	at := time.UnixMicro(1_000_000)
	b.open(1)
	b.SetTimer(b.T, one, at)
	c := &journal.Cursor{Account: one.Account, Cycle: one.ID, Was: at, Next: at.Add(time.Minute)}
	if ids := b.submit(journal.NewTxn{Cursor: c}); ids[0] == 0 {
		b.Error("the firing made nothing")
	}
	if ids := b.submit(journal.NewTxn{Cursor: c}); ids[0] != 0 {
		b.Error("a firing that came late made a transaction")
	}
}

func ordered(b *bench) {
	const n = 100
	seen := make(chan tandem.TransactionID, n)
	b.open(1)
	var want []tandem.TransactionID
	for range n {
		want = append(want, b.submit(journal.NewTxn{})...)
	}
	b.run(func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		seen <- t.ID
		return finish(ctx, l)
	})
	var got []tandem.TransactionID
	for range n {
		got = append(got, receive(b, seen, "a slice"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("order of start (-want +got):\n%s", diff)
	}
}

func oneOwner(b *bench) {
	const txns, slicesOfEach = 50, 5
	var mu sync.Mutex
	running := map[tandem.TransactionID]bool{}
	done := make(chan bool, txns)
	b.start(16, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		mu.Lock()
		if running[t.ID] {
			b.Errorf("transaction %s has two owners", t.ID)
		}
		running[t.ID] = true
		mu.Unlock()
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			running[t.ID] = false
		}()
		if t.NextSeq < slicesOfEach {
			return engine.Yield{Kind: engine.Ready}, step(ctx, l, t, "more")
		}
		y, err := finish(ctx, l)
		done <- true
		return y, err
	})
	b.submit(make([]journal.NewTxn, txns)...)
	for range txns {
		receive(b, done, "a transaction's end")
	}
}

// crash ends the engine in the middle of a slice, which then has no more to
// say, and starts another.
func crash(b *bench) {
	began := make(chan bool, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if err := step(ctx, l, t, "after one step"); err != nil {
			return engine.Yield{}, err
		}
		began <- true
		return stopped(ctx)
	})
	ids := b.submit(journal.NewTxn{Frontier: []byte("begin")}, journal.NewTxn{Frontier: []byte("begin")})
	receive(b, began, "the first step")
	receive(b, began, "the first step")
	seen := make(chan journal.Txn, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		seen <- t
		return y, err
	})
	for range ids {
		if t := receive(b, seen, "the slice after the crash"); string(t.Frontier) != "after one step" || t.NextSeq != 2 {
			b.Errorf("goes on from %q, item %d", t.Frontier, t.NextSeq)
		}
	}
}

func fenced(b *bench) {
	leases := make(chan engine.Lease, 10)
	var round atomic.Int32
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		defer func() { leases <- l }()
		if round.Add(1) == 1 {
			return engine.Yield{Kind: engine.Ready}, step(ctx, l, t, "more")
		}
		return finish(ctx, l)
	})
	id := b.submit(journal.NewTxn{})[0]
	old := receive(b, leases, "the first lease")
	receive(b, leases, "the second lease")
	err := old.Commit(b.Context(), journal.Delta{Status: tandem.TransactionFailed})
	if !errors.Is(err, engine.ErrFenced) {
		b.Errorf("the old lease: %v, want ErrFenced", err)
	}
	if s := b.status(id); s != tandem.TransactionCompleted {
		b.Errorf("status %s", s)
	}
}

// splitter is a runner that splits a transaction with the frontier "split"
// into children, of which it reports each, in two pages.
func splitter(children int, rest string, ended chan<- journal.Txn) runner {
	return func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) != "split" {
			y, err := finish(ctx, l)
			ended <- t
			return y, err
		}
		page := journal.Delta{Frontier: []byte("split")}
		for range children / 2 {
			page.Children = append(page.Children, journal.NewTxn{Account: t.Account, Cycle: t.Cycle})
		}
		if err := l.Commit(ctx, page); err != nil {
			return engine.Yield{}, err
		}
		last := journal.Delta{Frontier: []byte(rest), Status: tandem.TransactionSplit}
		for range children - children/2 {
			last.Children = append(last.Children, journal.NewTxn{Account: t.Account, Cycle: t.Cycle})
		}
		return engine.Yield{Kind: engine.Children}, l.Commit(ctx, last)
	}
}

func join(b *bench) {
	const children = 60
	ended := make(chan journal.Txn, children+10)
	b.start(16, splitter(children, "rest", ended))
	parent := b.submit(journal.NewTxn{Frontier: []byte("split")})[0]
	for range children {
		if t := receive(b, ended, "a child's end"); t.ID == parent {
			b.Fatal("the parent went on before its last child ended")
		}
	}
	if t := receive(b, ended, "the parent's end"); t.ID != parent || string(t.Frontier) != "rest" {
		b.Errorf("after the children ran %+v", t)
	}
	if s := b.status(parent); s != tandem.TransactionCompleted {
		b.Errorf("the parent is %s", s)
	}
}

func joinEnds(b *bench) {
	const children = 5
	ended := make(chan journal.Txn, children+10)
	b.start(16, splitter(children, "", ended))
	parent := b.submit(journal.NewTxn{Frontier: []byte("split")})[0]
	for range children {
		receive(b, ended, "a child's end")
	}
	// The parent may be just splitting when its last child ends.
	b.eventually("the parent ends", func() bool { return b.status(parent) == tandem.TransactionCompleted })
}

// eventually is for what no runner sees.
func (b *bench) eventually(what string, is func() bool) {
	b.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("waited in vain: %s", what)
		}
	}
}

func until(b *bench) {
	const wait = 200 * time.Millisecond
	woken := make(chan time.Time, 1)
	var wake atomic.Int64
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.NextSeq == 1 {
			at := time.Now().Add(wait).Truncate(time.Microsecond)
			wake.Store(at.UnixMicro())
			d := journal.Delta{Items: []tandem.StepItem{{Seq: 1}}, Frontier: []byte("later"), Status: tandem.TransactionWaiting, Wake: at}
			return engine.Yield{Kind: engine.Until, Wake: at}, l.Commit(ctx, d)
		}
		woken <- time.Now()
		return finish(ctx, l)
	})
	b.submit(journal.NewTxn{})
	if at := receive(b, woken, "the second slice"); at.UnixMicro() < wake.Load() {
		b.Errorf("woken at %v, before %v", at, time.UnixMicro(wake.Load()))
	}
}
