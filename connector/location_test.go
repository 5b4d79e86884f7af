package connector_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem/connector"
)

type object = map[string]any

func mustParse(t interface{ Fatal(...any) }, s string) connector.Location {
	l, err := connector.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLocationGet(t *testing.T) {
	doc := object{
		"a":     object{"b": "x", "nil": nil, "first name": "Ada", "it's.": true},
		"items": []any{object{"name": "one", "tags": []any{"p", "q"}}, object{}, "text"},
		"data":  object{"rows": []any{object{"cells": []any{object{"v": 1.0}, object{"v": 2.0}}}, object{"cells": []any{}}}},
		"":      "empty",
		"empty": []any{},
	}
	tests := []struct {
		at   string
		want any
		ok   bool
	}{
		{"a.b", "x", true},
		{"a.nil", nil, true},
		{"a.c", nil, false},
		{"a.b.c", nil, false},
		{"a.nil.c", nil, false},
		{"a.['first name']", "Ada", true},
		{`a.['it\'s.']`, true, true},
		{"['']", "empty", true},
		{"[items].name", []any{"one", nil, nil}, true},
		{"items.[].name", []any{"one", nil, nil}, true},
		{"[items].[tags]", []any{[]any{"p", "q"}, nil, nil}, true},
		{"data.[rows].cells.[].v", []any{[]any{1.0, 2.0}, []any{}}, true},
		{"[empty].x", []any{}, true},
		{"[a].b", nil, false},
		{"[].a", nil, false},
	}
	for _, tt := range tests {
		got, ok := mustParse(t, tt.at).Get(doc)
		if ok != tt.ok {
			t.Errorf("Get(%s): found %v, want %v", tt.at, ok, tt.ok)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Get(%s) (-want +got):\n%s", tt.at, diff)
		}
	}
	got, ok := mustParse(t, "[].a").Get([]any{object{"a": "x"}})
	if diff := cmp.Diff([]any{"x"}, got); !ok || diff != "" {
		t.Errorf("list at the root: %v %s", ok, diff)
	}
}

func TestLocationSet(t *testing.T) {
	tests := []struct {
		name string
		doc  any
		at   string
		v    any
		want any
	}{
		{"new", nil, "a.b", 1, object{"a": object{"b": 1}}},
		{"beside", object{"a": object{"c": 2}}, "a.b", 1, object{"a": object{"b": 1, "c": 2}}},
		{"list", nil, "[x].n", []any{1, 2}, object{"x": []any{object{"n": 1}, object{"n": 2}}}},
		{"list of scalars", nil, "[x]", []any{1, 2}, object{"x": []any{1, 2}}},
		{"one item", nil, "[x].n", 1, object{"x": []any{object{"n": 1}}}},
		{
			"every item",
			object{"x": []any{object{"n": 1}, object{"n": 2}}},
			"[x].m", 3,
			object{"x": []any{object{"n": 1, "m": 3}, object{"n": 2, "m": 3}}},
		},
		{
			"fewer than there are",
			object{"x": []any{object{"n": 1}, object{"n": 2}}},
			"[x].n",
			[]any{3},
			object{"x": []any{object{"n": 3}, object{"n": 2}}},
		},
		{
			"lists within lists", nil, "[].[y].n",
			[]any{[]any{1, 2}, []any{}},
			[]any{object{"y": []any{object{"n": 1}, object{"n": 2}}}, object{"y": []any{}}},
		},
		{"empty list", nil, "[x].n", []any{}, object{"x": []any{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := mustParse(t, tt.at).Set(tt.doc, tt.v)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for at, doc := range map[string]any{"a.b": object{"a": "text"}, "[a].b": object{"a": object{}}, "x": []any{}} {
		if got, err := mustParse(t, at).Set(doc, 1); err == nil {
			t.Errorf("Set(%v, %s) = %v, want an error", doc, at, got)
		}
	}
}

func TestLocationDelete(t *testing.T) {
	doc := object{"a": object{"b": 1, "c": 2}, "x": []any{object{"n": 1}, object{"m": 2}}}
	for _, at := range []string{"a.b", "[x].n", "missing.y", "a.c.d"} {
		mustParse(t, at).Delete(doc)
	}
	want := object{"a": object{"c": 2}, "x": []any{object{}, object{"m": 2}}}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLocationCut(t *testing.T) {
	tests := []struct {
		at, list, item string
		ok             bool
		lists          int
	}{
		{"a.[items].b.c", "a.items", "b.c", true, 1},
		{"[].b", "", "b", true, 1},
		{"[a]", "a", "", true, 1},
		{"[a].[b].c", "a", "[b].c", true, 2},
		{"a.b", "a.b", "", false, 0},
	}
	for _, tt := range tests {
		l := mustParse(t, tt.at)
		list, item, ok := l.Cut()
		if list.String() != tt.list || item.String() != tt.item || ok != tt.ok || l.Lists() != tt.lists {
			t.Errorf("Cut(%s) = %q, %q, %v, %d lists", tt.at, list, item, ok, l.Lists())
		}
	}
}

func TestLocationErrors(t *testing.T) {
	for s, want := range map[string]string{
		"":             "empty",
		".":            "name is empty",
		"a.":           "name is empty",
		"a..b":         "name is empty",
		"[a":           "not closed",
		"[a b]":        "['so']",
		"a b":          "expected a dot",
		"[a]b":         "expected a dot",
		"a]":           "expected a dot",
		"['a":          "not closed",
		"['a'b']":      `\'`,
		"['a'].['b'']": `\'`,
	} {
		if _, err := connector.ParseLocation(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseLocation(%q) = %v, want an error with %q", s, err, want)
		}
	}
}

// genLocation draws the text of a location with the given number of lists.
func genLocation(t *rapid.T, lists int) string {
	name := rapid.OneOf(rapid.StringMatching(`[a-zA-Z_@$0-9-]{1,6}`), rapid.StringMatching(`\['([a-z .\[\]]|\\'|\\\\){0,6}'\]`))
	parts := []string{}
	for range lists {
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			parts = append(parts, "[]")
		case 1:
			parts = append(parts, rapid.StringMatching(`\[[a-z]{1,4}\]`).Draw(t, "list"))
		default:
			parts = append(parts, name.Draw(t, "name"), "[]")
		}
	}
	return strings.Join(append(parts, name.Draw(t, "last")), ".")
}

func genValue(lists int) *rapid.Generator[any] {
	if lists == 0 {
		return rapid.OneOf(rapid.String().AsAny(), rapid.Float64().AsAny(), rapid.Bool().AsAny(), rapid.Just(any(nil)))
	}
	return rapid.Custom(func(t *rapid.T) any {
		return rapid.SliceOfN(genValue(lists-1), 0, 4).Draw(t, "items")
	})
}

func TestLocationSetThenGet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.IntRange(0, 3).Draw(t, "lists")
		l := mustParse(t, genLocation(t, lists))
		v := genValue(lists).Draw(t, "value")
		doc, err := l.Set(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := l.Get(doc)
		if diff := cmp.Diff(v, got); !ok || diff != "" {
			t.Fatalf("%s: found %v (-set +got):\n%s", l, ok, diff)
		}
	})
}

func TestLocationStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := mustParse(t, genLocation(t, rapid.IntRange(0, 3).Draw(t, "lists")))
		if again := mustParse(t, l.String()); again.String() != l.String() || again.Lists() != l.Lists() {
			t.Fatalf("%q reads back as %q", l, again)
		}
	})
}

func FuzzParseLocation(f *testing.F) {
	for _, s := range []string{"a.b", "[items].name", "[].name", "data.[rows].cells.[].v", `['it\'s']`, "[", "a..b", "['']"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := connector.ParseLocation(s)
		if err != nil {
			return
		}
		if again := mustParse(t, l.String()); again.String() != l.String() {
			t.Fatalf("%q: %q reads back as %q", s, l, again)
		}
		l.Get(map[string]any{"a": []any{}})
		doc, err := l.Set(nil, "v")
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if _, ok := l.Get(doc); !ok {
			t.Fatalf("%q: set, but not found in %v", s, doc)
		}
	})
}

func BenchmarkLocationGet(b *testing.B) {
	l := mustParse(b, "a.b.c")
	doc := object{"a": object{"b": object{"c": "x"}}}
	for b.Loop() {
		l.Get(doc)
	}
}
