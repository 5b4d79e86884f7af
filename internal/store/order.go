package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// orders are those that a list may have: by the name of a property of its rows,
// the columns that it goes by, of which the last are unique. That of "" is the
// list's own, and is not turned round.
type orders map[string][]string

// by puts a list in the order that r asks for. Errors: Invalid (OrderBy).
func (o orders) by(r tandem.PageRequest) (string, error) {
	columns, ok := o[r.OrderBy]
	if !ok {
		known := slices.DeleteFunc(slices.Sorted(maps.Keys(o)), func(name string) bool { return name == "" })
		return "", noOrder(r.OrderBy, known)
	}
	way := ", "
	if r.Descend && r.OrderBy != "" {
		way = " DESC, "
	}
	return " ORDER BY " + strings.TrimSuffix(strings.Join(columns, way)+way, ", "), nil
}

func noOrder(name string, known []string) error {
	return tandem.Invalidf("orderBy", "orderBy: there is no order by %q here: want one of %s", name, strings.Join(known, ", "))
}

// page reads a page of tables, in one of their orders. Errors: Invalid (OrderBy).
func page[T any](ctx context.Context, q querier, scan func(scanner) (T, error), columns, tables string, c *conditions, o orders, r tandem.PageRequest) (p tandem.Page[T], err error) {
	by, err := o.by(r)
	if err != nil {
		return p, err
	}
	from := " FROM " + tables + c.where()
	if !c.uncounted {
		if err := q.QueryRowContext(ctx, "SELECT count(*)"+from, c.args...).Scan(&p.Total); err != nil {
			return p, fmt.Errorf("count a list: %w", err)
		}
	}
	p.Rows, err = rows(ctx, q, scan, fmt.Sprintf("SELECT %s%s%s LIMIT %d OFFSET %d", columns, from, by, r.Limit(), r.Offset()), c.args...)
	if err != nil {
		return p, fmt.Errorf("read a list: %w", err)
	}
	return p, nil
}
