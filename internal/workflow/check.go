package workflow

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Check lists what keeps a graph from running: what its author can see and put
// right. Whether its connectors are authenticated is for the caller to add.
func Check(g *tandem.Graph, resolve Resolver) []tandem.Prerequisite {
	return check(g, resolve, false)
}

// CheckTemplate lists the same of a template's graph, of which what its customers are
// asked for may be left to them.
func CheckTemplate(g *tandem.Graph, resolve Resolver) []tandem.Prerequisite {
	return check(g, resolve, true)
}

func check(g *tandem.Graph, resolve Resolver, asks bool) []tandem.Prerequisite {
	c := checker{design: newDesign(g, resolve), asks: asks}
	if c.running() < 2 {
		c.add(tandem.ReasonTooFewSteps, tandem.ObjectCycle, "", "", "A cycle needs at least two steps.")
	}
	shape := newShape(c.design)
	if problem := shape.problem(c.design); problem != "" && c.running() > 1 {
		c.add(tandem.ReasonNotConnected, tandem.ObjectCycle, "", shape.astray(), problem)
	}
	for i := range g.Steps {
		c.step(&g.Steps[i], shape.seen[g.Steps[i].ID])
	}
	for _, v := range g.Variables {
		if v.IsLaunchRequired && v.Value == "" && !(asks && v.IsLaunchVisible) {
			c.add(tandem.ReasonMissingMapping, tandem.ObjectVariable, v.SystemName, "", fmt.Sprintf("%s has no value.", cmp.Or(v.DisplayName, v.SystemName)))
		}
	}
	if len(c.found) == 0 {
		// Whatever else Compile would refuse.
		if _, err := Compile(g, resolve); err != nil {
			c.add(tandem.ReasonUnknown, tandem.ObjectCycle, "", "", message(err))
		}
	}
	return c.found
}

type checker struct {
	*design
	asks  bool // customers, for what they may choose
	found []tandem.Prerequisite
}

func (c *checker) add(code tandem.ReasonCode, object, id string, step tandem.StepID, reason string) {
	c.found = append(c.found, tandem.Prerequisite{ReasonCode: code, Reason: reason, ObjectType: object, ObjectID: id, StepID: step})
}

// own adds what a step itself lacks.
func (c *checker) own(s *tandem.Step, code tandem.ReasonCode, format string, args ...any) {
	c.add(code, tandem.ObjectStep, string(s.ID), s.ID, fmt.Sprintf("Step %q: ", s.Name)+fmt.Sprintf(format, args...))
}

func (c *checker) step(s *tandem.Step, before map[tandem.StepID]bool) {
	switch {
	case s.ActionType == tandem.AnnotationStep, s.ActionType == tandem.WaitAllStep:
	case s.ActionType == tandem.DelayStep:
		c.delay(s)
	case s.ActionType == tandem.WaitUntilStep:
		c.until(s, before)
	case s.ActionType == tandem.DecisionStep:
		c.decision(s, before)
	case s.ActionType == tandem.SynchronousResponseStep:
		c.answer(s, before)
	case !s.ActionType.Calls():
		c.own(s, tandem.ReasonUnknown, "%s", cannotRun(s.ActionType))
	case s.Connector == "" || s.Method == "":
		c.own(s, tandem.ReasonMissingMapping, "it has no method to call yet.")
	default:
		c.webhookKey(s, before)
		conn, m, err := c.method(s)
		if err != nil {
			c.own(s, tandem.ReasonUnknown, "%s", message(err))
			return
		}
		c.call(s, conn, m, before)
	}
}

