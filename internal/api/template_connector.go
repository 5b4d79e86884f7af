package api

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// templateConnectorShape is a connector that templates use, whatever its release.
type templateConnectorShape struct {
	ConnectorID tandem.ConnectorID `json:"ConnectorId" doc:"The latest release that is used; 0: the connector is not in the library."`
	Name        string
	Icon        string                   `doc:"A PNG as a data: URL; empty if it has none."`
	Versions    []string                 `doc:"Of the releases that are used."`
	Native      bool                     `doc:"It is your own product, as your settings of the connector say."`
	Templates   []userTemplate           `doc:"Those that use it, each by its live release, or else by its draft."`
	release     *tandem.LibraryConnector // nil: it is not in the library
}

// userTemplate is a template that uses a connector.
type userTemplate struct {
	ID   tandem.TemplateID `json:"Id"`
	Name string
}

// add notes that t uses ref, which is l.
func (s *templateConnectorShape) add(t *tandem.Template, ref tandem.ConnectorRef, l *tandem.LibraryConnector) {
	if !slices.Contains(s.Versions, ref.Version) {
		s.Versions = append(s.Versions, ref.Version)
	}
	if user := (userTemplate{t.ID, t.Name}); !slices.Contains(s.Templates, user) {
		s.Templates = append(s.Templates, user)
	}
	if l != nil && l.ID > s.ConnectorID {
		s.ConnectorID, s.Name, s.Icon, s.release = l.ID, l.Name, l.Icon, l
	}
}

// listTemplateConnectors lists the connectors of all templates but those in the
// recycle bin.
func (a *API) listTemplateConnectors(ctx context.Context, p tandem.PartnerID, in *struct {
	Paging
	Query string `query:"query" doc:"Part of the name."`
},
) (*list[templateConnectorShape], error) {
	all, err := a.templateConnectors(ctx, p)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s templateConnectorShape) bool {
		return !strings.Contains(strings.ToLower(s.Name), strings.ToLower(in.Query))
	})
	for i := range all {
		if all[i].release == nil {
			continue
		}
		set, err := a.services.LibrarySettings.Get(ctx, p, all[i].release)
		if err != nil {
			return nil, err
		}
		all[i].Native = set.Native
	}
	return sliced(in.request(), all, nil)
}

// templateConnectors are the connectors of all templates, by name.
func (a *API) templateConnectors(ctx context.Context, p tandem.PartnerID) ([]templateConnectorShape, error) {
	shelf, err := a.services.Library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	used := map[string]*templateConnectorShape{}
	err = a.eachTemplate(ctx, p, func(t *tandem.Template) {
		for _, ref := range t.Release.Graph.Connectors {
			key := strings.ToLower(cmp.Or(ref.UniqueIdentifier, ref.Name))
			if used[key] == nil {
				used[key] = &templateConnectorShape{Name: ref.Name}
			}
			l, err := shelf.Release(ref)
			if err != nil {
				l = nil // it was of an installation that has it
			}
			used[key].add(t, ref, l)
		}
	})
	all := make([]templateConnectorShape, 0, len(used))
	for _, s := range used {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(x, y templateConnectorShape) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), cmp.Compare(x.ConnectorID, y.ConnectorID))
	})
	return all, err
}

// eachTemplate shows do all templates of the library, by name.
func (a *API) eachTemplate(ctx context.Context, p tandem.PartnerID, do func(*tandem.Template)) error {
	asked := tandem.PageRequest{Page: 1, PageSize: 200}
	for ; ; asked.Page++ {
		found, err := a.services.Templates.List(ctx, p, tandem.TemplateFilter{PageRequest: asked, Library: true})
		if err != nil {
			return err
		}
		for i := range found.Rows {
			do(&found.Rows[i])
		}
		if len(found.Rows) < asked.PageSize {
			return nil
		}
	}
}
