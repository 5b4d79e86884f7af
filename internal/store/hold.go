package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// holdBatch is how many transactions one commit holds, resumes or cancels.
const holdBatch = 2000

// maxHold is how long transactions wait in a stopped cycle.
const maxHold = 24 * time.Hour

// Hold marks a cycle as held, which keeps every engine from beginning a slice
// of it, and its pending transactions as Held. What runs now loses its
// ownership: its commits are fenced.
func (s *Store) Hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return hold(ctx, tx, a, c) })
	if err == nil {
		err = s.eachOpen(ctx, a, c, `WITH few AS MATERIALIZED (SELECT id FROM txn WHERE account = $1 AND cycle = $2 AND status IN (0, 1) ORDER BY id LIMIT $3)
			UPDATE txn SET status = 3, epoch = epoch + 1, admitted = 0, suspicion = 0
			WHERE account = $1 AND cycle = $2 AND status IN (0, 1) AND id IN (SELECT id FROM few)`)
	}
	if err != nil {
		return fmt.Errorf("hold cycle %s: %w", c, err)
	}
	return nil
}

func hold(ctx context.Context, tx *sql.Tx, a tandem.AccountID, c tandem.CycleID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO hold (account, cycle, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, a, c, micros(time.Now()))
	return err
}

// Resume undoes Hold.
func (s *Store) Resume(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM hold WHERE account = $1 AND cycle = $2`, a, c)
		return err
	})
	if err == nil {
		err = s.eachOpen(ctx, a, c, `WITH few AS MATERIALIZED (SELECT id FROM txn WHERE account = $1 AND cycle = $2 AND status = 3 ORDER BY id LIMIT $3)
			UPDATE txn SET status = CASE WHEN wake_at > 0 THEN 1 ELSE 0 END
			WHERE account = $1 AND cycle = $2 AND status = 3 AND id IN (SELECT id FROM few)`)
	}
	if err != nil {
		return fmt.Errorf("resume cycle %s: %w", c, err)
	}
	return nil
}

// eachOpen runs a statement that changes at most $3 transactions of a cycle
// until it changes no more. These are found before, by themselves, or PostgreSQL may
// look for them all again for each.
func (s *Store) eachOpen(ctx context.Context, a tandem.AccountID, c tandem.CycleID, statement string) error {
	for {
		var n int64
		err := s.patiently(ctx, func() error {
			return s.write(ctx, func(tx *sql.Tx) error {
				r, err := tx.ExecContext(ctx, statement, a, c, holdBatch)
				if err == nil {
					n, err = r.RowsAffected()
				}
				return err
			})
		})
		if err != nil || n < holdBatch {
			return err
		}
	}
}

// patience is how often what others are in the way of is tried.
const patience = 10

// patiently does again what the database was not able to do: commits of what runs
// may want the same rows in another order, and then it ends one of the two.
func (s *Store) patiently(ctx context.Context, do func() error) error {
	for try := time.Duration(1); ; try++ {
		err := do()
		if try == patience || !s.dialect.Unable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(try * 10 * time.Millisecond):
		}
	}
}

// Held says whether a cycle is held.
func (s *Store) Held(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (held bool, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM hold WHERE account = $1 AND cycle = $2)`, a, c).Scan(&held)
	return held, err
}

// Holds lists the cycles that are held, of all accounts.
func (s *Store) Holds(ctx context.Context) ([]journal.Cycle, error) {
	return rows(ctx, s.read(), scanHold, `SELECT account, cycle FROM hold`)
}

func scanHold(r scanner) (c journal.Cycle, err error) { return c, r.Scan(&c.Account, &c.ID) }

var cancel = bulk.MustParse(`UPDATE txn SET status = 12, finished_at = each.now, wake_at = 0
	FROM each(own_account bigint, own_id bigint, now bigint)
	WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status < 10
	RETURNING account, id, parent, unlogged`)

// Cancel ends all pending transactions of a cycle, and counts them as ended
// for parents in other cycles. It returns those parents that can go on now.
func (s *Store) Cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (woken []tandem.TransactionID, err error) {
	woken, err = s.cancelOpen(ctx, a, c, func(bulk.Tx) (bool, error) { return true, nil })
	if err == nil {
		err = s.endBarriers(ctx, a, c)
	}
	if err != nil {
		return nil, fmt.Errorf("cancel the transactions of cycle %s: %w", c, err)
	}
	return woken, nil
}

