package api

import (
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// guid is a GUID in a path or query, in lower case.
type guid[T ~string] struct{ Value T }

// MarshalText implements encoding.TextMarshaler, for examples.
func (g guid[T]) MarshalText() ([]byte, error) { return []byte(g.Value), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (g *guid[T]) UnmarshalText(b []byte) error {
	text, err := tandem.ParseGUID("", string(b))
	if err != nil {
		return fmt.Errorf("%q is not a GUID", b)
	}
	g.Value = T(text)
	return nil
}

// TransformSchema implements huma.SchemaTransformer.
func (*guid[T]) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Format = "uuid"
	return s
}
