package store

import (
	"context"
	"maps"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

var (
	endChildren = bulk.MustParse(`UPDATE txn SET open = open - each.ended FROM each(account bigint, id bigint, ended bigint)
		WHERE txn.account = each.account AND txn.id = each.id`)
	settle = bulk.MustParse(`UPDATE txn SET status = CASE WHEN frontier IS NULL THEN 10 ELSE 0 END,
			finished_at = CASE WHEN frontier IS NULL THEN each.now ELSE 0 END
		FROM each(parent_account bigint, parent_id bigint, now bigint)
		WHERE txn.account = each.parent_account AND txn.id = each.parent_id AND txn.status = 2 AND txn.open <= 0
		RETURNING account, id, parent, status, unlogged`)
)

// join counts the children that ended.
func (b *batch) join(ctx context.Context) error {
	j := newJoin(b)
	for e := range b.deltas {
		d := e.delta
		if d.Status == tandem.TransactionSplit {
			j.splitting[key{d.Account, d.Txn}] = e
		}
		if d.Status.Final() && d.Parent != 0 {
			j.end(key{d.Account, d.Parent}, 1, e)
		}
	}
	return j.run(ctx)
}

// join counts down the open children of transactions. One that waits for its
// children ends with the last of them if nothing is pending in it, and can go
// on otherwise. Its own parent may end with it, and so on.
type join struct {
	*batch
	splitting map[key]*entry // the deltas that say that they wait for children
	cause     map[key]*entry // who ended a child of it, and is told if it goes on
	ended     map[key]int64  // children that ended in this round
}

func newJoin(b *batch) *join {
	return &join{batch: b, splitting: map[key]*entry{}, cause: map[key]*entry{}, ended: map[key]int64{}}
}

func (j *join) run(ctx context.Context) error {
	check := maps.Clone(j.splitting)
	for len(j.ended) > 0 || len(check) > 0 {
		maps.Copy(check, j.cause)
		if err := j.round(ctx, slices.SortedFunc(maps.Keys(check), compareKeys)); err != nil {
			return err
		}
		clear(check)
	}
	return nil
}

func (j *join) end(parent key, children int64, cause *entry) {
	j.ended[parent] += children
	if j.cause[parent] == nil {
		j.cause[parent] = cause
	}
}

// round counts down parents, and settles those of check that are ready; what
// these end is for the next round.
func (j *join) round(ctx context.Context, check []key) error {
	var ends, checks [][]any
	for _, k := range slices.SortedFunc(maps.Keys(j.ended), compareKeys) {
		ends = append(ends, []any{int64(k.account), int64(k.txn), j.ended[k]})
	}
	for _, k := range check {
		checks = append(checks, []any{int64(k.account), int64(k.txn), micros(j.now)})
	}
	cause := j.cause
	j.ended, j.cause = map[key]int64{}, map[key]*entry{}
	if err := j.tx.Each(ctx, endChildren, ends, nil); err != nil {
		return err
	}
	return j.tx.Each(ctx, settle, checks, func(r []int64) {
		k := key{tandem.AccountID(r[0]), tandem.TransactionID(r[1])}
		if r[3] >= int64(tandem.TransactionCompleted) && r[4] == 1 {
			j.forgotten = append(j.forgotten, []any{r[0], r[1]})
		}
		j.settled(k, tandem.TransactionID(r[2]), tandem.TransactionStatus(r[3]), cause[k])
	})
}

// settled tells whoever has to know that a transaction waits no more.
func (j *join) settled(k key, parent tandem.TransactionID, status tandem.TransactionStatus, cause *entry) {
	if own := j.splitting[k]; own != nil {
		own.outcome.Status, cause = status, own
	} else if !status.Final() {
		cause.outcome.Woken = append(cause.outcome.Woken, k.txn)
	} else if cause.delta != nil {
		j.joined = append(j.joined, run{k, cause.delta.Cycle, status})
	}
	if status.Final() && parent != 0 {
		j.end(key{k.account, parent}, 1, cause)
	}
}
