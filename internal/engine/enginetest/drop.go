package enginetest

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func (b *bench) drop(ids ...tandem.TransactionID) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	if err := b.Drop(ctx, one.Account, ids...); err != nil {
		b.Fatalf("drop: %v", err)
	}
}

// drop stops one of two that run; the other, and what comes after, go on.
func drop(b *bench) {
	began, ended := make(chan tandem.TransactionID, 10), make(chan tandem.TransactionID, 10)
	var running atomic.Int32
	b.start(4, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if string(t.Frontier) == "stay" {
			running.Add(1)
			defer running.Add(-1)
			began <- t.ID
			if _, err := stopped(ctx); ctx.Err() == nil {
				return engine.Yield{}, err
			}
			return engine.Yield{Kind: engine.Ready}, nil // as the interpreter does
		}
		y, err := finish(ctx, l)
		ended <- t.ID
		return y, err
	})
	id := b.submit(journal.NewTxn{Frontier: []byte("stay")})[0]
	receive(b, began, "the slice")
	b.drop(id)
	if n := running.Load(); n != 0 {
		b.Errorf("%d slices run after Drop", n)
	}
	if s := b.status(id); s != tandem.TransactionCancelled {
		b.Errorf("status %s", s)
	}
	b.drop(id, id+1) // what is over, or not there, is left alone
	after := b.submit(journal.NewTxn{})[0]
	if got := receive(b, ended, "a transaction after Drop"); got != after || b.status(id) != tandem.TransactionCancelled {
		b.Errorf("ran %s, want %s", got, after)
	}
	if len(began) > 0 {
		b.Error("what was dropped began again")
	}
}

// dropWaiting drops what is queued, what waits for a time, and a parent with its
// children; what belongs to another account stays.
func dropWaiting(b *bench) {
	ended := make(chan tandem.TransactionID, 10)
	split, waits := make(chan bool, 1), make(chan bool, 1)
	release := make(chan bool)
	run := func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		switch string(t.Frontier) {
		case "block":
			<-release
		case "wait":
			at := time.Now().Add(time.Hour)
			defer func() { waits <- true }()
			return engine.Yield{Kind: engine.Until, Wake: at}, l.Commit(ctx, journal.Delta{Frontier: []byte("wait"), Status: tandem.TransactionWaiting, Wake: at})
		case "split":
			d := journal.Delta{Frontier: []byte("rest"), Status: tandem.TransactionSplit}
			for range 3 {
				d.Children = append(d.Children, journal.NewTxn{Account: t.Account, Cycle: t.Cycle, Frontier: []byte("wait")})
			}
			defer func() { split <- true }()
			return engine.Yield{Kind: engine.Children}, l.Commit(ctx, d)
		}
		y, err := finish(ctx, l)
		ended <- t.ID
		return y, err
	}
	b.start(4, run)
	parent := b.submit(journal.NewTxn{Frontier: []byte("split")})[0]
	receive(b, split, "the split")
	for range 3 {
		receive(b, waits, "a child")
	}
	b.drop(parent)
	p, err := b.Transactions().List(b.Context(), one.Account, tandem.TransactionFilter{})
	if err != nil || len(p.Rows) != 4 || slices.ContainsFunc(p.Rows, func(t tandem.Transaction) bool { return t.Status != tandem.TransactionCancelled }) {
		b.Errorf("%+v, %v", p.Rows, err)
	}

	b.start(1, run) // one worker, which is kept busy
	block := b.submit(journal.NewTxn{Frontier: []byte("block")})[0]
	queued := b.submit(journal.NewTxn{}, journal.NewTxn{})
	other := b.submit(journal.NewTxn{Account: two.Account, Cycle: two.ID})[0]
	b.drop(queued[0], other)
	close(release)
	var got []tandem.TransactionID
	for range 3 {
		got = append(got, receive(b, ended, "what was not dropped"))
	}
	slices.Sort(got)
	if !slices.Equal(got, []tandem.TransactionID{block, queued[1], other}) || b.status(queued[0]) != tandem.TransactionCancelled {
		b.Errorf("ran %v; dropped %s", got, queued[0])
	}
}
