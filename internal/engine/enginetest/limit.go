package enginetest

import (
	"context"
	"sync/atomic"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// limits is the limit of the account that one is in; others have none, and are
// not known.
type limits struct{ one, asked atomic.Int64 }

func (l *limits) of(_ context.Context, a tandem.AccountID) (int, error) {
	if a != one.Account {
		return 0, tandem.NotFoundf("no such account")
	}
	n := l.one.Load()
	l.asked.Add(1)
	return int(n), nil
}

// set changes the limit, and waits until the engine must go by it.
func (l *limits) set(b *bench, n int64) {
	b.Helper()
	l.one.Store(n)
	was := l.asked.Load()
	b.eventually("the limit is read", func() bool { return l.asked.Load() >= was+3 })
}

// limited floods an account that has a limit, changes it, and looks who runs.
func limited(b *bench) {
	const flood = 12
	began, ended, passed := make(chan bool, flood), make(chan bool, flood), make(chan bool, flood)
	release := make(chan bool)
	var running, most atomic.Int64
	b.limit.one.Store(2)
	b.start(16, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.Account != one.Account {
			y, err := finish(ctx, l)
			passed <- true
			return y, err
		}
		n := running.Add(1)
		most.Store(max(most.Load(), n))
		began <- true
		select {
		case <-release:
		case <-ctx.Done():
		}
		running.Add(-1)
		y, err := finish(ctx, l)
		ended <- true
		return y, err
	})
	b.submit(make([]journal.NewTxn, flood)...)
	expect := func(more, limit int64) {
		b.Helper()
		for range more {
			receive(b, began, "a slice of the account")
		}
		for range 3 { // submitted later, others pass
			b.submit(journal.NewTxn{Account: two.Account, Cycle: two.ID})
			receive(b, passed, "another account's transaction")
		}
		if n := running.Load(); n != limit || len(began) > 0 {
			b.Errorf("%d are at work, and %d more have begun; want %d", n, len(began), limit)
		}
	}
	expect(2, 2)
	b.limit.set(b, 5)
	expect(3, 5)
	b.limit.set(b, 1)
	for range 5 {
		release <- true
		receive(b, ended, "the end of a transaction")
	}
	most.Store(0)
	for range 3 {
		expect(1, 1)
		release <- true
		receive(b, ended, "the end of a transaction")
	}
	b.limit.one.Store(0)
	expect(flood-5-3, flood-5-3)
	close(release)
	if n := most.Load(); n != flood-5-3 {
		b.Errorf("%d were at work at once", n)
	}
}
