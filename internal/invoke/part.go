package invoke

import (
	"fmt"
	"maps"

	"github.com/tandem-ipaas/tandem/connector"
)

// parts is how a long list is sent in several requests, compiled.
type parts struct {
	items connector.Location
	path  []string // of members, to the list
	size  int
}

func compileParts(m *connector.Method) (*parts, error) {
	if m.PagingOut == nil {
		return nil, nil
	}
	at, err := connector.ParseLocation(m.PagingOut.Items)
	if err != nil {
		return nil, fmt.Errorf("paging out: %w", err)
	}
	if m.PagingOut.PageSize < 1 {
		return nil, fmt.Errorf("paging out: a part of %d items", m.PagingOut.PageSize)
	}
	list, _, _ := at.Cut()
	return &parts{items: list, path: list.Names(), size: m.PagingOut.PageSize}, nil
}

// cutPart leaves in the request, of its long list, only what this part sends.
// The document that was given stays whole, for the parts that follow.
func (x *exchange) cutPart() {
	if x.plan.parts == nil {
		return
	}
	items, ok := x.list()
	if !ok {
		return
	}
	from := min(x.place.Offset, len(items))
	to := min(from+x.plan.parts.size, len(items))
	x.rest = len(items) - to
	x.call.Body = with(x.call.Body, x.plan.parts.path, items[from:to:to])
}

// list is what is sent in parts; not ok: there is none.
func (x *exchange) list() (items []any, ok bool) {
	v, ok := x.plan.parts.items.Get(x.call.Body)
	if !ok {
		return nil, false
	}
	items, ok = v.([]any)
	return items, ok
}

// with is doc with another value at a path. What is on the way is copied.
func with(doc any, path []string, v any) any {
	if len(path) == 0 {
		return v
	}
	members, _ := doc.(map[string]any)
	copied := maps.Clone(members)
	copied[path[0]] = with(members[path[0]], path[1:], v)
	return copied
}

// nextPart is the place of the part after this one; "" after the last.
func (x *exchange) nextPart() string {
	if x.rest == 0 {
		return ""
	}
	return place{Number: x.place.Number + 1, Offset: x.place.Offset + x.plan.parts.size, actionData: x.action()}.String()
}
