package workflow

import (
	"cmp"
	"errors"
	"fmt"
	"mime"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Reply is what a SynchronousResponse step tells the caller of a webhook.
type Reply struct {
	Status      int
	ContentType string
	Headers     map[string]string // what is empty is left out
	Text        string            // the body, if the step has one of its own
	Document    any               // else what the body is made of; nil: none
}

// answer is a compiled Answer, whose fields are the node's.
type answer struct {
	status      int
	contentType string
	headers     []target
	body        source // nil: of the fields
}

var errNoCaller = errors.New("there is no webhook before it whose caller it could answer")

// answer compiles a SynchronousResponse step.
func (d *design) answer(n *Node, s *tandem.Step, before map[tandem.StepID]bool) (err error) {
	if !d.called(before) {
		return tandem.Invalidf("ActionType", "Step %q: %v.", s.Name, errNoCaller)
	}
	of := cmp.Or(s.Answer, &tandem.Answer{})
	a := &answer{status: cmp.Or(of.Status, minAnswerStatus), contentType: cmp.Or(of.ContentType, "application/json")}
	for _, m := range of.Headers {
		src, err := d.source(m, before)
		if err != nil {
			return mapFailure(s, m.Target, err)
		}
		if src != nil {
			name, _ := tandem.AnswerHeader(m.Target)
			a.headers = append(a.headers, target{name: name, source: src})
		}
	}
	if of.Body != nil {
		if a.body, err = d.source(*of.Body, before); err != nil {
			return mapFailure(s, "Body", err)
		}
	}
	n.answer = a
	n.fields, err = d.fieldTargets(s, &connector.Method{}, before)
	n.rootList = startsWithList(n.fields)
	return err
}

// called says that one of the steps is a webhook.
func (d *design) called(before map[tandem.StepID]bool) bool {
	for id := range before {
		if s := d.steps[id]; s != nil && s.ActionType == tandem.WebhookStep {
			return true
		}
	}
	return false
}

// startsWithList says that a field's location begins with a list.
func startsWithList(fields []target) bool {
	for _, f := range fields {
		if list, _, through := f.location.Cut(); through && list.String() == "" {
			return true
		}
	}
	return false
}

// Reply maps what the step tells.
//
// Errors: *MapError.
func (n *Node) Reply(d *Data) (Reply, error) {
	a := n.answer
	r := Reply{Status: a.status, ContentType: a.contentType, Headers: make(map[string]string, len(a.headers))}
	for i := range a.headers {
		v, err := a.headers[i].value(d)
		if err != nil {
			return r, err
		}
		if v != nil {
			r.Headers[a.headers[i].name] = merge.Text(v)
		}
	}
	if a.body == nil {
		var err error
		r.Document, err = n.body(d)
		return r, err
	}
	v, err := a.body(d)
	if err != nil {
		return r, &MapError{Target: "Body", Err: err}
	}
	if v != nil {
		r.Text = merge.Text(v)
	}
	return r, nil
}

// Answered says that a step behind this webhook answers its caller: not the
// caller of another one between.
func (n *Node) Answered() bool { return n.answered }

// findAnswers notes which webhooks are answered.
func (p *Plan) findAnswers() {
	for _, n := range p.Nodes {
		n.answered = n.Kind == tandem.WebhookStep && n.leadsToAnswer(map[*Node]bool{})
		p.Answers = p.Answers || n.answered
	}
}

func (n *Node) leadsToAnswer(seen map[*Node]bool) bool {
	for _, next := range n.exits {
		for _, tail := range next {
			switch {
			case tail.Kind == tandem.SynchronousResponseStep:
				return true
			case seen[tail], tail.Kind == tandem.WebhookStep, tail.Kind == tandem.WaitAllStep:
				continue
			}
			seen[tail] = true
			if tail.leadsToAnswer(seen) {
				return true
			}
		}
	}
	return false
}

// answer checks a SynchronousResponse step.
func (c *checker) answer(s *tandem.Step, before map[tandem.StepID]bool) {
	if !c.called(before) {
		c.own(s, tandem.ReasonNotConnected, "%v.", errNoCaller)
	}
	check := func(m tandem.Mapping, name string) {
		c.mapping(s, m, false, before, want{tandem.ReasonField, tandem.ObjectField, name, name})
	}
	for _, m := range s.Fields {
		check(m, m.Target)
	}
	if s.Answer == nil {
		return
	}
	for _, m := range s.Answer.Headers {
		check(m, m.Target)
	}
	if s.Answer.Body != nil {
		check(*s.Answer.Body, "Body")
	}
}

// Statuses that an answer may have. Those below say that there is more to come.
const (
	minAnswerStatus = 200
	maxAnswerStatus = 599
)

func (v *validator) answer(field string, a *tandem.Answer) {
	if a == nil {
		return
	}
	if a.Status != 0 && (a.Status < minAnswerStatus || a.Status > maxAnswerStatus) {
		v.fail(field+".Status", "must be %d to %d.", minAnswerStatus, maxAnswerStatus)
	}
	if a.ContentType != "" {
		if kind, _, err := mime.ParseMediaType(a.ContentType); err != nil || !tandem.AnswerType(kind) {
			v.fail(field+".ContentType", "%q is not one that can be answered: that is JSON, XML, a form or text/plain.", a.ContentType)
		}
	}
	v.mappings(field+".Headers", a.Headers)
	for i, m := range a.Headers {
		if name, ok := tandem.AnswerHeader(m.Target); !ok || name == "Content-Type" {
			v.fail(fmt.Sprintf("%s.Headers[%d].Target", field, i), "%q cannot be set: that are Content-Language, Cache-Control and those that begin with X-.", m.Target)
		}
	}
	if a.Body != nil {
		v.mapping(field+".Body", a.Body)
	}
}

func renewAnswer(a *tandem.Answer, ids map[tandem.StepID]tandem.StepID) *tandem.Answer {
	if a == nil {
		return nil
	}
	renewed := *a
	renewed.Headers = renewMappings(a.Headers, ids)
	if a.Body != nil {
		renewed.Body = &renewMappings([]tandem.Mapping{*a.Body}, ids)[0]
	}
	return &renewed
}
