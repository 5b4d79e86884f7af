package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// purgeBatch is how many cycles one commit purges.
const purgeBatch = 50

// DeleteCycle puts a cycle into the recycle bin. Its record stays for as long as
// it is kept. Errors: NotFound, Conflict (it is not paused).
func (s *Store) DeleteCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		status, err := row(ctx, tx, cycleName(id), scanID[tandem.CycleStatus],
			`UPDATE cycle SET deleted_at = $3 WHERE account = $1 AND id = $2 AND deleted_at = 0 RETURNING status`, a, id, micros(time.Now()))
		if err == nil && status != tandem.CyclePaused {
			err = tandem.Conflictf("The cycle is %s.", strings.ToLower(string(status)))
		}
		return err
	})
}

// RestoreCycle takes a cycle out of the recycle bin. Errors: NotFound (it is
// not in there).
func (s *Store) RestoreCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE cycle SET deleted_at = 0 WHERE account = $1 AND id = $2 AND deleted_at > 0`, a, id)
		return changed(r, err, cycleName(id))
	})
}

// PurgeCycles removes what was in the recycle bin for tandem.CycleBinDays at
// now, in small commits, and says how many cycles that were. Their transactions
// have ended when they were deleted, and their record has its own retention.
func (s *Store) PurgeCycles(ctx context.Context, now time.Time) (purged int, err error) {
	before := micros(now.AddDate(0, 0, -tandem.CycleBinDays))
	for {
		var found []journal.Cycle
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			found, err = rows(ctx, tx, scanCycleKey, `SELECT account, id FROM cycle WHERE deleted_at > 0 AND deleted_at <= $1
				ORDER BY deleted_at LIMIT $2`, before, purgeBatch)
			for _, c := range found {
				if err == nil {
					err = purgeCycle(ctx, tx, c)
				}
			}
			return err
		})
		if err != nil {
			return purged, fmt.Errorf("purge cycles: %w", err)
		}
		if purged += len(found); len(found) < purgeBatch {
			return purged, nil
		}
	}
}

// purgeCycle deletes a cycle with all that is part of it, unless it was
// restored meanwhile.
func purgeCycle(ctx context.Context, tx *sql.Tx, c journal.Cycle) error {
	r, err := tx.ExecContext(ctx, `DELETE FROM cycle WHERE account = $1 AND id = $2 AND deleted_at > 0`, c.Account, c.ID)
	if err := changed(r, err, ""); tandem.ErrorCode(err) == tandem.NotFound {
		return nil
	} else if err != nil {
		return err
	}
	for _, table := range []string{"cycle_version", "cycle_connector", "step", "webhook", "timer", "hold", "barrier"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE account = $1 AND cycle = $2`, c.Account, c.ID); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE storage SET gone = true WHERE account = $1 AND cycle = $2`, c.Account, c.ID)
	return err
}
