package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const releaseColumns = `r.template, r.id, r.version, r.state, r.revision, r.notes, r.created_at, r.created_by, r.promoted_at, r.promoted_by,
	r.retain_success_hours, r.retain_errored_hours, r.graph`

// scanRelease reads a release, after what comes before it in the row.
func scanRelease(s scanner, before ...any) (r tandem.Release, err error) {
	var created, promoted int64
	var graph []byte
	err = s.Scan(append(before, &r.Template, &r.ID, &r.Version, &r.State, &r.Revision, &r.Notes, &created, &r.CreatedBy, &promoted, &r.PromotedBy,
		&r.Retention.Success, &r.Retention.Errored, &graph)...)
	if err != nil {
		return r, err
	}
	r.Created, r.Promoted = instant(created), instant(promoted)
	return r, decode(graph, &r.Graph)
}

func releaseName(id tandem.ReleaseID) string { return fmt.Sprintf("Release %s", id) }

func insertRelease(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, r *tandem.Release) error {
	docs, err := encode(r.Graph)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO template_release (partner, template, id, version, state, revision, notes, created_at, created_by,
			promoted_at, promoted_by, retain_success_hours, retain_errored_hours, graph)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p, r.Template, r.ID, r.Version, r.State, r.Revision, r.Notes, micros(r.Created), r.CreatedBy,
		micros(r.Promoted), r.PromotedBy, r.Retention.Success, r.Retention.Errored, docs[0])
	return err
}

// TemplateRelease reads a release of a template that is not in the recycle bin. Errors:
// NotFound.
func (s *Store) TemplateRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.Release, error) {
	return templateRelease(ctx, s.read(), p, id, release)
}

func templateRelease(ctx context.Context, q querier, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.Release, error) {
	return row(ctx, q, releaseName(release), func(s scanner) (tandem.Release, error) { return scanRelease(s) },
		`SELECT `+releaseColumns+` FROM template_release r JOIN template t ON t.partner = r.partner AND t.id = r.template AND t.deleted_at = 0
		WHERE r.partner = $1 AND r.template = $2 AND r.id = $3`, p, id, release)
}

// installations counts the cycles of a release, and finds when the last of their
// transactions ended, each from an index.
const installations = `SELECT c.template_release, count(*), coalesce(max((SELECT x.finished_at FROM txn x
		WHERE x.account = c.account AND x.cycle = c.id ORDER BY x.id DESC LIMIT 1)), 0)
	FROM cycle c JOIN account a ON a.id = c.account AND a.partner = $1 AND a.deleted_at = 0
	WHERE c.template = $2 AND c.template <> '' AND c.deleted_at = 0 GROUP BY c.template_release`

var releaseOrders = orders{"": {"r.version DESC"}, "Version": {"r.version"}, "CreatedOnUtc": {"r.created_at", "r.version"}}

// TemplateReleases lists the releases of a template, newest first, without their
// graphs. Errors: NotFound, Invalid (OrderBy).
func (s *Store) TemplateReleases(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, of tandem.PageRequest) (tandem.Page[tandem.Release], error) {
	if _, err := s.Template(ctx, p, id); err != nil {
		return tandem.Page[tandem.Release]{}, err
	}
	c := &conditions{}
	c.add("r.partner = ", p)
	c.add("r.template = ", id)
	found, err := page(ctx, s.read(), func(s scanner) (tandem.Release, error) {
		r, err := scanRelease(s)
		r.Graph = tandem.Graph{}
		return r, err
	}, releaseColumns, "template_release r", c, releaseOrders, of)
	if err != nil {
		return found, err
	}
	return found, s.countInstallations(ctx, p, id, found.Rows)
}

func (s *Store) countInstallations(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, of []tandem.Release) error {
	found, err := rows(ctx, s.read(), func(s scanner) (r tandem.Release, err error) {
		var last int64
		err = s.Scan(&r.ID, &r.Installed, &last)
		r.LastRun = instant(last)
		return r, err
	}, installations, p, id)
	if err != nil {
		return fmt.Errorf("count what is installed of template %s: %w", id, err)
	}
	for _, f := range found {
		for i := range of {
			if of[i].ID == f.ID {
				of[i].Installed, of[i].LastRun = f.Installed, f.LastRun
			}
		}
	}
	return nil
}

// InsertDraft adds a draft to its template, with the next version, and fills in
// who made it. Errors: NotFound (the template), Conflict (it has a draft).
func (s *Store) InsertDraft(ctx context.Context, p tandem.PartnerID, r *tandem.Release) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := holdTemplate(ctx, tx, p, r.Template); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `SELECT max(version) + 1 FROM template_release WHERE partner = $1 AND template = $2`, p, r.Template).Scan(&r.Version)
		if err != nil {
			return err
		}
		if r.CreatedBy, err = author(ctx, tx); err != nil {
			return err
		}
		return insertRelease(ctx, tx, p, r)
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Message: "The template has a draft already.", Err: err}
	}
	return err
}

// ChangeRelease changes a release under change, which sees it as it is and cannot
// be overtaken. If change makes it live, the release that was live becomes
// deprecated. Errors: NotFound, and change's.
func (s *Store) ChangeRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID, change func(*tandem.Release) error) (r tandem.Release, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := holdTemplate(ctx, tx, p, id); err != nil {
			return err
		}
		if r, err = templateRelease(ctx, tx, p, id, release); err != nil {
			return err
		}
		was := r.State
		if err := change(&r); err != nil {
			return err
		}
		r.Revision++
		if r.State == tandem.ReleaseLive && was != r.State {
			err = promote(ctx, tx, p, &r)
		}
		if err == nil {
			err = saveRelease(ctx, tx, p, &r)
		}
		return err
	})
	return r, err
}

// promote makes room for the live release r.
func promote(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, r *tandem.Release) (err error) {
	if r.PromotedBy, err = author(ctx, tx); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE template_release SET state = 'Deprecated' WHERE partner = $1 AND template = $2 AND state = 'Live'`, p, r.Template); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE template SET release = $3 WHERE partner = $1 AND id = $2`, p, r.Template, r.ID)
	return err
}

// saveRelease keeps r, and what its template is searched by.
func saveRelease(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, r *tandem.Release) error {
	docs, err := encode(r.Graph)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE template_release SET state = $4, revision = $5, notes = $6, promoted_at = $7, promoted_by = $8,
			retain_success_hours = $9, retain_errored_hours = $10, graph = $11 WHERE partner = $1 AND template = $2 AND id = $3`,
		p, r.Template, r.ID, r.State, r.Revision, r.Notes, micros(r.Promoted), r.PromotedBy,
		r.Retention.Success, r.Retention.Errored, docs[0])
	if err != nil {
		return err
	}
	t, err := template(ctx, tx, p, r.Template)
	if err != nil || t.Release.ID != r.ID {
		return err
	}
	return saveTemplate(ctx, tx, &t)
}

// DeleteDraft errors: NotFound, Conflict (it is locked, or the only release).
func (s *Store) DeleteDraft(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdTemplate(ctx, tx, p, id); err != nil {
			return err
		}
		t, err := template(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if t.Release.ID == release && !t.Live() {
			return tandem.Conflictf("The template has no other release. Delete the template instead.")
		}
		state, err := row(ctx, tx, releaseName(release), scanID[tandem.ReleaseState],
			`DELETE FROM template_release WHERE partner = $1 AND template = $2 AND id = $3 RETURNING state`, p, id, release)
		if err == nil && state != tandem.ReleaseDraft {
			err = tandem.Conflictf("The release is %s, and so it is locked.", state)
		}
		return err
	})
}
