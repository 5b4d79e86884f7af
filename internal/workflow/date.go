package workflow

import (
	"cmp"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// dateFormat is how a mapping's source writes its date-times: as the mapping says,
// or the definition of the field that it takes; nil: in any way that is known.
func (d *design) dateFormat(m tandem.Mapping) (*merge.DateFormat, error) {
	text := m.Format
	if text == "" && m.MappingType == tandem.MapStep {
		text = d.declaredFormat(m)
	}
	if text == "" {
		return nil, nil
	}
	f, err := merge.ParseDateFormat(text)
	if err != nil {
		return nil, fmt.Errorf("format %q: %w", text, err)
	}
	return f, nil
}

func (d *design) declaredFormat(m tandem.Mapping) string {
	s := d.steps[m.SourceStepID]
	if s == nil || !s.ActionType.Calls() {
		return ""
	}
	_, method, err := d.method(s)
	if err != nil {
		return ""
	}
	for _, f := range method.ResponseFields {
		if f.ConnectorField == m.SourceField && f.DataType == connector.DateTime {
			return f.DataTypeFormat
		}
	}
	return ""
}

// readDate reads a value as a date-time in a format, or else in one that is known.
func readDate(v any, format *merge.DateFormat) (time.Time, bool) {
	if text, ok := v.(string); ok && format != nil {
		if t, ok := format.Parse(text); ok {
			return t, true
		}
	}
	return merge.Date(v)
}

// dateSource makes date-times of what a source gives; what is none stays as it is.
func dateSource(src source, format *merge.DateFormat) source {
	if format == nil {
		return src
	}
	return func(d *Data) (any, error) {
		v, err := src(d)
		return asDates(v, format), err
	}
}

// asDates makes a date-time of a text in a format, or of each in a list.
func asDates(v any, format *merge.DateFormat) any {
	switch v := v.(type) {
	case string:
		if t, ok := format.Parse(v); ok {
			return t
		}
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = asDates(v[i], format)
		}
		return all
	}
	return v
}

// dateOperands makes date-times of operands. One of which it is not known how it is
// written is taken to be as the other.
func (d *design) dateOperands(out *rule, r tandem.Rule) error {
	left, err := d.dateFormat(r.Left)
	if err != nil {
		return fmt.Errorf("left operand: %w", err)
	}
	right, err := d.dateFormat(r.Right)
	if err != nil {
		return fmt.Errorf("right operand: %w", err)
	}
	out.left, out.right = dateSource(out.left, cmp.Or(left, right)), dateSource(out.right, cmp.Or(right, left))
	return nil
}

// typedSource is the source of a target of a type.
func (d *design) typedSource(src source, m tandem.Mapping, t connector.DataType) (source, error) {
	if t != connector.DateTime {
		return src, nil
	}
	format, err := d.dateFormat(m)
	if err != nil {
		return nil, err
	}
	return dateSource(src, format), nil
}
