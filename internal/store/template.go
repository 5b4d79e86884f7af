package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	templateColumns = `t.partner, t.id, t.folder, t.name, t.description, t.tags, t.published, t.author, t.created_at, t.deleted_at,
		coalesce((SELECT d.id FROM template_release d WHERE d.partner = t.partner AND d.template = t.id AND d.state = 'Draft'), ''), ` + releaseColumns
	templateTables = `template t JOIN template_release r ON r.partner = t.partner AND r.template = t.id AND r.id = t.release`
)

func scanTemplate(r scanner) (t tandem.Template, err error) {
	var created, deleted int64
	var tags []byte
	t.Release, err = scanRelease(r, &t.Partner, &t.ID, &t.Folder, &t.Name, &t.Description, &tags, &t.Published, &t.Author, &created, &deleted, &t.DraftID)
	if err != nil {
		return t, err
	}
	t.Created, t.Deleted = instant(created), instant(deleted)
	return t, decode(tags, &t.Tags)
}

// decode reads pairs of a JSON document and where it goes.
func decode(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := json.Unmarshal(pairs[i].([]byte), pairs[i+1]); err != nil {
			return fmt.Errorf("stored document: %w", err)
		}
	}
	return nil
}

// encode writes documents as JSON.
func encode(values ...any) ([][]byte, error) {
	docs := make([][]byte, len(values))
	for i, v := range values {
		doc, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("document to store: %w", err)
		}
		docs[i] = doc
	}
	return docs, nil
}

func templateName(id tandem.TemplateID) string { return fmt.Sprintf("Template %s", id) }

// InsertTemplate adds a template with its release, and fills in who made them.
// Errors: Invalid (FolderId).
func (s *Store) InsertTemplate(ctx context.Context, t *tandem.Template) error {
	return s.write(ctx, func(tx *sql.Tx) error { return insertTemplate(ctx, tx, t) })
}

// ImportTemplate adds a template as InsertTemplate does, and connectors to its
// partner's own. Errors: Invalid (FolderId), Conflict (the partner has one of the
// same name and version, or of the same UniqueIdentifier and version).
func (s *Store) ImportTemplate(ctx context.Context, t *tandem.Template, own []tandem.NewConnector) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if len(own) > 0 {
			if err := newRevision(ctx, tx, t.Partner); err != nil {
				return err
			}
		}
		for i := range own {
			if err := insertCustomConnector(ctx, tx, &own[i].CustomConnector, own[i].Definition); err != nil {
				return err
			}
		}
		return insertTemplate(ctx, tx, t)
	})
	return s.sameConnector(err)
}

func insertTemplate(ctx context.Context, tx *sql.Tx, t *tandem.Template) error {
	docs, err := encode(t.Tags)
	if err != nil {
		return err
	}
	if err := putInFolder(ctx, tx, t); err != nil {
		return err
	}
	if t.Author, err = author(ctx, tx); err != nil {
		return err
	}
	t.Release.CreatedBy = t.Author
	if t.Live() {
		t.Release.PromotedBy = t.Author
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO template (partner, id, folder, name, description, tags, labels, published, release, author, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.Partner, t.ID, t.Folder, t.Name, t.Description, docs[0], templateLabels(t), t.Published, t.Release.ID, t.Author, micros(t.Created))
	if err != nil {
		return err
	}
	return insertRelease(ctx, tx, t.Partner, &t.Release)
}

// putInFolder keeps t's folder where it is until tx ends. Errors: Invalid.
func putInFolder(ctx context.Context, tx *sql.Tx, t *tandem.Template) error {
	if t.Folder == "" {
		return nil
	}
	err := holdFolder(ctx, tx, t.Partner, t.Folder)
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = noFolder("FolderId")
	}
	return err
}

func templateLabels(t *tandem.Template) string {
	return labels(t.Name, t.Tags, t.Release.Graph.Connectors)
}

// Template reads a template that is not in the recycle bin. Errors: NotFound.
func (s *Store) Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error) {
	return template(ctx, s.read(), p, id)
}

func template(ctx context.Context, q querier, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error) {
	return row(ctx, q, templateName(id), scanTemplate,
		`SELECT `+templateColumns+` FROM `+templateTables+` WHERE t.partner = $1 AND t.id = $2 AND t.deleted_at = 0`, p, id)
}

var templateOrders = orders{"": {"lower(t.name)", "t.id"}, "Name": {"lower(t.name)", "t.id"}, "CreatedOnUtc": {"t.created_at", "t.id"}}

// Templates lists the templates of a partner by name. Errors: Invalid (OrderBy).
func (s *Store) Templates(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFilter) (tandem.Page[tandem.Template], error) {
	found, err := page(ctx, s.read(), scanTemplate, templateColumns, templateTables, templatesOf(p, f), templateOrders, f.PageRequest)
	if err != nil || !f.Installs || len(found.Rows) == 0 {
		return found, err
	}
	return found, s.addInstalls(ctx, p, found.Rows)
}

// installsOf counts the cycles of some templates, from the index of their releases.
const installsOf = `SELECT c.template, COUNT(*), SUM(CASE WHEN c.template_release <> t.release THEN 1 ELSE 0 END)
	FROM template t JOIN cycle c ON c.template = t.id AND c.template <> '' AND c.deleted_at = 0
	JOIN account a ON a.id = c.account AND a.partner = t.partner AND a.deleted_at = 0`

