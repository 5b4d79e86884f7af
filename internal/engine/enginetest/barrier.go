package enginetest

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// barrier has transactions arrive at a step, and one go on when all have ended.
func barrier(b *bench) {
	const all = 20
	ended, went := make(chan tandem.TransactionID, all), make(chan journal.Txn, 10)
	last := make(chan bool)
	b.open(4)
	ids := b.submit(make([]journal.NewTxn, all)...)
	b.run(func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) == "beyond" {
			y, err := finish(ctx, l)
			went <- t
			return y, err
		}
		if t.ID == ids[all-1] {
			<-last
		}
		err := l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted, Arrivals: []journal.Arrival{{Step: "all", Version: 7, Frontier: []byte("beyond")}}})
		ended <- t.ID
		return engine.Yield{Kind: engine.Done}, err
	})
	for range all - 1 {
		receive(b, ended, "an arrival")
	}
	if ready := b.barriers(); len(ready) != 0 {
		b.Errorf("ready before the last has ended: %+v", ready)
	}
	close(last)
	receive(b, ended, "the last arrival")
	ready := b.barriers()
	if len(ready) != 1 || ready[0].Cycle != one.ID || ready[0].Version != 7 {
		b.Fatalf("ready: %+v", ready)
	}
	pass := func() tandem.TransactionID {
		return b.submit(journal.NewTxn{Version: 7, Frontier: ready[0].Frontier, Created: time.Now(), Pass: &journal.Pass{Step: "all", Mark: ready[0].Mark}})[0]
	}
	if pass() == 0 {
		b.Error("nothing goes on")
	}
	if t := receive(b, went, "what goes on"); t.Version != 7 || t.Parent != 0 {
		b.Errorf("went on: %+v", t)
	}
	if id := pass(); id != 0 {
		b.Errorf("%s goes on too", id)
	}
	if ready := b.barriers(); len(ready) != 0 {
		b.Errorf("still ready: %+v", ready)
	}
}

// barriers are those that can be passed now.
func (b *bench) barriers() []journal.Barrier {
	b.Helper()
	ready, _, err := b.Barriers(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return ready
}

// parked has a transaction wait over a start of its engine and stops of its cycle; a
// wait that passes meanwhile is over at once.
func parked(b *bench) {
	waits, ends := make(chan bool, 10), make(chan bool, 10)
	var over atomic.Bool
	r := func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if over.Load() {
			y, err := finish(ctx, l)
			ends <- true
			return y, err
		}
		wake := time.Now().Add(time.Hour).Truncate(time.Microsecond)
		err := l.Commit(ctx, journal.Delta{Status: tandem.TransactionWaiting, Wake: wake, Frontier: []byte("waiting")})
		waits <- true
		return engine.Yield{Kind: engine.Until, Wake: wake}, err
	}
	is := func(want tandem.TransactionStatus, when string, id tandem.TransactionID) {
		b.Helper()
		if s := b.status(id); s != want {
			b.Errorf("%s %s", s, when)
		}
	}
	b.start(4, r)
	id := b.submit(journal.NewTxn{})[0]
	receive(b, waits, "the wait")
	b.start(4, r)
	is(tandem.TransactionWaiting, "after a restart", id)
	b.signal(one, engine.Hold)
	is(tandem.TransactionHeld, "while its cycle is stopped", id)
	b.signal(one, engine.Resume)
	is(tandem.TransactionWaiting, "when its cycle goes on", id)
	b.signal(one, engine.Hold)
	b.AgeWaits(b.T, 2*time.Hour)
	over.Store(true)
	b.start(4, r)
	is(tandem.TransactionHeld, "after a restart while its cycle is stopped", id)
	b.signal(one, engine.Resume)
	receive(b, ends, "its end")
	if len(waits) > 0 {
		b.Error("it waited again")
	}
}

// spoilt has a trigger set aside as poison: nothing goes on from the barrier at which
// another transaction arrived.
func spoilt(b *bench) {
	arrived := make(chan bool, 1)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) == "trigger" {
			panic("poison")
		}
		defer func() { arrived <- true }()
		return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted, Arrivals: []journal.Arrival{{Step: "all", Version: 7, Frontier: []byte("beyond")}}})
	})
	ids := b.submit(journal.NewTxn{Frontier: []byte("trigger")}, journal.NewTxn{})
	receive(b, arrived, "an arrival")
	b.eventually("poison is set aside", func() bool { return b.status(ids[0]) == tandem.TransactionFailed })
	if ready := b.barriers(); len(ready) != 1 || !ready[0].Failed {
		b.Errorf("ready: %+v", ready)
	}
}
