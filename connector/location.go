package connector

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Location finds values in a document of the kind that encoding/json gives:
// map[string]any, []any and scalars. Parse it once; Get and Set are cheap. The
// zero Location is the whole document.
type Location struct {
	steps []step
}

// step goes down one level: to the member called name, or, with each, to every
// item of a list.
type step struct {
	name string
	each bool
}

// ParseLocation reads a location such as a.b, [items].name, [].name or
// ['first name'].last.
func ParseLocation(s string) (Location, error) {
	if s == "" {
		return Location{}, errors.New("location is empty")
	}
	var l Location
	for rest := s; ; {
		steps, after, err := parsePart(l.steps, rest)
		if err != nil {
			return Location{}, fmt.Errorf("location %q: %w", s, err)
		}
		l.steps = steps
		if after == "" {
			return l, nil
		}
		if after[0] != '.' {
			return Location{}, fmt.Errorf("location %q: expected a dot before %q", s, after)
		}
		rest = after[1:]
	}
}

// parsePart reads what stands before the next dot and appends its steps.
func parsePart(steps []step, s string) (_ []step, rest string, err error) {
	if strings.HasPrefix(s, "['") {
		name, rest, err := parseQuoted(s[2:])
		return append(steps, step{name: name}), rest, err
	}
	inner, list := strings.CutPrefix(s, "[")
	end := strings.IndexFunc(inner, special)
	if end < 0 {
		end = len(inner)
	}
	name, rest := inner[:end], inner[end:]
	if !list {
		if name == "" {
			return nil, "", errors.New("a name is empty")
		}
		return append(steps, step{name: name}), rest, nil
	}
	rest, closed := strings.CutPrefix(rest, "]")
	if !closed {
		return nil, "", errors.New("a list is not closed by ]; a name with a space, dot, bracket or quote is written ['so']")
	}
	if name != "" {
		steps = append(steps, step{name: name})
	}
	return append(steps, step{each: true}), rest, nil
}

// parseQuoted reads a name up to its closing quote and bracket. A backslash
// makes the next byte stand for itself.
func parseQuoted(s string) (name, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case strings.HasPrefix(s[i:], "']"):
			return b.String(), s[i+2:], nil
		case s[i] == '\'':
			return "", "", errors.New(`a quote within a name is written \'`)
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", errors.New("a quoted name is not closed by ']")
}

// Member is the member called name of what is at l.
func (l Location) Member(name string) Location {
	return Location{append(slices.Clip(l.steps), step{name: name})}
}

// Each is every item of the list at l.
func (l Location) Each() Location {
	return Location{append(slices.Clip(l.steps), step{each: true})}
}

// special are the runes that a name without quotes cannot have.
func special(r rune) bool {
	return strings.ContainsRune(`.[]'`, r) || unicode.IsSpace(r) || unicode.IsControl(r)
}

// String writes the location in its one canonical form, which ParseLocation
// reads: cells.[].v becomes [cells].v.
func (l Location) String() string {
	var b strings.Builder
	for i := 0; i < len(l.steps); i++ {
		if i > 0 {
			b.WriteByte('.')
		}
		switch s := l.steps[i]; {
		case s.each:
			b.WriteString("[]")
		case s.name == "" || strings.ContainsFunc(s.name, special):
			b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s.name) + "']")
		case i+1 < len(l.steps) && l.steps[i+1].each:
			b.WriteString("[" + s.name + "]")
			i++
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

// Cut splits l at its first list: list locates the list itself, and item what l
// is within one of its items. Without a list ok is false.
func (l Location) Cut() (list, item Location, ok bool) {
	for i, s := range l.steps {
		if s.each {
			return Location{l.steps[:i:i]}, Location{l.steps[i+1:]}, true
		}
	}
	return l, Location{}, false
}

// Lists counts the lists that l goes through.
func (l Location) Lists() int {
	n := 0
	for _, s := range l.steps {
		if s.each {
			n++
		}
	}
	return n
}

// Get finds the value at l, and whether it is there. Through a list it gives a
// []any with an entry for each item, nil where the item has no such value; lists
// within lists give lists within lists, as Set takes them.
func (l Location) Get(doc any) (any, bool) {
	for i, s := range l.steps {
		if s.each {
			return Location{l.steps[i+1:]}.getEach(doc)
		}
		m, ok := doc.(map[string]any)
		if !ok {
			return nil, false
		}
		if doc, ok = m[s.name]; !ok {
			return nil, false
		}
	}
	return doc, true
}

func (l Location) getEach(doc any) (any, bool) {
	list, ok := doc.([]any)
	if !ok {
		return nil, false
	}
	values := make([]any, len(list))
	for i, item := range list {
		values[i], _ = l.Get(item)
	}
	return values, true
}

// Set puts v at l and returns the document, which is doc itself, changed, where
// there was one. Objects and lists on the way are made. Through a list, v is a
// []any with an entry for each item, and the list grows to hold them; any other
// value is put in every item, or in one new item when there is none; but for nil no
// list is made. So where both kinds go into one list, set those of lists first.
func (l Location) Set(doc, v any) (any, error) {
	if len(l.steps) == 0 {
		return v, nil
	}
	rest := Location{l.steps[1:]}
	if l.steps[0].each {
		return rest.setEach(doc, v)
	}
	m, ok := doc.(map[string]any)
	if !ok {
		if doc != nil {
			return nil, fmt.Errorf("%s: its parent is not an object", l)
		}
		m = map[string]any{}
	}
	name := l.steps[0].name
	child, err := rest.Set(m[name], v)
	if err != nil {
		return nil, err
	}
	m[name] = child
	return m, nil
}

func (l Location) setEach(doc, v any) (any, error) {
	list, ok := doc.([]any)
	if !ok && doc != nil {
		return nil, fmt.Errorf("[].%s: its parent is not a list", l)
	}
	values, many := v.([]any)
	want := max(len(list), 1)
	if many {
		want = max(len(list), len(values))
	}
	if list == nil {
		if v == nil {
			return nil, nil // there is no list to have it
		}
		list = make([]any, 0, want)
	}
	for len(list) < want {
		list = append(list, nil)
	}
	for i := range list {
		value := v
		if many {
			if i >= len(values) {
				break
			}
			value = values[i]
		}
		item, err := l.Set(list[i], value)
		if err != nil {
			return nil, err
		}
		list[i] = item
	}
	return list, nil
}

// Delete takes the value at l out of doc, in every item of a list. Items
// themselves stay.
func (l Location) Delete(doc any) {
	for i, s := range l.steps {
		if s.each {
			list, _ := doc.([]any)
			for _, item := range list {
				Location{l.steps[i+1:]}.Delete(item)
			}
			return
		}
		m, ok := doc.(map[string]any)
		if !ok {
			return
		}
		if i == len(l.steps)-1 {
			delete(m, s.name)
		}
		doc = m[s.name]
	}
}

// Names are the members that l goes down by, outermost first; a list on the
// way has none.
func (l Location) Names() []string {
	var names []string
	for _, s := range l.steps {
		if !s.each {
			names = append(names, s.name)
		}
	}
	return names
}
