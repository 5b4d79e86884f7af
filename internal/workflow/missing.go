package workflow

import (
	"errors"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// ErrMissing is an answer without a field that its definition says is always there:
// the third party is to blame, and not who mapped the field. What is there and empty
// is ErrRequired, and so is what a definition leaves open.
var ErrMissing = errors.New("the response that it is taken from lacks the field, which should always be there")

// lacks gives what says that a mapping's field is missing so; nil: nothing is
// promised about it.
func (d *design) lacks(m tandem.Mapping) func(*Data) bool {
	if m.MappingType != tandem.MapStep || !d.promised(m.SourceStepID, m.SourceField) {
		return nil
	}
	l, err := connector.ParseLocation(m.SourceField)
	if err != nil {
		return nil // which source has told
	}
	return func(data *Data) bool {
		for _, o := range data.Outputs {
			if o.Step == m.SourceStepID {
				_, found := read(l, o.Document())
				return !found && o.Document() != nil
			}
		}
		return false
	}
}

// promised says that the definition of a step's method has a response field that is
// not optional.
func (d *design) promised(step tandem.StepID, location string) bool {
	s := d.steps[step]
	if s == nil || !s.ActionType.Calls() {
		return false
	}
	_, m, err := d.method(s)
	if err != nil {
		return false
	}
	for _, f := range m.ResponseFields {
		if f.ConnectorField == location {
			return !f.Optional
		}
	}
	return false
}
