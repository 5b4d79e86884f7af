package workflow

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// The most that a graph may have.
const (
	maxSteps      = 1000
	maxEdges      = 10_000
	maxVariables  = 1000
	maxConnectors = 100
)

// Validate checks that a graph is sound: its ids are GUIDs of their own, what
// refers to a step or connector finds one, and methods and the words of each
// enumeration are known. A sound graph need not be complete: [Check] says what
// is still to do. Ids are written in lower case.
//
// Errors: Invalid, whose Field is such as Steps[2].Method.
func Validate(g *tandem.Graph, resolve Resolver) error {
	v := validator{g: g}
	v.most("Steps", len(g.Steps), maxSteps)
	v.most("Edges", len(g.Edges), maxEdges)
	v.most("Variables", len(g.Variables), maxVariables)
	v.most("Connectors", len(g.Connectors), maxConnectors)
	if v.err != nil {
		return v.err
	}
	v.ids()
	v.declarations()
	v.errorPolicy("", g.StepErrorAction, g.Retries)
	word(&v, "CollectionSplitType", g.CollectionSplitType, splitTypes)
	v.design = newDesign(g, resolve)
	for i := range g.Steps {
		v.step(fmt.Sprintf("Steps[%d]", i), &g.Steps[i])
	}
	v.edges()
	return v.err
}

// The words of the enumerations; "" is the default of each. The conditions are
// those of the table of comparisons.
var (
	errorActions = []tandem.StepErrorAction{tandem.InheritErrorAction, tandem.IgnoreError, tandem.RetryStep, tandem.StopTransaction, tandem.StopIntegration}
	splitTypes   = []tandem.CollectionSplitType{"", tandem.SplitFirst, tandem.SplitAll, tandem.SplitNone}
	mappingTypes = []tandem.MappingType{"", tandem.MapIgnore, tandem.MapStatic, tandem.MapList, tandem.MapStep, tandem.MapVariable, tandem.MapTrigger}
	delayUnits   = append([]tandem.DelayUnit{""}, tandem.DelayUnits...)
	edgeTypes    = []tandem.EdgeType{"", tandem.ForwardEdge, tandem.TrueEdge, tandem.FalseEdge}
)

// validator keeps the first problem that it meets.
type validator struct {
	*design
	g   *tandem.Graph
	err error
}

func (v *validator) fail(field, format string, args ...any) {
	if v.err == nil {
		v.err = tandem.Invalidf(field, "%s: %s", field, fmt.Sprintf(format, args...))
	}
}

func (v *validator) most(field string, n, most int) {
	if n > most {
		v.fail(field, "there are %d, and may be %d at most.", n, most)
	}
}

// word checks that a value is one of those known.
func word[T ~string](v *validator, field string, value T, known []T) {
	if !slices.Contains(known, value) {
		v.fail(field, "%q is not known.", value)
	}
}

// ids puts ids in lower case, and checks that each is a GUID and the only one.
func (v *validator) ids() {
	seen := map[string]bool{}
	own := func(field, id string) string {
		guid, err := tandem.ParseGUID(field, id)
		if err != nil && v.err == nil {
			v.err = err
		}
		if seen[guid] && err == nil {
			v.fail(field, "%s is there twice.", id)
		}
		seen[guid] = true
		return guid
	}
	for i := range v.g.Steps {
		s := &v.g.Steps[i]
		s.ID = tandem.StepID(own(fmt.Sprintf("Steps[%d].Id", i), string(s.ID)))
	}
	for i := range v.g.Edges {
		e := &v.g.Edges[i]
		e.ID = tandem.EdgeID(own(fmt.Sprintf("Edges[%d].Id", i), string(e.ID)))
	}
}

// declarations checks what is known by name: connectors and variables.
func (v *validator) declarations() {
	refs, variables := map[string]bool{}, map[string]bool{}
	for i, r := range v.g.Connectors {
		if r.Ref == "" || refs[r.Ref] {
			v.fail(fmt.Sprintf("Connectors[%d].Ref", i), "must be there, and once.")
		}
		refs[r.Ref] = true
	}
	for i, x := range v.g.Variables {
		if x.SystemName == "" || variables[x.SystemName] {
			v.fail(fmt.Sprintf("Variables[%d].SystemName", i), "must be there, and once.")
		}
		variables[x.SystemName] = true
	}
}

