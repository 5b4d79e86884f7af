package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func scanTimer(r scanner) (t tandem.Timer, err error) {
	var due, minutes int64
	err = r.Scan(&t.Account, &t.Cycle, &due, &t.Version, &minutes, &t.RunOnce)
	t.Due, t.Interval = instant(due), time.Duration(minutes)*time.Minute
	return t, err
}

// DueTimers lists at most limit timers that are due by now, the longest due
// first.
func (s *Store) DueTimers(ctx context.Context, now time.Time, limit int) ([]tandem.Timer, error) {
	return rows(ctx, s.read(), scanTimer, `SELECT t.account, t.cycle, t.next_at, c.version, c.interval_minutes, c.run_once
		FROM timer t JOIN cycle c ON c.account = t.account AND c.id = t.cycle
		WHERE t.next_at > 0 AND t.next_at <= $1 AND c.status = 'Running' ORDER BY t.next_at LIMIT $2`, micros(now), limit)
}

// NextTimer is when the first timer is due; the zero time is never.
func (s *Store) NextTimer(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.read().QueryRowContext(ctx, `SELECT next_at FROM timer WHERE next_at > 0 ORDER BY next_at LIMIT 1`).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return instant(at), err
}

// Busy says whether the transaction that a cycle's timer made last, under keys
// of source, is still at work itself, and not waiting for its children.
func (s *Store) Busy(ctx context.Context, a tandem.AccountID, source string) (bool, error) {
	status, err := row(ctx, s.read(), "Transaction", scanID[tandem.TransactionStatus],
		`SELECT t.status FROM dedupe d JOIN txn t ON t.account = d.account AND t.id = d.txn
			WHERE d.account = $1 AND d.source = $2 ORDER BY d.key DESC LIMIT 1`, a, source)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return false, nil
	}
	return err == nil && status < tandem.TransactionSplit, err
}

// SkipTimer moves a timer on without running its cycle, and records why; it
// does neither if another node moved the timer first.
func (s *Store) SkipTimer(ctx context.Context, at journal.Cursor, why tandem.Incident) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		moved, err := moveCursor(ctx, tx, at)
		if err != nil || !moved {
			return err
		}
		return noteIncident(ctx, tx, at.Account, why)
	})
}

// moveCursor moves a timer on, and says whether it was still where it was seen.
func moveCursor(ctx context.Context, q querier, c journal.Cursor) (bool, error) {
	r, err := q.ExecContext(ctx, `UPDATE timer SET next_at = $4 WHERE account = $1 AND cycle = $2 AND next_at = $3`,
		c.Account, c.Cycle, micros(c.Was), micros(c.Next))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
