package template

import (
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
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
	if err != nil {
		return nil, err
	}
	bound, err := s.bind(ctx, a, t.Graph.Connectors)
	if err != nil {
		return nil, err
	}
	c := &tandem.Cycle{
		Account: a, Name: t.Name, Description: t.Description, Tags: t.Tags, Graph: fresh(t.Graph), Connectors: bound,
		TemplateID: t.ID, TemplateReleaseID: t.ReleaseID,
	}
	return c, s.cycles.Add(ctx, c)
}

// bind finds an account connector for each of the graph's, and installs what
// is missing. The library is asked for all first, so that nothing is installed
// of what cannot be whole.
func (s *Templates) bind(ctx context.Context, a tandem.AccountID, refs []tandem.ConnectorRef) (map[string]tandem.AccountConnectorID, error) {
	releases := make([]*tandem.LibraryConnector, len(refs))
	for i, ref := range refs {
		lc, err := s.library.Release(ref)
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
		c := choose(usable, releases[i].ID)
		if c == nil {
			if c, err = s.connections.Install(ctx, a, releases[i], tandem.ConnectorInstall{}); err != nil {
				return nil, err
			}
			usable = append([]tandem.AccountConnector{*c}, usable...)
		}
		bound[ref.Ref] = c.ID
	}
	return bound, nil
}

// choose takes an installed release: the account's own before one that it
// inherits from the nearest above it; where there are several, one that is
// authenticated.
func choose(usable []tandem.AccountConnector, release tandem.ConnectorID) *tandem.AccountConnector {
	var best *tandem.AccountConnector
	for i := range usable {
		c := &usable[i]
		switch {
		case c.Connector != release:
		case best == nil:
			best = c
		case best.Account == c.Account && best.State != tandem.Authenticated && c.State == tandem.Authenticated:
			best = c
		}
	}
	return best
}

// fresh copies a graph, with ids of its own.
func fresh(g tandem.Graph) tandem.Graph {
	ids := make(map[tandem.StepID]tandem.StepID, len(g.Steps))
	for _, s := range g.Steps {
		ids[s.ID] = tandem.StepID(tandem.NewGUID())
	}
	g.Steps = slices.Clone(g.Steps)
	for i := range g.Steps {
		s := &g.Steps[i]
		s.ID = ids[s.ID]
		s.Parameters, s.Fields = remap(s.Parameters, ids), remap(s.Fields, ids)
		if s.Decision != nil {
			s.Decision = &tandem.Decision{Groups: remapRules(s.Decision.Groups, ids)}
		}
	}
	g.Edges = slices.Clone(g.Edges)
	for i := range g.Edges {
		e := &g.Edges[i]
		e.ID, e.HeadStepID, e.TailStepID = tandem.EdgeID(tandem.NewGUID()), ids[e.HeadStepID], ids[e.TailStepID]
	}
	return g
}

// remap points mappings to the new ids. A step that is not there stays "".
func remap(mappings []tandem.Mapping, ids map[tandem.StepID]tandem.StepID) []tandem.Mapping {
	mappings = slices.Clone(mappings)
	for i := range mappings {
		mappings[i].SourceStepID = ids[mappings[i].SourceStepID]
	}
	return mappings
}

func remapRules(groups [][]tandem.Rule, ids map[tandem.StepID]tandem.StepID) [][]tandem.Rule {
	out := make([][]tandem.Rule, len(groups))
	for i, group := range groups {
		out[i] = slices.Clone(group)
		for j := range out[i] {
			r := &out[i][j]
			r.Left.SourceStepID, r.Right.SourceStepID = ids[r.Left.SourceStepID], ids[r.Right.SourceStepID]
		}
	}
	return out
}
