package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// optional is a property of a body that may be left out or null. Numbers and
// booleans may come as text.
type optional[T any] struct{ tandem.Optional[T] }

// some is an optional that holds v.
func some[T any](v T) optional[T] { return optional[T]{tandem.Some(v)} }

// UnmarshalJSON implements json.Unmarshaler.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.Set, o.Null = true, string(b) == "null"
	if o.Null {
		return nil
	}
	err := lenient(b, &o.Value)
	if m, ok := any(o.Value).(moment); ok && err == nil {
		o.Null = m.IsZero() // an empty text
	}
	return err
}

// MarshalJSON implements json.Marshaler, for examples.
func (o optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// IsZero is for omitzero.
func (o optional[T]) IsZero() bool { return !o.Set }

// Schema implements huma.SchemaProvider.
func (optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := huma.SchemaFromType(r, reflect.TypeFor[T]())
	s.Nullable = s.Ref == ""
	return s
}

// setting is an optional that ignores a value of the wrong type.
type setting[T any] struct{ optional[T] }

// UnmarshalJSON implements json.Unmarshaler.
func (s *setting[T]) UnmarshalJSON(b []byte) error {
	if s.optional.UnmarshalJSON(b) != nil {
		*s = setting[T]{}
	}
	return nil
}

// spelled is v as the one of known is written that it is without regard to case;
// what is not known stays as it is, for the service to refuse.
func spelled[T ~string](v T, known ...T) T {
	for _, k := range known {
		if strings.EqualFold(string(k), string(v)) {
			return k
		}
	}
	return v
}

var (
	errorActions = []tandem.StepErrorAction{tandem.IgnoreError, tandem.RetryStep, tandem.StopTransaction, tandem.StopIntegration}
	conditions   = []tandem.Condition{
		tandem.Equals, tandem.NotEquals, tandem.Contains, tandem.NotContains, tandem.StartsWith, tandem.EndsWith, tandem.GreaterThan, tandem.LessThan,
		tandem.GreaterThanOrEqual, tandem.LessThanOrEqual, tandem.IsEmpty, tandem.IsNotEmpty, tandem.IsOneOf, tandem.Matches, tandem.Before, tandem.After, tandem.Exists,
	}
	splitTypes = []tandem.CollectionSplitType{tandem.SplitFirst, tandem.SplitAll, tandem.SplitNone}
)

// flag is a boolean in a query that may be left out.
type flag struct{ Value *bool }

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *flag) UnmarshalText(b []byte) error {
	on, err := strconv.ParseBool(strings.ToLower(string(b)))
	if err != nil {
		return fmt.Errorf("%q is not true or false", b)
	}
	f.Value = &on
	return nil
}
