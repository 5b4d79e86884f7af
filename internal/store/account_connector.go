package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const accountConnectorColumns = `ac.account, ac.id, ac.connector, ac.name, ac.description, ac.authentication, ac.sealed, ac.authenticated, ac.partner_owned, ac.categories,
	COALESCE((SELECT w.until FROM connector_wait w WHERE w.account = ac.account AND w.account_connector = ac.id), 0)`

// above lists account $1 and the accounts above it, nearest first.
const above = `WITH RECURSIVE above (id, parent, level) AS (
	SELECT id, parent, 0 FROM account WHERE id = $1
	UNION ALL
	SELECT a.id, a.parent, above.level + 1 FROM account a JOIN above ON a.id = above.parent WHERE above.level < 8
) `

func scanAccountConnector(r scanner) (c tandem.AccountConnector, err error) {
	var authenticated bool
	var categories string
	var limited int64
	err = r.Scan(&c.Account, &c.ID, &c.Connector, &c.Name, &c.Description, &c.AuthenticationID, &c.Sealed, &authenticated, &c.IsPartnerIntegrationConnector, &categories, &limited)
	c.Limited = instant(limited)
	if err == nil && categories != "" {
		err = json.Unmarshal([]byte(categories), &c.Categories)
	}
	c.State = tandem.NotAuthenticated
	if authenticated {
		c.State = tandem.Authenticated
	}
	return c, err
}

// seenFrom marks what belongs to an account above a.
func seenFrom(a tandem.AccountID) func(scanner) (tandem.AccountConnector, error) {
	return func(r scanner) (tandem.AccountConnector, error) {
		c, err := scanAccountConnector(r)
		c.Inherited = c.Account != a
		return c, err
	}
}

// AccountConnectors lists those of a, then those of the accounts above it,
// nearest first.
func (s *Store) AccountConnectors(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error) {
	return rows(ctx, s.read(), seenFrom(a), above+`SELECT `+accountConnectorColumns+`
		FROM above JOIN account_connector ac ON ac.account = above.id ORDER BY above.level, ac.id`, a)
}

// AccountConnector finds one of a's, or of an account above it. Errors:
// NotFound.
func (s *Store) AccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (tandem.AccountConnector, error) {
	return row(ctx, s.read(), "Account connector", seenFrom(a), above+`SELECT `+accountConnectorColumns+`
		FROM above JOIN account_connector ac ON ac.account = above.id WHERE ac.id = $2`, a, id)
}

// NextAccountConnector gives the id of a new account connector.
func (s *Store) NextAccountConnector(ctx context.Context) (id tandem.AccountConnectorID, err error) {
	// Not by write: what is done with the number is what the audit log tells of.
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		n, err := next(ctx, tx, "account_connector")
		id = tandem.AccountConnectorID(n)
		return err
	})
	return id, err
}

// InsertAccountConnector adds c, unless its account has one of its own of others,
// the partner's or not as c is. Errors: NotFound (its connector was deleted
// meanwhile), Conflict (there is one of others).
func (s *Store) InsertAccountConnector(ctx context.Context, c tandem.AccountConnector, others ...tandem.ConnectorID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if len(others) > 0 {
			if err := lacksConnectors(ctx, tx, c, others); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO account_connector
			(account, id, connector, name, description, authentication, sealed, authenticated, partner_owned, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			c.Account, c.ID, c.Connector, c.Name, c.Description, c.AuthenticationID, c.Sealed,
			c.State == tandem.Authenticated, c.IsPartnerIntegrationConnector, micros(time.Now()))
		return err
	})
	if s.dialect.Refused(err) {
		if _, gone := row(ctx, s.read(), connectorName(c.Connector), scanID[int64], `SELECT 1 FROM connector WHERE id = $1`, c.Connector); gone != nil {
			return gone
		}
	}
	return err
}

// lacksConnectors errors: Conflict. It holds the account until tx ends, so that
// nobody else gives it what it lacks.
func lacksConnectors(ctx context.Context, tx *sql.Tx, c tandem.AccountConnector, others []tandem.ConnectorID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = deleted_at WHERE id = $1`, c.Account); err != nil {
		return err
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM account_connector
		WHERE account = $1 AND partner_owned = $2 AND connector IN (`+numbers(others)+`)`, c.Account, c.IsPartnerIntegrationConnector).Scan(&n)
	if err == nil && n > 0 {
		return tandem.Conflictf("The connector is installed already.")
	}
	return err
}

// ChangeAccountConnector changes one of a's own, alone with it: another change
// waits, so that it cannot bring back what this one removes. Errors: NotFound,
// and what change returns.
func (s *Store) ChangeAccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.AccountConnector) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		return changeHeld(ctx, tx, a, id, change)
	})
}

// changeHeld changes an account connector that tx holds.
func changeHeld(ctx context.Context, tx *sql.Tx, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.AccountConnector) error) error {
	c, err := row(ctx, tx, "Account connector", scanAccountConnector,
		`SELECT `+accountConnectorColumns+` FROM account_connector ac WHERE ac.account = $1 AND ac.id = $2`, a, id)
	if err != nil {
		return err
	}
	if err := change(&c); err != nil {
		return err
	}
	categories := ""
	if len(c.Categories) > 0 {
		data, err := json.Marshal(c.Categories)
		if err != nil {
			return err
		}
		categories = string(data)
	}
	_, err = tx.ExecContext(ctx, `UPDATE account_connector
		SET name = $3, description = $4, authentication = $5, sealed = $6, authenticated = $7, connector = $8, categories = $9
		WHERE account = $1 AND id = $2`,
		a, id, c.Name, c.Description, c.AuthenticationID, c.Sealed, c.State == tandem.Authenticated, c.Connector, categories)
	return err
}

// DeleteAccountConnector removes one of a's own. Errors: NotFound, Conflict (a
// cycle that is not paused uses it, in this account or one below, or a transaction
// that began before its cycle was upgraded).
func (s *Store) DeleteAccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM account_connector WHERE account = $1 AND id = $2`, a, id)
		if err := changed(r, err, "Account connector"); err != nil {
			return err
		}
		var active int
		// Only accounts below a can use it, so the account is not asked for.
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM cycle_connector u
			JOIN cycle c ON c.account = u.account AND c.id = u.cycle
			WHERE u.account_connector = $1 AND c.status <> 'Paused'`, id).Scan(&active)
		if err != nil {
			return err
		}
		if active > 0 {
			return tandem.Conflictf("The connector is in use by an active cycle.")
		}
		if err := usedInFlight(ctx, tx, a, id); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM custom_field WHERE account = $1 AND account_connector = $2`, a, id); err != nil {
			return err
		}
		if err := dropLimits(ctx, tx, a, id); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, endConnectorStorage, id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM cycle_connector WHERE account_connector = $1`, id)
		return err
	})
}
