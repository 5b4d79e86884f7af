package merge

import (
	"strings"
)

// Lookup finds a field's value by name. Not ok is a missing field, which is
// empty.
type Lookup = func(name string) (value any, ok bool)

// Template is a parsed text. It is safe for concurrent use.
type Template struct {
	text  string
	parts []part
}

// part is a piece of literal text or, when it has a name, a field.
type part struct {
	literal string
	field   *field
}

type field struct {
	name  string
	calls []call
}

// call is a function with its arguments bound.
type call struct {
	function *function
	apply    apply
}

// String returns the text that was parsed.
func (t *Template) String() string { return t.text }

// Static says that the text has no merge fields.
func (t *Template) Static() bool {
	return len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].field == nil
}

// Fields are the names of the fields in order of first use.
func (t *Template) Fields() []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range t.parts {
		if p.field != nil && !seen[p.field.name] {
			seen[p.field.name] = true
			names = append(names, p.field.name)
		}
	}
	return names
}

// Execute fills in the fields. Each field's text passes through escape, unless
// that is nil; the literal text does not.
//
// Errors: *FieldError.
func (t *Template) Execute(lookup Lookup, escape func(string) string) (string, error) {
	if t.Static() {
		return t.text, nil
	}
	if len(t.parts) == 1 {
		return t.parts[0].field.text(lookup, escape)
	}
	var b strings.Builder
	b.Grow(len(t.text) + 32)
	for i := range t.parts {
		p := &t.parts[i]
		if p.field == nil {
			b.WriteString(p.literal)
			continue
		}
		s, err := p.field.text(lookup, escape)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// Value is Execute, but the value of a text that is exactly one field keeps its
// type; it is nil when the field is missing.
//
// Errors: *FieldError.
func (t *Template) Value(lookup Lookup) (any, error) {
	if len(t.parts) == 1 && t.parts[0].field != nil {
		return t.parts[0].field.value(lookup)
	}
	return t.Execute(lookup, nil)
}

func (f *field) text(lookup Lookup, escape func(string) string) (string, error) {
	v, err := f.value(lookup)
	if err != nil {
		return "", err
	}
	s := Text(v)
	if escape != nil {
		s = escape(s)
	}
	return s, nil
}

func (f *field) value(lookup Lookup) (any, error) {
	v, ok := lookup(f.name)
	if !ok {
		v = nil
	}
	for i := range f.calls {
		var err error
		if v, err = f.calls[i].run(v); err != nil {
			return nil, &FieldError{Field: f.name, Function: f.calls[i].function.name, Reason: err.Error()}
		}
	}
	return v, nil
}

// run applies the function to v: to each item of a list, unless the function
// is about lists, and not to a missing value, unless it is about those.
func (c *call) run(v any) (any, error) {
	if c.function.takes == anything {
		return c.apply(v)
	}
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok || c.function.takes == whole {
		return c.apply(v)
	}
	out := make([]any, len(list))
	for i, item := range list {
		var err error
		if out[i], err = c.run(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}
