package body

import (
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// order is in which order the elements within one are.
type order struct {
	place map[string]int
	below map[string]*order
}

func newOrder(fields []connector.Location) *order {
	root := &order{}
	for _, l := range fields {
		o := root
		for _, name := range l.Names() {
			if _, ok := o.place[name]; !ok {
				if o.place == nil {
					o.place, o.below = map[string]int{}, map[string]*order{}
				}
				o.place[name], o.below[name] = len(o.place), &order{}
			}
			o = o.below[name]
		}
	}
	return root
}

// under is the order within an element; nil where none is given.
func (o *order) under(name string) *order {
	if o == nil {
		return nil
	}
	return o.below[name]
}

// compare orders names: those that have a place, then the others.
func (o *order) compare(a, b string) int {
	if o == nil || len(o.place) == 0 {
		return strings.Compare(a, b)
	}
	i, first := o.place[a]
	j, second := o.place[b]
	switch {
	case first && second:
		return i - j
	case first:
		return -1
	case second:
		return 1
	}
	return strings.Compare(a, b)
}
