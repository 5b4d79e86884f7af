package catalog

import (
	"context"
	"sync"

	"github.com/tandem-ipaas/tandem"
)

// queue lets one of each partner's in at a time. The zero value is empty.
type queue struct {
	mu     sync.Mutex
	inside map[tandem.PartnerID]chan struct{} // closed by who leaves
}

// enter waits until nobody else of the partner's is inside; leave ends that.
//
// Errors: ctx's.
func (q *queue) enter(ctx context.Context, p tandem.PartnerID) (leave func(), err error) {
	for {
		left, free := q.take(p)
		if free {
			return func() {
				q.mu.Lock()
				defer q.mu.Unlock()
				delete(q.inside, p)
				close(left)
			}, nil
		}
		select {
		case <-left:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take takes the place if it is free, and gives what is closed when it is again.
func (q *queue) take(p tandem.PartnerID) (left chan struct{}, free bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if left, busy := q.inside[p]; busy {
		return left, false
	}
	if q.inside == nil {
		q.inside = map[tandem.PartnerID]chan struct{}{}
	}
	left = make(chan struct{})
	q.inside[p] = left
	return left, true
}