// cancelOpen cancels what is open of a cycle in commits of which each begins
// with a look whether to go on.
func (s *Store) cancelOpen(ctx context.Context, a tandem.AccountID, c tandem.CycleID, goOn func(tx bulk.Tx) (bool, error)) (woken []tandem.TransactionID, err error) {
	for more := true; more; {
		open, err := s.Open(ctx, journal.Cycle{Account: a, ID: c}, 0, holdBatch)
		if err == nil && len(open) > 0 {
			var ready []tandem.TransactionID
			err = s.patiently(ctx, func() error {
				return s.dialect.Batch(ctx, func(tx bulk.Tx) error {
					if more, err = goOn(tx); err != nil || !more {
						return err
					}
					ready, err = cancelAll(ctx, tx, open)
					return err
				})
			})
			woken = append(woken, ready...)
		}
		if err != nil {
			return nil, err
		}
		more = more && len(open) == holdBatch
	}
	return woken, nil
}

// queuedInDeleted finds the cycles that were put into the recycle bin of late, and have
// transactions that have yet to begin.
const queuedInDeleted = `SELECT c.account, c.id FROM cycle c WHERE c.deleted_at > $1
	AND EXISTS (SELECT 1 FROM txn t WHERE t.account = c.account AND t.cycle = c.id AND t.status < 10 AND t.status + 0 = 0)`

// stillDeleted changes nothing; it finds a cycle in the recycle bin, and keeps others
// from taking it out before the commit.
var stillDeleted = bulk.MustParse(`UPDATE cycle SET deleted_at = cycle.deleted_at FROM each(account bigint, cycle text)
	WHERE cycle.account = each.account AND cycle.id = each.cycle AND cycle.deleted_at > 0
	RETURNING each.ordinal`)

// CancelDeleted cancels what was on its way in while its cycle was deleted, at after or
// later: its commit came after the look of Cancel, which may be on another node. It
// returns the transactions in other cycles that can go on now.
func (s *Store) CancelDeleted(ctx context.Context, after time.Time) (woken []tandem.TransactionID, err error) {
	found, err := rows(ctx, s.read(), scanHold, queuedInDeleted, micros(after))
	for _, c := range found {
		ready, cancelErr := s.cancelOpen(ctx, c.Account, c.ID, func(tx bulk.Tx) (deleted bool, err error) {
			err = tx.Each(ctx, stillDeleted, [][]any{{int64(c.Account), string(c.ID)}}, func([]int64) { deleted = true })
			return deleted, err
		})
		woken, err = append(woken, ready...), errors.Join(err, cancelErr)
	}
	if err != nil {
		return woken, fmt.Errorf("cancel what came into deleted cycles: %w", err)
	}
	return woken, nil
}

// ExpiredHolds lists cycles that are stopped for so long, at now, that their
// transactions expire. Those of a suspended account wait until it is resumed.
func (s *Store) ExpiredHolds(ctx context.Context, now time.Time) ([]journal.Cycle, error) {
	return rows(ctx, s.read(), scanHold, `SELECT account, cycle FROM hold WHERE since > 0 AND since <= $1
		AND NOT EXISTS (SELECT 1 FROM cycle c WHERE c.account = hold.account AND c.id = hold.cycle AND c.status <> 'Paused') ORDER BY since`, micros(now.Add(-maxHold)))
}

// stillHeld changes nothing; it finds a hold, and keeps others from ending it
// before the commit.
var stillHeld = bulk.MustParse(`UPDATE hold SET since = hold.since FROM each(account bigint, cycle text, before bigint)
	WHERE hold.account = each.account AND hold.cycle = each.cycle AND hold.since <= each.before
	RETURNING each.ordinal`)

// ExpireHold cancels the transactions of a cycle that is held for too long, and
// nothing of one that meanwhile was started. See Cancel for what it returns.
func (s *Store) ExpireHold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error) {
	before := micros(time.Now().Add(-maxHold))
	woken, err := s.cancelOpen(ctx, a, c, func(tx bulk.Tx) (held bool, err error) {
		err = tx.Each(ctx, stillHeld, [][]any{{int64(a), string(c), before}}, func([]int64) { held = true })
		return held, err
	})
	if err == nil {
		err = s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, expireBarriers, a, c, before); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE hold SET since = 0 WHERE account = $1 AND cycle = $2 AND since <= $3`, a, c, before)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("expire the hold of cycle %s: %w", c, err)
	}
	return woken, nil
}

func cancelAll(ctx context.Context, tx bulk.Tx, open []journal.Txn) ([]tandem.TransactionID, error) {
	b := &batch{tx: tx, now: time.Now()}
	rows := make([][]any, len(open))
	for i, t := range open {
		rows[i] = []any{int64(t.Account), int64(t.ID), micros(b.now)}
	}
	e := &entry{}
	j := newJoin(b)
	err := tx.Each(ctx, cancel, rows, func(r []int64) {
		if r[2] != 0 {
			j.end(key{tandem.AccountID(r[0]), tandem.TransactionID(r[2])}, 1, e)
		}
		if r[3] == 1 {
			b.forgotten = append(b.forgotten, []any{r[0], r[1]})
		}
	})
	if err == nil {
		err = j.run(ctx)
	}
	if err == nil {
		err = b.forget(ctx)
	}
	return e.outcome.Woken, err
}
