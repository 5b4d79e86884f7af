package api

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// several is a list in a body; one thing alone is taken for a list of it.
type several[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (s *several[T]) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case 'n':
		return nil
	case '[':
		return json.Unmarshal(b, (*[]T)(s))
	}
	*s = make([]T, 1)
	return json.Unmarshal(b, &(*s)[0])
}

// Schema implements huma.SchemaProvider.
func (several[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: r.Schema(reflect.TypeFor[T](), true, "")}
}

// given is a body, or an empty one where there was none.
func given[T any](body *T) *T {
	if body == nil {
		return new(T)
	}
	return body
}

// list0 is a list that is [] in JSON when it is empty, not null.
func list0[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// texts are what a list of texts holds.
func texts(all []anyText) []string {
	out := make([]string, len(all))
	for i, t := range all {
		out[i] = string(t)
	}
	return out
}
