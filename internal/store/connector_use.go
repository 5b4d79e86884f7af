package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// usedByTemplates errors: Conflict, when a release of a template that can be
// installed, or is worked on, has c in its graph. What is deprecated, or in the
// recycle bin, keeps nothing: it is not installed any more.
func usedByTemplates(ctx context.Context, tx *sql.Tx, c *tandem.CustomConnector) error {
	type release struct {
		template string
		state    tandem.ReleaseState
		uses     bool
	}
	all, err := rows(ctx, tx, func(s scanner) (r release, err error) {
		var graph []byte
		if err := s.Scan(&r.template, &r.state, &graph); err != nil {
			return r, err
		}
		var g struct{ Connectors []tandem.ConnectorRef }
		err = decode(graph, &g)
		for _, ref := range g.Connectors {
			r.uses = r.uses || means(ref, c)
		}
		return r, err
	}, `SELECT t.name, r.state, r.graph FROM template t JOIN template_release r ON r.partner = t.partner AND r.template = t.id
		WHERE t.partner = $1 AND t.deleted_at = 0 AND r.state IN ('Draft', 'Live') ORDER BY lower(t.name), t.id, r.version DESC`, c.Partner)
	if err != nil {
		return fmt.Errorf("templates that use connector %d: %w", c.ID, err)
	}
	for _, r := range all {
		if r.uses {
			return tandem.Conflictf("The connector is used by the template %q, in its %s release.", r.template, strings.ToLower(string(r.state)))
		}
	}
	return nil
}

// means says whether a graph's ref is, or may be, to c.
func means(ref tandem.ConnectorRef, c *tandem.CustomConnector) bool {
	if ref.Version != c.Version {
		return false
	}
	if ref.UniqueIdentifier != "" {
		return strings.EqualFold(ref.UniqueIdentifier, c.UniqueIdentifier)
	}
	return strings.EqualFold(ref.Name, c.Name)
}

// boundInFlight are the connectors of versions, other than the current ones, on
// which transactions of an account and those below it still run: their cycles were
// upgraded since.
const boundInFlight = `WITH RECURSIVE tree (id) AS (
		SELECT id FROM account WHERE id = $1 UNION ALL SELECT account.id FROM account JOIN tree ON account.parent = tree.id)
	SELECT v.connectors FROM tree JOIN cycle c ON c.account = tree.id
		JOIN cycle_version v ON v.account = c.account AND v.cycle = c.id AND v.version <> c.version
	WHERE v.frozen AND EXISTS (SELECT 1 FROM txn WHERE txn.account = v.account AND txn.cycle = v.cycle AND txn.status < 10 AND txn.version = v.version)`

// usedInFlight errors: Conflict, when transactions that began before their cycle
// was upgraded end on an account connector that the cycle itself no longer uses.
func usedInFlight(ctx context.Context, tx *sql.Tx, a tandem.AccountID, id tandem.AccountConnectorID) error {
	all, err := rows(ctx, tx, func(s scanner) (uses bool, err error) {
		var document []byte
		if err := s.Scan(&document); err != nil {
			return false, err
		}
		bound := map[string]tandem.AccountConnectorID{}
		err = decode(document, &bound)
		for _, used := range bound {
			uses = uses || used == id
		}
		return uses, err
	}, boundInFlight, a)
	if err != nil {
		return fmt.Errorf("transactions that use account connector %d: %w", id, err)
	}
	for _, uses := range all {
		if uses {
			return tandem.Conflictf("The connector is in use by transactions that began before their cycle was upgraded. Try again when they have ended.")
		}
	}
	return nil
}
