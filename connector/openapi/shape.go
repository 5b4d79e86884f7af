package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// kind is what a value is.
type kind string

// The kinds of values, by the types of JSON Schema; kindAny is not said.
const (
	kindAny    kind = ""
	kindText   kind = "string"
	kindObject kind = "object"
	kindList   kind = "array"
)

// shape is a schema with all that it is composed of in one place.
type shape struct {
	at          place
	kind        kind
	format      string
	title       string
	description string
	media       string // of what a text holds
	values      []any
	fallback    any
	least, most *float64
	xml         *openapi3.XML
	readOnly    bool
	writeOnly   bool
	deprecated  bool
	mixed       bool // is of several kinds
	open        bool // has properties whose names are not given

	names      []string // of properties, sorted
	properties map[string]property
	items      *openapi3.SchemaRef
	itemsAt    place
	name       string // of the schema, if it has one
}

// property is a member of an object.
type property struct {
	ref      *openapi3.SchemaRef
	at       place
	required bool
}

// maxParts is of how many schemas one may be composed.
const maxParts = 500

// shape resolves a schema; nil is one that says nothing.
func (im *importer) shape(ref *openapi3.SchemaRef, at place) *shape {
	if ref == nil || ref.Value == nil {
		return &shape{at: at}
	}
	if s, ok := im.shapes[ref.Value]; ok {
		return s
	}
	s := &shape{at: at.referred(ref.Ref), properties: map[string]property{}}
	if ref.Ref != "" {
		s.name = ref.Ref[strings.LastIndex(ref.Ref, "/")+1:]
	}
	im.shapes[ref.Value] = s
	c := composer{importer: im, shape: s, seen: map[*openapi3.Schema]bool{}, required: map[string]bool{}}
	c.compose(ref, at, true)
	for name, p := range s.properties {
		p.required = c.required[name]
		s.properties[name] = p
	}
	s.names = slices.Sorted(maps.Keys(s.properties))
	if s.kind == kindAny && len(s.names) > 0 {
		s.kind = kindObject
	} else if s.kind == kindAny && s.items != nil {
		s.kind = kindList
	}
	return s
}

// composer puts the parts of a schema together.
type composer struct {
	*importer
	shape    *shape
	seen     map[*openapi3.Schema]bool
	required map[string]bool
}

// compose takes a part; all says that it always holds, not only as one of several.
func (c *composer) compose(ref *openapi3.SchemaRef, at place, all bool) {
	if ref == nil || ref.Value == nil || c.seen[ref.Value] {
		return
	}
	if len(c.seen) >= maxParts {
		c.notes.add(c.shape.at, fmt.Sprintf("the schema is composed of more than %d others", maxParts))
		return
	}
	from := ref.Value
	c.seen[from] = true
	at = at.referred(ref.Ref)
	c.kind(from, at)
	c.describe(from)
	c.object(from, at, all)
	if c.shape.items == nil && from.Items != nil {
		c.shape.items, c.shape.itemsAt = from.Items, at.at("items")
	}
	c.unsaid(from, at)
	c.parts(from, at, all)
}

func (c *composer) parts(from *openapi3.Schema, at place, all bool) {
	for i, part := range from.AllOf {
		c.compose(part, at.at("allOf", strconv.Itoa(i)), all)
	}
	for _, choice := range []struct {
		word  string
		parts openapi3.SchemaRefs
	}{{"oneOf", from.OneOf}, {"anyOf", from.AnyOf}} {
		if parts := slices.DeleteFunc(slices.Clone(choice.parts), isNull); len(parts) > 1 {
			c.notes.add(at.at(choice.word), "one of several schemas: the fields of all are there, and optional")
		}
		for i, part := range choice.parts {
			c.compose(part, at.at(choice.word, strconv.Itoa(i)), all && len(choice.parts) == 1)
		}
	}
}

func isNull(ref *openapi3.SchemaRef) bool {
	return ref == nil || ref.Value == nil || ref.Value.Type.Is(openapi3.TypeNull)
}

// kind takes the type of a part.
func (c *composer) kind(from *openapi3.Schema, at place) {
	s := c.shape
	for _, t := range from.Type.Slice() {
		switch {
		case t == openapi3.TypeNull:
		case s.kind == kindAny && !s.mixed:
			s.kind = kind(t)
		case s.kind != kind(t) && !s.mixed:
			s.mixed = true
			c.notes.add(at, fmt.Sprintf("the value is %s or %s", s.kind, short(t)))
			if s.kind != kindObject && t != openapi3.TypeObject { // the fields of an object are worth having
				s.kind = kindAny
			} else {
				s.kind = kindObject
			}
		}
	}
}

