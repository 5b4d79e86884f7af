package workflow

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Plan is a graph made ready to run. It does not change, and is safe for
// concurrent use.
type Plan struct {
	Nodes   []*Node // in the order of the graph's steps, without annotations
	Trigger *Node
	// Barriers are the steps at which all wait for all others.
	Barriers []*Node
	// OmitRequests says that what steps send and get is not to be kept.
	OmitRequests bool
	Variables    map[string]string // of the graph, by SystemName

	// Answers says that a step answers the caller of a webhook.
	Answers bool

	byID map[tandem.StepID]*Node
}

// Node finds a step's node; nil if there is none.
func (p *Plan) Node(id tandem.StepID) *Node { return p.byID[id] }

// Node is a step of a plan.
type Node struct {
	Index     int // in Plan.Nodes
	ID        tandem.StepID
	Name      string
	Kind      tandem.ActionType
	Ref       string               // of the connector, within the graph
	Connector *connector.Connector // nil of a step that calls none, such as a decision
	Method    *connector.Method    // likewise

	OnError tandem.StepErrorAction     // never Inherit
	Retries int                        // with RetryStep
	Split   tandem.CollectionSplitType // never empty
	// UsesLastRun says that the step's call depends on when it last ran.
	UsesLastRun bool
	// Conditional says that there are exits True and False: of a decision, and of
	// a step with an action_condition, which has the exit Forward too, for when no
	// script chooses.
	Conditional bool
	Script      string // the step's own; "": none
	// Delay is how long a Delay waits.
	Delay time.Duration
	// Gathers says that a script may look at all pages of the answer together.
	Gathers bool
	// FieldsInUse are the locations of the step's answer that steps after it name
	// with it.
	FieldsInUse []string

	exits      map[tandem.EdgeType][]*Node
	parameters []target
	fields     []target
	rootList   bool // a field's location begins with a list
	decision   [][]rule
	until      source  // of a WaitUntil
	match      *match  // of a webhook in the middle
	answer     *answer // of a SynchronousResponse
	answered   bool    // a webhook's caller is
	inline     []inline
	list       listPlace
}

// Next are the steps that an exit leads to, in the order of their edges.
func (n *Node) Next(exit tandem.EdgeType) []*Node { return n.exits[exit] }

// Compile makes the plan of a graph.
//
// Errors: Invalid, naming the steps that are at fault; what resolve returns.
func Compile(g *tandem.Graph, resolve Resolver) (*Plan, error) {
	d := newDesign(g, resolve)
	if d.running() == 0 {
		return nil, tandem.Invalidf("Steps", "There are no steps.")
	}
	shape := newShape(d)
	if problem := shape.problem(d); problem != "" {
		return nil, tandem.Invalidf("Edges", "%s", problem)
	}
	p := &Plan{OmitRequests: g.OmitRequests, Variables: d.variables, byID: make(map[tandem.StepID]*Node, len(g.Steps))}
	for i := range g.Steps {
		if g.Steps[i].ActionType == tandem.AnnotationStep {
			continue
		}
		d.inline = nil
		n, err := d.node(&g.Steps[i], shape.seen[g.Steps[i].ID])
		if err != nil {
			return nil, err
		}
		n.inline = d.inline
		n.Index = len(p.Nodes)
		p.Nodes = append(p.Nodes, n)
		p.byID[n.ID] = n
		if n.Kind == tandem.WaitAllStep {
			p.Barriers = append(p.Barriers, n)
		}
	}
	for _, n := range p.Nodes {
		n.Gathers = n.Gathers || n.Conditional
		n.FieldsInUse = d.inUse[n.ID]
	}
	p.Trigger = p.byID[shape.roots[0]]
	if !p.Trigger.Kind.Calls() {
		return nil, tandem.Invalidf("Steps", "The first step, %q, is of the kind %s: it starts nothing.", p.Trigger.Name, p.Trigger.Kind)
	}
	if err := d.connect(p); err != nil {
		return nil, err
	}
	p.findAnswers()
	return p, nil
}

// has says whether there is an exit.
func (n *Node) has(exit tandem.EdgeType) bool {
	if exit == tandem.ForwardEdge {
		return n.Kind != tandem.DecisionStep
	}
	return n.Conditional
}

// connect gives the nodes their exits.
func (d *design) connect(p *Plan) error {
	for _, e := range d.Edges {
		head, exit := p.byID[e.HeadStepID], cmp.Or(e.EdgeType, tandem.ForwardEdge)
		if head == nil || p.byID[e.TailStepID] == nil {
			continue // a note
		}
		if !head.has(exit) {
			return tandem.Invalidf("EdgeType", "Step %q has no exit %s.", head.Name, exit)
		}
		head.exits[exit] = append(head.exits[exit], p.byID[e.TailStepID])
	}
	return nil
}

// node compiles one step.
func (d *design) node(s *tandem.Step, before map[tandem.StepID]bool) (*Node, error) {
	n := &Node{
		ID: s.ID, Name: s.Name, Kind: s.ActionType, Ref: s.Connector, exits: map[tandem.EdgeType][]*Node{},
		Split: cmp.Or(s.CollectionSplitType, d.CollectionSplitType, tandem.SplitFirst),
	}
	n.OnError, n.Retries = d.onError(s)
	var err error
	if s.ActionType == tandem.DecisionStep {
		n.Conditional = true
		n.decision, err = d.decision(s, before)
		return n, err
	}
	switch s.ActionType {
	case tandem.DelayStep, tandem.WaitUntilStep, tandem.WaitAllStep:
		return n, d.wait(n, s, before)
	}
	if s.ActionType == tandem.SynchronousResponseStep {
		return n, d.answer(n, s, before)
	}
	if !s.ActionType.Calls() {
		return nil, tandem.Invalidf("ActionType", "Step %q: %s", s.Name, cannotRun(s.ActionType))
	}
	if n.match, err = d.match(s, before); err != nil {
		return nil, mapFailure(s, "Match", err)
	}
	if n.Connector, n.Method, err = d.method(s); err != nil {
		return nil, err
	}
	if n.parameters, err = d.parameterTargets(s, n.Connector, n.Method, before); err != nil {
		return nil, err
	}
	if n.fields, err = d.fieldTargets(s, n.Method, before); err != nil {
		return nil, err
	}
	n.rootList = startsWithList(n.fields)
	n.Gathers = handles("after_action_paging", s, n.Connector, n.Method)
	n.Script, n.Conditional = s.Script, conditional(s, n.Connector, n.Method)
	n.UsesLastRun = usesLastRun(s, n.Connector, n.Method)
	n.list, err = newListPlace(n.Connector, n.Method)
	return n, err
}

// cannotRun says that steps of a kind are for later.
func cannotRun(kind tandem.ActionType) string {
	return fmt.Sprintf("steps of the kind %s can be kept, but not run yet.", kind)
}

// usesLastRun looks for the merge field wherever a call can have one.
func usesLastRun(s *tandem.Step, c *connector.Connector, m *connector.Method) bool {
	texts := []string{m.Endpoint}
	for _, list := range [][]connector.Parameter{c.Parameters, m.Parameters} {
		for _, p := range list {
			texts = append(texts, p.Value, p.Default)
		}
	}
	for _, list := range [][]tandem.Mapping{s.Parameters, s.Fields} {
		for _, m := range list {
			texts = append(texts, m.Value)
		}
	}
	for _, f := range m.RequestFields {
		texts = append(texts, f.Default)
	}
	return strings.Contains(strings.Join(texts, "\n"), lastRunField) || handles("last_successful_run_date", s, c, m)
}
