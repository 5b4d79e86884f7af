package workflow

import (
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// origin is a list of an earlier step's output.
type origin struct {
	step tandem.StepID
	list connector.Location
}

func (o origin) same(p origin) bool { return o.step == p.step && o.list.String() == p.list.String() }

// joined is a field of a list of the target that comes from a list.
type joined struct {
	origin
	target tandem.Mapping
	item   connector.Location // of the value, within an item of the origin
	inner  string             // the list within the target's list that it goes through; "": none
}

// keyError says what keeps lists from being joined.
type keyError struct {
	target string
	err    error
}

// joins finds the fields of s whose values have to be brought into the order of
// another list, because both go into one list of the target: for each target its
// source. The list that leads is that of the first field, in the order in which the
// method has them.
func (d *design) joins(s *tandem.Step, m *connector.Method, before map[tandem.StepID]bool) (map[string]source, *keyError) {
	var sources map[string]source
	for _, group := range d.meetings(s, m) {
		lead := group[0]
		if !slices.ContainsFunc(group, func(j joined) bool { return !j.same(lead.origin) }) {
			continue
		}
		leadKey, failed := d.key(lead, group, before)
		if failed != nil {
			return nil, failed
		}
		for _, j := range group {
			if j.same(lead.origin) {
				continue
			}
			if j.inner != "" && slices.ContainsFunc(group, func(k joined) bool { return k.inner == j.inner && !k.same(j.origin) }) {
				return nil, &keyError{j.target.Target, fmt.Errorf("lists within lists come from several lists, which cannot be joined")}
			}
			key, failed := d.key(j, group, before)
			if failed != nil {
				return nil, failed
			}
			if sources == nil {
				sources = map[string]source{}
			}
			sources[j.target.Target] = joinSource(lead.origin, leadKey, j, key)
		}
	}
	return sources, nil
}

// meetings are the fields of s that go from a list into one, by the target's list.
func (d *design) meetings(s *tandem.Step, m *connector.Method) (groups [][]joined) {
	place := func(target string) int {
		i := slices.IndexFunc(m.RequestFields, func(f connector.Field) bool { return f.ConnectorField == target })
		if i < 0 {
			return len(m.RequestFields)
		}
		return i
	}
	fields := slices.Clone(s.Fields)
	slices.SortStableFunc(fields, func(a, b tandem.Mapping) int { return place(a.Target) - place(b.Target) })
	at := map[string]int{}
	for _, f := range fields {
		list, j, ok := newJoined(f)
		if !ok {
			continue
		}
		i, known := at[list]
		if !known {
			i = len(groups)
			at[list], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], j)
	}
	return groups
}

// newJoined reads a mapping from a list into one, whose target's list it gives.
func newJoined(m tandem.Mapping) (list string, j joined, ok bool) {
	if m.MappingType != tandem.MapStep {
		return "", j, false
	}
	target, err := connector.ParseLocation(m.Target)
	if err != nil {
		return "", j, false
	}
	from, err := connector.ParseLocation(m.SourceField)
	if err != nil {
		return "", j, false
	}
	into, rest, through := target.Cut()
	source, item, lists := from.Cut()
	if !through || !lists {
		return "", j, false
	}
	j = joined{origin: origin{m.SourceStepID, source}, target: m, item: item}
	if inner, _, deeper := rest.Cut(); deeper {
		j.inner = inner.String() + "[]"
	}
	return into.String(), j, true
}

// key is the location, within an item of j's list, of what tells items apart, as
// one of the fields from that list says.
func (d *design) key(j joined, group []joined, before map[tandem.StepID]bool) (connector.Location, *keyError) {
	text := ""
	for _, k := range group {
		if !k.same(j.origin) || k.target.CollectionKey == "" {
			continue
		}
		if text != "" && text != k.target.CollectionKey {
			return connector.Location{}, &keyError{k.target.Target, fmt.Errorf("its list has two collection keys, %s and %s", text, k.target.CollectionKey)}
		}
		text = k.target.CollectionKey
	}
	if text == "" {
		return connector.Location{}, &keyError{j.target.Target, fmt.Errorf("values from several lists go into one; each needs a collection key, by which they are joined")}
	}
	if _, err := d.field(j.step, text, before); err != nil { // which notes that it is in use
		return connector.Location{}, &keyError{j.target.Target, fmt.Errorf("collection key: %w", err)}
	}
	l, err := connector.ParseLocation(text)
	if err != nil {
		return l, &keyError{j.target.Target, fmt.Errorf("collection key: %w", err)}
	}
	list, key, through := l.Cut()
	if !through || list.String() != j.list.String() || key.Lists() > 0 {
		return l, &keyError{j.target.Target, fmt.Errorf("collection key: %s is no field of the items of the list %s", text, j.list)}
	}
	return key, nil
}

// joinSource gives the values of j in the order of the list that leads, each of the
// first item with the same key; nil where there is none.
func joinSource(lead origin, leadKey connector.Location, j joined, key connector.Location) source {
	return func(d *Data) (any, error) {
		leading := lead.items(d)
		if leading == nil {
			return nil, nil
		}
		byKey := map[string]any{}
		for _, item := range j.items(d) {
			if k, ok := keyOf(key, item); ok {
				if _, known := byKey[k]; !known {
					byKey[k] = item
				}
			}
		}
		values := make([]any, len(leading))
		for i, item := range leading {
			if k, ok := keyOf(leadKey, item); ok {
				values[i], _ = read(j.item, byKey[k])
			}
		}
		return values, nil
	}
}

// items are those of the list; of what was split, the one.
func (o origin) items(d *Data) []any {
	for _, out := range d.Outputs {
		if out.Step != o.step {
			continue
		}
		v, _ := o.list.Get(out.Document())
		if list, ok := v.([]any); ok || v == nil {
			return list
		}
		return []any{v}
	}
	return nil
}

// keyOf is what tells an item apart, as text; not ok: nothing does.
func keyOf(l connector.Location, item any) (string, bool) {
	v, ok := l.Get(item)
	return merge.Text(v), ok && !isEmpty(v)
}
