package connector

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The most that is discovered at once, and of a field.
const (
	MaxDiscovered = 1000
	maxSampleDeep = 20
	maxLocation   = 1000 // bytes
)

// SampleFields are the fields of documents of one kind: a field for each location
// that has a value in one of them, in the order of locations, with name and type
// guessed. What goes deeper than 20 levels, or by a name that no database keeps,
// is left out. All of them can be set in one document.
//
// Errors: there are more than MaxDiscovered.
func SampleFields(samples ...any) ([]Field, error) {
	var root sample
	for _, doc := range samples {
		root.add(doc, 0)
	}
	fields := root.fields(nil, Location{})
	if len(fields) > MaxDiscovered {
		return nil, fmt.Errorf("there are %d fields, and may be %d at most", len(fields), MaxDiscovered)
	}
	name(fields)
	return fields, nil
}

// sample is what is known of one place in the samples.
type sample struct {
	seen    bool     // there is a single value, or null
	kind    DataType // of single values; "": null only
	format  string
	members map[string]*sample
	item    *sample // of a list
}

func (s *sample) add(doc any, deep int) {
	if deep > maxSampleDeep {
		return
	}
	switch v := doc.(type) {
	case map[string]any:
		if s.members == nil {
			s.members = map[string]*sample{}
		}
		for name, value := range v {
			if strings.IndexByte(name, 0) >= 0 {
				continue
			}
			if s.members[name] == nil {
				s.members[name] = &sample{}
			}
			s.members[name].add(value, deep+1)
		}
	case []any:
		if s.item == nil {
			s.item = &sample{}
		}
		for _, value := range v {
			s.item.add(value, deep+1)
		}
	default:
		s.value(v)
	}
}

// value notes a single value.
func (s *sample) value(v any) {
	kind, format := guess(v)
	switch {
	case !s.seen || s.kind == "":
		s.kind, s.format = kind, format
	case kind == "" || kind == s.kind && format == s.format:
	case kind == s.kind:
		s.format = "" // each reads both
	case number(kind) && number(s.kind):
		s.kind = Float
	default:
		s.kind, s.format = Text, ""
	}
	s.seen = true
}

func number(t DataType) bool { return t == Integer || t == Float }

// guess is the type of a value; "" of null.
func guess(v any) (kind DataType, format string) {
	switch v := v.(type) {
	case nil:
		return "", ""
	case bool:
		return Boolean, ""
	case json.Number:
		if strings.ContainsAny(string(v), ".eE") {
			return Float, ""
		}
		return Integer, ""
	case float64:
		if v == float64(int64(v)) {
			return Integer, ""
		}
		return Float, ""
	case string:
		return guessText(v)
	}
	return Undefined, ""
}

// guessText knows dates as ISO 8601 writes them.
func guessText(s string) (kind DataType, format string) {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return DateTime, "yyyy-MM-dd"
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700"} {
		if _, err := time.Parse(layout, s); err == nil {
			return DateTime, ""
		}
	}
	return Text, ""
}

// fields appends those at l and beneath. Where samples differ, what has more in it
// is right: a list before an object before a value.
func (s *sample) fields(all []Field, l Location) []Field {
	if s.item != nil {
		s.item.join(&sample{members: s.members}) // an item that came without its list
		return s.item.fields(all, l.Each())
	}
	before := len(all)
	for _, name := range slices.Sorted(maps.Keys(s.members)) {
		all = s.members[name].fields(all, l.Member(name))
	}
	text := l.String()
	if len(all) > before || !s.seen || text == "" || len(text) > maxLocation {
		return all
	}
	return append(all, Field{ConnectorField: text, DataType: cmp.Or(s.kind, Undefined), DataTypeFormat: s.format, Optional: true})
}

// join adds what is known of another place.
func (s *sample) join(o *sample) {
	if o.seen && !s.seen {
		s.seen, s.kind, s.format = true, o.kind, o.format
	}
	if o.item != nil {
		if s.item == nil {
			s.item = &sample{}
		}
		s.item.join(o.item)
	}
	for name, m := range o.members {
		if s.members == nil {
			s.members = map[string]*sample{}
		}
		if s.members[name] == nil {
			s.members[name] = &sample{}
		}
		s.members[name].join(m)
	}
}

// name gives each field a name for people: that of its location's last part, with
// the part before where two would be called the same.
func name(fields []Field) {
	names, twice := make([][]string, len(fields)), map[string]int{}
	for i := range fields {
		at, err := ParseLocation(fields[i].ConnectorField)
		if err != nil {
			continue // it is written by Location itself
		}
		names[i] = at.Names()
		fields[i].DisplayName = humanLast(names[i], 1)
		twice[fields[i].DisplayName]++
	}
	for i := range fields {
		if twice[fields[i].DisplayName] > 1 && len(names[i]) > 1 {
			fields[i].DisplayName = humanLast(names[i], 2)
		}
	}
}

func humanLast(names []string, n int) string {
	words := make([]string, 0, n)
	for _, name := range names[max(0, len(names)-n):] {
		if word := human(name); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
