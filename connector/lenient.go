package connector

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// lenient fills Go values from JSON as it was decoded: names without regard to
// case, numbers and booleans as text too. It notes what it has no place for,
// unless that is empty, or changes no call.
type lenient struct{ errs Errors }

func (l *lenient) object(from map[string]any, v reflect.Value, path string) {
	known := members(v.Type())
	for _, name := range slices.Sorted(maps.Keys(from)) {
		value := from[name]
		lower := strings.ToLower(name)
		if value == nil || lower == "id" || lower == "triggerid" || lower == "icon" { // a picture, where ours are files
			continue
		}
		i := slices.IndexFunc(known, func(m member) bool { return strings.EqualFold(m.name, name) })
		switch {
		case i >= 0:
			l.value(value, v.Field(known[i].index), join(path, known[i].name))
		case blank(value) || !changesCalls(v.Type(), lower):
		case strings.ContainsAny(name, ".[]"): // would read as another field
			l.errs.add(path, "%q is not supported", name)
		default:
			l.errs.add(join(path, name), "is not supported")
		}
	}
}

// blank says that a value says nothing.
func blank(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return v == "0"
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !blank(item) })
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(v)), func(item any) bool { return !blank(item) })
	}
	return false
}

func (l *lenient) value(from any, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if blank(from) {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		l.value(from, v.Elem(), path)
	case reflect.Struct:
		if o, ok := from.(map[string]any); ok {
			l.object(o, v, path)
			return
		}
		l.errs.add(path, "must be an object")
	case reflect.Slice:
		l.list(from, v, path)
	default:
		l.scalar(fmt.Sprint(from), from, v, path)
	}
}

func (l *lenient) list(from any, v reflect.Value, path string) {
	items, ok := from.([]any)
	if !ok {
		l.errs.add(path, "must be a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		l.value(item, v.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
}

func (l *lenient) scalar(text string, from any, v reflect.Value, path string) {
	switch from.(type) {
	case nil:
		return
	case []any, map[string]any:
		l.errs.add(path, "must be a single value")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(spelled(v.Type(), text, path))
	case reflect.Bool:
		is, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text)))
		if err != nil {
			l.errs.add(path, "must be true or false")
		}
		v.SetBool(is)
	default:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
		if err != nil {
			l.errs.add(path, "must be a whole number")
		}
		v.SetInt(n)
	}
}

// spelled is text as a type knows it. Others write None for a body that there is
// not.
func spelled(t reflect.Type, text, path string) string {
	switch {
	case t == reflect.TypeFor[BodyType]() && strings.EqualFold(text, "None"):
		return string(NoBody)
	case strings.HasSuffix(path, ".HttpMethod"):
		return strings.ToUpper(text)
	}
	for _, known := range enums[t] {
		if strings.EqualFold(known, text) {
			return known
		}
	}
	return text
}
