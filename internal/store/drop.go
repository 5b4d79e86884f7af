package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// dropBatch is how many transactions one commit drops.
const dropBatch = 500

// Drop cancels those of some transactions that are pending, with all that they
// were split into, and returns them; and those that can go on, because they waited
// for nothing else. What works on them is fenced: once a transaction is cancelled,
// nothing more can be made of it.
func (s *Store) Drop(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) (dropped []journal.Txn, woken []tandem.TransactionID, err error) {
	for of := "id IN "; len(ids) > 0; of = "parent > 0 AND parent IN " {
		generation, ready, err := s.dropAll(ctx, a, of, ids)
		dropped, woken, ids = append(dropped, generation...), append(woken, ready...), nil
		if err != nil {
			return dropped, woken, fmt.Errorf("drop transactions of account %d: %w", a, err)
		}
		for _, t := range generation {
			ids = append(ids, t.ID)
		}
	}
	return dropped, woken, nil
}

// dropAll cancels the pending transactions of which a condition is true with ids.
func (s *Store) dropAll(ctx context.Context, a tandem.AccountID, of string, ids []tandem.TransactionID) (dropped []journal.Txn, woken []tandem.TransactionID, err error) {
	for len(ids) > 0 {
		some := ids[:min(len(ids), dropBatch)]
		open, err := s.pending(ctx, a, of, some)
		if err == nil && len(open) > 0 {
			var ready []tandem.TransactionID
			err = s.patiently(ctx, func() error {
				return s.dialect.Batch(ctx, func(tx bulk.Tx) error {
					ready, err = cancelAll(ctx, tx, open)
					return err
				})
			})
			woken = append(woken, ready...)
		}
		if err != nil {
			return dropped, woken, err
		}
		dropped = append(dropped, open...)
		if len(open) < holdBatch {
			ids = ids[len(some):]
		}
	}
	return dropped, woken, nil
}

// pending lists at most holdBatch transactions that are not at their end.
func (s *Store) pending(ctx context.Context, a tandem.AccountID, of string, ids []tandem.TransactionID) ([]journal.Txn, error) {
	args, places := []any{a, holdBatch}, make([]string, len(ids))
	for i, id := range ids {
		args = append(args, id)
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	return rows(ctx, s.read(), scanBrief, `SELECT `+txnColumns+` FROM txn WHERE account = $1 AND status < 10 AND `+of+
		`(`+strings.Join(places, ", ")+`) ORDER BY id LIMIT $2`, args...)
}
