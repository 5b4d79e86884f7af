package workflow

import (
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Resolver finds a method (by its MethodUniqueIdentifier) of a connector
// release that a graph refers to.
//
// Errors: NotFound.
type Resolver func(ref tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error)

// design is a graph with its parts found by name.
type design struct {
	*tandem.Graph
	steps     map[tandem.StepID]*tandem.Step
	variables map[string]string
	refs      map[string]tandem.ConnectorRef
	resolve   Resolver
	inline    []inline                   // of the step that is being compiled
	inUse     map[tandem.StepID][]string // locations, of the steps that they are named with
}

func newDesign(g *tandem.Graph, resolve Resolver) *design {
	d := &design{
		Graph: g, resolve: resolve, inUse: map[tandem.StepID][]string{},
		steps:     make(map[tandem.StepID]*tandem.Step, len(g.Steps)),
		variables: make(map[string]string, len(g.Variables)),
		refs:      make(map[string]tandem.ConnectorRef, len(g.Connectors)),
	}
	for i := range g.Steps {
		d.steps[g.Steps[i].ID] = &g.Steps[i]
	}
	for _, v := range g.Variables {
		d.variables[v.SystemName] = v.Value
	}
	for _, r := range g.Connectors {
		d.refs[r.Ref] = r
	}
	return d
}

// running counts the steps that run: annotations do not.
func (d *design) running() (n int) {
	for i := range d.Steps {
		if d.Steps[i].ActionType != tandem.AnnotationStep {
			n++
		}
	}
	return n
}

// method finds what a step calls.
func (d *design) method(s *tandem.Step) (*connector.Connector, *connector.Method, error) {
	ref, ok := d.refs[s.Connector]
	if !ok {
		return nil, nil, tandem.NotFoundf("Step %q has no connector.", s.Name)
	}
	if s.Method == "" {
		return nil, nil, tandem.NotFoundf("Step %q has no method.", s.Name)
	}
	return d.resolve(ref, s.Method)
}

// named finds a step by its name, without regard to case: of several, one that
// comes before.
func (d *design) named(name string, before map[tandem.StepID]bool) (id tandem.StepID, ok bool) {
	for i := range d.Steps {
		if s := &d.Steps[i]; strings.EqualFold(s.Name, name) && (!ok || before[s.ID]) {
			id, ok = s.ID, true
		}
	}
	return id, ok
}
