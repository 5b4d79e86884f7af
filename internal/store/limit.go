package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// ChangeTokens changes what is kept of an account connector's tokens, nil when
// nothing is yet. Nobody else does meanwhile; change does nothing but that, for it
// may be called again.
func (s *Store) ChangeTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func([]byte) ([]byte, error)) error {
	err := s.transact(ctx, nil, func(tx *sql.Tx) error {
		var was []byte
		// It reads the row and locks it.
		err := tx.QueryRowContext(ctx, `INSERT INTO connector_tokens (account, account_connector, state) VALUES ($1, $2, $3)
			ON CONFLICT (account, account_connector) DO UPDATE SET state = connector_tokens.state RETURNING state`, a, id, []byte{}).Scan(&was)
		if err != nil {
			return err
		}
		state, err := change(was)
		if err != nil || bytes.Equal(state, was) {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE connector_tokens SET state = $3 WHERE account = $1 AND account_connector = $2`, a, id, state)
		return err
	})
	if err != nil {
		return fmt.Errorf("change the tokens of account connector %d: %w", id, err)
	}
	return nil
}

const waitColumns = `account, account_connector, until, tries, probing`

func scanWait(r scanner) (w tandem.ConnectorWait, err error) {
	var until int64
	err = r.Scan(&w.Account, &w.Connector, &until, &w.Tries, &w.Probing)
	w.Until = instant(until)
	return w, err
}

// ConnectorWaits lists the waits of all account connectors.
func (s *Store) ConnectorWaits(ctx context.Context) ([]tandem.ConnectorWait, error) {
	all, err := rows(ctx, s.read(), scanWait, `SELECT `+waitColumns+` FROM connector_wait WHERE until > 0`)
	if err != nil {
		return nil, fmt.Errorf("list the waits of account connectors: %w", err)
	}
	return all, nil
}

// ChangeConnectorWait changes the wait of an account connector, which is zero but
// for its key if there is none, and over when Until is zero. Nobody else does
// meanwhile. It returns what holds then.
func (s *Store) ChangeConnectorWait(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.ConnectorWait)) (w tandem.ConnectorWait, err error) {
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		var err error
		w, err = scanWait(tx.QueryRowContext(ctx, `INSERT INTO connector_wait (`+waitColumns+`) VALUES ($1, $2, 0, 0, false)
			ON CONFLICT (account, account_connector) DO UPDATE SET until = connector_wait.until RETURNING `+waitColumns, a, id))
		if err != nil {
			return err
		}
		change(&w)
		if w.Until.IsZero() {
			_, err = tx.ExecContext(ctx, `DELETE FROM connector_wait WHERE account = $1 AND account_connector = $2`, a, id)
			return err
		}
		w.Until = instant(micros(w.Until)) // as it is read again
		_, err = tx.ExecContext(ctx, `UPDATE connector_wait SET until = $3, tries = $4, probing = $5 WHERE account = $1 AND account_connector = $2`,
			a, id, micros(w.Until), w.Tries, w.Probing)
		return err
	})
	if err != nil {
		return tandem.ConnectorWait{}, fmt.Errorf("change the wait of account connector %d: %w", id, err)
	}
	return w, nil
}

// dropLimits forgets the limits of an account connector.
func dropLimits(ctx context.Context, tx *sql.Tx, a tandem.AccountID, id tandem.AccountConnectorID) error {
	for _, table := range []string{"connector_tokens", "connector_wait"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE account = $1 AND account_connector = $2`, a, id); err != nil {
			return err
		}
	}
	return nil
}
