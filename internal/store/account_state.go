package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// setEnabled does what goes with a's being suspended, or not any more, in the
// commit that says so. Cycles keep their status: all that starts or continues
// runs asks for the account's, or finds the hold.
func setEnabled(ctx context.Context, tx *sql.Tx, a *tandem.Account) error {
	if a.Enabled {
		return execAll(ctx, tx, a.ID, `UPDATE timer SET next_at = -next_at WHERE account = $1 AND next_at < 0`)
	}
	return execAll(ctx, tx, a.ID,
		`DELETE FROM session WHERE account = $1`,
		`UPDATE timer SET next_at = -next_at WHERE account = $1 AND next_at > 0`, // keeps when it is due, and is not
		fmt.Sprintf(`INSERT INTO hold (account, cycle, since) SELECT account, id, %d FROM cycle WHERE account = $1 AND status <> 'Paused'
			ON CONFLICT (account, cycle) DO NOTHING`, micros(time.Now())))
}

// execAll runs statements about an account.
func execAll(ctx context.Context, tx *sql.Tx, id tandem.AccountID, statements ...string) error {
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s, id); err != nil {
			return err
		}
	}
	return nil
}

// DeleteAccount puts an account into the recycle bin, and forgets its tokens,
// sessions and tickets.
//
// Errors: NotFound; Conflict (it has sub-accounts); Unavailable (one of its
// cycles is not paused).
func (s *Store) DeleteAccount(ctx context.Context, p tandem.PartnerID, id tandem.AccountID, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		n, err := stamp(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := holdAccount(ctx, tx, p, id); err != nil {
			return err
		}
		var below, active int
		err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM account WHERE parent = $1 AND deleted_at = 0),
			(SELECT count(*) FROM cycle WHERE account = $1 AND status <> 'Paused')`, id).Scan(&below, &active)
		switch {
		case err != nil:
			return err
		case below > 0:
			return tandem.Conflictf("The account has sub-accounts. Delete them first.")
		case active > 0:
			return &tandem.Error{Code: tandem.Unavailable, Message: "A cycle of the account was started meanwhile. Try again.", RetryAfter: time.Second}
		}
		err = execAll(ctx, tx, id, `DELETE FROM access_token WHERE account = $1`, `DELETE FROM session WHERE account = $1`, `DELETE FROM ticket WHERE account = $1`)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE account SET deleted_at = $2, stamp = $3 WHERE id = $1`, id, micros(at), n)
		return err
	})
}

// RestoreAccount brings back the account that was deleted last under an API ID.
//
// Errors: NotFound; Invalid (the ID is in use, its parent is too deep by now);
// Conflict (its parent is deleted).
func (s *Store) RestoreAccount(ctx context.Context, p tandem.PartnerID, apiID string) (a *tandem.Account, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		n, err := stamp(ctx, tx, p)
		if err != nil {
			return err
		}
		a, err = spelled(apiID, func(spelling string) (*tandem.Account, error) {
			return row(ctx, tx, accountName(apiID), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+`
				WHERE a.partner = $1 AND a.api_id = $2 AND a.deleted_at > $3 ORDER BY a.deleted_at DESC, a.id LIMIT 1`, p, spelling, micros(time.Now().Add(-binTime)))
		})
		if err != nil {
			return err
		}
		switch err := checkParent(ctx, tx, a, 1); {
		case tandem.ErrorCode(err) == tandem.NotFound:
			return tandem.Conflictf("The account above it is deleted, too. Restore that first.")
		case err != nil:
			return err
		}
		// It may have begun to be purged since it was read.
		r, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0, stamp = $2 WHERE id = $1 AND deleted_at = $3`, a.ID, n, micros(*a.DeletedDate))
		a.DeletedDate = nil
		return changed(r, err, accountName(apiID))
	})
	if s.dialect.Duplicate(err) {
		return nil, &tandem.Error{Code: tandem.Invalid, Field: "Id", Message: fmt.Sprintf("ID already in use: %q is the ID of another account by now.", apiID), Err: err}
	}
	return a, err
}
