package store

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// What was imported before there were folders and releases is a live release in no
// folder, which can be installed and worked on.
func TestTemplatesOfOldAreLive(t *testing.T) {
	ofOld(t, templatesOfOld, func(t *testing.T, s *Store) {
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

// templatesOfOld are in a database of the first version.
func templatesOfOld(a aged) {
	a.to(1, `INSERT INTO partner (id, name, created_at) VALUES (1, 'p', 5)`,
		`INSERT INTO template (partner, id, name, description, tags, labels, published, release, created_at)
			VALUES (1, 't', 'T', '', '[]', 'name:t', true, 'r', 5)`,
		`INSERT INTO template_release (partner, template, id, version, graph, created_at) VALUES (1, 't', 'r', 1, '{"Steps":[],"Edges":[]}', 5)`)
}
