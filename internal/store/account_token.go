package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// ClaimTokens claims the right to ask a third party for the next token of one of
// a's connectors, until a moment, and notes that it was asked; no transaction stays
// open for it. It is false while somebody else has the claim. Interrupted is when
// the last one asked whose claim ended without an answer; zero: it had one.
//
// Errors: NotFound.
func (s *Store) ClaimTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, holder string, now, until time.Time) (claimed bool, interrupted time.Time, err error) {
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		claimed, interrupted = false, time.Time{}
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		var taken, asked int64
		err := tx.QueryRowContext(ctx, `SELECT token_until, token_asked FROM account_connector WHERE account = $1 AND id = $2`, a, id).Scan(&taken, &asked)
		if err != nil || taken > micros(now) {
			return err
		}
		claimed, interrupted = true, instant(asked)
		_, err = tx.ExecContext(ctx, `UPDATE account_connector SET token_holder = $3, token_until = $4, token_asked = $5 WHERE account = $1 AND id = $2`,
			a, id, holder, micros(until), micros(now))
		return err
	})
	return claimed, interrupted, err
}

// SettleTokens ends a claim with what came of it: change sees the connector as it
// is, alone with it, and whether the claim is still holder's. Errors: NotFound,
// and what change returns; the claim goes on then.
func (s *Store) SettleTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, holder string, change func(c *tandem.AccountConnector, held bool) error) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `UPDATE account_connector SET token_holder = '', token_until = 0, token_asked = 0
			WHERE account = $1 AND id = $2 AND token_holder = $3`, a, id, holder)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		return changeHeld(ctx, tx, a, id, func(c *tandem.AccountConnector) error { return change(c, n > 0) })
	})
}

// endTokenClaims ends all claims, when nobody can be at work on them. That they
// were cut short stays.
func (s *Store) endTokenClaims(ctx context.Context) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE account_connector SET token_holder = '', token_until = 0 WHERE token_until > 0`)
		return err
	})
}
