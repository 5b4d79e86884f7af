package tandem

import "encoding/json"

// Optional is a property of a partial update: missing (the zero value, keep),
// null (clear), or a value (set).
type Optional[T any] struct {
	Set   bool // the property was there
	Null  bool // and was null
	Value T
}

// Some is an Optional that holds v.
func Some[T any](v T) Optional[T] { return Optional[T]{Set: true, Value: v} }

// UnmarshalJSON implements json.Unmarshaler.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	o.Set = true
	if string(b) == "null" {
		o.Null = true
		return nil
	}
	return json.Unmarshal(b, &o.Value)
}

// MarshalJSON implements json.Marshaler. What is missing is null too: leave it out
// by omitzero.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Set || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// Null is an Optional that clears.
func Null[T any]() Optional[T] { return Optional[T]{Set: true, Null: true} }

// Apply puts the value into dst when there is one, and the zero value on null.
func (o Optional[T]) Apply(dst *T) {
	if o.Set {
		*dst = o.Value
	}
}

// ApplyPointer is Apply for a setting whose absence (nil) means inherit.
func (o Optional[T]) ApplyPointer(dst **T) {
	switch {
	case o.Null:
		*dst = nil
	case o.Set:
		*dst = &o.Value
	}
}
