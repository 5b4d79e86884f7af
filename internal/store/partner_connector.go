package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
)

// PartnerConnector is what a partner has set for a connector, sealed; nil:
// nothing.
func (s *Store) PartnerConnector(ctx context.Context, p tandem.PartnerID, connector string) ([]byte, error) {
	sealed, err := row(ctx, s.read(), "Settings", scanID[[]byte], `SELECT sealed FROM partner_connector WHERE partner = $1 AND connector = $2`, p, connector)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, nil
	}
	return sealed, err
}

// ChangePartnerConnector changes what a partner has set for a connector: change
// sees it as it is, nil for nothing, alone with it; what it gives takes its
// place, nil: nothing is set any more. Errors: NotFound (the partner), change's.
func (s *Store) ChangePartnerConnector(ctx context.Context, p tandem.PartnerID, connector string, change func(sealed []byte) ([]byte, error)) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE partner SET name = name WHERE id = $1`, p) // one change after the other
		if err := changed(r, err, partnerName); err != nil {
			return err
		}
		was, err := row(ctx, tx, "Settings", scanID[[]byte], `SELECT sealed FROM partner_connector WHERE partner = $1 AND connector = $2`, p, connector)
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
			return err
		}
		now, err := change(was)
		if err != nil {
			return err
		}
		if now == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM partner_connector WHERE partner = $1 AND connector = $2`, p, connector)
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO partner_connector (partner, connector, sealed) VALUES ($1, $2, $3)
			ON CONFLICT (partner, connector) DO UPDATE SET sealed = excluded.sealed`, p, connector, now)
		return err
	})
}
