package template

import (
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Install implements tandem.Templates.
func (s *Templates) Install(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TemplateID) (*tandem.Cycle, error) {
	c, err := s.install(ctx, p, a, id)
	if err != nil {
		return nil, fmt.Errorf("install template %s in account %d: %w", id, a, err)
	}
	s.log.InfoContext(ctx, "template installed", "account", a, "template", id, "cycle", c.ID)
	return c, nil
}

func (s *Templates) install(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TemplateID) (*tandem.Cycle, error) {
	t, err := s.store.Template(ctx, p, id)
	if err == nil && !t.Live() {
		err = notLive(id)
	}
	if err != nil {
		return nil, err
	}
	bound, err := s.bind(ctx, a, &t, installing)
	if err != nil {
		return nil, err
	}
	c := &tandem.Cycle{
		Account: a, Name: t.Name, Description: t.Description, Tags: t.Tags, Graph: fresh(t.Release.Graph, map[tandem.StepID]tandem.StepID{}), Connectors: bound,
		TemplateID: t.ID, TemplateReleaseID: t.Release.ID, Retention: t.Release.Retention,
	}
	return c, s.cycles.Add(ctx, c)
}

// binding says how far one goes to get connectors for a graph.
type binding int

const (
	looking    binding = iota // nothing changes
	using                     // categories that the graph uses are copied
	installing                // and what is missing is installed
)

// bind finds an account connector for each of the graph's, and installs what
// is missing or to be fresh; unless it is installing, it leaves those out. The library is asked for all first, so that nothing
// is installed of what cannot be whole.
func (s *Templates) bind(ctx context.Context, a tandem.AccountID, t *tandem.Template, how binding) (map[string]tandem.AccountConnectorID, error) {
	shelf, err := s.library.Shelf(ctx, t.Partner)
	if err != nil {
		return nil, err
	}
	refs := t.Release.Graph.Connectors
	releases := make([]*tandem.LibraryConnector, len(refs))
	for i, ref := range refs {
		lc, err := shelf.Release(ref)
		if err != nil {
			return nil, err
		}
		releases[i] = lc
	}
	usable, err := s.connections.List(ctx, a)
	if err != nil {
		return nil, err
	}
	bound := make(map[string]tandem.AccountConnectorID, len(refs))
	for i, ref := range refs {
		freshly := ref.Installation == tandem.FreshConnector
		c := ref.Choose(usable, releases[i].ID)
		if c == nil && how != installing {
			continue
		}
		if c == nil {
			in := tandem.ConnectorInstall{Undecided: true}
			if freshly {
				in.Name = releases[i].Name + " (" + t.Name + ")" // the account may have several
			}
			if c, err = s.connections.Install(ctx, a, releases[i], in); err != nil {
				return nil, err
			}
			if !freshly {
				usable = append([]tandem.AccountConnector{*c}, usable...)
			}
		}
		bound[ref.Ref] = c.ID
		if how == looking {
			continue
		}
		if err := s.copyCategories(ctx, a, c, ref); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

// copyCategories gives an account's own connector the copies that a graph uses; an
// inherited one is used as it is.
func (s *Templates) copyCategories(ctx context.Context, a tandem.AccountID, c *tandem.AccountConnector, ref tandem.ConnectorRef) error {
	for _, o := range ref.Categories {
		if c.Account != a || slices.ContainsFunc(c.Categories, o.Same) {
			continue
		}
		if _, err := s.connections.Copy(ctx, a, c.ID, o); err != nil {
			return err
		}
	}
	return nil
}

// fresh copies a graph, with ids of its own; steps remember those they had.
// A step has the id that ids has for it, or else a new one, which is put there.
func fresh(g tandem.Graph, ids map[tandem.StepID]tandem.StepID) tandem.Graph {
	own := workflow.Renew(g, ids)
	for i := range own.Steps {
		own.Steps[i].Origin = g.Steps[i].ID
	}
	return own
}
