package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const (
	templateColumns = `t.partner, t.id, t.name, t.description, t.tags, t.published, t.release, t.created_at, r.version, r.graph`
	templateTables  = `template t JOIN template_release r ON r.partner = t.partner AND r.template = t.id AND r.id = t.release`
)

func scanTemplate(r scanner) (t tandem.Template, err error) {
	var created int64
	var tags, graph []byte
	if err := r.Scan(&t.Partner, &t.ID, &t.Name, &t.Description, &tags, &t.Published, &t.ReleaseID, &created, &t.Version, &graph); err != nil {
		return t, err
	}
	t.Created = instant(created)
	return t, decode(tags, &t.Tags, graph, &t.Graph)
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

// InsertTemplate adds a template with its live release.
func (s *Store) InsertTemplate(ctx context.Context, t tandem.Template) error {
	docs, err := encode(t.Tags, t.Graph)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO template (partner, id, name, description, tags, labels, published, release, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			t.Partner, t.ID, t.Name, t.Description, docs[0], labels(t.Name, t.Tags, t.Graph.Connectors), t.Published, t.ReleaseID, micros(t.Created))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO template_release (partner, template, id, version, graph, created_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, t.Partner, t.ID, t.ReleaseID, t.Version, docs[1], micros(t.Created))
		return err
	})
}

// Template reads a template with its live release. Errors: NotFound.
func (s *Store) Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error) {
	return row(ctx, s.read(), fmt.Sprintf("Template %s", id), scanTemplate,
		`SELECT `+templateColumns+` FROM `+templateTables+` WHERE t.partner = $1 AND t.id = $2`, p, id)
}

// Templates lists the published templates of a partner by name.
func (s *Store) Templates(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFilter) (page tandem.Page[tandem.Template], err error) {
	const where = ` WHERE t.partner = $1 AND t.published AND t.labels LIKE $2 ESCAPE '\' AND t.labels LIKE $3 ESCAPE '\'`
	args := []any{p, likeTag(f.Tag), likeConnector(f.ConnectorName, f.ConnectorVersion)}
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) FROM template t`+where, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count templates: %w", err)
	}
	page.Rows, err = rows(ctx, s.read(), scanTemplate, `SELECT `+templateColumns+` FROM `+templateTables+where+
		` ORDER BY lower(t.name), t.id LIMIT $4 OFFSET $5`, append(args, f.Limit(), f.Offset())...)
	return page, err
}
