package invoke

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// field is a request field that needs something done to it.
type field struct {
	text     string // its location
	location connector.Location
	optional bool
	readOnly bool
	fallback *merge.Template
	kind     connector.DataType
	format   *merge.DateFormat // of a DateTime; nil: any
}

func (p *plan) addFields(m *connector.Method) error {
	for i := range m.RequestFields {
		f, err := compileField(&m.RequestFields[i])
		if err != nil {
			return fmt.Errorf("field %s: %w", m.RequestFields[i].ConnectorField, err)
		}
		p.fields = append(p.fields, f)
	}
	return nil
}

func compileField(from *connector.Field) (f field, err error) {
	f = field{text: from.ConnectorField, optional: from.Optional, readOnly: from.ReadOnly, kind: from.DataType}
	if f.location, err = connector.ParseLocation(from.ConnectorField); err != nil {
		return f, err
	}
	if from.DataType == connector.DateTime {
		f.format, _ = merge.ParseDateFormat(from.DataTypeFormat) // third parties tell of fields in formats that are none
	}
	f.fallback, err = parseText(from.Default)
	return f, err
}

// fillFields completes the request's document.
func (x *exchange) fillFields() error {
	if x.plan.request.none {
		return nil
	}
	if x.plan.request.bare() {
		if object, ok := x.call.Body.(map[string]any); ok && len(object) == 0 {
			x.call.Body = nil
		}
	}
	for i := range x.plan.fields {
		if err := x.fillField(&x.plan.fields[i]); err != nil {
			return err
		}
	}
	return nil
}

// fillField gives an empty field its default, or leaves it out. One that can only
// be read is never sent.
func (x *exchange) fillField(f *field) error {
	if f.readOnly {
		f.location.Delete(x.call.Body)
		return nil
	}
	v, ok := f.location.Get(x.call.Body)
	if ok && v != nil && v != "" {
		return x.retype(f, v)
	}
	if f.fallback != nil {
		s, err := x.fill(f.fallback, nil)
		if err != nil {
			return err
		}
		if s != "" {
			if x.call.Body, err = f.location.Set(x.call.Body, typed(s, f.kind)); err != nil {
				return buildError("field %v", err)
			}
			return nil
		}
	}
	if !f.optional && (ok || f.location.Lists() == 0) { // of a list that is not there, nothing is required
		return emptyError("field", f.text)
	}
	if ok {
		f.location.Delete(x.call.Body)
	}
	return nil
}

// retype makes text what its field's type asks for: what is mapped to a custom field
// is of no type before.
func (x *exchange) retype(f *field, v any) (err error) {
	switch f.kind {
	case connector.Integer, connector.Float, connector.Decimal, connector.Boolean:
	case connector.DateTime:
		if f.format == nil {
			return nil
		}
	default: // is text
		return nil
	}
	now, changed := f.retyped(v)
	if changed {
		if x.call.Body, err = f.location.Set(x.call.Body, now); err != nil {
			return buildError("field %v", err)
		}
	}
	return nil
}

// retyped is v with every text as the field's type has it, and whether that is
// something else. A date that is not as RFC 3339 has it may be in the format already.
func (f *field) retyped(v any) (now any, changed bool) {
	switch v := v.(type) {
	case string:
		if f.format != nil {
			at, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return v, false
			}
			return f.format.Format(at), true
		}
		now = typed(v, f.kind)
		_, text := now.(string)
		return now, !text
	case []any:
		all := make([]any, len(v))
		for i := range v {
			item, other := f.retyped(v[i])
			all[i], changed = item, changed || other
		}
		return all, changed
	}
	return v, false
}

// typed makes a default the JSON value that its type asks for, where it can be.
func typed(s string, kind connector.DataType) any {
	switch kind {
	case connector.Integer, connector.Float, connector.Decimal:
		if n := json.Number(s); json.Valid([]byte(s)) {
			return n
		}
	case connector.Boolean:
		switch strings.ToLower(s) {
		case "true":
			return true
		case "false":
			return false
		}
	case connector.Undefined, connector.Text, connector.DateTime, connector.File: // are text
	}
	return s
}
