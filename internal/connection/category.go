package connection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Limits of copies.
const (
	maxCopies     = 100
	maxObjectName = 200 // bytes
)

// UseStore finds what uses an account connector.
type UseStore interface {
	// CyclesOfConnector lists the cycles, of an account and those below it, that
	// use an account connector.
	CyclesOfConnector(ctx context.Context, id tandem.AccountConnectorID) ([]tandem.Cycle, error)
}

// Categories implements tandem.Categories.
type Categories struct {
	*Connectors
	users UseStore
}

var _ tandem.Categories = (*Categories)(nil)

// NewCategories makes the service.
func NewCategories(c *Connectors, users UseStore) *Categories { return &Categories{c, users} }

// Copy implements tandem.Categories.
func (s *Connectors) Copy(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, o connector.CategoryCopy) (*tandem.AccountConnector, error) {
	o.ObjectName, o.DisplayName = strings.TrimSpace(o.ObjectName), strings.TrimSpace(o.DisplayName)
	_, err := s.change(ctx, a, id, func(c *tandem.AccountConnector, lc *connector.Connector) error {
		i := slices.IndexFunc(lc.MethodCategories, func(m connector.MethodCategory) bool { return m.Name == o.Category && m.ObjectTrigger != "" })
		switch {
		case i < 0:
			return tandem.Invalidf("Category", "Category: %q is none that can be copied.", o.Category)
		case o.ObjectName == "":
			return tandem.Invalidf("ObjectName", "ObjectName is required")
		case len(o.ObjectName) > maxObjectName || len(o.DisplayName) > maxObjectName:
			return tandem.Invalidf("ObjectName", "ObjectName: it and DisplayName have at most %d bytes.", maxObjectName)
		case slices.ContainsFunc(c.Categories, o.Same):
			return nil
		case len(c.Categories) == maxCopies:
			return tandem.Invalidf("", "A connector has %d copies of categories at most.", maxCopies)
		}
		c.Categories = append(c.Categories, o)
		return nil
	}, tandem.ConnectorUpdate{})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, a, id)
}

// Remove implements tandem.Categories.
func (s *Categories) Remove(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, copied int64) error {
	c, err := s.Get(ctx, a, id)
	if err != nil {
		return err
	}
	is := func(o connector.CategoryCopy) bool { return o.ID() == copied }
	if c.Inherited || !slices.ContainsFunc(c.Categories, is) {
		return tandem.NotFoundf("Category could not be found.")
	}
	users, err := s.users.CyclesOfConnector(ctx, id)
	if err != nil {
		return fmt.Errorf("remove a category of account connector %d: %w", id, err)
	}
	for _, u := range users {
		for _, ref := range u.Graph.Connectors {
			if u.Connectors[ref.Ref] == id && slices.ContainsFunc(ref.Categories, is) {
				return tandem.Conflictf("The category is in use by the cycle %q.", u.Name)
			}
		}
	}
	_, err = s.change(ctx, a, id, func(c *tandem.AccountConnector, _ *connector.Connector) error {
		c.Categories = slices.DeleteFunc(slices.Clone(c.Categories), is)
		return nil
	}, tandem.ConnectorUpdate{})
	return err
}
