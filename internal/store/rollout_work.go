package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// steer changes a rollout, alone with it. Errors: NotFound, do's.
func (s *Store) steer(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, do func(*sql.Tx, tandem.Rollout) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		did, err := tx.ExecContext(ctx, `UPDATE rollout SET state = state WHERE partner = $1 AND template = $2 AND id = $3`, p, t, id) // takes the row's lock
		if err := changed(did, err, rolloutName(id)); err != nil {
			return err
		}
		r, err := row(ctx, tx, rolloutName(id), scanRollout, `SELECT `+rolloutColumns+` FROM rollout WHERE partner = $1 AND id = $2`, p, id)
		if err != nil {
			return err
		}
		return do(tx, r)
	})
}

// ContinueRollout has a rollout that waits go on. Errors: NotFound, Conflict.
func (s *Store) ContinueRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) error {
	return s.steer(ctx, p, t, id, func(tx *sql.Tx, r tandem.Rollout) error {
		if r.State != tandem.RolloutWaiting {
			return tandem.Conflictf("The rollout does not wait.")
		}
		return runRollout(ctx, tx, r)
	})
}

// runRollout has r go on at once.
func runRollout(ctx context.Context, tx *sql.Tx, r tandem.Rollout) error {
	_, err := tx.ExecContext(ctx, `UPDATE rollout SET state = 'Running', reason = '', failures = 0, ended_at = 0, next_at = 0 WHERE partner = $1 AND id = $2`, r.Partner, r.ID)
	return err
}

// CancelRollout ends a rollout, for a reason; "": a person wants it. Errors:
// NotFound, Conflict (it is at its end).
func (s *Store) CancelRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, reason string, at time.Time) error {
	return s.steer(ctx, p, t, id, func(tx *sql.Tx, r tandem.Rollout) error {
		if !r.Ended.IsZero() {
			return tandem.Conflictf("The rollout is at its end.")
		}
		_, err := tx.ExecContext(ctx, `UPDATE rollout SET state = 'Cancelled', reason = $3, ended_at = $4 WHERE partner = $1 AND id = $2`, p, id, reason, micros(at))
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE rollout_cycle SET outcome = 'Cancelled', ended_at = $3 WHERE partner = $1 AND rollout = $2 AND outcome = 'Pending'`, p, id, micros(at))
		}
		return err
	})
}

// RetryRollout has those cycles tried again that failed. Errors: NotFound, Conflict
// (it runs, none failed, another is not at its end).
func (s *Store) RetryRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) error {
	return s.oneRollout(s.steer(ctx, p, t, id, func(tx *sql.Tx, r tandem.Rollout) error {
		if r.State == tandem.RolloutRunning {
			return tandem.Conflictf("The rollout is running.")
		}
		did, err := tx.ExecContext(ctx, `UPDATE rollout_cycle SET outcome = 'Pending', reason = '', ended_at = 0 WHERE partner = $1 AND rollout = $2 AND outcome = 'Failed'`, p, id)
		if changed(did, err, "") != nil {
			if err == nil {
				err = tandem.Conflictf("None of its cycles failed.")
			}
			return err
		}
		return runRollout(ctx, tx, r)
	}))
}

// ClaimRollout takes the rollout whose turn it is, and nobody else does before
// lease. Errors: NotFound (there is none).
func (s *Store) ClaimRollout(ctx context.Context, now, lease time.Time) (r tandem.Rollout, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		// The condition is there twice: of two nodes that have found the same row,
		// the second looks again when the first has changed it.
		r, err = row(ctx, tx, "A rollout", scanRollout, `UPDATE rollout SET leased_until = $2
			WHERE (partner, id) IN (SELECT partner, id FROM rollout WHERE state = 'Running' AND next_at <= $1 AND leased_until <= $1 ORDER BY next_at LIMIT 1)
				AND state = 'Running' AND next_at <= $1 AND leased_until <= $1 RETURNING `+rolloutColumns, micros(now), micros(lease))
		return err
	})
	return r, err
}

// NextRolloutCycle is the one whose turn it is in a rollout. It notes that somebody
// begins with it. Errors: NotFound (there is none, or the rollout does not run).
func (s *Store) NextRolloutCycle(ctx context.Context, p tandem.PartnerID, id tandem.RolloutID) (x tandem.RolloutCycle, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		x, err = row(ctx, tx, "A cycle of the rollout", scanRolloutCycle, `SELECT `+rolloutCycleColumns+` FROM `+rolloutCycleTables+`
			WHERE x.partner = $1 AND x.rollout = $2 AND x.outcome = 'Pending'
				AND EXISTS (SELECT 1 FROM rollout r WHERE r.partner = $1 AND r.id = $2 AND r.state = 'Running') ORDER BY x.place LIMIT 1`, p, id)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `UPDATE rollout SET starts = CASE trying WHEN $3 THEN starts + 1 ELSE 1 END, trying = $3
			WHERE partner = $1 AND id = $2 RETURNING starts`, p, id, x.Place).Scan(&x.Starts)
	})
	return x, err
}

// ReleaseRollout gives up a claim: the rollout goes on at next. One that has no
// cycle left is completed. No server has ended at what it is at.
func (s *Store) ReleaseRollout(ctx context.Context, p tandem.PartnerID, id tandem.RolloutID, now, next time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE rollout SET leased_until = 0, next_at = $3, trying = 0 WHERE partner = $1 AND id = $2`, p, id, micros(next))
		if err != nil {
			return err
		}
		return completeRollout(ctx, tx, p, id, now)
	})
	if err != nil {
		return fmt.Errorf("release rollout %s: %w", id, err)
	}
	return nil
}

