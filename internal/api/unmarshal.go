package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// lenient reads JSON into v. Numbers and booleans may come as text, at any depth.
func lenient(b []byte, v any) error {
	err := json.Unmarshal(b, v)
	if err == nil || json.Unmarshal(loosened(b, reflect.TypeOf(v).Elem()), v) == nil {
		return nil
	}
	return err
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
