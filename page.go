package tandem

import "math"

// Paging of lists, by number from 1.
const (
	DefaultPageSize = 50
	MaxPageSize     = 1000
)

// PageRequest asks for one page of a list. The zero value is the first page of
// the default size, in the list's own order.
type PageRequest struct {
	Page     int    // from 1
	PageSize int    // 1 to MaxPageSize
	OrderBy  string // a property of the rows, as their JSON calls it; "" is the list's own order
	Descend  bool   // of OrderBy
}

// Rises says that a list which begins with the newest is wanted the other way
// round.
func (p PageRequest) Rises() bool { return p.OrderBy != "" && !p.Descend }

// Limit is the number of rows on the page.
func (p PageRequest) Limit() int {
	if p.PageSize < 1 {
		return DefaultPageSize
	}
	return min(p.PageSize, MaxPageSize)
}

// Offset is the number of rows before the page. A page that no list reaches
// begins at the largest offset that leaves room to count from.
func (p PageRequest) Offset() int {
	return min(max(p.Page-1, 0), math.MaxInt/2/MaxPageSize) * p.Limit()
}

// Search asks for a page of the rows that have Query in one of their texts, by
// [Fold]; without it, of all.
type Search struct {
	PageRequest
	Query string
}

// Page is one page of a list of Total rows.
type Page[T any] struct {
	Rows  []T
	Total int
}
