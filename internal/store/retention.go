package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// dedupeHours is how long a key is known.
const dedupeHours = 25

// expireBatch is how many transactions one commit deletes: few enough that
// nobody who waits for the writer notices.
const expireBatch = 200

// Expire deletes what is past its retention at now, in small commits, until
// nothing is left or ctx is done, and returns how many transactions went.
// Transactions are kept from their end for the hours that their account sets
// for successful and for errored ones, incidents for those of errored ones.
// Counts of tasks are kept for good.
func (s *Store) Expire(ctx context.Context, now time.Time) (deleted int, err error) {
	limits, err := rows(ctx, s.read(), scanRetention, `SELECT id, COALESCE(retain_success_hours, $1), COALESCE(retain_errored_hours, $1) FROM account`, tandem.MaxRetentionHours)
	if err != nil {
		return 0, fmt.Errorf("read retention: %w", err)
	}
	for _, l := range limits {
		n, err := s.expireAccount(ctx, l, now)
		deleted += n
		if err != nil {
			return deleted, fmt.Errorf("expire transactions of account %d: %w", l.account, err)
		}
	}
	err = s.repeat(ctx, `DELETE FROM dedupe WHERE (account, source, key) IN
		(SELECT account, source, key FROM dedupe WHERE created_at < $1 ORDER BY created_at LIMIT $2)`,
		micros(now.Add(-dedupeHours*time.Hour)), expireBatch)
	if err != nil {
		return deleted, fmt.Errorf("expire keys: %w", err)
	}
	return deleted, nil
}

// retention is for how many hours an account's transactions are kept.
type retention struct {
	account          tandem.AccountID
	success, errored int
}

func scanRetention(r scanner) (l retention, err error) {
	return l, r.Scan(&l.account, &l.success, &l.errored)
}

func (s *Store) expireAccount(ctx context.Context, l retention, now time.Time) (deleted int, err error) {
	success, errored := micros(now.Add(-hours(l.success))), micros(now.Add(-hours(l.errored)))
	for first := tandem.TransactionID(0); ; {
		// What ended by then began before; the id of a transaction tells when.
		old, err := rows(ctx, s.read(), scanID[tandem.TransactionID], `SELECT id FROM txn
			WHERE account = $1 AND id > $2 AND id < $3 AND status >= 10 AND finished_at <= CASE WHEN errors > 0 OR status = 11 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END
			ORDER BY id LIMIT $6`, l.account, first, idAt(now.Add(-hours(min(l.success, l.errored)))), errored, success, expireBatch)
		if err != nil {
			return deleted, err
		}
		if len(old) > 0 {
			if err := s.deleteTransactions(ctx, l.account, old); err != nil {
				return deleted, err
			}
			deleted, first = deleted+len(old), old[len(old)-1]
		}
		if len(old) < expireBatch {
			break
		}
	}
	return deleted, s.repeat(ctx, `DELETE FROM incident WHERE account = $1 AND id IN
		(SELECT id FROM incident WHERE account = $1 AND created_at <= $2 ORDER BY id LIMIT $3)`, l.account, errored, expireBatch)
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// idAt is an id that later transactions are above. Ids run ahead of the clock
// when many are made at once, by far less than the second allowed for here.
func idAt(t time.Time) tandem.TransactionID {
	return tandem.TransactionID(max(0, t.Add(time.Second).UnixMilli()-tandem.EpochMillis) << 22)
}

// repeat runs a statement that deletes at most expireBatch rows until it finds
// no more.
func (s *Store) repeat(ctx context.Context, statement string, args ...any) error {
	for {
		var n int64
		err := s.write(ctx, func(tx *sql.Tx) error {
			r, err := tx.ExecContext(ctx, statement, args...)
			if err == nil {
				n, err = r.RowsAffected()
			}
			return err
		})
		if err != nil || n < expireBatch {
			return err
		}
	}
}

var (
	blobsOf = bulk.MustParse(`SELECT each.ordinal, step_item.seq FROM step_item, each(account bigint, id bigint)
		WHERE step_item.account = each.account AND step_item.txn = each.id AND step_item.blob = 1`)
	deleteItems = bulk.MustParse(`DELETE FROM step_item WHERE (account, txn) IN (SELECT each.account, each.id FROM each(account bigint, id bigint))`)
	deleteTxns  = bulk.MustParse(`DELETE FROM txn WHERE (account, id) IN (SELECT each.account, each.id FROM each(account bigint, id bigint))`)
)

// deleteTransactions deletes transactions with their items, and then the files
// of these.
func (s *Store) deleteTransactions(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) error {
	keys := make([][]any, len(ids))
	for i, id := range ids {
		keys[i] = []any{int64(a), int64(id)}
	}
	var files []string
	err := s.dialect.Batch(ctx, func(tx bulk.Tx) error {
		if s.blobs != nil {
			named := func(r []int64) { files = append(files, s.blobs.name(a, ids[r[0]-1], int32(r[1]))) }
			if err := tx.Each(ctx, blobsOf, keys, named); err != nil {
				return err
			}
		}
		if err := tx.Each(ctx, deleteItems, keys, nil); err != nil {
			return err
		}
		return tx.Each(ctx, deleteTxns, keys, nil)
	})
	if err != nil || len(files) == 0 {
		return err
	}
	return s.blobs.remove(files...)
}

// sweepBlobs deletes the files that no step item has: their commit did not
// happen, or deleted it.
func (s *Store) sweepBlobs(ctx context.Context) error {
	_, err := s.blobs.sweep(func(a tandem.AccountID, txn tandem.TransactionID, seq int32) (named bool, err error) {
		err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM step_item WHERE account = $1 AND txn = $2 AND seq = $3 AND blob = 1)`,
			a, txn, seq).Scan(&named)
		return named, err
	})
	return err
}
