package enginetest

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// quiet are accounts that have a transaction now and then.
const quiet = 20

// quietly submits a transaction of each quiet account, one after the other, and
// waits for its end. After looks at each.
func (b *bench) quietly(ended <-chan tandem.AccountID, after func(a tandem.AccountID)) {
	b.Helper()
	for i := range quiet {
		a := tandem.AccountID(100 + i)
		b.submit(journal.NewTxn{Account: a, Cycle: two.ID})
		if got := receive(b, ended, "a quiet account's transaction"); got != a {
			b.Errorf("account %d's ended, not %d's", got, a)
		}
		after(a)
	}
}

// fair floods the engine with one account's transactions, a hundred for each of
// the quiet ones, which come meanwhile. Each of these ends after few of the flood
// have begun: those that had begun already, or were jobs, and the account's turn.
func fair(b *bench) {
	const flood, few = 100 * quiet, 300
	var began, over atomic.Int64
	ended := make(chan tandem.AccountID, quiet)
	flooded := make(chan bool)
	b.start(8, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if t.Account != one.Account {
			y, err := finish(ctx, l)
			ended <- t.Account
			return y, err
		}
		began.Add(1)
		time.Sleep(2 * time.Millisecond) // its third party's
		y, err := finish(ctx, l)
		if over.Add(1) == flood {
			close(flooded)
		}
		return y, err
	})
	b.submit(make([]journal.NewTxn, flood)...)
	before := began.Load()
	b.quietly(ended, func(a tandem.AccountID) {
		if n := began.Load() - before; n > few {
			b.Errorf("%d of the flood began before the one of account %d ended", n, a)
		}
		before = began.Load()
	})
	if over.Load() == flood {
		b.Error("the quiet accounts' transactions came after the flood")
	}
	receive(b, flooded, "the end of the flood")
}

// hanging has every call of three accounts hang, of one of them a thousand. There
// are workers left for the quiet ones, and for the three when the calls are over.
func hanging(b *bench) {
	calls := map[tandem.AccountID]int{1: 1000, 2: 300, 3: 300}
	var running atomic.Int64
	ended, went := make(chan tandem.AccountID, quiet), make(chan bool, 1600)
	release := make(chan bool)
	b.start(200, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if calls[t.Account] == 0 {
			y, err := finish(ctx, l)
			ended <- t.Account
			return y, err
		}
		running.Add(1)
		select {
		case <-release:
		case <-ctx.Done():
		}
		y, err := finish(ctx, l)
		went <- true
		return y, err
	})
	for a, n := range calls {
		all := make([]journal.NewTxn, n)
		for i := range all {
			all[i] = journal.NewTxn{Account: a, Cycle: "hangs"}
		}
		b.submit(all...)
	}
	b.eventually("most workers hang", func() bool { return running.Load() >= 140 })
	b.quietly(ended, func(tandem.AccountID) {})
	close(release)
	for _, n := range calls {
		for range n {
			receive(b, went, "the end of a call")
		}
	}
}