// describe takes what a part says of the value, as far as nothing is said yet.
func (c *composer) describe(from *openapi3.Schema) {
	s := c.shape
	for _, text := range []struct {
		to   *string
		from string
	}{{&s.format, from.Format}, {&s.title, from.Title}, {&s.description, from.Description}, {&s.media, from.ContentMediaType}} {
		if *text.to == "" {
			*text.to = text.from
		}
	}
	if from.Const != nil {
		s.values = append(s.values, from.Const)
	}
	s.values = append(s.values, from.Enum...)
	if s.fallback == nil {
		s.fallback = from.Default
	}
	if s.xml == nil {
		s.xml = from.XML
	}
	if s.least == nil {
		s.least = from.Min
	}
	if s.most == nil {
		s.most = from.Max
	}
	s.readOnly = s.readOnly || from.ReadOnly
	s.writeOnly = s.writeOnly || from.WriteOnly
	s.deprecated = s.deprecated || from.Deprecated
}

// object takes the properties of a part.
func (c *composer) object(from *openapi3.Schema, at place, all bool) {
	for name, ref := range from.Properties {
		if _, there := c.shape.properties[name]; !there {
			c.shape.properties[name] = property{ref: ref, at: at.at("properties", name)}
		}
	}
	if all {
		for _, name := range from.Required {
			c.required[name] = true
		}
	}
	a := from.AdditionalProperties
	if a.Schema != nil || a.Has != nil && *a.Has || len(from.PatternProperties) > 0 {
		c.shape.open = true
		c.notes.tally(at.at("additionalProperties"), "properties whose names are not given are no fields")
	}
}

// unsaid notes what a field cannot say.
func (c *composer) unsaid(from *openapi3.Schema, at place) {
	for _, word := range []struct {
		name  string
		there bool
	}{
		{"not", from.Not != nil}, {"if", from.If != nil}, {"discriminator", from.Discriminator != nil}, {"prefixItems", len(from.PrefixItems) > 0},
		{"dependentSchemas", len(from.DependentSchemas) > 0}, {"dependentRequired", len(from.DependentRequired) > 0},
		{"$dynamicRef", from.DynamicRef != ""}, {"pattern", from.Pattern != ""}, {"minimum", from.Min != nil}, {"maximum", from.Max != nil},
		{"minLength", from.MinLength > 0}, {"maxLength", from.MaxLength != nil}, {"minItems", from.MinItems > 0}, {"maxItems", from.MaxItems != nil},
		{"multipleOf", from.MultipleOf != nil}, {"uniqueItems", from.UniqueItems}, {"minProperties", from.MinProps > 0}, {"maxProperties", from.MaxProps != nil},
	} {
		if word.there {
			c.notes.tally(at.at(word.name), word.name+" is not checked")
		}
	}
}

// dataType is that of a value.
func (s *shape) dataType() connector.DataType {
	switch s.kind {
	case "integer":
		return connector.Integer
	case "number":
		if s.format == "float" || s.format == "double" {
			return connector.Float
		}
		return connector.Decimal
	case "boolean":
		return connector.Boolean
	case kindText:
		switch s.format {
		case "date-time", "date", "datetime":
			return connector.DateTime
		case "binary":
			return connector.File
		case "decimal":
			return connector.Decimal
		}
		return connector.Text
	}
	return connector.Undefined
}

// choices are the values that a single value may have.
func (im *importer) choices(s *shape) (all []connector.Choice) {
	seen := map[string]bool{}
	for _, v := range s.values {
		text, ok := plain(v)
		switch {
		case v == nil:
		case !ok || text == "" || len(text) > maxHint:
			im.notes.tally(s.at.at("enum"), "a value that is empty, an object or very long is no choice")
		case len(all) == maxChoices:
			im.notes.add(s.at.at("enum"), fmt.Sprintf("of the values the first %d are choices", maxChoices))
			return all
		case !seen[text]:
			seen[text] = true
			all = append(all, connector.Choice{Value: text})
		}
	}
	return all
}

const maxChoices = 500

// fallback is the Default of a value: its own, or the one that it can have.
func (im *importer) fallback(s *shape, values []connector.Choice, required bool) string {
	text, ok := plain(s.fallback)
	if s.fallback == nil && required && len(values) == 1 && !s.mixed {
		text = values[0].Value
	}
	if !ok || !usable(text) {
		im.notes.add(s.at.at("default"), "the default cannot be a field's")
		return ""
	}
	return text
}
