package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

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

// lenient reads JSON into v. Numbers and booleans may come as text, at any depth.
func lenient(b []byte, v any) error {
	err := json.Unmarshal(b, v)
	if err == nil || json.Unmarshal(loosened(b, reflect.TypeOf(v).Elem()), v) == nil {
		return nil
	}
	return err
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
	errorActions = []tandem.StepErrorAction{tandem.IgnoreError, tandem.StopTransaction, tandem.StopIntegration}
	conditions   = []tandem.Condition{
		tandem.Equals, tandem.NotEquals, tandem.Contains, tandem.NotContains, tandem.StartsWith, tandem.EndsWith, tandem.GreaterThan, tandem.LessThan,
		tandem.GreaterThanOrEqual, tandem.LessThanOrEqual, tandem.IsEmpty, tandem.IsNotEmpty, tandem.IsOneOf, tandem.Matches, tandem.Before, tandem.After, tandem.Exists,
	}
	splitTypes = []tandem.CollectionSplitType{tandem.SplitFirst, tandem.SplitAll, tandem.SplitNone}
)

// moment is a time in a query or body: RFC 3339, the same without a zone (UTC),
// a date, or M/D/YYYY; with hours, seconds may be left out, and M/D/YYYY may have
// AM or PM.
type moment struct{ time.Time }

// momentLayouts take fractions of seconds too.
var momentLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly,
	"1/2/2006", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM",
}

// lostPlus matches what is left of a time's offset in a query that was not escaped.
var lostPlus = regexp.MustCompile(`(:[0-9.]+) ([0-9]{2}:?[0-9]{2})$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *moment) UnmarshalText(b []byte) error {
	text := lostPlus.ReplaceAllString(strings.ToUpper(strings.TrimSpace(string(b))), "$1+$2")
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is not a time: want the form 2026-01-31T12:00:00Z", b)
}

// UnmarshalJSON hides the method of time.Time.
func (m *moment) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		m.Time = time.Time{}
		return nil
	}
	return m.UnmarshalText([]byte(text))
}

// ending is a moment at which something ends: a date alone is that day whole.
type ending struct{ moment }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *ending) UnmarshalText(b []byte) error {
	if err := e.moment.UnmarshalText(b); err != nil {
		return err
	}
	if !strings.Contains(string(b), ":") {
		e.Time = e.AddDate(0, 0, 1)
	}
	return nil
}

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

// Paging is the query of every list.
type Paging struct {
	Page     int `query:"page" minimum:"1" doc:"Which page, from 1."`
	PageSize int `query:"pageSize" minimum:"1" doc:"Rows on a page: 50, up to 1000. per_page is a synonym."`
	Ordering
}

// Slicing is the query of a list that is given whole unless a page is asked for.
type Slicing struct {
	Page     int `query:"page" minimum:"1" doc:"Which page, from 1. Without it and pageSize, all rows."`
	PageSize int `query:"pageSize" minimum:"1" doc:"Rows on a page: 50, up to 1000. per_page is a synonym."`
	Ordering
}

func (p Paging) request() tandem.PageRequest {
	return tandem.PageRequest{Page: p.Page, PageSize: p.PageSize, OrderBy: p.OrderBy, Descend: p.descends()}
}

// jsonFormat reads and writes JSON.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			return enc.Encode(v)
		},
		Unmarshal: unmarshal,
	}
}

// withoutMark is text without the byte order mark that some clients begin with.
func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\ufeff")) }

// unmarshal reads JSON that every database can keep.
func unmarshal(data []byte, v any) error {
	data = withoutMark(data)
	if err := json.Unmarshal(data, v); err != nil || !holdsZero(data) {
		return explain(data, v, err, "body")
	}
	const refused = "text must not hold the character U+0000"
	if name := zeroIn(data); name != "" {
		return errors.New(name + fieldMark + refused)
	}
	return errors.New(refused)
}

// unknownIn is the first property in data, which can be read into v, that v has
// no place for; "" if there is none.
func unknownIn(data []byte, v any) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		return ""
	}
	_, name, _ := strings.Cut(err.Error(), "unknown field ") // there is no type for it
	return strings.Trim(name, `"`)
}

// fieldMark stands between the field and the message of an error in a body, which
// huma carries as text.
const fieldMark = ": "

// explain says which field err, from reading data into v, is about; root is the
// field that all of v is.
func explain(data []byte, v any, err error, root string) error {
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("malformed JSON at byte %d", syntax.Offset)
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return errors.New(written(reflect.TypeOf(v), wrong.Field) + fieldMark + plain(err))
	}
	if root = cmp.Or(culprit(data, v), root); root != "" {
		root += fieldMark
	}
	return errors.New(root + plain(err))
}

// written is the path of a property in a t as clients write it, without the names
// of structs that are embedded.
func written(t reflect.Type, path string) string {
	var names []string
	for name := range strings.SplitSeq(path, ".") {
		for t != nil && slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, t.Kind()) {
			t = t.Elem()
		}
		if t == nil || t.Kind() != reflect.Struct {
			names, t = append(names, name), nil
			continue
		}
		f, ok := t.FieldByName(name)
		if !ok || !f.Anonymous {
			names = append(names, name)
		}
		if t = nil; ok {
			t = f.Type
		}
	}
	return strings.Join(names, ".")
}

// culprit is the property of data that cannot be read into v's type.
func culprit(data []byte, v any) string {
	var properties map[string]json.RawMessage
	if reflect.TypeOf(v).Elem().Kind() == reflect.Slice || json.Unmarshal(data, &properties) != nil {
		return ""
	}
	for name, value := range properties {
		var alone bytes.Buffer
		fmt.Fprintf(&alone, "{%q:%s}", name, value)
		if json.Unmarshal(alone.Bytes(), reflect.New(reflect.TypeOf(v).Elem()).Interface()) != nil {
			return name
		}
	}
	return ""
}

// plain is err without the words of the decoder.
func plain(err error) string {
	var wrong *json.UnmarshalTypeError
	var e *tandem.Error
	switch {
	case errors.As(err, &wrong):
		return "wrong type: " + wrong.Value
	case errors.As(err, &e):
		return e.Message
	}
	return err.Error()
}
