package enginetest

import (
	"context"
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
	ready, _, err := b.ReadyBarriers(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return ready
}

// parked has a transaction wait over a stop of its cycle and a start of its engine;
// a wait that has passed meanwhile is over at once.
func parked(b *bench) {
	seen := make(chan time.Time, 10)
	var wake time.Time
	waits := func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) == "waiting" && !time.Now().Before(wake) {
			y, err := finish(ctx, l)
			seen <- time.Now()
			return y, err
		}
		d := journal.Delta{Status: tandem.TransactionWaiting, Wake: wake, Frontier: []byte("waiting")}
		err := l.Commit(ctx, d)
		seen <- time.Time{}
		return engine.Yield{Kind: engine.Until, Wake: wake}, err
	}
	wake = time.Now().Add(time.Hour).Truncate(time.Microsecond)
	b.start(4, waits)
	id := b.submit(journal.NewTxn{})[0]
	receive(b, seen, "the wait")
	b.start(4, waits) // as after a restart
	if s := b.status(id); s != tandem.TransactionWaiting {
		b.Errorf("status %s after a restart", s)
	}
	b.signal(one, engine.Hold)
	if s := b.status(id); s != tandem.TransactionHeld {
		b.Errorf("status %s while its cycle is stopped", s)
	}
	b.signal(one, engine.Resume)
	if s := b.status(id); s != tandem.TransactionWaiting {
		b.Errorf("status %s when its cycle goes on", s)
	}
	b.signal(one, engine.Hold)
	b.stop()
	wake = time.Now().Add(-time.Second)
	b.Passed(b.T, id, wake)
	b.start(4, waits)
	select {
	case <-seen:
		b.Error("it went on while its cycle was stopped")
	default:
	}
	b.signal(one, engine.Resume)
	if at := receive(b, seen, "its end"); at.IsZero() {
		b.Error("it waits again")
	}
}
