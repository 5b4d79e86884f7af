package body

import "github.com/tandem-ipaas/tandem/connector"

// asLists makes what stands where the locations have lists a list, if it is not
// one. What is not there is left so.
func asLists(doc any, locations []connector.Location) (any, error) {
	for _, l := range locations {
		var err error
		if doc, err = asList(doc, l); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

func asList(doc any, l connector.Location) (any, error) {
	list, inner, ok := l.Cut()
	if !ok {
		return doc, nil
	}
	v, ok := list.Get(doc)
	if !ok {
		return doc, nil
	}
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	for i := range items {
		var err error
		if items[i], err = asList(items[i], inner); err != nil {
			return nil, err
		}
	}
	return list.Set(doc, items)
}
