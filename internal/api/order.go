package api

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// Ordering is the query of every list that says in which order it is wanted. The
// table of routes has the orders of each.
type Ordering struct {
	OrderBy      string `query:"orderBy"`
	SortOrderAsc flag   `query:"sortOrderAsc"`
}

// orders are those that a list may have.
type orders struct {
	own string   // how it is without being asked
	by  []string // properties of its rows
}

// ordersKey is where the metadata of an operation has the orders of its list.
const ordersKey = "orders"

// Resolve implements huma.Resolver. A direction alone is one of the first order.
func (o *Ordering) Resolve(ctx huma.Context) []error {
	known, _ := ctx.Operation().Metadata[ordersKey].([]string)
	o.OrderBy = spelled(o.OrderBy, known...)
	switch {
	case o.OrderBy == "" && o.SortOrderAsc.Value != nil && len(known) > 0:
		o.OrderBy = known[0]
	case o.OrderBy != "" && !slices.Contains(known, o.OrderBy):
		return []error{&huma.ErrorDetail{Location: "query.orderBy", Message: "want one of " + strings.Join(known, ", "), Value: o.OrderBy}}
	}
	return nil
}

// descends says that the last come first; without a direction, the first do.
func (o *Ordering) descends() bool { return o.SortOrderAsc.Value != nil && !*o.SortOrderAsc.Value }

// describeOrders says which orders the list of an operation may have. The schemas
// are new ones: by those that huma made it checks requests, which may be spelled
// in any case.
func describeOrders(op *huma.Operation, r route) {
	var names []any
	for _, name := range r.orders.by {
		names = append(names, name)
	}
	for _, p := range op.Parameters {
		switch p.Name {
		case "orderBy":
			p.Description = "A property of the rows, which are " + r.orders.own + " without it."
			p.Schema = &huma.Schema{Type: huma.TypeString, Enum: names}
		case "sortOrderAsc":
			p.Description = "false: the last first. Without orderBy, it is by " + r.orders.by[0] + "."
			p.Schema = &huma.Schema{Type: huma.TypeBoolean}
		}
	}
}

// arranged are rows that are in memory, in the order that r asks for; among equal
// ones the order stays.
func arranged[T any](r tandem.PageRequest, rows []T) []T {
	fields := reflect.VisibleFields(reflect.TypeFor[T]())
	at := slices.IndexFunc(fields, func(f reflect.StructField) bool {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return cmp.Or(name, f.Name) == r.OrderBy
	})
	if at < 0 {
		return rows
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b T) int {
		order := compare(reflect.ValueOf(a).FieldByIndex(fields[at].Index), reflect.ValueOf(b).FieldByIndex(fields[at].Index))
		if r.Descend {
			return -order
		}
		return order
	})
	return rows
}

// compare puts two values of a property in order: texts without regard to case.
func compare(a, b reflect.Value) int {
	switch {
	case a.Kind() == reflect.String:
		return strings.Compare(tandem.Fold(a.String()), tandem.Fold(b.String()))
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	}
	if at, ok := a.Interface().(time.Time); ok {
		return at.Compare(b.Interface().(time.Time))
	}
	return 0
}
