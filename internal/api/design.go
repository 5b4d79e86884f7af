package api

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// design is a cycle with what its graph refers to.
type design struct {
	*tandem.Cycle
	installed map[tandem.AccountConnectorID]*tandem.AccountConnector
	shelf     tandem.Shelf
	library   map[string]*tandem.LibraryConnector // by Ref
	custom    map[string][]tandem.CustomField     // by Ref, where they were asked for
}

func (a *API) design(ctx context.Context, at policy.Place, id tandem.CycleID) (*design, error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, id)
	if err != nil {
		return nil, err
	}
	return a.designOf(ctx, at, c)
}

func (a *API) designOf(ctx context.Context, at policy.Place, c *tandem.Cycle) (*design, error) {
	installed, err := a.installed(ctx, at.Account)
	if err != nil {
		return nil, err
	}
	return a.designWith(ctx, at, c, installed)
}

// placeInGraph matches where in a graph its validation found something.
var placeInGraph = regexp.MustCompile(`^((Steps|Edges|Variables|Parameters|Fields)\[[0-9]+\](\.|: |$))+`)

// edit changes one thing in a cycle's graph: what is wrong with it is told without
// where in the graph it is.
func (a *API) edit(ctx context.Context, at policy.Place, id tandem.CycleID, change func(*tandem.Cycle) error) (*tandem.Cycle, error) {
	c, err := a.services.Cycles.Edit(ctx, at.Account, id, change)
	var e *tandem.Error
	if errors.As(err, &e) && placeInGraph.MatchString(e.Field) {
		alone := *e
		alone.Field, alone.Message = placeInGraph.ReplaceAllString(e.Field, ""), capital(placeInGraph.ReplaceAllString(e.Message, ""))
		err = &alone
	}
	return c, err
}

func (a *API) installed(ctx context.Context, id tandem.AccountID) (map[tandem.AccountConnectorID]*tandem.AccountConnector, error) {
	all, err := a.services.Connectors.List(ctx, id)
	if err != nil {
		return nil, err
	}
	installed := map[tandem.AccountConnectorID]*tandem.AccountConnector{}
	for i := range all {
		installed[all[i].ID] = &all[i]
	}
	return installed, nil
}

func (a *API) designWith(ctx context.Context, at policy.Place, c *tandem.Cycle, installed map[tandem.AccountConnectorID]*tandem.AccountConnector) (*design, error) {
	if at.Suspended { // nothing of it runs, whatever it will do when the account is resumed
		shown := *c
		shown.Status, c = tandem.CyclePaused, &shown
	}
	d := &design{Cycle: c, installed: installed, library: map[string]*tandem.LibraryConnector{}}
	shelf, err := a.services.Library.Shelf(ctx, at.Partner)
	if err != nil {
		return nil, fmt.Errorf("connectors of cycle %s: %w", c.ID, err)
	}
	d.shelf = shelf
	for _, ref := range c.Graph.Connectors {
		if l, err := shelf.Release(ref); err == nil { // else it is there no more
			d.library[ref.Ref] = l
		}
	}
	return d, nil
}

// withCopies is the connector of a Ref with all categories that are copied for its
// account connector; nil if it is not known.
func (d *design) withCopies(ref string) *tandem.LibraryConnector {
	l, in := d.library[ref], d.installed[d.Connectors[ref]]
	if l == nil || in == nil {
		return l
	}
	return l.With(in.Categories)
}

// step finds a step. Errors: NotFound.
func (d *design) step(id tandem.StepID) (*tandem.Step, error) { return findStep(d.Cycle, id) }

func findStep(c *tandem.Cycle, id tandem.StepID) (*tandem.Step, error) {
	i := slices.IndexFunc(c.Graph.Steps, func(s tandem.Step) bool { return s.ID == id })
	if i < 0 {
		return nil, tandem.NotFoundf("Step %s could not be found.", id)
	}
	return &c.Graph.Steps[i], nil
}

// method is the one that a step calls; nil if it has none, or it is unknown.
func (d *design) method(s *tandem.Step) *connector.Method {
	l := d.library[s.Connector]
	if l == nil {
		return nil
	}
	return findMethod(l, func(m *connector.Method) bool { return m.MethodUniqueIdentifier == s.Method })
}

func findMethod(l *tandem.LibraryConnector, is func(*connector.Method) bool) *connector.Method {
	for i := range l.Methods {
		if is(&l.Methods[i]) {
			return &l.Methods[i]
		}
	}
	return nil
}

// designOfStep finds a step by its id alone. Errors: NotFound.
func (a *API) designOfStep(ctx context.Context, at policy.Place, id tandem.StepID) (*design, *tandem.Step, error) {
	cycle, err := a.services.Control.CycleOfStep(ctx, at.Account, id)
	if err != nil {
		return nil, nil, err
	}
	d, err := a.design(ctx, at, cycle)
	if err == nil {
		err = a.customize(ctx, at, d)
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := d.step(id)
	return d, s, err
}

// ref is the name by which the graph of c knows an installed connector; a new one
// is made if need be.
func ref(c *tandem.Cycle, in *tandem.AccountConnector, l *tandem.LibraryConnector) string {
	names := map[string]bool{}
	for _, r := range c.Graph.Connectors {
		if c.Connectors[r.Ref] == in.ID {
			return r.Ref
		}
		names[r.Ref] = true
	}
	name := l.Name
	for n := 2; names[name]; n++ {
		name = fmt.Sprintf("%s %d", l.Name, n)
	}
	if c.Connectors == nil {
		c.Connectors = map[string]tandem.AccountConnectorID{}
	}
	c.Connectors[name] = in.ID
	r := l.Ref()
	r.Ref = name
	c.Graph.Connectors = append(c.Graph.Connectors, r)
	return name
}
