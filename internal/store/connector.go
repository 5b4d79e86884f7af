package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// NumberConnectors fills in the numbers of the parts of connectors, and gives
// those of the connectors themselves, in their order. What has a number keeps
// it, also when its file was away for a while. All is one commit, and nodes
// that start at once take turns.
func (s *Store) NumberConnectors(ctx context.Context, all []*connector.Connector) ([]tandem.ConnectorID, error) {
	ids := make([]tandem.ConnectorID, len(all))
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx, "connector"); err != nil {
			return err
		}
		for i, c := range all {
			id, err := numberConnector(ctx, tx, c)
			if err != nil {
				return fmt.Errorf("number connector %s %s: %w", c.Name, c.Version, err)
			}
			ids[i] = id
		}
		return nil
	})
	return ids, err
}

// takeTurn makes other transactions that call it for kind wait for this one.
func takeTurn(ctx context.Context, tx *sql.Tx, kind string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sequence (name, value) VALUES ($1, 0)
		ON CONFLICT (name) DO UPDATE SET value = sequence.value`, kind)
	return err
}

func numberConnector(ctx context.Context, tx *sql.Tx, c *connector.Connector) (tandem.ConnectorID, error) {
	name := strings.ToLower(c.Name)
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM connector WHERE partner = 0 AND name = $1 AND version = $2`, name, c.Version).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		if id, err = next(ctx, tx, "connector"); err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO connector (id, partner, name, version) VALUES ($1, 0, $2, $3)`, id, name, c.Version)
		}
	}
	if err != nil {
		return 0, err
	}
	return tandem.ConnectorID(id), numberParts(ctx, tx, id, c)
}

// numberParts fills in the numbers of the parts of c, which has the number id.
func numberParts(ctx context.Context, tx *sql.Tx, id int64, c *connector.Connector) error {
	known, err := partNumbers(ctx, tx, id)
	if err != nil {
		return err
	}
	for p, number := range parts(c) {
		if *number = known[p]; *number != 0 {
			continue
		}
		if *number, err = next(ctx, tx, "connector_part"); err != nil {
			return err
		}
		known[p] = *number
		_, err = tx.ExecContext(ctx, `INSERT INTO connector_part (connector, kind, name, id) VALUES ($1, $2, $3, $4)`, id, p.kind, p.name, *number)
		if err != nil {
			return fmt.Errorf("number %s %s: %w", p.kind, p.name, err)
		}
	}
	return nil
}

// part is what a connector's part is known by: it keeps its number while its
// kind and name stay.
type part struct{ kind, name string }

func partNumbers(ctx context.Context, q querier, id int64) (map[part]int64, error) {
	type numbered struct {
		part
		id int64
	}
	all, err := rows(ctx, q, func(r scanner) (n numbered, err error) {
		return n, r.Scan(&n.kind, &n.name, &n.id)
	}, `SELECT kind, name, id FROM connector_part WHERE connector = $1`, id)
	known := make(map[part]int64, len(all))
	for _, n := range all {
		known[n.part] = n.id
	}
	return known, err
}

// parts are the parts of c that have numbers, with where to put each.
func parts(c *connector.Connector) iter.Seq2[part, *int64] {
	return func(yield func(part, *int64) bool) {
		ok := true
		each := func(kind, owner, name string, id *int64) {
			ok = ok && yield(part{kind, owner + name}, id)
		}
		for i := range c.Authentication {
			a := &c.Authentication[i]
			each("authentication", "", cmp.Or(a.Name, string(a.AuthType)), &a.ID)
		}
		for i := range c.Parameters {
			each("parameter", "", c.Parameters[i].Name, &c.Parameters[i].ID)
		}
		for i := range c.Triggers {
			each("trigger", "", c.Triggers[i].Name, &c.Triggers[i].ID)
		}
		for i := range c.Methods {
			m := &c.Methods[i]
			each("method", "", m.MethodUniqueIdentifier, &m.ID)
			of := m.MethodUniqueIdentifier + "/"
			for i := range m.Parameters {
				each("method parameter", of, m.Parameters[i].Name, &m.Parameters[i].ID)
			}
			for i := range m.RequestFields {
				each("request field", of, m.RequestFields[i].ConnectorField, &m.RequestFields[i].ID)
			}
			for i := range m.ResponseFields {
				each("response field", of, m.ResponseFields[i].ConnectorField, &m.ResponseFields[i].ID)
			}
		}
	}
}
