package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Zone is that of an account. Errors: NotFound.
func (s *Store) Zone(ctx context.Context, a tandem.AccountID) (*time.Location, error) {
	name, err := row(ctx, s.read(), "Account", scanID[string], `SELECT timezone FROM account WHERE id = $1`, a)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(name)
}

// started is a timer whose zone changes.
type started struct {
	tandem.Timer
	begins int64 // the cycle's start_at
	sign   int64 // of next_at: that of a suspended account is negative
}

func scanStarted(r scanner) (t started, err error) {
	var due, clock, minutes int64
	err = r.Scan(&t.Account, &t.Cycle, &due, &clock, &minutes, &t.RunOnce, &t.begins)
	t.sign = 1
	if due < 0 {
		due, t.sign = -due, -1
	}
	t.Due, t.Clock, t.Interval = instant(due), instant(clock), time.Duration(minutes)*time.Minute
	return t, err
}

// rezone has the schedules of an account keep to the clock of its new zone: what
// ran at nine there runs at nine here. What is due already stays so, and what runs
// by elapsed time goes on as it is once it has begun.
func rezone(ctx context.Context, tx *sql.Tx, a *tandem.Account) error {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		return err
	}
	all, err := rows(ctx, tx, scanStarted, `SELECT t.account, t.cycle, t.next_at, t.clock, c.interval_minutes, c.run_once, c.start_at
		FROM timer t JOIN cycle c ON c.account = t.account AND c.id = t.cycle WHERE t.account = $1 AND t.next_at <> 0 AND t.clock <> 0`, a.ID)
	now := time.Now()
	for _, t := range all {
		begins := micros(t.Due) == t.begins
		if err != nil || !t.Due.After(now) || !begins && !t.KeepsClock() {
			continue
		}
		t.Zone = zone
		err = moveStart(ctx, tx, t, t.Moved(now), begins)
	}
	return err
}

// moveStart has a timer be due at another time, unless it moved meanwhile; and if it
// begins then, its cycle say so.
func moveStart(ctx context.Context, tx *sql.Tx, t started, to time.Time, begins bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE timer SET next_at = $3 WHERE account = $1 AND cycle = $2 AND next_at = $4`,
		t.Account, t.Cycle, t.sign*micros(to), t.sign*micros(t.Due))
	if err == nil && begins {
		_, err = tx.ExecContext(ctx, `UPDATE cycle SET start_at = $3 WHERE account = $1 AND id = $2`, t.Account, t.Cycle, micros(to))
	}
	return err
}
