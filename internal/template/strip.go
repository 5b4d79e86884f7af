package template

import (
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// strip takes out of a graph what is not for others to see: secrets, and, unless
// defaults is nil, what a customer chose, for which there is the value that
// defaults has, or none. It gives what had a value.
func strip(shelf tandem.Shelf, g, defaults *tandem.Graph) []tandem.Lost {
	x := stripper{shelf: shelf, defaults: defaults, secrets: map[string]bool{}, lost: []tandem.Lost{}}
	for i := range g.Steps {
		step := &g.Steps[i]
		x.mappings(g, step, step.Parameters, true)
		x.mappings(g, step, step.Fields, false)
	}
	for i := range g.Variables {
		x.variable(&g.Variables[i])
	}
	return x.lost
}

type stripper struct {
	shelf    tandem.Shelf
	defaults *tandem.Graph
	secrets  map[string]bool // variables, by SystemName
	lost     []tandem.Lost
}

const (
	keptSecret = "It is a secret of the account."
	keptChoice = "The customer chose it."
)

// chosen says whether a value that customers may choose is one that a customer
// chose.
func (x *stripper) chosen(visible bool) bool { return visible && x.defaults != nil }

func (x *stripper) mappings(g *tandem.Graph, step *tandem.Step, all []tandem.Mapping, parameters bool) {
	for i := range all {
		m := &all[i]
		secret := parameters && x.sensitive(g, step, m.Target)
		if secret {
			x.secretVariables(g, m)
		}
		typed := slices.Contains([]tandem.MappingType{tandem.MapStatic, tandem.MapList, tandem.MapTrigger}, m.MappingType)
		if !typed || m.Value == "" || !secret && !x.chosen(m.IsLaunchVisible) {
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
	if v.Value == "" || !secret && !x.chosen(v.IsLaunchVisible) {
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
	l, err := x.shelf.Release(g.Connectors[i])
	if err != nil || l.Usable(step.Method) != nil {
		return true // nobody knows any more
	}
	return slices.ContainsFunc(l.Parameters, func(p connector.Parameter) bool { return p.Sensitive && strings.EqualFold(p.Name, name) })
}
