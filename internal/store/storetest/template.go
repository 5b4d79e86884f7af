package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func newTemplate(p tandem.PartnerID, name string, state tandem.ReleaseState) tandem.Template {
	t := tandem.Template{ID: tandem.TemplateID(tandem.NewGUID()), Partner: p, Name: name, Created: time.UnixMicro(5).UTC()}
	t.Release = tandem.Release{
		Template: t.ID, ID: tandem.ReleaseID(tandem.NewGUID()), Version: 1, State: state, Revision: 1, Created: time.UnixMicro(5).UTC(),
		Design: tandem.Design{Graph: tandem.Graph{Steps: []tandem.Step{{ID: "s", Name: "Step"}}, Edges: []tandem.Edge{}}},
	}
	if state == tandem.ReleaseDraft {
		t.DraftID = t.Release.ID
	}
	return t
}

func template(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	add := func(p tandem.PartnerID, name string, published bool, tags []string, connectors ...string) tandem.Template {
		tm := newTemplate(p, name, tandem.ReleaseLive)
		tm.Tags, tm.Published = tags, published
		g := &tm.Release.Graph
		for _, c := range connectors {
			g.Connectors = append(g.Connectors, tandem.ConnectorRef{Ref: c, Name: c, Version: "1"})
		}
		if err := s.InsertTemplate(t.Context(), &tm); err != nil {
			t.Fatal(err)
		}
		return tm
	}
	one := add(acme, "B one", true, []string{"Sales", "50% off"}, "Mail Box")
	two := add(acme, "A two", true, nil, "CRM", "Mail Box")
	draft := add(acme, "C draft", false, []string{"sales"})
	add(bolt, "Other", true, []string{"sales"}, "CRM")

	t.Run("round trip", func(t *testing.T) {
		got, err := s.Template(t.Context(), acme, one.ID)
		if diff := cmp.Diff(one, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
		if _, err := s.Template(t.Context(), bolt, one.ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("another partner's: %v, want NotFound", err)
		}
		if _, err := s.Template(t.Context(), acme, draft.ID); err != nil {
			t.Errorf("one that is not published: %v", err)
		}
	})

	t.Run("list", func(t *testing.T) {
		for name, tt := range map[string]struct {
			filter tandem.TemplateFilter
			want   []string
		}{
			"all":              {tandem.TemplateFilter{}, []string{two.Name, one.Name}},
			"tag":              {tandem.TemplateFilter{Tag: "sALES"}, []string{one.Name}},
			"part of a tag":    {tandem.TemplateFilter{Tag: "Sale"}, nil},
			"sign of a tag":    {tandem.TemplateFilter{Tag: "50% off"}, []string{one.Name}},
			"no wild card":     {tandem.TemplateFilter{Tag: "50%"}, nil},
			"connector":        {tandem.TemplateFilter{ConnectorName: "crm"}, []string{two.Name}},
			"a name, no label": {tandem.TemplateFilter{ConnectorName: "B one"}, nil},
			"both":             {tandem.TemplateFilter{ConnectorName: "mail box", Tag: "sales"}, []string{one.Name}},
			"second page":      {tandem.TemplateFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 1}}, []string{one.Name}},
		} {
			page, err := s.Templates(t.Context(), acme, tt.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range page.Rows {
				got = append(got, r.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", name, diff)
			}
			if total := max(len(tt.want), tt.filter.Page); page.Total != total {
				t.Errorf("%s: total %d, want %d", name, page.Total, total)
			}
		}
	})
}

// releases of a template, as the store sees them; what the service makes of them
// is tested there.
func releases(t *testing.T, s *store.Store) {
	p, other := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	ctx := t.Context()
	draft := newTemplate(p, "Draft", tandem.ReleaseDraft)
	live := newTemplate(p, "Live", tandem.ReleaseLive)
	for _, tm := range []*tandem.Template{&draft, &live} {
		tm.Published = true
		if err := s.InsertTemplate(ctx, tm); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("library", func(t *testing.T) {
		for name, tt := range map[string]struct {
			filter tandem.TemplateFilter
			want   []string
		}{
			"published":  {tandem.TemplateFilter{}, []string{"Live"}},
			"library":    {tandem.TemplateFilter{Library: true}, []string{"Draft", "Live"}},
			"name":       {tandem.TemplateFilter{Library: true, Query: "RAF"}, []string{"Draft"}},
			"folder":     {tandem.TemplateFilter{Library: true, Folder: tandem.Some(tandem.FolderID("f"))}, nil},
			"no folder":  {tandem.TemplateFilter{Folder: tandem.Some(tandem.FolderID(""))}, []string{"Live"}},
			"recyclebin": {tandem.TemplateFilter{Deleted: true}, nil},
		} {
			page, err := s.Templates(ctx, p, tt.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range page.Rows {
				got = append(got, r.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || page.Total != len(tt.want) {
				t.Errorf("%s: total %d, -want +got\n%s", name, page.Total, diff)
			}
		}
	})

	t.Run("installations", func(t *testing.T) {
		a := newAccount(t, s, p, "books", 0).ID
		gone := newAccount(t, s, p, "gone", 0).ID
		mole := newAccount(t, s, other, "mole", 0).ID
		install := func(a tandem.AccountID) *tandem.Cycle {
			c := &tandem.Cycle{
				Account: a, ID: tandem.CycleID(tandem.NewGUID()), Version: 1, Name: "Cycle", Status: tandem.CyclePaused,
				TemplateID: live.ID, TemplateReleaseID: live.Release.ID,
			}
			if err := s.InsertCycle(ctx, c); err != nil {
				t.Fatal(err)
			}
			return c
		}
		c, deleted := install(a), install(a)
		install(gone)
		install(mole) // which nothing but the test can do
		ran := time.UnixMicro(7).UTC()
		if _, err := s.Submit(ctx, []journal.NewTxn{{ID: 1, Account: a, Cycle: c.ID, Version: 1, Created: ran}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Dialect().Writer().ExecContext(ctx, `UPDATE txn SET status = 10, finished_at = 7`); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteCycle(ctx, a, deleted.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteAccount(ctx, p, gone, time.Now()); err != nil {
			t.Fatal(err)
		}
		page, err := s.TemplateReleases(ctx, p, live.ID, tandem.PageRequest{})
		if err != nil || page.Total != 1 {
			t.Fatal(page, err)
		}
		if r := page.Rows[0]; r.Installed != 1 || !r.LastRun.Equal(ran) || r.Graph.Steps != nil {
			t.Errorf("listed: %+v, want one installation that ran at %v, without a graph", r, ran)
		}
		counted(t, s, p, live.ID, 1)
		counted(t, s, other, live.ID, 0)
	})

	t.Run("others", func(t *testing.T) {
		_, err1 := s.TemplateRelease(ctx, other, live.ID, live.Release.ID)
		_, err2 := s.TemplateRelease(ctx, p, draft.ID, live.Release.ID)
		_, err3 := s.TemplateReleases(ctx, other, live.ID, tandem.PageRequest{})
		_, err4 := s.ChangeRelease(ctx, other, draft.ID, draft.DraftID, func(*tandem.Release) error { return nil })
		err5 := s.DeleteDraft(ctx, other, draft.ID, draft.DraftID)
		err6 := s.DeleteTemplate(ctx, other, live.ID, time.Now())
		for i, err := range []error{err1, err2, err3, err4, err5, err6} {
			if !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
				t.Errorf("attempt %d: %v, want NotFound", i+1, err)
			}
		}
	})
}

// counted: a partner's templates have no cycles, but for those that one has.
func counted(t *testing.T, s *store.Store, p tandem.PartnerID, one tandem.TemplateID, want int) {
	t.Helper()
	found, err := s.Templates(t.Context(), p, tandem.TemplateFilter{Library: true, Installs: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, tm := range found.Rows {
		if n := *tm.Installs; tm.ID == one && n != (tandem.Installs{All: want}) || tm.ID != one && n.All != 0 {
			t.Errorf("partner %d: %s has %+v", p, tm.Name, n)
		}
	}
}
