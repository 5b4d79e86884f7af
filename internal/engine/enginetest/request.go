package enginetest

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// closes has transactions wait for requests, of which none come any more: they go
// on, and what waits for something else as well goes on waiting.
func closes(b *bench) {
	waiting, again := make(chan tandem.TransactionID, 10), make(chan tandem.TransactionID, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.NextSeq > 1 {
			again <- t.ID
			return finish(ctx, l)
		}
		y, err := b.await(ctx, l, string(t.Frontier) == "both")
		waiting <- t.ID
		return y, err
	})
	alone := b.submit(journal.NewTxn{})[0]
	both := b.submit(journal.NewTxn{Frontier: []byte("both")})[0]
	other := b.submit(journal.NewTxn{Account: two.Account, Cycle: two.ID})[0]
	for range 3 {
		receive(b, waiting, "a transaction that waits")
	}
	b.signal(one, engine.Close)
	if id := receive(b, again, "the transaction that waited for requests"); id != alone {
		b.Errorf("%d goes on, want %d", id, alone)
	}
	b.signal(one, engine.Close) // once more does nothing
	for _, id := range []tandem.TransactionID{both, other} {
		a := one.Account
		if id == other {
			a = two.Account
		}
		if t, err := b.Transactions().Get(b.Context(), a, id); err != nil || t.Status != tandem.TransactionWaiting {
			b.Errorf("%+v, %v, want it waiting", t, err)
		}
	}
	if len(again) > 0 {
		b.Errorf("%d goes on, too", <-again)
	}
}

// await commits that a transaction waits for requests, or for something else as
// well, which comes sooner.
func (b *bench) await(ctx context.Context, l engine.Lease, sooner bool) (engine.Yield, error) {
	until := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	d := journal.Delta{
		Items: []tandem.StepItem{{Seq: 1}}, Frontier: []byte("waits"), Status: tandem.TransactionWaiting, Wake: until,
		Matches: []journal.Match{{Step: "s", Hash: "h", Until: until}},
	}
	if sooner {
		d.Wake = until.Add(-time.Minute)
	}
	return engine.Yield{Kind: engine.Until, Wake: d.Wake}, l.Commit(ctx, d)
}

// adopts submits a child of a transaction that waits, which ends after it.
func adopts(b *bench) {
	waiting, ended := make(chan tandem.TransactionID, 10), make(chan tandem.TransactionID, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		switch {
		case t.Parent != 0:
			defer func() { ended <- t.ID }()
			return finish(ctx, l)
		case t.NextSeq > 1:
			return engine.Yield{Kind: engine.Children}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionSplit})
		}
		defer func() { waiting <- t.ID }()
		return b.await(ctx, l, false)
	})
	held := b.submit(journal.NewTxn{})[0]
	receive(b, waiting, "a transaction that waits")
	child := b.submit(journal.NewTxn{Parent: held})[0]
	if id := receive(b, ended, "the child"); id != child {
		b.Errorf("%d ended, want %d", id, child)
	}
	if s := b.status(held); s != tandem.TransactionWaiting {
		b.Errorf("its parent is %s", s)
	}
	b.signal(one, engine.Close)
	b.eventually("the end of the parent", func() bool { return b.status(held) == tandem.TransactionCompleted })
}

// restsForNothing closes a cycle to requests after a transaction has looked, and before
// it comes to rest: it goes on at once.
func restsForNothing(b *bench) {
	looked, closed, ended := make(chan bool, 1), make(chan bool), make(chan bool, 1)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.NextSeq > 1 {
			defer func() { ended <- true }()
			return finish(ctx, l)
		}
		until := time.Now().Add(time.Hour).Truncate(time.Microsecond)
		err := l.Commit(ctx, journal.Delta{Frontier: []byte("looked"), Matches: []journal.Match{{Step: "s", Hash: "h", Until: until}}})
		if err != nil {
			return engine.Yield{}, err
		}
		looked <- true
		<-closed
		d := journal.Delta{Items: []tandem.StepItem{{Seq: 1}}, Frontier: []byte("waits"), Status: tandem.TransactionWaiting, Wake: until, Resting: true}
		return engine.Yield{Kind: engine.Until, Wake: until}, l.Commit(ctx, d)
	})
	b.submit(journal.NewTxn{})
	receive(b, looked, "the look")
	b.signal(one, engine.Close)
	close(closed)
	receive(b, ended, "the end of what waits for nothing")
}

// orphans submits children of transactions that have ended: nothing is made, and
// nothing runs.
func orphans(b *bench) {
	ran := make(chan tandem.TransactionID, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) == "held" {
			defer func() { ran <- t.ID }()
			return b.await(ctx, l, false)
		}
		y, err := finish(ctx, l)
		ran <- t.ID
		return y, err
	})
	ended, held := b.submit(journal.NewTxn{})[0], b.submit(journal.NewTxn{Frontier: []byte("held")})[0]
	receive(b, ran, "a parent")
	receive(b, ran, "a parent")
	b.drop(held)
	for _, parent := range []tandem.TransactionID{ended, held} {
		if id := b.submit(journal.NewTxn{Parent: parent})[0]; id != 0 {
			b.Errorf("%s is made of what has ended", id)
		}
	}
	last := b.submit(journal.NewTxn{})[0]
	if id := receive(b, ran, "what comes after"); id != last {
		b.Errorf("%s ran, want %s", id, last)
	}
}

// barrierOfRequests has transactions wait for requests, whose children arrive at a
// barrier: one goes on from there when all have ended, once.
func barrierOfRequests(b *bench) {
	const all = 3
	waiting, arrived, went := make(chan bool, all), make(chan bool, all), make(chan journal.Txn, 10)
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		switch {
		case string(t.Frontier) == "beyond":
			y, err := finish(ctx, l)
			went <- t
			return y, err
		case t.Parent != 0:
			defer func() { arrived <- true }()
			return engine.Yield{Kind: engine.Done}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionCompleted, Arrivals: []journal.Arrival{{Step: "all", Version: 7, Frontier: []byte("beyond")}}})
		case t.NextSeq > 1:
			return engine.Yield{Kind: engine.Children}, l.Commit(ctx, journal.Delta{Status: tandem.TransactionSplit, Unmatch: true})
		}
		defer func() { waiting <- true }()
		return b.await(ctx, l, false)
	})
	held := b.submit(make([]journal.NewTxn, all)...)
	for range held {
		receive(b, waiting, "a transaction that waits")
	}
	for _, parent := range held {
		b.submit(journal.NewTxn{Parent: parent})
		receive(b, arrived, "what a request made")
	}
	if ready := b.barriers(); len(ready) != 0 {
		b.Errorf("ready while all wait for requests: %+v", ready)
	}
	b.signal(one, engine.Close)
	for _, id := range held {
		b.eventually("the end of what waited", func() bool { return b.status(id) == tandem.TransactionCompleted })
	}
	ready := b.barriers()
	if len(ready) != 1 {
		b.Fatalf("ready: %+v", ready)
	}
	for i, want := range []bool{true, false} {
		id := b.submit(journal.NewTxn{Version: 7, Frontier: ready[0].Frontier, Created: time.Now(), Pass: &journal.Pass{Step: "all", Mark: ready[0].Mark}})[0]
		if (id != 0) != want {
			b.Errorf("pass %d makes %s", i+1, id)
		}
	}
	if t := receive(b, went, "what goes on"); t.Parent != 0 {
		b.Errorf("went on: %+v", t)
	}
	b.eventually("its end", func() bool { return len(b.barriers()) == 0 })
	if len(went) > 0 {
		b.Error("another goes on")
	}
}
