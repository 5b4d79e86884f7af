package tandem_test

import (
	"math"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// An offset, and the end of the page that begins there, are numbers that a
// database takes, whatever was asked for.
func TestOffset(t *testing.T) {
	for _, c := range []struct {
		page tandem.PageRequest
		want int
	}{
		{tandem.PageRequest{}, 0},
		{tandem.PageRequest{Page: 3}, 2 * tandem.DefaultPageSize},
		{tandem.PageRequest{Page: 3, PageSize: 7}, 14},
		{tandem.PageRequest{Page: -3, PageSize: 7}, 0},
	} {
		if got := c.page.Offset(); got != c.want {
			t.Errorf("%+v: %d, want %d", c.page, got, c.want)
		}
	}
	for _, size := range []int{-1, 1, 7, tandem.MaxPageSize, math.MaxInt} {
		p := tandem.PageRequest{Page: math.MaxInt, PageSize: size}
		if from := p.Offset(); from < 1<<20 || from+p.Limit() < from {
			t.Errorf("%+v: %d", p, from)
		}
	}
}
