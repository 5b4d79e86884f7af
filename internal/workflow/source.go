package workflow

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// source gives a mapped value; nil when there is none.
type source func(d *Data) (any, error)

// lastRunField is the merge field for a step's last run without error.
const lastRunField = "LastSuccessfulRunDate"

var (
	errNoSource     = errors.New("it is not mapped")
	errEmptyScript  = errors.New("there is nothing after the =; a text that begins with one is written ==")
	errNotEvaluated = errors.New("its inline script was not evaluated")
)

// source compiles where a mapping's value comes from; nil when it is ignored.
// before are the steps that the mapping can use.
func (d *design) source(m tandem.Mapping, before map[tandem.StepID]bool) (source, error) {
	switch m.MappingType {
	case "", tandem.MapIgnore:
		return nil, nil
	case tandem.MapTrigger:
		return constant(m.Value), nil
	case tandem.MapStatic, tandem.MapList:
		return d.typed(m, before)
	case tandem.MapVariable:
		v, ok := d.variables[m.Variable]
		if !ok {
			return nil, fmt.Errorf("there is no variable %q", m.Variable)
		}
		return constant(v), nil
	case tandem.MapStep:
		return d.field(m.SourceStepID, m.SourceField, before)
	}
	return nil, fmt.Errorf("there is no mapping type %q", m.MappingType)
}

// typed is a value that a person typed or took from a list: an inline script, or a
// text, in which there are merge fields if it was typed.
func (d *design) typed(m tandem.Mapping, before map[tandem.StepID]bool) (source, error) {
	src, literal, ok, err := d.expression(m.Value, before)
	switch {
	case ok:
		return src, err
	case m.MappingType == tandem.MapList:
		return constant(literal), nil
	}
	return d.template(literal, before)
}

func constant(v any) source { return func(*Data) (any, error) { return v, nil } }

// field is a field of an earlier step.
func (d *design) field(step tandem.StepID, location string, before map[tandem.StepID]bool) (source, error) {
	if step == "" || location == "" {
		return nil, errNoSource
	}
	if s, ok := d.steps[step]; !ok {
		return nil, errors.New("the step that it takes its value from is not there")
	} else if !before[step] {
		return nil, fmt.Errorf("step %q does not come before it, or a Wait All is between them, which passes no data on", s.Name)
	}
	l, err := connector.ParseLocation(location)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(d.inUse[step], location) {
		d.inUse[step] = append(d.inUse[step], location)
	}
	return func(data *Data) (any, error) {
		for _, o := range data.Outputs {
			if o.Step == step {
				v, _ := read(l, o.Document())
				return v, nil
			}
		}
		return nil, nil
	}, nil
}

// template is text with merge fields, each of which is compiled to a source.
func (d *design) template(text string, before map[tandem.StepID]bool) (source, error) {
	t, err := merge.Parse(text)
	if err != nil {
		return nil, err
	}
	if t.Static() {
		return constant(text), nil
	}
	names := t.Fields()
	sources := make([]source, len(names))
	for i, name := range names {
		if sources[i], err = d.mergeField(name, before); err != nil {
			return nil, fmt.Errorf("merge field %s: %w", name, err)
		}
	}
	return func(data *Data) (any, error) {
		return t.Value(func(name string) (any, bool) {
			for i := range names {
				if names[i] == name {
					v, _ := sources[i](data)
					return v, v != nil
				}
			}
			return nil, false
		})
	}, nil
}

// mergeField finds what a name stands for.
func (d *design) mergeField(name string, before map[tandem.StepID]bool) (source, error) {
	if v, ok := d.variables[name]; ok {
		return constant(v), nil
	}
	if name == lastRunField {
		return lastRun, nil
	}
	if step, location, ok := strings.Cut(name, "::"); ok {
		id, known := d.named(strings.TrimSpace(step), before)
		if !known {
			return nil, fmt.Errorf("there is no step %q", step)
		}
		return d.field(id, strings.TrimSpace(location), before)
	}
	l, err := connector.ParseLocation(name)
	if err != nil {
		// A plain name with spaces need not be quoted.
		if l, err = connector.ParseLocation("['" + strings.ReplaceAll(name, "'", `\'`) + "']"); err != nil {
			return nil, err
		}
	}
	return nearest(l), nil
}

// nearest is a field of the nearest earlier step that has it.
func nearest(l connector.Location) source {
	return func(data *Data) (any, error) {
		for _, o := range data.Outputs {
			if v, ok := read(l, o.Document()); ok {
				return v, nil
			}
		}
		return nil, nil
	}
}

func lastRun(data *Data) (any, error) {
	if data.LastRun.IsZero() {
		return time.Unix(0, 0).UTC(), nil
	}
	return data.LastRun.UTC(), nil
}
