package cycle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Prerequisites implements tandem.CycleControl.
func (s *Cycles) Prerequisites(ctx context.Context, a tandem.AccountID, id tandem.CycleID) ([]tandem.Prerequisite, error) {
	c, err := s.store.Cycle(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("prerequisites of cycle %s: %w", id, err)
	}
	return s.missing(ctx, c)
}

// refuse gives an error, which begins as told, that lists what is missing.
func (s *Cycles) refuse(ctx context.Context, c *tandem.Cycle, told string) error {
	missing, err := s.missing(ctx, c)
	if err != nil || len(missing) == 0 {
		return err
	}
	reasons := make([]string, len(missing))
	for i, m := range missing {
		reasons[i] = m.Reason
	}
	return &tandem.Error{Code: tandem.Invalid, Message: told + ": " + strings.Join(reasons, " "), Err: tandem.Unready(missing)}
}

func (s *Cycles) missing(ctx context.Context, c *tandem.Cycle) ([]tandem.Prerequisite, error) {
	shelf, err := s.library.AccountShelf(ctx, c.Account)
	if err != nil {
		return nil, fmt.Errorf("prerequisites of cycle %s: %w", c.ID, err)
	}
	found := workflow.Check(&c.Graph, shelf.Resolve)
	if found == nil {
		found = []tandem.Prerequisite{}
	}
	for i := range found {
		if found[i].ObjectType == tandem.ObjectCycle {
			found[i].ObjectID = string(c.ID) // which a graph by itself does not have
		}
	}
	usable, err := s.connections.List(ctx, c.Account)
	if err != nil {
		return nil, fmt.Errorf("prerequisites of cycle %s: %w", c.ID, err)
	}
	for _, ref := range c.Graph.Connectors {
		i := slices.IndexFunc(c.Graph.Steps, func(step tandem.Step) bool { return step.Connector == ref.Ref })
		if i < 0 {
			continue // no step uses it
		}
		for _, p := range connectorMissing(shelf, ref, c.Connectors[ref.Ref], usable) {
			p.StepID = c.Graph.Steps[i].ID
			found = append(found, p)
		}
	}
	return found, nil
}

// connectorMissing says what keeps a connector of a graph from being called.
func connectorMissing(shelf tandem.Shelf, ref tandem.ConnectorRef, id tandem.AccountConnectorID, usable []tandem.AccountConnector) []tandem.Prerequisite {
	var found []tandem.Prerequisite
	add := func(code tandem.ReasonCode, format string, args ...any) {
		found = append(found, tandem.Prerequisite{
			ReasonCode: code, Reason: fmt.Sprintf(format, args...),
			ObjectType: tandem.ObjectAccountConnector, ObjectID: strconv.FormatInt(int64(id), 10),
		})
	}
	i := slices.IndexFunc(usable, func(u tandem.AccountConnector) bool { return u.ID == id })
	if i < 0 {
		add(tandem.ReasonUnauthenticated, "Connector %s is not installed.", ref.Name)
		return found
	}
	u := &usable[i]
	if u.State != tandem.Authenticated {
		add(tandem.ReasonUnauthenticated, "Connector %s is not authenticated.", u.Name)
	}
	lc, err := shelf.Connector(u.Connector)
	if err != nil {
		add(tandem.ReasonUnknown, "Connector %s is not in the library.", ref.Name)
		return found
	}
	for i := range lc.Parameters {
		if p := &lc.Parameters[i]; unset(u, p) {
			add(tandem.ReasonParameter, "Connector %s needs a value for its property %s.", u.Name, p.Label())
		}
	}
	return found
}

// unset says that an account connector has no value for a property that it cannot be
// called without.
func unset(u *tandem.AccountConnector, p *connector.Parameter) bool {
	needed := p.AccountConnectorProperty && !p.Optional && p.Value == "" && p.Default == ""
	if !needed || p.Sensitive && u.Inherited { // whether it is set is not to be seen
		return false
	}
	return !slices.ContainsFunc(u.Properties, func(q tandem.Property) bool { return q.ID == p.ID && q.Value != "" })
}
