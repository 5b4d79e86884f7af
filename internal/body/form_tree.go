package body

import (
	"fmt"
	"strconv"
	"strings"
)

// formTree makes a document of fields such as a[b], a[] and a[0][b].
type formTree struct {
	fields map[string]any
	count  int
}

func newFormTree() *formTree { return &formTree{fields: map[string]any{}} }

// add adds a field, whose value is a text or a File. One whose name does not fit
// to those before it, or is nested too deep, is kept by its whole name.
func (t *formTree) add(name string, v any) error {
	if t.count++; t.count > maxFormFields {
		return fmt.Errorf("the form has more than %d fields", maxFormFields)
	}
	if parts := splitName(name); len(parts) > 1 && fits(t.fields, parts) {
		put(t.fields, parts, v)
		return nil
	}
	if object, ok := t.fields[name].(map[string]any); ok { // a=1 after a[b]=2
		object[""] = put(object[""], nil, v)
		return nil
	}
	t.fields[name] = put(t.fields[name], nil, v)
	return nil
}

// splitName splits a[b][] into a, b and "". What is not of this form, or too deep,
// stays whole.
func splitName(name string) []string {
	first, rest, ok := strings.Cut(name, "[")
	inner, closed := strings.CutSuffix(rest, "]")
	if !ok || !closed || first == "" {
		return []string{name}
	}
	parts := strings.Split(inner, "][")
	if len(parts) > maxFormDepth || strings.ContainsAny(strings.Join(parts, ""), "[]") {
		return []string{name}
	}
	return append([]string{first}, parts...)
}

// fits tells whether put can go down by parts, from at.
func fits(at any, parts []string) bool {
	for _, part := range parts {
		switch v := at.(type) {
		case nil:
			return true
		case map[string]any:
			if part == "" {
				return false
			}
			at = v[part]
		case []any:
			return part == ""
		default:
			return false
		}
	}
	_, object := at.(map[string]any)
	return !object
}

// put puts v at the end of parts below at, and gives at.
func put(at any, parts []string, v any) any {
	if len(parts) == 0 {
		switch before := at.(type) {
		case nil:
			return v
		case []any:
			return append(before, v)
		default:
			return []any{before, v}
		}
	}
	name, rest := parts[0], parts[1:]
	if name == "" {
		items, _ := at.([]any)
		last := len(items) - 1
		if len(rest) > 0 && last >= 0 && startsNext(items[last], rest) {
			items[last] = put(items[last], rest, v)
			return items
		}
		return append(items, put(nil, rest, v))
	}
	members, _ := at.(map[string]any)
	if members == nil {
		members = map[string]any{}
	}
	members[name] = put(members[name], rest, v)
	return members
}

// startsNext tells whether parts go on with the last item of a list: a[][b]=1,
// a[][c]=2 are of one item, and another b begins the next.
func startsNext(last any, parts []string) bool {
	members, ok := last.(map[string]any)
	return ok && parts[0] != "" && members[parts[0]] == nil
}

func (t *formTree) document() any {
	for name, v := range t.fields {
		t.fields[name] = settle(v)
	}
	return t.fields
}

// settle makes lists of what is numbered from 0, and documents of files.
func settle(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = settle(member)
		}
		return numbered(v)
	case []any:
		for i, item := range v {
			v[i] = settle(item)
		}
	case File:
		return v.Document()
	}
	return v
}

// numbered is a list of the members, if they are called 0, 1, 2 and so on.
func numbered(members map[string]any) any {
	if _, ok := members["0"]; !ok {
		return members
	}
	items := make([]any, len(members))
	for i := range items {
		item, ok := members[strconv.Itoa(i)]
		if !ok {
			return members
		}
		items[i] = item
	}
	return items
}
