package apitest

import (
	"maps"
	"slices"
	"strings"
)

// description is what is read of the API's own description.
type description struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	OperationID string
	Parameters  []struct{ Name, In string }
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
	AnyOf      []schema
	OneOf      []schema
	AllOf      []schema
}

// ways are the ways to all properties of an operation's body.
func (d description) ways(o operation) []string {
	found := map[string]bool{}
	for _, c := range o.RequestBody.Content {
		d.walk(c.Schema, "", nil, found)
	}
	return slices.Sorted(maps.Keys(found))
}

// walk finds the ways below at. Schemas that it is within, by their names, are
// not entered again.
func (d description) walk(s schema, at string, within []string, found map[string]bool) {
	if s.Ref != "" {
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if !slices.Contains(within, name) {
			d.walk(d.Components.Schemas[name], at, append(slices.Clip(within), name), found)
		}
		return
	}
	for _, inner := range slices.Concat(s.AnyOf, s.OneOf, s.AllOf) {
		d.walk(inner, at, within, found)
	}
	if s.Items != nil {
		d.walk(*s.Items, at+"[]", within, found)
	}
	for name, inner := range s.Properties {
		found[at+"."+name] = true
		d.walk(inner, at+"."+name, within, found)
	}
}
