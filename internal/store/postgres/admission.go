package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// admissionLock keeps two nodes from admitting at once, and so from passing an
// account's window together.
const admissionLock = 0x74616e64656d0001

// admissionBatch is how many transactions are admitted in one commit.
const admissionBatch = 1000

// readyAccounts finds the accounts with something to admit, by jumping along the
// index from one to the next.
const readyAccounts = `WITH RECURSIVE ready AS (
	(SELECT account FROM txn WHERE status = 0 AND admitted = 0 ORDER BY account LIMIT 1)
	UNION ALL
	SELECT (SELECT account FROM txn WHERE status = 0 AND admitted = 0 AND account > ready.account ORDER BY account LIMIT 1)
	FROM ready WHERE ready.account IS NOT NULL
)
SELECT account FROM ready WHERE account IS NOT NULL`

// readyOfEach takes of each account the first transactions, up to what its window
// has room for.
const readyOfEach = `SELECT t.account, t.id, t.cycle, t.epoch FROM unnest($1::bigint[], $2::bigint[], $4::bigint[], $5::bigint[]) AS ready(account, room, first, last) CROSS JOIN LATERAL (
	SELECT account, id, cycle, epoch FROM txn WHERE status = 0 AND admitted = 0 AND account = ready.account AND id BETWEEN ready.first AND ready.last
		AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.account = txn.account AND hold.cycle = txn.cycle)
	ORDER BY id
	LIMIT greatest(0, ready.room - (SELECT count(*) FROM txn WHERE status < 10 AND admitted = 1 AND account = ready.account))
	FOR UPDATE SKIP LOCKED
) t LIMIT $3`

// markAdmitted makes the job of a transaction its owner, which is suspected as lost
// until it commits. It is a statement of its own: joined with the one above, the
// planner may run that once for each row.
const markAdmitted = `UPDATE txn SET admitted = 1, epoch = epoch + 1, suspicion = suspicion + $3
	FROM unnest($1::bigint[], $2::bigint[]) AS each(account, id) WHERE txn.account = each.account AND txn.id = each.id`

// Ready lists the accounts that have something to admit, some of which may have
// no room for it.
func (db *DB) Ready(ctx context.Context) ([]tandem.AccountID, error) {
	rows, err := db.pool.Query(ctx, readyAccounts)
	if err != nil {
		return nil, fmt.Errorf("accounts to admit: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[tandem.AccountID])
}

// idleAccounts are those of which nothing is admitted.
const idleAccounts = `SELECT a FROM unnest($1::bigint[]) AS a
	WHERE NOT EXISTS (SELECT 1 FROM txn WHERE txn.account = a AND txn.status < 10 AND txn.admitted = 1)`

// Idle lists those of some accounts of which nothing is admitted.
func (db *DB) Idle(ctx context.Context, of []tandem.AccountID) ([]tandem.AccountID, error) {
	rows, err := db.pool.Query(ctx, idleAccounts, of)
	if err != nil {
		return nil, fmt.Errorf("accounts of which nothing is admitted: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[tandem.AccountID])
}

// spans are the windows as arrays: accounts, rooms, and the ids that are let in.
func spans(of []journal.Window) (accounts, rooms, first, last []int64) {
	for _, w := range of {
		accounts, rooms = append(accounts, int64(w.Account)), append(rooms, int64(w.Room))
		if w.Only == 0 {
			first, last = append(first, 0), append(last, math.MaxInt64)
		} else {
			first, last = append(first, int64(w.Only)), append(last, int64(w.Only))
		}
	}
	return accounts, rooms, first, last
}

// Admit marks transactions of accounts that can go on as admitted, so many that
// each account has at most as many admitted ones as its window, and has insert
// make jobs for them, which own them, in the same transaction. It returns how many;
// if it is as many as it takes at once, there may be more.
func (db *DB) Admit(ctx context.Context, of []journal.Window, insert func(ctx context.Context, tx pgx.Tx, admitted []journal.Txn) error) (n int, more bool, err error) {
	if len(of) == 0 {
		return 0, false, nil
	}
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		admitted, err := choose(ctx, tx, of)
		n = len(admitted)
		if err != nil || n == 0 {
			return err
		}
		accounts, ids := make([]int64, n), make([]int64, n)
		for i := range admitted {
			t := &admitted[i]
			t.Epoch++
			accounts[i], ids[i] = int64(t.Account), int64(t.ID)
		}
		if _, err := tx.Exec(ctx, markAdmitted, accounts, ids, journal.LossSuspicion); err != nil {
			return err
		}
		return insert(ctx, tx, admitted)
	})
	if err != nil {
		return 0, false, fmt.Errorf("admit transactions: %w", err)
	}
	return n, n == admissionBatch, nil
}

// choose finds what is to be admitted, while nobody else does.
func choose(ctx context.Context, tx pgx.Tx, of []journal.Window) (admitted []journal.Txn, err error) {
	var b pgx.Batch
	b.Queue(`SELECT pg_advisory_xact_lock($1)`, int64(admissionLock))
	each, rooms, first, last := spans(of)
	b.Queue(readyOfEach, each, rooms, admissionBatch, first, last).Query(func(rows pgx.Rows) error {
		admitted, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (t journal.Txn, err error) {
			return t, r.Scan(&t.Account, &t.ID, &t.Cycle, &t.Epoch)
		})
		return err
	})
	return admitted, tx.SendBatch(ctx, &b).Close()
}

// WakeDue lets transactions go on whose time has come by now.
func (db *DB) WakeDue(ctx context.Context, now time.Time) error {
	for {
		tag, err := db.pool.Exec(ctx, `UPDATE txn SET status = 0, wake_at = 0 WHERE (account, id) IN (
			SELECT account, id FROM txn WHERE status = 1 AND wake_at <= $1 ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
			now.UnixMicro(), admissionBatch)
		if err != nil {
			return fmt.Errorf("wake transactions: %w", err)
		}
		if tag.RowsAffected() < admissionBatch {
			return nil
		}
	}
}

// Alone runs do while no other node runs what has the same lock.
func (db *DB) Alone(ctx context.Context, lock int64, do func(ctx context.Context) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return err
	}
	err = do(ctx)
	_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lock)
	return errors.Join(err, unlockErr)
}

// Locked says whether somebody runs what has a lock.
func (db *DB) Locked(ctx context.Context, lock int64) (is bool, err error) {
	err = db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
		AND classid::bigint = $1::bigint >> 32 AND objid::bigint = $1::bigint & 4294967295
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`, lock).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("look for a lock: %w", err)
	}
	return is, nil
}
