package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// UnfoldedAccounts lists accounts that have counts before a slot which were not
// looked at by FoldTasks.
func (s *Store) UnfoldedAccounts(ctx context.Context, before tandem.Slot, limit int) ([]*tandem.Account, error) {
	return rows(ctx, s.read(), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE EXISTS (SELECT 1 FROM meter m
		WHERE m.account = a.id AND m.slot < $1 AND m.slot >= COALESCE((SELECT folded FROM ledger l WHERE l.account = a.id), 0)) LIMIT $2`, before, limit)
}

// FoldTasks puts the oldest day (UTC) of an account's counts that was not folded
// yet together, if it lies before a slot: each count goes where into says, which
// leads to no other day.
func (s *Store) FoldTasks(ctx context.Context, a tandem.AccountID, before tandem.Slot, into func(tandem.Slot) tandem.Slot) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		var folded tandem.Slot
		var oldest sql.NullInt64
		err := tx.QueryRowContext(ctx, `INSERT INTO ledger (account, folded, gone) VALUES ($1, 0, 0)
			ON CONFLICT (account) DO UPDATE SET folded = ledger.folded RETURNING folded`, a).Scan(&folded) // and nobody else folds
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT MIN(slot) FROM meter WHERE account = $1 AND slot >= $2`, a, folded).Scan(&oldest)
		if err != nil {
			return err
		}
		end := before
		if oldest.Valid {
			end = min(end, (tandem.Slot(oldest.Int64)/daySlots+1)*daySlots)
		}
		if err := foldTasks(ctx, tx, a, folded, end, into); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE ledger SET folded = $2 WHERE account = $1`, a, max(folded, end))
		return err
	})
	if err != nil {
		return fmt.Errorf("fold the counts of account %d: %w", a, err)
	}
	return nil
}

// daySlots are the slots of a day.
const daySlots = 96

// foldTasks takes counts away and puts their sums back. What is counted
// meanwhile comes to what is there then.
func foldTasks(ctx context.Context, tx *sql.Tx, a tandem.AccountID, first, end tandem.Slot, into func(tandem.Slot) tandem.Slot) error {
	was, err := rows(ctx, tx, func(r scanner) (c journal.Count, err error) {
		var took int64
		err = r.Scan(&c.Slot, &c.Cycle, &c.Method, &c.Connector, &c.Version, &c.Succeeded, &c.Failed, &took)
		c.Took = time.Duration(took) * time.Microsecond
		return c, err
	}, `DELETE FROM meter WHERE account = $1 AND slot >= $2 AND slot < $3 RETURNING slot, cycle, method, connector, version, succeeded, failed, took`, a, first, end)
	if err != nil {
		return err
	}
	sums := tally{}
	for _, c := range was {
		c.Slot = into(c.Slot)
		sums.add(a, c)
	}
	for _, row := range sums.rows() {
		_, err := tx.ExecContext(ctx, `INSERT INTO meter (account, slot, cycle, method, connector, version, succeeded, failed, took) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (account, slot, cycle, method, connector, version) DO UPDATE
			SET succeeded = meter.succeeded + excluded.succeeded, failed = meter.failed + excluded.failed, took = meter.took + excluded.took`, row...)
		if err != nil {
			return err
		}
	}
	return nil
}
