package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

const customConnectorColumns = `partner, id, name, version, guid, state, document, created_at, revision`

func scanCustomConnector(s scanner) (c tandem.CustomConnector, err error) {
	var document []byte
	var created int64
	if err := s.Scan(&c.Partner, &c.ID, &c.Name, &c.Version, &c.UniqueIdentifier, &c.State, &document, &created, &c.Revision); err != nil {
		return c, err
	}
	if err := json.Unmarshal(document, &c.Document); err != nil {
		return c, fmt.Errorf("read connector %d: %w", c.ID, err)
	}
	c.Created = instant(created)
	return c, nil
}

func connectorName(id tandem.ConnectorID) string { return fmt.Sprintf("Connector %d", id) }

var customConnectorOrders = orders{
	"": {"lower(name)", "id DESC"}, "Name": {"lower(name)", "id"}, "Id": {"id"}, "CreatedOnUtc": {"created_at", "id"},
}

// CustomConnectors lists a partner's own by name, newest first. Errors: Invalid
// (OrderBy).
func (s *Store) CustomConnectors(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.CustomConnector], error) {
	c, err := s.having(ctx, "custom_connector", "name || ' ' || guid", p, f.Query)
	if err != nil {
		return tandem.Page[tandem.CustomConnector]{}, err
	}
	return page(ctx, s.read(), scanCustomConnector, customConnectorColumns, "custom_connector", c, customConnectorOrders, f.PageRequest)
}

// CustomConnector errors: NotFound.
func (s *Store) CustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) (tandem.CustomConnector, error) {
	return row(ctx, s.read(), connectorName(id), scanCustomConnector,
		`SELECT `+customConnectorColumns+` FROM custom_connector WHERE partner = $1 AND id = $2`, p, id)
}

// PutCustomConnector changes one of p's under change, alone with it, and numbers
// the parts of the connector that change gives: parts keep their numbers while
// their names stay. The id 0 is for a new one. Installed says that some account
// has it.
//
// Errors: NotFound; Conflict (p has one of the same name and version, or of the
// same UniqueIdentifier and version); change's.
func (s *Store) PutCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID,
	change func(c *tandem.CustomConnector, installed bool) (*connector.Connector, error),
) (c tandem.CustomConnector, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		c = tandem.CustomConnector{Partner: p, ID: id}
		if err := newRevision(ctx, tx, p); err != nil {
			return err
		}
		installed := false
		if id != 0 {
			if c, installed, err = heldCustomConnector(ctx, tx, p, id); err != nil {
				return err
			}
		}
		definition, err := change(&c, installed)
		if err != nil {
			return err
		}
		if id == 0 {
			return insertCustomConnector(ctx, tx, &c, definition)
		}
		if err := saveCustomConnector(ctx, tx, &c); err != nil {
			return err
		}
		return numberParts(ctx, tx, int64(c.ID), definition)
	})
	return c, s.sameConnector(err)
}

// sameConnector is Conflict if err is that there is such a connector.
func (s *Store) sameConnector(err error) error {
	if err == nil || !s.dialect.Duplicate(err) {
		return err
	}
	return &tandem.Error{Code: tandem.Conflict, Message: "There is a connector of that name, or with that UniqueIdentifier, and version already.", Err: err}
}

// insertCustomConnector adds c, of which definition can be used, and gives both
// their numbers.
func insertCustomConnector(ctx context.Context, tx *sql.Tx, c *tandem.CustomConnector, definition *connector.Connector) error {
	n, err := next(ctx, tx, "connector")
	if err != nil {
		return err
	}
	c.ID = tandem.ConnectorID(n)
	if err := saveCustomConnector(ctx, tx, c); err != nil {
		return err
	}
	return numberParts(ctx, tx, n, definition)
}

// newRevision counts a change of a partner's own connectors; other changes of
// them wait for this one.
func newRevision(ctx context.Context, tx *sql.Tx, p tandem.PartnerID) error {
	r, err := tx.ExecContext(ctx, `UPDATE partner SET connector_revision = connector_revision + 1 WHERE id = $1`, p)
	return changed(r, err, partnerName)
}

