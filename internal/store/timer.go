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
	var due, clock, minutes int64
	var zone string
	if err = r.Scan(&t.Account, &t.Cycle, &due, &clock, &t.Version, &minutes, &t.RunOnce, &zone); err != nil {
		return t, err
	}
	t.Due, t.Clock, t.Interval = instant(due), instant(clock), time.Duration(minutes)*time.Minute
	t.Zone, err = time.LoadLocation(zone)
	if clock == 0 {
		t.Clock = tandem.WallClock(t.Due, t.Zone)
	}
	return t, err
}

const timers = `SELECT t.account, t.cycle, t.next_at, t.clock, c.version, c.interval_minutes, c.run_once, a.timezone
	FROM timer t JOIN cycle c ON c.account = t.account AND c.id = t.cycle JOIN account a ON a.id = t.account`

// DueTimers lists at most limit timers that are due by now, the longest due
// first.
func (s *Store) DueTimers(ctx context.Context, now time.Time, limit int) ([]tandem.Timer, error) {
	return rows(ctx, s.read(), scanTimer, timers+` WHERE t.next_at > 0 AND t.next_at <= $1 AND c.status = 'Running' ORDER BY t.next_at LIMIT $2`, micros(now), limit)
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

// collecting is what a timer made last, under keys of a source, if its first step
// has not ended: with its end, and not before, a task is counted. Those that waited
// for it to end, or are its children, do not count.
const collecting = `SELECT EXISTS (SELECT 1 FROM txn t
	WHERE t.account = $1 AND t.id = (SELECT d.txn FROM dedupe d WHERE d.account = $1 AND d.source = $2 ORDER BY d.key DESC LIMIT 1) AND t.status < 10
		AND NOT EXISTS (SELECT 1 FROM step_item i WHERE i.account = t.account AND i.txn = t.id AND i.tasks > 0))`

// Busy says whether the transaction that a cycle's timer made last, under keys
// of source, is still collecting.
func (s *Store) Busy(ctx context.Context, a tandem.AccountID, source string) (busy bool, err error) {
	err = s.read().QueryRowContext(ctx, collecting, a, source).Scan(&busy)
	return busy, err
}

// SkipTimer moves a timer on without running its cycle, and records why; it
// does neither if another node moved the timer first.
func (s *Store) SkipTimer(ctx context.Context, at journal.Cursor, why tandem.Incident) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		moved, err := moveCursor(ctx, tx, at)
		if err != nil || !moved {
			return err
		}
		why.CycleID = at.Cycle
		return noteIncident(ctx, tx, at.Account, why)
	})
	if err == nil {
		s.incidentsCame.ring()
	}
	return err
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