// addInstalls tells templates of a partner how many cycles were made of them, all at once.
func (s *Store) addInstalls(ctx context.Context, p tandem.PartnerID, templates []tandem.Template) error {
	c, all := &conditions{}, map[tandem.TemplateID]*tandem.Template{}
	c.add("t.partner = ", p)
	var ids []string
	for i := range templates {
		t := &templates[i]
		t.Installs, all[t.ID], ids = &tandem.Installs{}, t, append(ids, string(t.ID))
	}
	c.in("t.id", ids)
	_, err := rows(ctx, s.read(), func(r scanner) (id tandem.TemplateID, err error) {
		var n tandem.Installs
		if err = r.Scan(&id, &n.All, &n.Older); err == nil && !all[id].Live() {
			n.Older = 0
		}
		if err == nil {
			*all[id].Installs = n
		}
		return id, err
	}, installsOf+c.where()+` GROUP BY c.template`, c.args...)
	if err != nil {
		return fmt.Errorf("count what is installed of templates: %w", err)
	}
	return nil
}

// templatesOf are the conditions of a list of templates.
func templatesOf(p tandem.PartnerID, f tandem.TemplateFilter) *conditions {
	c := &conditions{}
	c.add("t.partner = ", p)
	switch {
	case f.Deleted:
		c.all = append(c.all, "t.deleted_at > 0")
	case f.Library:
		c.all = append(c.all, "t.deleted_at = 0")
	default:
		c.all = append(c.all, "t.deleted_at = 0", "t.published", "r.state = 'Live'")
	}
	if f.Folder.Set {
		c.add("t.folder = ", f.Folder.Value)
	}
	for _, pattern := range []string{likeTag(f.Tag), likeConnector(f.ConnectorName, f.ConnectorVersion), likeName(f.Query)} {
		c.args = append(c.args, pattern)
		c.all = append(c.all, fmt.Sprintf(`t.labels LIKE $%d ESCAPE '\'`, len(c.args)))
	}
	return c
}

// UpdateTemplate changes a template under change, which sees it as it is and
// cannot be overtaken; its releases stay. Errors: NotFound, Invalid (FolderId),
// and change's.
func (s *Store) UpdateTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, change func(*tandem.Template) error) (t tandem.Template, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := holdTemplate(ctx, tx, p, id); err != nil {
			return err
		}
		if t, err = template(ctx, tx, p, id); err != nil {
			return err
		}
		was := t.Folder
		err := change(&t)
		if err == nil && t.Folder != was { // else who deletes it would wait for this, and this for them
			err = putInFolder(ctx, tx, &t)
		}
		if err != nil {
			return err
		}
		return saveTemplate(ctx, tx, &t)
	})
	return t, err
}

func saveTemplate(ctx context.Context, tx *sql.Tx, t *tandem.Template) error {
	docs, err := encode(t.Tags)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE template SET folder = $3, name = $4, description = $5, tags = $6, labels = $7, published = $8, release = $9
		WHERE partner = $1 AND id = $2`,
		t.Partner, t.ID, t.Folder, t.Name, t.Description, docs[0], templateLabels(t), t.Published, t.Release.ID)
	return err
}

// holdTemplate keeps a template, which is not in the recycle bin, as it is until
// tx ends. Errors: NotFound.
func holdTemplate(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.TemplateID) error {
	r, err := tx.ExecContext(ctx, `UPDATE template SET deleted_at = 0 WHERE partner = $1 AND id = $2 AND deleted_at = 0`, p, id)
	return changed(r, err, templateName(id))
}

// DeleteTemplate puts a template into the recycle bin. Errors: NotFound.
func (s *Store) DeleteTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE template SET deleted_at = $3 WHERE partner = $1 AND id = $2 AND deleted_at = 0`, p, id, micros(at))
		return changed(r, err, templateName(id))
	})
}

// RestoreTemplate takes a template out of the recycle bin. Errors: NotFound.
func (s *Store) RestoreTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE template SET deleted_at = 0 WHERE partner = $1 AND id = $2 AND deleted_at > 0`, p, id)
		return changed(r, err, templateName(id))
	})
}

// PurgeTemplates removes what was in the recycle bin for tandem.TemplateBinDays at
// now, of all partners, and says how many templates that were.
func (s *Store) PurgeTemplates(ctx context.Context, now time.Time) (n int, err error) {
	before := micros(now.AddDate(0, 0, -tandem.TemplateBinDays))
	err = s.write(ctx, func(tx *sql.Tx) error {
		gone, err := rows(ctx, tx, func(r scanner) (t tandem.Template, err error) { return t, r.Scan(&t.Partner, &t.ID) },
			`DELETE FROM template WHERE deleted_at > 0 AND deleted_at <= $1 RETURNING partner, id`, before)
		if err != nil {
			return err
		}
		for _, t := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM template_release WHERE partner = $1 AND template = $2`, t.Partner, t.ID); err != nil {
				return err
			}
			if err := deleteRollouts(ctx, tx, t.Partner, t.ID); err != nil {
				return err
			}
		}
		n = len(gone)
		return nil
	})
	return n, err
}