// call checks what a method is called with.
func (c *checker) call(s *tandem.Step, conn *connector.Connector, m *connector.Method, before map[tandem.StepID]bool) {
	for _, p := range m.Parameters {
		c.mapping(s, find(s.Parameters, p.Name), p.Needed(), before, want{tandem.ReasonParameter, tandem.ObjectParameter, objectID(p.ID, p.Name), p.Label()})
	}
	for _, m := range s.Parameters {
		if p := parameter(conn, &connector.Method{}, m.Target); p != nil {
			c.mapping(s, m, false, before, want{tandem.ReasonParameter, tandem.ObjectParameter, objectID(p.ID, p.Name), p.Label()})
		}
	}
	if _, failed := c.joins(s, m, before); failed != nil {
		c.add(tandem.ReasonCollectionKey, tandem.ObjectField, fieldID(m, failed.target), s.ID, fmt.Sprintf("Step %q, %s: %v.", s.Name, fieldLabel(m, failed.target), failed.err))
	}
	declared := map[string]bool{}
	for _, f := range m.RequestFields {
		declared[f.ConnectorField] = true
		required := !f.Optional && f.Default == "" && m.MethodType != connector.Webhook
		c.mapping(s, find(s.Fields, f.ConnectorField), required, before, want{tandem.ReasonField, tandem.ObjectField, objectID(f.ID, f.ConnectorField), f.Label()})
	}
	for _, m := range s.Fields {
		if !declared[m.Target] {
			c.mapping(s, m, false, before, want{tandem.ReasonField, tandem.ObjectField, m.Target, m.Target})
		}
	}
}

// want names the target of a mapping; label is for people.
type want struct {
	code              tandem.ReasonCode
	object, id, label string
}

// mapping checks that a mapping gives a value, if one is required, and that it
// can be compiled.
func (c *checker) mapping(s *tandem.Step, m tandem.Mapping, required bool, before map[tandem.StepID]bool, w want) {
	src, err := c.source(m, before)
	if err == nil {
		_, err = c.dateFormat(m)
	}
	switch {
	case err != nil:
		c.add(w.code, w.object, w.id, s.ID, fmt.Sprintf("Step %q, %s: %v.", s.Name, w.label, err))
	case c.asks && m.IsLaunchVisible && m.MappingType != tandem.MapStep: // customers are asked for it
	case (required || m.IsLaunchRequired) && (src == nil || nothing(m)):
		c.add(w.code, w.object, w.id, s.ID, fmt.Sprintf("Step %q: %s has no mapping.", s.Name, w.label))
	}
}

// nothing says that a typed value has been left empty.
func nothing(m tandem.Mapping) bool {
	switch m.MappingType {
	case tandem.MapStatic, tandem.MapList, tandem.MapTrigger:
		return m.Value == ""
	default:
		return false
	}
}

func (c *checker) decision(s *tandem.Step, before map[tandem.StepID]bool) {
	var rules []tandem.Rule
	if s.Decision != nil {
		for _, group := range s.Decision.Groups {
			rules = append(rules, group...)
		}
	}
	if len(rules) == 0 {
		c.add(tandem.ReasonMissingDecision, tandem.ObjectStep, string(s.ID), s.ID, fmt.Sprintf("Step %q has no criteria.", s.Name))
	}
	for _, r := range rules {
		c.operand(s, r.Left, before, tandem.ReasonDecisionLeft, "left operand")
		if !unary[r.Condition] {
			c.operand(s, r.Right, before, tandem.ReasonDecisionRight, "right operand")
		}
	}
}

func (c *checker) operand(s *tandem.Step, m tandem.Mapping, before map[tandem.StepID]bool, code tandem.ReasonCode, name string) {
	if _, err := c.design.operand(m, before); err != nil {
		c.add(code, tandem.ObjectStep, string(s.ID), s.ID, fmt.Sprintf("Step %q, %s: %v.", s.Name, name, err))
	}
}

func find(list []tandem.Mapping, target string) tandem.Mapping {
	for _, m := range list {
		if m.Target == target {
			return m
		}
	}
	return tandem.Mapping{Target: target}
}

// fieldID is the number of a request field, or its location if it has none.
func fieldID(m *connector.Method, location string) string {
	if f := requestField(m, location); f != nil {
		return objectID(f.ID, location)
	}
	return location
}

// fieldLabel is what people call a request field.
func fieldLabel(m *connector.Method, location string) string {
	if f := requestField(m, location); f != nil {
		return f.Label()
	}
	return location
}

func objectID(id int64, name string) string {
	if id != 0 {
		return strconv.FormatInt(id, 10)
	}
	return name
}
