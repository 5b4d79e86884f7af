package template

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// ToTemplate implements tandem.CycleDesigns. In a draft of the template that the
// cycle was made from, steps are those of the template again, so that what is
// installed of it can be upgraded.
func (s *CycleDesigns) ToTemplate(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, to tandem.CycleToTemplate) (*tandem.TemplateOfCycle, error) {
	out, err := s.toTemplate(ctx, p, a, id, to)
	if err != nil {
		return nil, fmt.Errorf("copy cycle %s to a template: %w", id, err)
	}
	s.log.InfoContext(ctx, "cycle copied to a template", "account", a, "cycle", id, "template", out.Template.ID, "lost", len(out.Lost))
	return out, nil
}

func (s *CycleDesigns) toTemplate(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, to tandem.CycleToTemplate) (*tandem.TemplateOfCycle, error) {
	c, err := s.cycles.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	ids := map[tandem.StepID]tandem.StepID{}
	if c.TemplateID == to.Template {
		for _, step := range c.Graph.Steps {
			ids[step.ID] = step.Origin
		}
	}
	defaults, err := s.defaults(ctx, p, c)
	if err != nil {
		return nil, err
	}
	shelf, err := s.templates.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	strip := stripper{shelf: shelf, defaults: defaults, secrets: map[string]bool{}, lost: []tandem.Lost{}}
	d := tandem.Design{Graph: workflow.Renew(c.Graph, ids), Retention: c.Retention}
	strip.graph(&d.Graph)
	t, err := s.put(ctx, p, c, to, d)
	return &tandem.TemplateOfCycle{Template: t, Lost: strip.lost}, err
}

// put makes a template or a draft of d.
func (s *CycleDesigns) put(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle, to tandem.CycleToTemplate, d tandem.Design) (*tandem.Template, error) {
	if to.Template == "" {
		return s.templates.Create(ctx, p, tandem.TemplateUpdate{
			Name: tandem.Some(cmp.Or(to.Name, c.Name)), Description: tandem.Some(cmp.Or(to.Description, c.Description)),
			Tags: tandem.Some(c.Tags), Folder: tandem.Some(to.Folder),
		}, d)
	}
	_, err := s.releases.Draft(ctx, p, to.Template, d)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, tandem.Invalidf("TemplateId", "Template with provided ID could not be found.")
	}
	if err != nil {
		return nil, err
	}
	return s.templates.Get(ctx, p, to.Template)
}

// defaults is the graph that c was installed with; an empty one if it is not to
// be had any more.
func (s *CycleDesigns) defaults(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle) (*tandem.Graph, error) {
	if c.TemplateID == "" {
		return &tandem.Graph{}, nil
	}
	r, err := s.releases.store.TemplateRelease(ctx, p, c.TemplateID, c.TemplateReleaseID)
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = nil
	}
	return &r.Graph, err
}

// stripper takes out of a graph what is not to be seen by other accounts:
// secrets, and what the customer chose, for which there is the template's own
// value again, or none.
type stripper struct {
	shelf    tandem.Shelf
	defaults *tandem.Graph
	secrets  map[string]bool // variables, by SystemName
	lost     []tandem.Lost
}

func (x *stripper) graph(g *tandem.Graph) {
	for i := range g.Steps {
		step := &g.Steps[i]
		x.mappings(g, step, step.Parameters, true)
		x.mappings(g, step, step.Fields, false)
	}
	for i := range g.Variables {
		x.variable(&g.Variables[i])
	}
}

const (
	keptSecret = "It is a secret of the account."
	keptChoice = "The customer chose it."
)

func (x *stripper) mappings(g *tandem.Graph, step *tandem.Step, all []tandem.Mapping, parameters bool) {
	for i := range all {
		m := &all[i]
		secret := parameters && x.sensitive(g, step, m.Target)
		if secret {
			x.secretVariables(g, m)
		}
		typed := slices.Contains([]tandem.MappingType{tandem.MapStatic, tandem.MapList, tandem.MapTrigger}, m.MappingType)
		if !typed || m.Value == "" || !secret && !m.IsLaunchVisible {
			continue
		}
		reason, was := keptSecret, ""
		if !secret {
			d := x.defaultOf(step.Origin, m.Target, parameters)
			if d.Value == m.Value && d.MappingType == m.MappingType {
				continue
			}
			if reason = keptChoice; d.MappingType == m.MappingType {
				was, m.ValueName = d.Value, d.ValueName
			}
		}
		if m.Value = was; was == "" {
			m.ValueName = ""
		}
		x.lost = append(x.lost, tandem.Lost{StepID: step.ID, StepName: step.Name, Name: m.Target, Reason: reason})
	}
}

// secretVariables notes the variables that a secret is made of.
func (x *stripper) secretVariables(g *tandem.Graph, m *tandem.Mapping) {
	for _, v := range g.Variables {
		merged := m.MappingType == tandem.MapStatic && strings.Contains(m.Value, "{{") && strings.Contains(strings.ToLower(m.Value), strings.ToLower(v.SystemName))
		if merged || m.MappingType == tandem.MapVariable && m.Variable == v.SystemName {
			x.secrets[v.SystemName] = true
		}
	}
}

func (x *stripper) variable(v *tandem.Variable) {
	secret := x.secrets[v.SystemName]
	if v.Value == "" || !secret && !v.IsLaunchVisible {
		return
	}
	reason, was := keptSecret, ""
	if !secret {
		reason = keptChoice
		if i := slices.IndexFunc(x.defaults.Variables, func(d tandem.Variable) bool { return d.SystemName == v.SystemName }); i >= 0 {
			was = x.defaults.Variables[i].Value
		}
		if was == v.Value {
			return
		}
	}
	v.Value = was
	x.lost = append(x.lost, tandem.Lost{Name: v.SystemName, Reason: reason})
}

// defaultOf is the mapping that a step was installed with.
func (x *stripper) defaultOf(origin tandem.StepID, target string, parameters bool) tandem.Mapping {
	i := slices.IndexFunc(x.defaults.Steps, func(s tandem.Step) bool { return s.ID == origin })
	if i < 0 {
		return tandem.Mapping{}
	}
	all := x.defaults.Steps[i].Fields
	if parameters {
		all = x.defaults.Steps[i].Parameters
	}
	if i = slices.IndexFunc(all, func(m tandem.Mapping) bool { return m.Target == target }); i < 0 {
		return tandem.Mapping{}
	}
	return all[i]
}

// sensitive says whether a step's parameter, or its connector's, is a secret.
func (x *stripper) sensitive(g *tandem.Graph, step *tandem.Step, name string) bool {
	i := slices.IndexFunc(g.Connectors, func(r tandem.ConnectorRef) bool { return r.Ref == step.Connector })
	if i < 0 {
		return false
	}
	c, m, err := x.shelf.Resolve(g.Connectors[i], step.Method)
	if err != nil {
		return true // nobody knows any more
	}
	secret := func(p connector.Parameter) bool { return p.Name == name && p.Sensitive }
	return slices.ContainsFunc(m.Parameters, secret) || slices.ContainsFunc(c.Parameters, secret)
}
