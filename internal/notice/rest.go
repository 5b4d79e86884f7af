package notice

import (
	"context"
	"time"
)

// Between two looks for something to do there is a rest: for so long at least, so that
// what comes meanwhile is dealt with together; and at most, since other nodes may have
// put something in, of which nobody tells.
const (
	leastRest = 100 * time.Millisecond
	mostRest  = 15 * time.Second
)

// rest ends when something has come, from either of two sides; false: ctx is done.
func rest(ctx context.Context, came, again <-chan struct{}) bool {
	look := time.NewTimer(mostRest)
	defer look.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-time.After(leastRest):
	}
	select {
	case <-ctx.Done():
		return false
	case <-came:
	case <-again:
	case <-look.C:
	}
	return true
}
