package store

import (
	"context"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// lateness is how old a slot is when counts in it look whether it is in the sums
// already: half an hour or more. Slots are summed up when they are twice as old (see
// package usage), so that nothing else has to look, unless a commit takes that long or
// the clocks of nodes differ by as much.
const lateness = 3

var (
	// lockSums has everybody else wait who changes sums, and those that are reading for
	// that begin again.
	lockSums = bulk.MustParse(`UPDATE summing SET version = summing.version + each.one FROM each(one bigint)`)
	summedAt = bulk.MustParse(`SELECT each.ordinal, a.partner, CASE WHEN COALESCE(l.summed, 0) > s.slot THEN l.summed ELSE s.slot END
		FROM summing s, account a LEFT JOIN ledger l ON l.account = a.id, each(account bigint) WHERE a.id = each.account`)
)

// sumLate adds counts to the sums whose slots are in these already.
func (b *batch) sumLate(ctx context.Context, counted tally) error {
	var late []meterKey
	for k := range counted {
		if k.Slot <= tandem.SlotOf(b.now)-lateness {
			late = append(late, k)
		}
	}
	if len(late) == 0 {
		return nil
	}
	if err := b.tx.Each(ctx, lockSums, [][]any{{int64(1)}}, nil); err != nil {
		return err
	}
	accounts := distinct(late, func(k meterKey) tandem.AccountID { return k.account })
	rows, summed, all := make([][]any, len(accounts)), make([][]any, 0, len(accounts)), newSums()
	for i, a := range accounts {
		rows[i] = []any{int64(a)}
	}
	err := b.tx.Each(ctx, summedAt, rows, func(r []int64) {
		a, partner, before := accounts[r[0]-1], tandem.PartnerID(r[1]), tandem.Slot(r[2])
		for _, k := range late {
			if k.account == a && k.Slot < before {
				all.add(partner, a, counted.count(k))
			}
		}
		summed = append(summed, []any{int64(a), int64(before)})
	})
	if err != nil {
		return err
	}
	if err := all.write(ctx, b.tx); err != nil {
		return err
	}
	return b.tx.Each(ctx, setSummed, summed, nil)
}

// count is the count of a row.
func (t tally) count(k meterKey) journal.Count {
	c := k.Count
	c.Succeeded, c.Failed, c.Took = int(t[k].succeeded), int(t[k].failed), t[k].took
	return c
}

// distinct are the values that of gives, each once and in order.
func distinct[T any](all []T, of func(T) tandem.AccountID) (ids []tandem.AccountID) {
	for _, x := range all {
		ids = append(ids, of(x))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
