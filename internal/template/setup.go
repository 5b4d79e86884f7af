package template

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Setup implements tandem.Templates.
func (s *Templates) Setup(ctx context.Context, t *tandem.Template, optional bool) ([]tandem.SetupItem, error) {
	shelf, err := s.library.Shelf(ctx, t.Partner)
	if err != nil {
		return nil, fmt.Errorf("setup of template %s: %w", t.ID, err)
	}
	g := t.Release.Graph // a copy, for Check may look but not touch
	found := setup{shelf: shelf, items: []tandem.SetupItem{}}
	for _, ref := range g.Connectors {
		i := slices.IndexFunc(g.Steps, func(step tandem.Step) bool { return step.Connector == ref.Ref })
		if i >= 0 { // else no step uses it
			found.connector(ref, g.Steps[i].ID)
		}
	}
	for _, p := range workflow.Check(&g, shelf.Resolve) {
		if p.ObjectType == tandem.ObjectCycle {
			p.ObjectID = string(t.ID) // there is no cycle yet
		}
		found.add(p, false)
	}
	if optional {
		found.choices(&g)
	}
	return found.items, nil
}

// setup collects what has to be set up.
type setup struct {
	shelf tandem.Shelf
	items []tandem.SetupItem
}

// add adds p, unless there is something to do about the same thing.
func (f *setup) add(p tandem.Prerequisite, optional bool) {
	same := func(i tandem.SetupItem) bool {
		return i.ObjectType == p.ObjectType && i.ObjectID == p.ObjectID && i.StepID == p.StepID && !i.IsOptional
	}
	if !optional || !slices.ContainsFunc(f.items, same) {
		f.items = append(f.items, tandem.SetupItem{Prerequisite: p, IsOptional: optional})
	}
}

// connector adds what a connector needs that is installed anew.
func (f *setup) connector(ref tandem.ConnectorRef, step tandem.StepID) {
	l, err := f.shelf.Release(ref)
	if err != nil {
		f.add(tandem.Prerequisite{
			ReasonCode: tandem.ReasonUnknown, Reason: fmt.Sprintf("Connector %s %s is not in the library.", ref.Name, ref.Version),
			ObjectType: tandem.ObjectConnector, StepID: step,
		}, false)
		return
	}
	of := tandem.Prerequisite{ObjectType: tandem.ObjectConnector, ObjectID: strconv.FormatInt(int64(l.ID), 10), StepID: step}
	if len(l.Authentication) > 0 && l.Authentication[0].AuthType != connector.AuthNone {
		of.ReasonCode, of.Reason = tandem.ReasonUnauthenticated, fmt.Sprintf("Connector %s has to be authenticated.", l.Name)
		f.add(of, false)
	}
	for _, p := range l.Parameters {
		if p.AccountConnectorProperty && !p.Optional && p.Value == "" && p.Default == "" {
			of.ReasonCode, of.Reason = tandem.ReasonParameter, fmt.Sprintf("Connector %s needs a value for its property %s.", l.Name, p.Label())
			f.add(of, false)
		}
	}
}

// choices adds the values that the installing customer may choose.
func (f *setup) choices(g *tandem.Graph) {
	for _, v := range g.Variables {
		if v.IsLaunchVisible {
			f.add(tandem.Prerequisite{
				ReasonCode: tandem.ReasonMissingMapping, Reason: fmt.Sprintf("%s can be chosen.", cmp.Or(v.DisplayName, v.SystemName)),
				ObjectType: tandem.ObjectVariable, ObjectID: v.SystemName,
			}, true)
		}
	}
	for _, s := range g.Steps {
		_, m, _ := f.shelf.Resolve(refOf(g, s.Connector), s.Method)
		for _, p := range s.Parameters {
			f.choice(&s, p, tandem.Prerequisite{ReasonCode: tandem.ReasonParameter, ObjectType: tandem.ObjectParameter, ObjectID: parameterID(m, p.Target)})
		}
		for _, p := range s.Fields {
			f.choice(&s, p, tandem.Prerequisite{ReasonCode: tandem.ReasonField, ObjectType: tandem.ObjectField, ObjectID: fieldID(m, p.Target)})
		}
	}
}

func (f *setup) choice(s *tandem.Step, m tandem.Mapping, p tandem.Prerequisite) {
	if m.IsLaunchVisible {
		p.Reason, p.StepID = fmt.Sprintf("Step %q: %s can be chosen.", s.Name, cmp.Or(m.LaunchName, m.Target)), s.ID
		f.add(p, true)
	}
}

func refOf(g *tandem.Graph, name string) tandem.ConnectorRef {
	for _, r := range g.Connectors {
		if r.Ref == name {
			return r
		}
	}
	return tandem.ConnectorRef{}
}

// parameterID is what prerequisites call a parameter: its number, or else its
// name.
func parameterID(m *connector.Method, name string) string {
	if m != nil {
		for _, p := range m.Parameters {
			if p.Name == name && p.ID != 0 {
				return strconv.FormatInt(p.ID, 10)
			}
		}
	}
	return name
}

func fieldID(m *connector.Method, location string) string {
	if m != nil {
		for _, f := range m.RequestFields {
			if f.ConnectorField == location && f.ID != 0 {
				return strconv.FormatInt(f.ID, 10)
			}
		}
	}
	return location
}
