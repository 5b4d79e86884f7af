package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// run is a transaction that ended.
type run struct {
	key
	cycle  tandem.CycleID
	status tandem.TransactionStatus
}

var countRuns = bulk.MustParse(`INSERT INTO run_count (account, day, cycle, span, runs, errors) SELECT each.*
	FROM each(account bigint, day bigint, cycle text, span bigint, runs bigint, errors bigint) WHERE true
	ON CONFLICT (account, day, cycle, span) DO UPDATE SET runs = run_count.runs + excluded.runs, errors = run_count.errors + excluded.errors`)

// runs counts the transactions that ended, by how long they took since they were
// made, which their ids tell.
func (b *batch) runs(ctx context.Context) error {
	type runKey struct {
		account tandem.AccountID
		cycle   tandem.CycleID
		span    journal.Span
	}
	sums := map[runKey]journal.RunCount{}
	count := func(r run) {
		if r.status != tandem.TransactionCompleted && r.status != tandem.TransactionFailed {
			return
		}
		k := runKey{r.account, r.cycle, journal.SpanOf(b.now.Sub(r.txn.Made()))}
		n := sums[k]
		n.Runs++
		if r.status == tandem.TransactionFailed {
			n.Errors++
		}
		sums[k] = n
	}
	for e := range b.deltas {
		count(run{key{e.delta.Account, e.delta.Txn}, e.delta.Cycle, e.outcome.Status})
	}
	for _, r := range b.joined {
		count(r)
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(x, y runKey) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.cycle, y.cycle), cmp.Compare(x.span, y.span))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{int64(k.account), journal.DayOf(b.now), string(k.cycle), int64(k.span), int64(sums[k].Runs), int64(sums[k].Errors)}
	}
	return b.tx.Each(ctx, countRuns, rows, nil)
}
