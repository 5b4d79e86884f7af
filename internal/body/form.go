package body

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What a form may have at most; more is an attack.
const (
	maxFormFields = 100_000
	maxFormDepth  = 32 // names within names
)

func (f *Format) encodeForm(doc any) (Body, error) {
	p := pairs{repeat: f.Repeat}
	if err := p.document(doc); err != nil {
		return Body{}, err
	}
	var b strings.Builder
	for _, field := range p.fields {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		text, _ := scalar(field.value)
		b.WriteString(url.QueryEscape(field.name) + "=" + url.QueryEscape(text))
	}
	return whole("application/x-www-form-urlencoded", []byte(b.String())), nil
}

// pairs are the fields of a form that a document makes.
type pairs struct {
	repeat bool
	fields []pair
}

// pair is a field, whose value is a single one or an *Upload.
type pair struct {
	name  string
	value any
}

func (p *pairs) document(doc any) error {
	members, ok := doc.(map[string]any)
	if !ok {
		return errors.New("a form is made of an object, not of " + kindOf(doc))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if err := p.add(name, members[name], 0); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairs) add(name string, v any, depth int) error {
	if depth > maxFormDepth {
		return fmt.Errorf("the field %.80s…: is nested too deep for a form", name)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, n := range slices.Sorted(maps.Keys(v)) {
			if err := p.add(name+"["+n+"]", v[n], depth+1); err != nil {
				return err
			}
		}
	case []any:
		return p.list(name, v, depth)
	case *Upload:
		if v != nil {
			p.fields = append(p.fields, pair{name, v})
		}
	default:
		if _, ok := scalar(v); !ok {
			return fmt.Errorf("the field %s: %T cannot be written", name, v)
		}
		p.fields = append(p.fields, pair{name, v})
	}
	return nil
}

// list adds a list: a[]=x, a[]=y of single values; a[0][b]=x where there are
// others.
func (p *pairs) list(name string, items []any, depth int) error {
	nested := slices.ContainsFunc(items, func(v any) bool {
		_, object := v.(map[string]any)
		_, list := v.([]any)
		return object || list
	})
	for i, item := range items {
		each := name + "[" + strconv.Itoa(i) + "]"
		if !nested {
			each = name + "[]"
			if p.repeat {
				each = name
			}
		}
		if err := p.add(each, item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (f *Format) decodeForm(src Source) (any, error) {
	text, err := utf8Text(src.Body, src.ContentType)
	if err != nil || text == "" {
		return nil, err
	}
	form := newFormTree()
	for field := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(field, "=")
		if name, err = url.QueryUnescape(name); err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, fmt.Errorf("the body is not a form: %w", err)
		}
		if name == "" && value == "" {
			continue
		}
		if err := form.add(validText([]byte(name)), validText([]byte(value))); err != nil {
			return nil, err
		}
	}
	return asLists(form.document(), f.Lists)
}
