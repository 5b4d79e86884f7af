package enginetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func hold(b *bench) {
	began, ended := make(chan tandem.TransactionID, 10), make(chan journal.Txn, 10)
	var running, resumed atomic.Int32
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.Cycle == one.ID && resumed.Load() == 0 {
			running.Add(1)
			defer running.Add(-1)
			began <- t.ID
			return stopped(ctx)
		}
		y, err := finish(ctx, l)
		ended <- t
		return y, err
	})
	first := b.submit(journal.NewTxn{})[0]
	receive(b, began, "the slice")
	b.signal(one, engine.Hold)
	if n := running.Load(); n != 0 {
		b.Errorf("%d slices run after Hold", n)
	}
	if s := b.status(first); s != tandem.TransactionHeld {
		b.Errorf("status %s", s)
	}
	second := b.submit(journal.NewTxn{})[0]
	// Another account's, submitted after it, runs; so it would have, too.
	b.submit(journal.NewTxn{Account: two.Account, Cycle: two.ID})
	if t := receive(b, ended, "another account's transaction"); t.Cycle != two.ID {
		b.Error("a held transaction ran")
	}
	if len(began) > 0 {
		b.Error("a slice began while its cycle was held")
	}
	resumed.Store(1)
	b.signal(one, engine.Resume)
	got := map[tandem.TransactionID]bool{receive(b, ended, "a resumed transaction").ID: true, receive(b, ended, "a resumed transaction").ID: true}
	if !got[first] || !got[second] {
		b.Errorf("ran after Resume: %v, want %s and %s", got, first, second)
	}
}

func cancel(b *bench) {
	began, ended := make(chan bool, 10), make(chan tandem.TransactionID, 10)
	var cancelled atomic.Bool
	b.start(2, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if !cancelled.Load() {
			began <- true
			return stopped(ctx)
		}
		y, err := finish(ctx, l)
		ended <- t.ID
		return y, err
	})
	ids := b.submit(make([]journal.NewTxn, 5)...)
	receive(b, began, "a slice")
	b.signal(one, engine.Cancel)
	for _, id := range ids {
		if s := b.status(id); s != tandem.TransactionCancelled {
			b.Errorf("status %s", s)
		}
	}
	cancelled.Store(true)
	after := b.submit(journal.NewTxn{})[0]
	if id := receive(b, ended, "a transaction after Cancel"); id != after {
		b.Errorf("ran %s, which was cancelled", id)
	}
}

// expire has a cycle held for almost too long, for too long, and started just
// before what it holds expires.
func expire(b *bench) {
	ended := make(chan tandem.TransactionID, 10)
	b.start(2, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		ended <- t.ID
		return y, err
	})
	expired := func(id tandem.TransactionID, by time.Duration, want tandem.TransactionStatus) {
		b.Helper()
		b.AgeHolds(b.T, by)
		b.signal(one, engine.Expire)
		if s := b.status(id); s != want {
			b.Errorf("status %s, want %s", s, want)
		}
	}
	b.signal(one, engine.Hold)
	old := b.submit(journal.NewTxn{})[0]
	b.signal(one, engine.Hold) // once more: it goes on counting from the first
	expired(old, 23*time.Hour, tandem.TransactionHeld)
	expired(old, time.Hour, tandem.TransactionCancelled)

	b.signal(one, engine.Resume)
	b.signal(one, engine.Hold)
	fresh := b.submit(journal.NewTxn{})[0]
	b.signal(one, engine.Hold)
	b.AgeHolds(b.T, 24*time.Hour)
	b.signal(one, engine.Resume)
	b.signal(one, engine.Expire)
	if id := receive(b, ended, "what was resumed in time"); id != fresh {
		b.Errorf("ran %s, which was cancelled", id)
	}
}

func poison(b *bench) {
	var tries atomic.Int32
	ended := make(chan bool, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		switch string(t.Frontier) {
		case "panics":
			tries.Add(1)
			panic("poison")
		case "errs":
			return engine.Yield{}, errors.New("poison")
		}
		y, err := finish(ctx, l)
		ended <- true
		return y, err
	})
	ids := b.submit(journal.NewTxn{Frontier: []byte("panics")}, journal.NewTxn{Frontier: []byte("errs")}, journal.NewTxn{})
	receive(b, ended, "the healthy transaction")
	for _, id := range ids[:2] {
		b.eventually("poison is set aside", func() bool { return b.status(id) == tandem.TransactionFailed })
	}
	if n := tries.Load(); n != journal.Poisonous/journal.FailureSuspicion {
		b.Errorf("it was tried %d times", n)
	}
	p, err := b.Transactions().Incidents(b.Context(), one.Account, tandem.TransactionFilter{})
	if err != nil || p.Total != 2 {
		b.Errorf("%d incidents, want 2; %v", p.Total, err)
	}
}

// overload submits from very many at once: what is acknowledged runs, and what
// is refused, for being too much, does not.
func overload(b *bench) {
	const submitters = 6000
	var ran sync.Map
	var n atomic.Int64
	b.start(64, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		y, err := finish(ctx, l)
		ran.Store(t.ID, true)
		n.Add(1)
		return y, err
	})
	var mu sync.Mutex
	var acknowledged []tandem.TransactionID
	begin := make(chan bool)
	var wg sync.WaitGroup
	for range submitters {
		wg.Go(func() {
			<-begin
			ids, err := b.Submit(b.Context(), journal.NewTxn{Account: one.Account, Cycle: one.ID})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				acknowledged = append(acknowledged, ids...)
			} else if !errors.Is(err, engine.ErrBusy) {
				b.Errorf("submit: %v", err)
			}
		})
	}
	close(begin)
	wg.Wait()
	if len(acknowledged) == 0 {
		b.Fatal("nothing was accepted")
	}
	b.eventually("all that was acknowledged runs", func() bool { return n.Load() >= int64(len(acknowledged)) })
	for _, id := range acknowledged {
		if _, ok := ran.Load(id); !ok {
			b.Errorf("%s was acknowledged and did not run", id)
		}
	}
	if n.Load() != int64(len(acknowledged)) {
		b.Errorf("%d ran of %d acknowledged", n.Load(), len(acknowledged))
	}
}
