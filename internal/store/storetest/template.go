package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
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
