package script

import (
	"context"
	"errors"
	"slices"
	"sync"
)

var errClosed = errors.New("the pool of scripts is closed")

// queue gives out places, in the order of asking, but never more than share of
// them to one owner: whoever waits behind an owner that has its share goes ahead.
// Nor may one owner be all who wait, as it would turn the others away.
type queue struct {
	places, share int
	most, own     int // who may wait, and of them with one owner
	users         sync.WaitGroup

	mu      sync.Mutex
	taken   int
	owners  map[string]int // places taken
	waiting []*waiter
	closed  bool
}

type waiter struct {
	owner  string
	ready  chan struct{} // closed when there is a place, or never will be
	served bool
}

// take waits for a place, which is to be given back.
func (q *queue) take(ctx context.Context, owner string) error {
	w, err := q.wait(owner)
	if err != nil {
		return err
	}
	select {
	case <-w.ready:
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case w.served: // maybe as ctx ended, which its user will notice
		return nil
	case q.closed:
		return errClosed
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(other *waiter) bool { return other == w })
	return ctx.Err()
}

func (q *queue) wait(owner string) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, errClosed
	}
	w := &waiter{owner: owner, ready: make(chan struct{})}
	q.waiting = append(q.waiting, w)
	q.serve()
	if !w.served && (len(q.waiting) > q.most || q.crowded(owner)) {
		q.waiting = q.waiting[:len(q.waiting)-1]
		return nil, &Error{Kind: Busy}
	}
	return w, nil
}

// crowded says that more wait with an owner than may. The lock is held.
func (q *queue) crowded(owner string) bool {
	n := 0
	for _, w := range q.waiting {
		if w.owner == owner {
			n++
		}
	}
	return owner != "" && n > q.own
}

// shareOf is how many places an owner may have.
func (q *queue) shareOf(owner string) int {
	switch owner {
	case "":
		return q.places
	case checks:
		return max(1, q.share/2)
	}
	return q.share
}

// give gives a place back.
func (q *queue) give(owner string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.taken--
	if q.owners[owner]--; q.owners[owner] == 0 {
		delete(q.owners, owner)
	}
	q.serve()
	q.users.Done()
}

// serve lets in who may. The lock is held.
func (q *queue) serve() {
	q.waiting = slices.DeleteFunc(q.waiting, func(w *waiter) bool {
		if q.taken >= q.places || q.owners[w.owner] >= q.shareOf(w.owner) {
			return false
		}
		q.taken++
		q.owners[w.owner]++
		q.users.Add(1)
		w.served = true
		close(w.ready)
		return true
	})
}

// close sends away all who wait. Those who have a place give it back: users waits.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, w := range q.waiting {
		close(w.ready)
	}
	q.waiting = nil
}
