package store

import (
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// What was imported before there were folders and releases is a live release in no
// folder, which can be installed and worked on.
func TestTemplatesOfOldAreLive(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "Postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			url, dir := url(t), t.TempDir()
			old(t, url, dir)
			s, err := Open(t.Context(), url, dir)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			got, err := s.Template(t.Context(), 1, "t")
			if err != nil {
				t.Fatal(err)
			}
			r := got.Release
			if !got.Live() || got.DraftID != "" || got.Folder != "" || !got.Deleted.IsZero() || r.ID != "r" || r.Version != 1 || r.Revision != 1 || !r.Promoted.Equal(instant(5)) {
				t.Errorf("%+v", got)
			}
			draft := tandem.Release{Template: "t", ID: "d", State: tandem.ReleaseDraft, Revision: 1}
			if err := s.InsertDraft(t.Context(), 1, &draft); err != nil || draft.Version != 2 {
				t.Errorf("a draft: %v, version %d", err, draft.Version)
			}
		})
	}
}

// old makes a database of the first version, with a template.
func old(t *testing.T, url, dir string) {
	t.Helper()
	d, err := open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all, err := schema(d)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(gooseDialects[d.Name()], d.Writer(), nil, goose.WithGoMigrations(all...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO partner (id, name, created_at) VALUES (1, 'p', 5)`,
		`INSERT INTO template (partner, id, name, description, tags, labels, published, release, created_at)
			VALUES (1, 't', 'T', '', '[]', 'name:t', true, 'r', 5)`,
		`INSERT INTO template_release (partner, template, id, version, graph, created_at) VALUES (1, 't', 'r', 1, '{"Steps":[],"Edges":[]}', 5)`,
	} {
		if _, err := d.Writer().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
