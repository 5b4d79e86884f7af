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
