package template

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// Redesign implements tandem.CycleDesigns. A step that the cycle had is of the same
// step of its template as before.
func (s *CycleDesigns) Redesign(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, d tandem.CycleDesign) (*tandem.Cycle, error) {
	c, err := s.redesign(ctx, p, a, id, d)
	if err != nil {
		return nil, fmt.Errorf("design of cycle %s: %w", id, err)
	}
	return c, nil
}

func (s *CycleDesigns) redesign(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, d tandem.CycleDesign) (*tandem.Cycle, error) {
	c, err := s.cycles.Get(ctx, a, id)
	if err == nil {
		err = redesignable(c, d.Revision)
	}
	if err != nil {
		return nil, err
	}
	if err := s.usable(ctx, a, d.Connectors); err != nil {
		return nil, err
	}
	shelf, err := s.templates.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	design := tandem.Design{Graph: d.Graph}
	if err := check(shelf, &design); err != nil {
		return nil, err
	}
	missing := tandem.Template{Partner: p}
	missing.Release.Graph.Connectors = unbound(design.Graph.Connectors, keep(c, design.Graph.Connectors))
	found, err := s.templates.bind(ctx, a, &missing, using)
	if err != nil {
		return nil, err
	}
	return s.cycles.Edit(ctx, a, id, func(c *tandem.Cycle) error {
		if err := redesignable(c, d.Revision); err != nil {
			return err
		}
		maps.Copy(found, keep(c, design.Graph.Connectors))
		maps.Copy(found, d.Connectors)
		remember(c.Graph.Steps, design.Graph.Steps)
		c.Graph, c.Connectors = design.Graph, found
		return nil
	})
}

// usable says that an account has all connectors that are named for its cycle's, or
// inherits them, be they used there or not. Errors: Invalid.
func (s *CycleDesigns) usable(ctx context.Context, a tandem.AccountID, named map[string]tandem.AccountConnectorID) error {
	if len(named) == 0 {
		return nil
	}
	all, err := s.templates.connections.List(ctx, a)
	if err != nil {
		return err
	}
	for _, id := range named {
		if id != 0 && !slices.ContainsFunc(all, func(c tandem.AccountConnector) bool { return c.ID == id }) {
			return tandem.Invalidf("AccountConnectors", "Account connector %d could not be found.", id)
		}
	}
	return nil
}

// redesignable says whether the design of c may be changed by who has read a revision
// of it; 0: whichever it is. Errors: Conflict.
func redesignable(c *tandem.Cycle, revision int64) error {
	if err := c.Changeable(); err != nil {
		return err
	}
	if revision != 0 && revision != c.Revision {
		return tandem.Conflictf("The cycle has been changed since: it is at revision %d.", c.Revision)
	}
	return nil
}

// unbound are the connectors of a graph for which there is nothing yet.
func unbound(refs []tandem.ConnectorRef, bound map[string]tandem.AccountConnectorID) []tandem.ConnectorRef {
	return slices.DeleteFunc(slices.Clone(refs), func(r tandem.ConnectorRef) bool { return bound[r.Ref] != 0 })
}

// remember has steps be of those of the template that they were of.
func remember(were, are []tandem.Step) {
	origins := make(map[tandem.StepID]tandem.StepID, len(were))
	for _, s := range were {
		origins[s.ID] = s.Origin
	}
	for i := range are {
		are[i].Origin = origins[are[i].ID]
	}
}
