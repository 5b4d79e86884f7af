package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
)

const factorName = "Second factor"

// SaveFactor keeps a second factor that is yet to be confirmed, in place of
// another such. Errors: Conflict (one is confirmed).
func (s *Store) SaveFactor(ctx context.Context, id tandem.ConsoleUserID, sealed []byte) error {
	err := s.change(ctx, factorName, `INSERT INTO factor (console_user, sealed, confirmed, step) VALUES ($1, $2, false, 0)
		ON CONFLICT (console_user) DO UPDATE SET sealed = excluded.sealed WHERE NOT factor.confirmed`, id, sealed)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.Conflictf("There is a second factor already.")
	}
	return err
}

// Factor gives a user's second factor. Errors: NotFound.
func (s *Store) Factor(ctx context.Context, id tandem.ConsoleUserID) (sealed []byte, confirmed bool, err error) {
	_, err = row(ctx, s.read(), factorName, func(r scanner) (struct{}, error) { return struct{}{}, r.Scan(&sealed, &confirmed) },
		`SELECT sealed, confirmed FROM factor WHERE console_user = $1`, id)
	return sealed, confirmed, err
}

// UseFactor writes down that the code of a time step was used. It is false if
// that one or a later one was used before: of many at once, one is true.
func (s *Store) UseFactor(ctx context.Context, id tandem.ConsoleUserID, sealed []byte, step int64) (bool, error) {
	r, err := s.dialect.Writer().ExecContext(ctx, `UPDATE factor SET step = $3 WHERE console_user = $1 AND sealed = $2 AND step < $3`, id, sealed, step)
	if err = changed(r, err, factorName); tandem.ErrorCode(err) == tandem.NotFound {
		return false, nil
	}
	return err == nil, err
}

// ConfirmFactor makes a second factor hold, with these recovery codes and none
// else. Errors: NotFound.
func (s *Store) ConfirmFactor(ctx context.Context, id tandem.ConsoleUserID, codes [][]byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE factor SET confirmed = true WHERE console_user = $1`, id)
		if err := changed(r, err, factorName); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE console_user = $1`, id); err != nil {
			return err
		}
		for _, code := range codes {
			if _, err := tx.ExecContext(ctx, `INSERT INTO recovery_code (console_user, hash) VALUES ($1, $2)`, id, code); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseRecoveryCode says whether a code is one of the user's, which it is no
// longer.
func (s *Store) UseRecoveryCode(ctx context.Context, id tandem.ConsoleUserID, hash []byte) (bool, error) {
	r, err := s.dialect.Writer().ExecContext(ctx, `DELETE FROM recovery_code WHERE console_user = $1 AND hash = $2`, id, hash)
	if err = changed(r, err, "Recovery code"); tandem.ErrorCode(err) == tandem.NotFound {
		return false, nil
	}
	return err == nil, err
}

// DeleteFactor forgets a second factor and its recovery codes.
func (s *Store) DeleteFactor(ctx context.Context, id tandem.ConsoleUserID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE console_user = $1`, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM factor WHERE console_user = $1`, id)
		return err
	})
}
