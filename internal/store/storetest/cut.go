package storetest

import (
	"context"
	"sync/atomic"
	"testing"
)

// cut is a context that ends when it is asked for the nth time whether it has: a
// database asks before and within each of its statements and commits.
type cut struct {
	context.Context
	end  context.CancelFunc
	left atomic.Int64
}

func newCut(t *testing.T, n int64) *cut {
	ctx, end := context.WithCancel(t.Context())
	c := &cut{Context: ctx, end: end}
	c.left.Store(n)
	return c
}

// Done implements context.Context.
func (c *cut) Done() <-chan struct{} {
	if c.left.Add(-1) == 0 {
		c.end()
	}
	return c.Context.Done()
}

// cutStep is how much later each cut is: the database asks some times for one
// statement.
const cutStep = 23

// eachCut runs do again and again, each time cut off a little later, until it comes
// to its end; after each cut, mend has to bring everything to an end.
func eachCut(t *testing.T, do func(ctx context.Context) error, mend func()) {
	t.Helper()
	for n := int64(1); ; n += cutStep {
		ctx := newCut(t, n)
		err := do(ctx)
		ctx.end()
		mend()
		if err == nil {
			if n < 5*cutStep {
				t.Errorf("it was cut off only %d times", n/cutStep)
			}
			return
		}
	}
}
