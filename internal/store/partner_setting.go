package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const partnerName = "Partner"

// PartnerSettings reads what a partner has set. Errors: NotFound.
func (s *Store) PartnerSettings(ctx context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error) {
	return row(ctx, s.read(), partnerName, scanSettings, `SELECT settings FROM partner WHERE id = $1`, p)
}

func scanSettings(r scanner) (tandem.PartnerSettings, error) {
	var document []byte
	if err := r.Scan(&document); err != nil {
		return tandem.PartnerSettings{}, err
	}
	return decodeSettings(document)
}

// decodeSettings reads what is kept of a partner's settings; nil: nothing was
// set.
func decodeSettings(document []byte) (set tandem.PartnerSettings, err error) {
	if document == nil {
		return set, nil
	}
	if err := json.Unmarshal(document, &set); err != nil {
		return set, fmt.Errorf("read the settings of a partner: %w", err)
	}
	return set, nil
}

// ChangePartnerSettings changes settings under change, which sees them as they
// are and cannot be overtaken. Errors: NotFound, and change's.
func (s *Store) ChangePartnerSettings(ctx context.Context, p tandem.PartnerID, change func(*tandem.PartnerSettings) error) (set tandem.PartnerSettings, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		set, err = row(ctx, tx, partnerName, scanSettings, `UPDATE partner SET settings = settings WHERE id = $1 RETURNING settings`, p)
		if err != nil {
			return err
		}
		if err := change(&set); err != nil {
			return err
		}
		document, err := json.Marshal(set)
		if err != nil {
			return fmt.Errorf("write the settings of partner %d: %w", p, err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE partner SET settings = $2 WHERE id = $1`, p, document)
		return err
	})
	return set, err
}