func heldCustomConnector(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.ConnectorID) (c tandem.CustomConnector, installed bool, err error) {
	c, err = row(ctx, tx, connectorName(id), scanCustomConnector,
		`SELECT `+customConnectorColumns+` FROM custom_connector WHERE partner = $1 AND id = $2`, p, id)
	if err != nil {
		return c, false, err
	}
	var n int
	// Only accounts of p can have it, so they are not asked for.
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM account_connector WHERE connector = $1 LIMIT 1) used`, id).Scan(&n)
	return c, n > 0, err
}

// saveCustomConnector writes c, and gives it its revision.
func saveCustomConnector(ctx context.Context, tx *sql.Tx, c *tandem.CustomConnector) error {
	document, err := json.Marshal(c.Document)
	if err != nil {
		return fmt.Errorf("write connector %d: %w", c.ID, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO connector (id, partner, name, version) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version`, c.ID, c.Partner, strings.ToLower(c.Name), c.Version)
	if err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, `INSERT INTO custom_connector (`+customConnectorColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
		(SELECT connector_revision FROM partner WHERE id = $1))
		ON CONFLICT (partner, id) DO UPDATE SET name = excluded.name, version = excluded.version, guid = excluded.guid, state = excluded.state,
			document = excluded.document, revision = excluded.revision
		RETURNING revision`,
		c.Partner, c.ID, c.Name, c.Version, c.UniqueIdentifier, c.State, document, micros(c.Created)).Scan(&c.Revision)
}

// DeleteCustomConnector errors: NotFound, Conflict (some account has it, or a draft
// or live release of a template uses it).
func (s *Store) DeleteCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error {
	err := s.deleteCustomConnector(ctx, p, id)
	if s.dialect.Refused(err) { // an account has installed it meanwhile, which is seen now
		err = s.deleteCustomConnector(ctx, p, id)
	}
	return err
}

func (s *Store) deleteCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := newRevision(ctx, tx, p); err != nil {
			return err
		}
		c, installed, err := heldCustomConnector(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if installed {
			return tandem.Conflictf("The connector is installed in an account.")
		}
		if err := usedByTemplates(ctx, tx, &c); err != nil {
			return err
		}
		return dropCustomConnector(ctx, tx, id)
	})
}

func dropCustomConnector(ctx context.Context, tx *sql.Tx, id tandem.ConnectorID) error {
	for _, of := range []string{`connector_promotion WHERE connector`, `custom_connector WHERE id`, `connector_part WHERE connector`, `connector WHERE id`} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+of+` = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

// ConnectorRevision counts the changes of a partner's own connectors; 0: there
// never were any. Errors: NotFound.
func (s *Store) ConnectorRevision(ctx context.Context, p tandem.PartnerID) (int64, error) {
	return row(ctx, s.read(), partnerName, scanID[int64], `SELECT connector_revision FROM partner WHERE id = $1`, p)
}

// AccountPartner errors: NotFound.
func (s *Store) AccountPartner(ctx context.Context, a tandem.AccountID) (tandem.PartnerID, error) {
	return row(ctx, s.read(), "Account", scanID[tandem.PartnerID], `SELECT partner FROM account WHERE id = $1`, a)
}

// OwnConnectors gives each of a partner's own that is not known at its revision to
// read, and fills in the numbers of the parts of what that makes of it.
func (s *Store) OwnConnectors(ctx context.Context, p tandem.PartnerID, known func(id tandem.ConnectorID, revision int64) bool,
	read func(*tandem.CustomConnector) (*connector.Connector, error),
) error {
	type place struct {
		id       tandem.ConnectorID
		revision int64
	}
	all, err := rows(ctx, s.read(), func(r scanner) (at place, err error) { return at, r.Scan(&at.id, &at.revision) },
		`SELECT id, revision FROM custom_connector WHERE partner = $1 ORDER BY id`, p)
	if err != nil {
		return err
	}
	for _, at := range all {
		if known(at.id, at.revision) {
			continue
		}
		if err := s.ownConnector(ctx, p, at.id, read); err != nil && tandem.ErrorCode(err) != tandem.NotFound { // it is gone by now
			return err
		}
	}
	return nil
}

func (s *Store) ownConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, read func(*tandem.CustomConnector) (*connector.Connector, error)) error {
	custom, err := s.CustomConnector(ctx, p, id)
	if err != nil {
		return err
	}
	c, err := read(&custom)
	if err != nil {
		return err
	}
	numbers, err := partNumbers(ctx, s.read(), int64(id))
	if err != nil {
		return err
	}
	for part, number := range parts(c) {
		*number = numbers[part]
	}
	return nil
}
