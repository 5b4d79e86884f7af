package workflow

import (
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// Renew copies a graph under other ids: a step gets the one that ids has for
// it, else a new one, which is put there; edges get new ones.
func Renew(g tandem.Graph, ids map[tandem.StepID]tandem.StepID) tandem.Graph {
	for _, s := range g.Steps {
		if ids[s.ID] == "" {
			ids[s.ID] = tandem.StepID(tandem.NewGUID())
		}
	}
	g.Variables, g.Connectors = slices.Clone(g.Variables), slices.Clone(g.Connectors)
	g.Steps = slices.Clone(g.Steps)
	for i := range g.Steps {
		s := &g.Steps[i]
		s.ID = ids[s.ID]
		s.Parameters, s.Fields = renewMappings(s.Parameters, ids), renewMappings(s.Fields, ids)
		if s.Until != nil {
			until := *s.Until
			until.SourceStepID = ids[until.SourceStepID]
			s.Until = &until
		}
		s.Match, s.Answer = renewMatch(s.Match, ids), renewAnswer(s.Answer, ids)
		if s.Decision != nil {
			s.Decision = &tandem.Decision{Groups: renewRules(s.Decision.Groups, ids)}
		}
	}
	g.Edges = slices.Clone(g.Edges)
	for i := range g.Edges {
		e := &g.Edges[i]
		e.ID, e.HeadStepID, e.TailStepID = tandem.EdgeID(tandem.NewGUID()), ids[e.HeadStepID], ids[e.TailStepID]
	}
	return g
}

// renewMappings points mappings to the other ids. A step that is not there
// stays "".
func renewMappings(mappings []tandem.Mapping, ids map[tandem.StepID]tandem.StepID) []tandem.Mapping {
	mappings = slices.Clone(mappings)
	for i := range mappings {
		mappings[i].SourceStepID = ids[mappings[i].SourceStepID]
	}
	return mappings
}

func renewRules(groups [][]tandem.Rule, ids map[tandem.StepID]tandem.StepID) [][]tandem.Rule {
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
