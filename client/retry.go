package client

import (
	"context"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// How calls are made again.
const (
	tries       = 4
	firstWait   = 500 * time.Millisecond // then twice as long; if the answer does not say
	longestWait = 30 * time.Second       // whoever is told to wait for longer is told so
)

// again makes a call until it has an answer other than "later": 429, 503, or,
// while the first of two calls with one Idempotency-Key is at work, 409.
func again(ctx context.Context, call func() (answer, error)) (answer, error) {
	for try := 1; ; try++ {
		a, err := call()
		wait, later := postponed(err)
		if wait == 0 {
			wait = firstWait << (try - 1)
		}
		if !later || try == tries || wait > longestWait {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, errors.Join(err, ctx.Err())
		case <-time.After(wait):
		}
	}
}

// postponed says whether err asks for another try, and after what time; 0: it
// does not say.
func postponed(err error) (wait time.Duration, later bool) {
	var e *tandem.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	switch e.Code {
	case tandem.RateLimited, tandem.Unavailable:
		return e.RetryAfter, true
	case tandem.Conflict:
		return e.RetryAfter, e.RetryAfter > 0
	default:
		return 0, false
	}
}
