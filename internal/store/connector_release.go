package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// ConnectorReleases lists all that have the UniqueIdentifier of id, in no order.
// Errors: NotFound.
func (s *Store) ConnectorReleases(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) ([]tandem.ConnectorRelease, error) {
	of, err := s.CustomConnector(ctx, p, id)
	if err != nil {
		return nil, err
	}
	type numbered struct {
		of tandem.ConnectorID
		tandem.ConnectorPromotion
	}
	promotions, err := rows(ctx, s.read(), func(r scanner) (n numbered, err error) {
		var at int64
		err = r.Scan(&n.of, &n.Kind, &n.Version, &n.Notes, &at, &n.PromotedBy)
		n.Promoted = instant(at)
		return n, err
	}, `SELECT h.connector, h.kind, h.version, h.notes, h.promoted_at, h.promoted_by FROM connector_promotion h
		JOIN custom_connector c ON c.partner = h.partner AND c.id = h.connector WHERE h.partner = $1 AND c.guid = $2 ORDER BY h.connector, h.number DESC`, p, of.UniqueIdentifier)
	if err != nil {
		return nil, fmt.Errorf("promotions of connector %d: %w", id, err)
	}
	return rows(ctx, s.read(), func(r scanner) (c tandem.ConnectorRelease, err error) {
		c.CustomConnector, err = scanCustomConnector(scanAlso{r, []any{&c.Installed}})
		for _, n := range promotions {
			if n.of == c.ID {
				c.Promotions = append(c.Promotions, n.ConnectorPromotion)
			}
		}
		return c, err
	}, `SELECT `+customConnectorColumns+`, (SELECT count(*) FROM account_connector WHERE account_connector.connector = custom_connector.id)
		FROM custom_connector WHERE partner = $1 AND guid = $2`, p, of.UniqueIdentifier)
}

// scanAlso scans what comes after the columns that somebody knows.
type scanAlso struct {
	scanner
	after []any
}

func (s scanAlso) Scan(to ...any) error { return s.scanner.Scan(append(to, s.after...)...) }

// PromoteConnector makes a draft live. Decide sees it, and the others of its
// connector, and changes them; those that it gives are saved, and the first of them
// is live now: the draft, or what it takes the place of, when the draft goes. Used
// says whether anybody's steps use a method of one of them.
//
// Errors: NotFound, Conflict (it is no draft; a template uses a draft that goes),
// decide's.
func (s *Store) PromoteConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, made tandem.ConnectorPromotion,
	decide func(draft *tandem.CustomConnector, others []tandem.ConnectorRelease, used func(*tandem.CustomConnector) (map[string]bool, error)) ([]tandem.NewConnector, error),
) (live tandem.CustomConnector, err error) {
	others, err := s.ConnectorReleases(ctx, p, id)
	if err != nil {
		return live, err
	}
	return live, s.sameConnector(s.write(ctx, func(tx *sql.Tx) error {
		if err := newRevision(ctx, tx, p); err != nil {
			return err
		}
		draft, _, err := heldCustomConnector(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if draft.State != tandem.ReleaseDraft {
			return tandem.Conflictf("Connector %d is not a draft.", id)
		}
		kept := others[:0:0]
		for _, o := range others {
			now, installed, err := heldCustomConnector(ctx, tx, p, o.ID) // another change may have come between
			if tandem.ErrorCode(err) == tandem.NotFound || o.ID == id {
				continue
			}
			if err != nil {
				return err
			}
			if o.CustomConnector = now; !installed {
				o.Installed = 0
			}
			kept = append(kept, o)
		}
		saved, err := decide(&draft, kept, func(of *tandem.CustomConnector) (map[string]bool, error) { return usedMethods(ctx, tx, of) })
		if err != nil {
			return err
		}
		for i := range saved {
			c := &saved[i]
			if err := saveCustomConnector(ctx, tx, &c.CustomConnector); err != nil {
				return err
			}
			if c.Definition == nil {
				continue
			}
			if err := numberParts(ctx, tx, int64(c.ID), c.Definition); err != nil {
				return err
			}
		}
		if live = saved[0].CustomConnector; live.ID != id {
			if err := usedByTemplates(ctx, tx, &draft); err != nil {
				return err
			}
			if err := dropCustomConnector(ctx, tx, id); err != nil {
				return err
			}
		}
		made.Version = live.Version
		return insertPromotion(ctx, tx, &live, made)
	}))
}

func insertPromotion(ctx context.Context, tx *sql.Tx, live *tandem.CustomConnector, made tandem.ConnectorPromotion) error {
	by, err := author(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO connector_promotion (partner, connector, number, kind, version, notes, promoted_at, promoted_by)
		VALUES ($1, $2, 1 + (SELECT count(*) FROM connector_promotion WHERE partner = $1 AND connector = $2), $3, $4, $5, $6, $7)`,
		live.Partner, live.ID, made.Kind, made.Version, made.Notes, micros(time.Now().UTC()), by)
	return err
}

// usedMethods are the methods, by MethodUniqueIdentifier, that steps use of a
// release: those of cycles as they are, and as they were when transactions began
// that have not ended; and those of templates that can be installed, or are worked on.
func usedMethods(ctx context.Context, tx *sql.Tx, of *tandem.CustomConnector) (map[string]bool, error) {
	used := map[string]bool{}
	note := func(all bool) func(scanner) (struct{}, error) {
		return func(s scanner) (none struct{}, err error) {
			var graph []byte
			if err := s.Scan(&graph); err != nil {
				return none, err
			}
			var g struct {
				Steps      []struct{ Method string }
				Connectors []tandem.ConnectorRef
			}
			err = decode(graph, &g)
			if all || slices.ContainsFunc(g.Connectors, func(ref tandem.ConnectorRef) bool { return means(ref, of) }) {
				for _, step := range g.Steps {
					used[strings.ToLower(step.Method)] = true
				}
			}
			return none, err
		}
	}
	_, err := rows(ctx, tx, note(true), `SELECT v.graph FROM cycle_version v WHERE EXISTS (SELECT 1 FROM cycle_connector u JOIN account_connector ac ON ac.id = u.account_connector
		WHERE u.account = v.account AND u.cycle = v.cycle AND ac.connector = $1)`, of.ID)
	if err == nil {
		_, err = rows(ctx, tx, note(false), `SELECT r.graph FROM template t JOIN template_release r ON r.partner = t.partner AND r.template = t.id
			WHERE t.partner = $1 AND t.deleted_at = 0 AND r.state IN ('Draft', 'Live')`, of.Partner)
	}
	if err != nil {
		return nil, fmt.Errorf("methods of connector %d that are used: %w", of.ID, err)
	}
	return used, nil
}

// CyclesOfConnector lists the cycles, of an account and those below it, that use an
// account connector.
func (s *Store) CyclesOfConnector(ctx context.Context, id tandem.AccountConnectorID) ([]tandem.Cycle, error) {
	keys, err := rows(ctx, s.read(), scanCycleKey, `SELECT c.account, c.id FROM cycle_connector u JOIN cycle c ON c.account = u.account AND c.id = u.cycle
		WHERE u.account_connector = $1 AND c.deleted_at = 0 ORDER BY c.account, c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("cycles of account connector %d: %w", id, err)
	}
	all := make([]tandem.Cycle, 0, len(keys))
	for _, k := range keys {
		c, err := s.Cycle(ctx, k.Account, k.ID)
		if tandem.ErrorCode(err) == tandem.NotFound {
			continue // it is gone by now
		}
		if err != nil {
			return nil, err
		}
		all = append(all, *c)
	}
	return all, nil
}