func (v *validator) step(field string, s *tandem.Step) {
	v.errorPolicy(field+".", s.StepErrorAction, s.Retries)
	word(v, field+".CollectionSplitType", s.CollectionSplitType, splitTypes)
	if n := len(s.Script); n > tandem.MaxStepScript {
		v.fail(field+".Script", "it has %d bytes, and may have %d at most.", n, tandem.MaxStepScript)
	}
	v.mappings(field+".Parameters", s.Parameters)
	v.mappings(field+".Fields", s.Fields)
	if s.Delay != nil {
		word(v, field+".Delay.Unit", s.Delay.Unit, delayUnits)
	}
	if s.Until != nil {
		v.mapping(field+".Until", s.Until)
	}
	v.match(field+".Match", s.Match)
	v.answer(field+".Answer", s.Answer)
	switch s.ActionType {
	case tandem.DecisionStep:
		v.decision(field+".Decision", s.Decision)
	case tandem.ActionStep, tandem.WebhookStep:
		v.call(field, s)
	case tandem.DelayStep, tandem.WaitUntilStep, tandem.WaitAllStep, tandem.AnnotationStep, tandem.SynchronousResponseStep:
		if s.Connector != "" || s.Method != "" {
			v.fail(field+".ActionType", "a step of the kind %s calls no method.", s.ActionType)
		}
	default:
		v.fail(field+".ActionType", "%d is not known.", s.ActionType)
	}
}

// call checks a step's method, if it was chosen.
func (v *validator) call(field string, s *tandem.Step) {
	if s.Connector == "" && s.Method == "" {
		return
	}
	if _, ok := v.refs[s.Connector]; !ok {
		v.fail(field+".Connector", "the graph has no connector %q.", s.Connector)
		return
	}
	if s.Method == "" {
		return
	}
	_, m, err := v.method(s)
	switch {
	case err != nil:
		v.fail(field+".Method", "%s", message(err))
	case (m.MethodType == connector.Webhook) != (s.ActionType == tandem.WebhookStep):
		v.fail(field+".ActionType", "method %q is of type %s.", m.Name, m.MethodType)
	}
}

func (v *validator) decision(field string, d *tandem.Decision) {
	if d == nil {
		return
	}
	for i, group := range d.Groups {
		for j := range group {
			at, r := fmt.Sprintf("%s.Groups[%d][%d]", field, i, j), &group[j]
			if comparisons[r.Condition] == nil {
				v.fail(at+".Condition", "%q is not known.", r.Condition)
			}
			v.mapping(at+".Left", &r.Left)
			v.mapping(at+".Right", &r.Right)
		}
	}
}

// mappings checks those of a step, of which each fills something else.
func (v *validator) mappings(field string, all []tandem.Mapping) {
	filled := map[string]bool{}
	for i := range all {
		at := fmt.Sprintf("%s[%d]", field, i)
		if filled[all[i].Target] {
			v.fail(at+".Target", "%q is there twice.", all[i].Target)
		}
		filled[all[i].Target] = true
		v.mapping(at, &all[i])
	}
}

// mapping checks what a mapping refers to.
func (v *validator) mapping(field string, m *tandem.Mapping) {
	word(v, field+".MappingType", m.MappingType, mappingTypes)
	if m.SourceStepID == "" {
		return
	}
	guid, err := tandem.ParseGUID(field+".SourceStepId", string(m.SourceStepID))
	if m.SourceStepID = tandem.StepID(guid); err != nil || v.steps[m.SourceStepID] == nil {
		v.fail(field+".SourceStepId", "there is no such step.")
	}
}

// has says whether a step has an exit.
func (v *validator) has(s *tandem.Step, exit tandem.EdgeType) bool {
	if s.ActionType == tandem.DecisionStep || exit == tandem.ForwardEdge {
		return (s.ActionType == tandem.DecisionStep) != (exit == tandem.ForwardEdge)
	}
	c, m, err := v.method(s)
	return err == nil && conditional(s, c, m)
}

func (v *validator) edges() {
	there := map[tandem.Edge]bool{} // without their ids
	for i := range v.g.Edges {
		e, field := &v.g.Edges[i], fmt.Sprintf("Edges[%d]", i)
		head, err1 := tandem.ParseGUID(field, string(e.HeadStepID))
		tail, err2 := tandem.ParseGUID(field, string(e.TailStepID))
		e.HeadStepID, e.TailStepID = tandem.StepID(head), tandem.StepID(tail)
		word(v, field+".EdgeType", e.EdgeType, edgeTypes)
		switch {
		case err1 != nil || v.steps[e.HeadStepID] == nil:
			v.fail(field+".HeadStepId", "there is no such step.")
		case err2 != nil || v.steps[e.TailStepID] == nil:
			v.fail(field+".TailStepId", "there is no such step.")
		case v.steps[e.HeadStepID].ActionType == tandem.AnnotationStep || v.steps[e.TailStepID].ActionType == tandem.AnnotationStep:
			v.fail(field, "an annotation is not connected to anything.")
		case !v.has(v.steps[e.HeadStepID], cmp.Or(e.EdgeType, tandem.ForwardEdge)):
			v.fail(field+".EdgeType", "step %q has no exit %s.", v.steps[e.HeadStepID].Name, e.EdgeType)
		}
		same := tandem.Edge{HeadStepID: e.HeadStepID, TailStepID: e.TailStepID, EdgeType: cmp.Or(e.EdgeType, tandem.ForwardEdge)}
		if there[same] {
			v.fail(field, "there is one already from that exit to that step.")
		}
		there[same] = true
	}
}
