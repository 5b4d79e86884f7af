package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
)

// DataKey gives an account's data key, as the master key has wrapped it.
// Errors: NotFound.
func (s *Store) DataKey(ctx context.Context, a tandem.AccountID) ([]byte, error) {
	return row(ctx, s.read(), "Account", scanID[[]byte], `SELECT data_key FROM account WHERE id = $1`, a)
}

// PartnerKey gives a partner's data key, as the master key has wrapped it; the
// first time, one that key makes. Errors: NotFound.
func (s *Store) PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error) {
	const query = `SELECT data_key FROM partner WHERE id = $1`
	if wrapped, err := row(ctx, s.read(), "Partner", scanID[[]byte], query, p); err != nil || wrapped != nil {
		return wrapped, err
	}
	var wrapped []byte
	err := s.write(ctx, func(tx *sql.Tx) error {
		made, err := key(p)
		if err != nil {
			return err
		}
		// Another may have been first.
		wrapped, err = row(ctx, tx, "Partner", scanID[[]byte],
			`UPDATE partner SET data_key = COALESCE(data_key, $2) WHERE id = $1 RETURNING data_key`, p, made)
		return err
	})
	return wrapped, err
}
