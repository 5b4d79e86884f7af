package connector_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem/connector"
)

// A document is drawn in two steps: first its shape, which says where values,
// objects and lists are, then the values. The locations that cover it follow
// from the shape.

// shape is what a place in a document has: members, items, or a value.
type shape struct {
	members map[string]*shape
	items   *shape
}

var names = rapid.OneOf(
	rapid.SampledFrom([]string{"name", "first name", "a.b", "it's", `back\slash`, "[x]", "", "ns:name", "@id", "#text", "é", "0"}),
	rapid.StringN(0, 4, -1),
)

func genShape(depth int) *rapid.Generator[*shape] {
	return rapid.Custom(func(t *rapid.T) *shape {
		switch kind := rapid.IntRange(0, 2).Draw(t, "kind"); {
		case depth == 0 || kind == 0:
			return &shape{}
		case kind == 1:
			return &shape{items: genShape(depth-1).Draw(t, "items")}
		default:
			return &shape{members: rapid.MapOfN(names, genShape(depth-1), 1, 3).Draw(t, "members")}
		}
	})
}

// nested tells whether there are locations below s.
func (s *shape) nested() bool { return s.members != nil || s.items != nil }

// cover gives the texts of the locations of all values below one.
func (s *shape) cover(at string) []string {
	join := func(part string) string { return strings.TrimPrefix(at+"."+part, ".") }
	switch {
	case s.items != nil:
		return s.items.cover(join("[]"))
	case s.members == nil:
		return []string{at}
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.members)) {
		quoted := "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']"
		all = append(all, s.members[name].cover(join(quoted))...)
	}
	return all
}

// fill draws a document of a shape. Where it is ragged, members of objects are
// missing here and there, and lists are null or not there.
func (s *shape) fill(t *rapid.T, ragged bool) any {
	switch {
	case s.items != nil:
		if ragged && rapid.IntRange(0, 3).Draw(t, "none") == 0 {
			return nil
		}
		items := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range items {
			items[i] = s.items.fill(t, ragged)
		}
		return items
	case s.members == nil:
		return rapid.OneOf(rapid.String().AsAny(), rapid.Bool().AsAny(), rapid.Just(any(nil))).Draw(t, "value")
	}
	doc := object{}
	for _, name := range slices.Sorted(maps.Keys(s.members)) {
		if ragged && rapid.IntRange(0, 3).Draw(t, "left out") == 0 {
			continue
		}
		doc[name] = s.members[name].fill(t, ragged)
	}
	return doc
}

// copyBy reads all of a document's values by the locations that cover its shape,
// and writes them to a new one.
func copyBy(t *rapid.T, locations []string, doc any) (read []any, written any) {
	for _, text := range locations {
		l, err := connector.ParseLocation(text)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := l.Get(doc)
		read = append(read, v)
		if !ok {
			continue
		}
		if written, err = l.Set(written, v); err != nil {
			t.Fatalf("%s = %v: %v", text, v, err)
		}
	}
	return read, written
}

func TestLocationsCopyADocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genShape(4).Filter((*shape).nested).Draw(t, "shape")
		doc := s.fill(t, false)
		locations := s.cover("")
		_, written := copyBy(t, locations, doc)
		if diff := cmp.Diff(doc, written); diff != "" {
			t.Fatalf("by %q (-read +written):\n%s", locations, diff)
		}
	})
}

// Where items lack values that others have, what is written has null there:
// reading it gives the same again.
func TestLocationsCopyARaggedDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genShape(4).Filter((*shape).nested).Draw(t, "shape")
		doc := s.fill(t, true)
		locations := s.cover("")
		read, written := copyBy(t, locations, doc)
		again, rewritten := copyBy(t, locations, written)
		if diff := cmp.Diff(read, again); diff != "" {
			t.Fatalf("%v by %q (-read +read again):\n%s", doc, locations, diff)
		}
		if diff := cmp.Diff(written, rewritten); diff != "" {
			t.Fatalf("%v by %q (-written +written again):\n%s", doc, locations, diff)
		}
	})
}

// Each form of location that the specification names, and its document.
func TestLocationForms(t *testing.T) {
	for text, doc := range map[string]any{
		"a.b":                     object{"a": object{"b": "v"}},
		"[items].name":            object{"items": []any{object{"name": "x"}, object{"name": "y"}}},
		"[].name":                 []any{object{"name": "x"}, object{"name": "y"}},
		"data.[rows].cells.[].v":  object{"data": object{"rows": []any{object{"cells": []any{object{"v": "1"}, object{"v": "2"}}}, object{"cells": []any{}}}}},
		"['first name']":          object{"first name": "Ada"},
		"['a.b']":                 object{"a.b": "v"},
		"[a].['first name'].[b]":  object{"a": []any{object{"first name": object{"b": []any{"x"}}}}},
		"a.['first name'].[].[]":  object{"a": object{"first name": []any{[]any{"x", "y"}, []any{}}}},
		"soap:Body.m:Price.@unit": object{"soap:Body": object{"m:Price": object{"@unit": "kg"}}},
		"a-b.c_d.$e.#text":        object{"a-b": object{"c_d": object{"$e": object{"#text": "x"}}}},
	} {
		l := mustParse(t, text)
		v, ok := l.Get(doc)
		if !ok {
			t.Errorf("%s: not found", text)
		}
		again, err := l.Set(nil, v)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", text, err))
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Errorf("%s (-read +written):\n%s", text, diff)
		}
	}
}
