package invoke

import (
	"strconv"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// filter is a FilterField: items stay that have its value at a location.
type filter struct {
	*value
	at connector.Location
}

// pick keeps of the answer's list what parameters ask for.
func (x *exchange) pick() error {
	wanted, err := x.wanted()
	if err != nil {
		return err
	}
	index, err := x.wantedIndex()
	if err != nil || len(wanted) == 0 && index < 0 {
		return err
	}
	doc, err := x.answer.document()
	if err != nil || doc == nil {
		return err
	}
	at := x.listOf(doc)
	within(at, wanted)
	found, _ := at.Get(doc)
	items, ok := found.([]any)
	if !ok {
		return nil
	}
	kept := make([]any, 0, len(items))
	for _, item := range items {
		if all(wanted, item) {
			kept = append(kept, item)
		}
	}
	kept = x.only(index, kept)
	if doc, err = at.Set(doc, kept); err != nil {
		return formatError("%v", err)
	}
	return x.conceive(doc)
}

// want is a filter with the value it looks for.
type want struct {
	at    connector.Location
	value string
}

func (x *exchange) wanted() (all []want, _ error) {
	for _, f := range x.plan.filters {
		s, err := x.text(f.value)
		if err != nil {
			return nil, err
		}
		if s != "" {
			all = append(all, want{f.at, s})
		}
	}
	return all, nil
}

// within makes locations in the document, such as [items].id, those in an item of its
// list.
func within(list connector.Location, wanted []want) {
	for i := range wanted {
		if of, item, ok := wanted[i].at.Cut(); ok && of.String() == list.String() {
			wanted[i].at = item
		}
	}
}

func all(wanted []want, item any) bool {
	for _, w := range wanted {
		if v, _ := w.at.Get(item); merge.Text(v) != w.value {
			return false
		}
	}
	return true
}

// wantedIndex is the place of the only item that stays, from 0; below 0, all do.
func (x *exchange) wantedIndex() (int, error) {
	if x.plan.index == nil {
		return -1, nil
	}
	s, err := x.text(x.plan.index)
	if err != nil || s == "" {
		return -1, err
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1, buildError("parameter %s: %q is not a place in a list, from 0", x.plan.index.name, s)
	}
	return n, nil
}

// only keeps the item at index of a list, which may be over several pages. Once
// it is found, no more are needed.
func (x *exchange) only(index int, items []any) []any {
	if index < 0 {
		return items
	}
	n := index - x.place.Kept
	if n >= 0 && n < len(items) {
		x.result.Next = ""
		return items[n : n+1]
	}
	if to, err := parsePlace(x.result.Next); err == nil && x.result.Next != "" {
		to.Kept += len(items)
		x.result.Next = to.String()
	}
	return []any{}
}

// listOf is where a document has its list: where its pages have it, at the root,
// or where the first list of the response's fields is.
func (x *exchange) listOf(doc any) connector.Location {
	if x.plan.paging != nil {
		list, _, _ := x.plan.paging.items.Cut()
		return list
	}
	if _, list := doc.([]any); list {
		return connector.Location{}
	}
	if len(x.plan.response.Lists) > 0 {
		list, _, _ := x.plan.response.Lists[0].Cut()
		return list
	}
	return connector.Location{}
}
