package store

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// purgeCounts deletes an account's counts, and takes them out of the sums of all accounts
// in the same commits. Nothing is counted for it any more.
func (s *Store) purgeCounts(ctx context.Context, id tandem.AccountID) error {
	for {
		more, err := s.purgeSomeCounts(ctx, id)
		if errors.Is(err, errOvertaken) {
			continue
		}
		if err != nil || !more {
			return err
		}
	}
}

var dropNothing = bulk.MustParse(`DELETE FROM task_day WHERE succeeded = 0 AND failed = 0 AND (partner, day) IN (SELECT each.partner, each.day FROM each(partner bigint, day bigint))`)

var dropSlots = bulk.MustParse(`DELETE FROM meter WHERE (account, slot) IN (SELECT each.account, each.slot FROM each(account bigint, slot bigint))`)

// purgeSomeCounts purges those of the first slots that there are.
func (s *Store) purgeSomeCounts(ctx context.Context, id tandem.AccountID) (more bool, err error) {
	at, err := s.summing(ctx)
	if err != nil {
		return false, err
	}
	summed, err := s.summedOf(ctx, id, at)
	if err != nil {
		return false, err
	}
	before := tandem.Slot(math.MaxInt64)
	next, err := rows(ctx, s.read(), scanID[tandem.Slot], `SELECT slot FROM meter WHERE account = $1 ORDER BY slot LIMIT 1 OFFSET $2`, id, expireBatch)
	if err != nil {
		return false, err
	}
	if len(next) > 0 {
		before = next[0] + 1 // and what else is in its slot
	}
	all, slots := newSums(), map[tandem.Slot]bool{}
	_, err = rows(ctx, s.read(), func(r scanner) (struct{}, error) {
		p, a, c, err := scanCounted(r)
		if slots[c.Slot] = true; c.Slot < summed {
			c.Succeeded, c.Failed, c.Took = -c.Succeeded, -c.Failed, -c.Took
			all.add(p, a, c)
		}
		return struct{}{}, err
	}, counted+` WHERE a.id = $1 AND m.slot < $2`, id, before)
	if err != nil || len(slots) == 0 {
		return false, err
	}
	gone := make([][]any, 0, len(slots))
	for slot := range slots {
		gone = append(gone, []any{int64(id), int64(slot)})
	}
	err = s.commitSums(ctx, raiseVersion, []any{at.version}, func(tx bulk.Tx) error {
		if err := all.write(ctx, tx); err != nil {
			return err
		}
		var days [][]any
		for of := range all.tasks {
			days = append(days, []any{int64(of.partner), of.day})
		}
		if err := tx.Each(ctx, dropNothing, days, nil); err != nil {
			return err
		}
		return tx.Each(ctx, dropSlots, gone, nil)
	})
	return len(next) > 0, err
}

// summedOf is the slot before which an account's counts are in the sums.
func (s *Store) summedOf(ctx context.Context, id tandem.AccountID, at summing) (tandem.Slot, error) {
	own, err := rows(ctx, s.read(), scanID[tandem.Slot], `SELECT summed FROM ledger WHERE account = $1`, id)
	return slices.Max(append(own, at.slot)), err
}
