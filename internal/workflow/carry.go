package workflow

import (
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// Carry takes over to a graph what its customer chose in an earlier one, where
// both leave the choice to the customer (IsLaunchVisible): values of mappings, by
// step and target, and of variables, by SystemName. It gives what the new graph
// has no place for.
func Carry(from, to *tandem.Graph) []tandem.Lost {
	c := carrier{from: from, to: newDesign(to, nil), lost: []tandem.Lost{}}
	for i := range from.Variables {
		c.variable(&from.Variables[i])
	}
	for i := range from.Steps {
		c.step(&from.Steps[i])
	}
	return c.lost
}

type carrier struct {
	from *tandem.Graph
	to   *design
	lost []tandem.Lost
}

func (c *carrier) lose(s *tandem.Step, name, reason string) {
	l := tandem.Lost{Name: name, Reason: reason}
	if s != nil {
		l.StepID, l.StepName = s.ID, s.Name
	}
	c.lost = append(c.lost, l)
}

// Why a value is lost.
const (
	lostPlace  = "The new release does not have it."
	lostChoice = "The new release sets it itself."
	lostSource = "It takes its value from something that the new release does not have."
)

func (c *carrier) variable(v *tandem.Variable) {
	if !v.IsLaunchVisible || v.Value == "" {
		return
	}
	i := slices.IndexFunc(c.to.Variables, func(w tandem.Variable) bool { return w.SystemName == v.SystemName })
	switch {
	case i < 0:
		c.lose(nil, v.SystemName, lostPlace)
	case c.to.Variables[i].IsLaunchVisible:
		c.to.Variables[i].Value = v.Value
	case c.to.Variables[i].Value != v.Value:
		c.lose(nil, v.SystemName, lostChoice)
	}
}

func (c *carrier) step(s *tandem.Step) {
	now := c.to.steps[s.ID]
	if now == nil {
		now = &tandem.Step{}
	}
	for _, m := range s.Parameters {
		c.mapping(s, m, now.Parameters)
	}
	for _, m := range s.Fields {
		c.mapping(s, m, now.Fields)
	}
}

func (c *carrier) mapping(s *tandem.Step, m tandem.Mapping, now []tandem.Mapping) {
	if !m.IsLaunchVisible || m.MappingType == "" || nothing(m) {
		return
	}
	i := slices.IndexFunc(now, func(n tandem.Mapping) bool { return n.Target == m.Target })
	if i >= 0 {
		m.IsLaunchRequired, m.LaunchName = now[i].IsLaunchRequired, now[i].LaunchName
	}
	switch {
	case i < 0 && m.MappingType == tandem.MapIgnore: // nothing is what it has
	case i < 0:
		c.lose(s, m.Target, lostPlace)
	case !c.hasSource(m):
		c.lose(s, m.Target, lostSource)
	case now[i].IsLaunchVisible:
		now[i] = m
	default:
		if now[i].IsLaunchVisible = true; now[i] != m {
			c.lose(s, m.Target, lostChoice)
		}
		now[i].IsLaunchVisible = false
	}
}

func (c *carrier) hasSource(m tandem.Mapping) bool {
	switch m.MappingType {
	case tandem.MapStep:
		return c.to.steps[m.SourceStepID] != nil
	case tandem.MapVariable:
		_, ok := c.to.variables[m.Variable]
		return ok
	default:
		return true
	}
}
