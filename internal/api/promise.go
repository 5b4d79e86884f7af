package api

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api/reference"
)

// promise says in the document what is always there in answers, what may be null,
// and which words a state may be, which follows from the types: a property without
// omitempty or omitzero is always there, a pointer may be null, and a list never
// is. Types that requests have too are left open, as clients may leave out most of
// them.
func promise(doc *huma.OpenAPI) {
	registry := doc.Components.Schemas
	asked, answered := walk{registry, map[string]bool{}}, walk{registry, map[string]bool{}}
	for _, item := range doc.Paths {
		for _, op := range reference.Operations(item) {
			if op.RequestBody != nil {
				asked.content(op.RequestBody.Content)
			}
			for _, r := range op.Responses {
				answered.content(r.Content)
				for _, media := range r.Content {
					media.Schema.Nullable = false
				}
			}
		}
	}
	for _, s := range registry.Map() {
		if s.AdditionalProperties == true { // as it is without
			s.AdditionalProperties = nil
		}
	}
	for ref := range answered.seen {
		if t := registry.TypeFromRef(ref); !asked.seen[ref] && t != nil {
			promiseType(registry.SchemaFromRef(ref), t)
		}
	}
}

func promiseType(s *huma.Schema, t reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		property := s.Properties[name]
		if property == nil || !f.IsExported() || f.Anonymous {
			continue
		}
		property.Enum = append(property.Enum, words(f.Type)...)
		always := !strings.Contains(options, "omit")
		if always && !slices.Contains(s.Required, name) {
			s.Required = append(s.Required, name)
		}
		switch f.Type.Kind() {
		case reflect.Slice:
			property.Nullable = false
		case reflect.Pointer:
			if always && property.Ref != "" {
				s.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{property, {Type: "null"}}, Description: property.Description}
			}
		}
	}
}

// words are all values of a type that has few of them.
func words(t reflect.Type) []any {
	switch t {
	case reflect.TypeFor[tandem.AuthenticationState]():
		return []any{tandem.NotAuthenticated, tandem.Authenticated}
	case reflect.TypeFor[tandem.CycleStatus]():
		return []any{tandem.CyclePaused, tandem.CycleRunning, tandem.CycleFinishing}
	case reflect.TypeFor[tandem.TransactionStatus]():
		return []any{
			tandem.TransactionQueued, tandem.TransactionWaiting, tandem.TransactionSplit, tandem.TransactionHeld,
			tandem.TransactionCompleted, tandem.TransactionFailed, tandem.TransactionCancelled,
		}
	case reflect.TypeFor[tandem.Outcome]():
		return []any{tandem.OutcomeSuccess, tandem.OutcomeWarning, tandem.OutcomeError}
	case reflect.TypeFor[tandem.EdgeType]():
		return []any{tandem.ForwardEdge, tandem.TrueEdge, tandem.FalseEdge}
	}
	return nil
}

// walk finds the named schemas that something is made of.
type walk struct {
	registry huma.Registry
	seen     map[string]bool // by reference
}

func (w walk) content(c map[string]*huma.MediaType) {
	for _, media := range c {
		w.schema(media.Schema)
	}
}

func (w walk) schema(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		if w.seen[s.Ref] {
			return
		}
		w.seen[s.Ref] = true
		s = w.registry.SchemaFromRef(s.Ref)
	}
	w.schema(s.Items)
	for _, p := range s.Properties {
		w.schema(p)
	}
	for _, of := range [][]*huma.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		for _, part := range of {
			w.schema(part)
		}
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		w.schema(values)
	}
}
