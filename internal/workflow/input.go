package workflow

import (
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Input is what a method is called with.
type Input struct {
	Parameters map[string]string // by name; only those that are mapped and not empty
	Body       any               // a document; nil: none
}

// target is a parameter or field with the source of its value.
type target struct {
	name     string // of a parameter, or a field's location
	location connector.Location
	lists    bool // the location goes through lists
	required bool
	source   source
	lacks    func(*Data) bool // the field that it is taken from is missing; nil: it may be
	convert  convert
}

// value is the target's value; nil when nothing is to be sent. A definition's
// default is left to the call, which knows all merge fields that it may have.
func (t *target) value(d *Data) (any, error) {
	v, err := t.source(d)
	if err == nil {
		v, err = t.convert.to(v)
	}
	if err == nil && v == nil && t.required {
		if err = ErrRequired; t.lacks != nil && t.lacks(d) {
			err = ErrMissing
		}
	}
	if err != nil {
		return nil, &MapError{Target: t.name, Err: err}
	}
	return v, nil
}

// Input maps the step's parameters and fields.
//
// Errors: *MapError, naming the target; ErrRequired, ErrMissing and ErrDateTime
// within it.
func (n *Node) Input(d *Data) (Input, error) {
	parameters, err := n.Parameters(d)
	if err != nil {
		return Input{}, err
	}
	body, err := n.body(d)
	return Input{Parameters: parameters, Body: body}, err
}

// Parameters maps the step's parameters alone. Errors: as Input.
func (n *Node) Parameters(d *Data) (map[string]string, error) {
	if len(n.parameters) == 0 {
		return nil, nil
	}
	values := make(map[string]string, len(n.parameters))
	for i := range n.parameters {
		t := &n.parameters[i]
		v, err := t.value(d)
		if err != nil {
			return nil, err
		}
		if v != nil {
			values[t.name] = merge.Text(v)
		}
	}
	return values, nil
}

// body sets the lists first: what goes into every item of a list must find the
// items there.
func (n *Node) body(d *Data) (any, error) {
	if len(n.fields) == 0 {
		return n.emptyBody(), nil
	}
	var doc any = make(map[string]any, len(n.fields))
	if n.rootList {
		doc = nil
	}
	type late struct {
		target *target
		value  any
	}
	var later []late
	for i := range n.fields {
		t := &n.fields[i]
		v, err := t.value(d)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		v = connector.CloneDocument(v) // the step's output, which later steps read, stays as it is
		if _, list := v.([]any); t.lists && !list {
			later = append(later, late{t, v})
			continue
		}
		if doc, err = t.location.Set(doc, v); err != nil {
			return nil, &MapError{Target: t.name, Err: err}
		}
	}
	for _, l := range later {
		var err error
		if doc, err = l.target.location.Set(doc, l.value); err != nil {
			return nil, &MapError{Target: l.target.name, Err: err}
		}
	}
	return doc, nil
}

// emptyBody is an object where the method sends one.
func (n *Node) emptyBody() any {
	if n.Method != nil && n.Method.RequestDataType != connector.NoBody {
		return map[string]any{}
	}
	return nil
}

// parameterTargets compiles the mappings of a step's parameters.
func (d *design) parameterTargets(s *tandem.Step, c *connector.Connector, m *connector.Method, before map[tandem.StepID]bool) ([]target, error) {
	var targets []target
	for _, mapping := range s.Parameters {
		src, err := d.source(mapping, before)
		if err != nil {
			return nil, mapFailure(s, mapping.Target, err)
		}
		p := parameter(c, m, mapping.Target)
		if p == nil {
			return nil, mapFailure(s, mapping.Target, fmt.Errorf("method %q has no such parameter", m.Name))
		}
		if src == nil {
			continue
		}
		t := target{name: p.Name, required: p.Needed(), source: src, lacks: d.lacks(mapping)}
		if t.source, err = d.typedSource(src, mapping, p.DataType); err != nil {
			return nil, mapFailure(s, p.Name, err)
		}
		if t.convert, err = converter(p.DataType, ""); err != nil {
			return nil, mapFailure(s, p.Name, err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// fieldTargets compiles the mappings of a step's fields. A location that the
// method does not declare is a custom field, of no type.
func (d *design) fieldTargets(s *tandem.Step, m *connector.Method, before map[tandem.StepID]bool) ([]target, error) {
	var targets []target
	joins, failed := d.joins(s, m, before)
	if failed != nil {
		return nil, mapFailure(s, failed.target, failed.err)
	}
	for _, mapping := range s.Fields {
		src, err := d.source(mapping, before)
		if err != nil {
			return nil, mapFailure(s, mapping.Target, err)
		}
		if src == nil {
			continue
		}
		l, err := connector.ParseLocation(mapping.Target)
		if err != nil {
			return nil, mapFailure(s, mapping.Target, err)
		}
		if brought := joins[mapping.Target]; brought != nil {
			src = brought
		}
		t := target{name: mapping.Target, location: l, lists: l.Lists() > 0, source: src, lacks: d.lacks(mapping)}
		if f := requestField(m, mapping.Target); f != nil {
			if t.source, err = d.typedSource(src, mapping, f.DataType); err != nil {
				return nil, mapFailure(s, mapping.Target, err)
			}
			t.required = !f.Optional && f.Default == ""
			if t.convert, err = converter(f.DataType, f.DataTypeFormat); err != nil {
				return nil, mapFailure(s, mapping.Target, err)
			}
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func mapFailure(s *tandem.Step, target string, err error) error {
	return tandem.Invalidf(target, "Step %q, %s: %v", s.Name, target, err)
}

// parameter finds a parameter of a method, or of its connector.
func parameter(c *connector.Connector, m *connector.Method, name string) *connector.Parameter {
	for i := range m.Parameters {
		if m.Parameters[i].Name == name {
			return &m.Parameters[i]
		}
	}
	for i := range c.Parameters {
		if c.Parameters[i].Name == name {
			return &c.Parameters[i]
		}
	}
	return nil
}

func requestField(m *connector.Method, location string) *connector.Field {
	for i := range m.RequestFields {
		if m.RequestFields[i].ConnectorField == location {
			return &m.RequestFields[i]
		}
	}
	return nil
}