// completeRollout ends a rollout that has come to all of its cycles.
func completeRollout(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.RolloutID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE rollout SET state = 'Completed', reason = '', ended_at = $3 WHERE partner = $1 AND id = $2 AND ended_at = 0
		AND NOT EXISTS (SELECT 1 FROM rollout_cycle x WHERE x.partner = $1 AND x.rollout = $2 AND x.outcome = 'Pending')`, p, id, micros(at))
	return err
}

// SettleRollout notes what became of a cycle that stays as it is. Errors:
// tandem.ErrSettled.
func (s *Store) SettleRollout(ctx context.Context, end tandem.RolloutEnd) error {
	return s.write(ctx, func(tx *sql.Tx) error { return settleRollout(ctx, tx, end) })
}

// settleRollout notes what became of a cycle, and has its rollout wait, if now is
// when. The rollout's row is locked first, as by those who steer it. Errors:
// tandem.ErrSettled.
func settleRollout(ctx context.Context, tx *sql.Tx, end tandem.RolloutEnd) error {
	var now progress
	tried, failed := 0, 0
	if end.Outcome == tandem.RolloutFailed {
		tried, failed = 1, 1
	} else if end.Outcome == tandem.RolloutUpgraded {
		tried = 1
	}
	err := tx.QueryRowContext(ctx, `UPDATE rollout SET tried = tried + $3, failures = failures + $4 WHERE partner = $1 AND id = $2 AND state = 'Running'
		RETURNING canary, max_failures, tried, failures`, end.Partner, end.Rollout, tried, failed).Scan(&now.canary, &now.maxFailures, &now.tried, &now.failures)
	if errors.Is(err, sql.ErrNoRows) {
		return tandem.ErrSettled
	}
	if err != nil {
		return err
	}
	var lost []byte
	if len(end.Lost) > 0 {
		docs, err := encode(end.Lost)
		if err != nil {
			return err
		}
		lost = docs[0]
	}
	did, err := tx.ExecContext(ctx, `UPDATE rollout_cycle SET outcome = $4, reason = $5, lost = $6, ended_at = $7
		WHERE partner = $1 AND rollout = $2 AND place = $3 AND outcome = 'Pending'`, end.Partner, end.Rollout, end.Place, end.Outcome, end.Reason, lost, micros(end.Ended))
	if changed(did, err, "") != nil {
		if err == nil {
			err = tandem.ErrSettled
		}
		return err
	}
	if why := now.wait(tried > 0, failed > 0); why != "" {
		_, err := tx.ExecContext(ctx, `UPDATE rollout SET state = 'Waiting', reason = $3 WHERE partner = $1 AND id = $2`, end.Partner, end.Rollout, why)
		if err != nil {
			return err
		}
	}
	return completeRollout(ctx, tx, end.Partner, end.Rollout, end.Ended)
}

// progress is how far a rollout has come.
type progress struct{ canary, maxFailures, tried, failures int }

// wait is why a rollout waits after a cycle that was tried, or that failed; "": it
// goes on.
func (p progress) wait(tried, failed bool) string {
	switch {
	case failed && p.maxFailures > 0 && p.failures >= p.maxFailures && p.failures == 1:
		return "A cycle could not be upgraded."
	case failed && p.maxFailures > 0 && p.failures >= p.maxFailures:
		return fmt.Sprintf("%d cycles could not be upgraded.", p.failures)
	case tried && p.tried == p.canary && p.canary == 1:
		return "The first cycle was tried."
	case tried && p.tried == p.canary:
		return fmt.Sprintf("The first %d cycles were tried.", p.canary)
	}
	return ""
}
