package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// admitCycle checks that c, whose status in this transaction is Running
// already, may run. It holds the account, so that no other cycle starts, and
// the account is neither suspended nor deleted, before the commit.
//
// Errors: Conflict (the account is suspended), Invalid (too many steps),
// NotFound.
func admitCycle(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	a, err := accountOfCycle(ctx, tx, c)
	switch {
	case err != nil:
		return err
	case !a.Enabled:
		return tandem.Conflictf("The account is suspended.")
	}
	return checkSteps(ctx, tx, c, a, "The cycle cannot be activated")
}

// growCycle checks that c, which is running, may have more steps than before. It
// holds the account likewise. Errors: Invalid (too many steps), NotFound.
func growCycle(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	a, err := accountOfCycle(ctx, tx, c)
	if err != nil {
		return err
	}
	return checkSteps(ctx, tx, c, a, "The cycle cannot be upgraded while it is running")
}

func accountOfCycle(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) (*tandem.Account, error) {
	r, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0 WHERE id = $1 AND deleted_at = 0`, c.Account)
	if err := changed(r, err, "Account"); err != nil {
		return nil, err
	}
	return row(ctx, tx, "Account", scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE a.id = $1`, c.Account)
}

// checkSteps checks that all running cycles of an account, of which c is one in this
// transaction, have no more steps than its limit.
func checkSteps(ctx context.Context, tx *sql.Tx, c *tandem.Cycle, a *tandem.Account, what string) error {
	set, err := row(ctx, tx, partnerName, scanSettings, `SELECT settings FROM partner WHERE id = $1`, a.Partner)
	if err != nil {
		return err
	}
	limit := tandem.Inherit(set.Account, a, c.Retention).Steps
	if limit == 0 {
		return nil
	}
	var steps int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM cycle c JOIN step s ON s.account = c.account AND s.cycle = c.id
		WHERE c.account = $1 AND c.status <> 'Paused'`, c.Account).Scan(&steps)
	if err == nil && steps > limit {
		return tandem.Invalidf("", "%s: the running cycles of the account would have %d steps, and its step limit is %d.", what, steps, limit)
	}
	return err
}

// Suspended says whether an account is suspended. Errors: NotFound.
func (s *Store) Suspended(ctx context.Context, a tandem.AccountID) (bool, error) {
	return row(ctx, s.read(), "Account", scanID[bool], `SELECT NOT enabled FROM account WHERE id = $1`, a)
}

// SuspendedCycles lists the cycles, of all accounts that are suspended, with
// transactions that are not held yet.
func (s *Store) SuspendedCycles(ctx context.Context) ([]journal.Cycle, error) {
	return rows(ctx, s.read(), scanCycleKey, suspendedCycles)
}

const suspendedCycles = `SELECT c.account, c.id FROM account a JOIN cycle c ON c.account = a.id AND c.status <> 'Paused'
	WHERE NOT a.enabled AND EXISTS (SELECT 1 FROM txn t WHERE t.account = c.account AND t.cycle = c.id AND t.status < 10 AND t.status IN (0, 1))`
