package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// shape is a type of the document.
type shape struct {
	Name   string
	Fields []field
}

// field is a property of a type.
type field struct {
	Name     string
	Required bool
	Type     kind
	What     string
}

// kind is what a value is, in words, such as "list of Step or null".
type kind struct {
	Before, Type, After string // Type is the name of a shape, if there is one in it
}

// shapes are the types of the document by name.
func shapes(schemas map[string]*huma.Schema) (all []shape) {
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		all = append(all, shape{name, fields(schemas[name])})
	}
	return all
}

func fields(s *huma.Schema) (all []field) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, field{name, slices.Contains(s.Required, name), kindOf(p), described(p)})
	}
	return all
}

// described is what is said of a property: beside a reference, or in it.
func described(s *huma.Schema) string {
	for _, choice := range s.AnyOf {
		if s.Description == "" {
			s = choice
		}
	}
	return s.Description
}

func kindOf(s *huma.Schema) kind {
	switch {
	case s == nil:
		return kind{}
	case s.Ref != "":
		return kind{Type: s.Ref[strings.LastIndex(s.Ref, "/")+1:]}
	case len(s.Enum) > 0:
		return kind{Before: "one of " + strings.Trim(fmt.Sprintf("%q", s.Enum), "[]")}
	case s.Items != nil:
		items := kindOf(s.Items)
		return kind{strings.TrimSpace("list of " + items.Before), items.Type, items.After + orNull(s)}
	case len(s.AnyOf)+len(s.OneOf) > 0:
		return either(slices.Concat(s.AnyOf, s.OneOf))
	case s.Format != "" && s.Type == huma.TypeString:
		return kind{Before: s.Format + orNull(s)}
	case s.Type != "":
		return kind{Before: s.Type + orNull(s)}
	}
	return kind{Before: "anything"}
}

// either is one of several; no more than one of them has a name.
func either(choices []*huma.Schema) (k kind) {
	for i, s := range choices {
		c := kindOf(s)
		switch {
		case i == 0:
			k = c
		case k.Type == "" && c.Type == "":
			k.Before += " or " + c.Before
		default:
			k.After += " or " + c.Before + c.Type
		}
	}
	return k
}

func orNull(s *huma.Schema) string {
	if s.Nullable {
		return " or null"
	}
	return ""
}
