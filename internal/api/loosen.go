package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
)

// loosened is JSON for a value of type t, in which text that stands for a number
// or boolean is one, at any depth; so are 0 and 1 for a boolean, and 8.0 for an
// integer. What is not JSON stays as it is.
func loosened(data []byte, t reflect.Type) []byte {
	var v any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return data
	}
	loose, err := json.Marshal(loosen(v, t))
	if err != nil {
		return data
	}
	return loose
}

func loosen(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer && !readsItself(t) {
		t = t.Elem()
	}
	if readsItself(t) {
		return v
	}
	switch v := v.(type) {
	case []any:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			for i := range v {
				v[i] = loosen(v[i], t.Elem())
			}
		}
	case map[string]any:
		for name := range v {
			if of := propertyType(t, name); of != nil {
				v[name] = loosen(v[name], of)
			}
		}
	case json.Number:
		return plainValue(v, string(v), t)
	case string:
		return plainValue(v, v, t)
	}
	return v
}

// propertyType is the type of a property of a t; nil if it has none of that name.
func propertyType(t reflect.Type, name string) reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			known, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if known == "" {
				known = f.Name
			}
			if strings.EqualFold(known, name) {
				return f.Type
			}
		}
	}
	return nil
}

// wholeNumber matches an integer as languages write it that know but one kind of
// number.
var wholeNumber = regexp.MustCompile(`^(-?[0-9]+)\.0+$`)

// plainValue is what text says, if a t that is a number or boolean can be that;
// else v.
func plainValue(v any, text string, t reflect.Type) any {
	if t.Kind() < reflect.Bool || t.Kind() > reflect.Float64 {
		return v
	}
	said := json.RawMessage(wholeNumber.ReplaceAllString(strings.ToLower(strings.TrimSpace(text)), "$1"))
	if digit, ok := map[string]string{"0": "false", "1": "true"}[string(said)]; ok && t.Kind() == reflect.Bool {
		said = json.RawMessage(digit)
	}
	if string(said) == "null" || json.Unmarshal(said, reflect.New(t).Interface()) != nil {
		return v
	}
	return said
}

// readsItself says that t has a way of its own to be read.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
