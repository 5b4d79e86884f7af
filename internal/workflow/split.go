package workflow

import (
	"errors"
	"fmt"
	"maps"

	"github.com/tandem-ipaas/tandem/connector"
)

// ErrSplit says that a step's data cannot be split.
var ErrSplit = errors.New("the step's response has lists in more than one place")

// listPlace is where a method's response has the list to split.
type listPlace struct {
	known     bool // by the definition; else by the look of the document
	none      bool // the definition says that there is none
	paged     bool
	ambiguous bool
	path      []string // members down to the list
}

// newListPlace looks for the one list in a method's definition.
func newListPlace(c *connector.Connector, m *connector.Method) (listPlace, error) {
	if pages := m.Pages(c); pages != nil && pages.Items != "" {
		l, err := connector.ParseLocation(pages.Items)
		if err != nil {
			return listPlace{}, fmt.Errorf("method %s: paging: %w", m.Name, err)
		}
		list, _, _ := l.Cut()
		return listPlace{known: true, paged: true, path: list.Names()}, nil
	}
	place := listPlace{none: len(m.ResponseFields) > 0}
	seen := ""
	for _, f := range m.ResponseFields {
		l, err := connector.ParseLocation(f.ConnectorField)
		if err != nil {
			return listPlace{}, fmt.Errorf("method %s: response field: %w", m.Name, err)
		}
		list, _, through := l.Cut()
		if !through {
			continue
		}
		if place.known && list.String() != seen {
			place.ambiguous = true
		}
		seen = list.String()
		place.known, place.none, place.path = true, false, list.Names()
	}
	return place, nil
}

// Splittable says that the step's response may hold a list to split.
func (n *Node) Splittable() bool { return n.Method != nil && !n.list.none }

// Items finds the list in a document of the step's. Not ok: there is none, and
// the document goes on as it is. A page without its list is an empty page.
//
// Errors: ErrSplit.
func (n *Node) Items(doc any) (items []any, ok bool, err error) {
	if n.list.ambiguous {
		return nil, false, ErrSplit
	}
	v := doc
	for _, name := range n.path(doc) {
		m, isObject := v.(map[string]any)
		if !isObject {
			return nil, n.list.paged, nil
		}
		v = m[name]
	}
	items, ok = v.([]any)
	return items, ok || n.list.paged && v == nil, nil
}

// Item is the document of the step's with one item in the place of its list.
func (n *Node) Item(doc, item any) any { return place(doc, n.path(doc), item) }

// path is where the list is, or would be.
func (n *Node) path(doc any) []string {
	if n.list.known {
		return n.list.path
	}
	if m, ok := doc.(map[string]any); ok && len(m) == 1 && !n.list.none {
		for name := range m {
			return []string{name}
		}
	}
	return nil
}

// place copies the objects on the way only: the rest is shared.
func place(doc any, path []string, item any) any {
	if len(path) == 0 {
		return item
	}
	m, _ := doc.(map[string]any)
	c := maps.Clone(m)
	c[path[0]] = place(m[path[0]], path[1:], item)
	return c
}
