package local

import (
	"container/heap"
	"context"
	"slices"
	"time"
)

// timer is an entry that waits for a time.
type timer struct {
	at time.Time
	entry
}

// timers is a heap, the first due on top.
type timers []timer

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)        { *t = append(*t, x.(timer)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	(*t)[len(*t)-1] = timer{}
	*t = (*t)[:len(*t)-1]
	return last
}

// fewTimers are not worth sifting.
const fewTimers = 1024

// sift drops the timers that are void, if there are twice as many as the last time:
// a cycle that waits for weeks may be stopped and started often.
func (e *Engine) sift() {
	if len(e.timers) < max(e.siftAt, fewTimers) {
		return
	}
	e.timers = slices.DeleteFunc(e.timers, func(t timer) bool { return t.turn != t.cycle.turn })
	heap.Init(&e.timers)
	e.siftAt = 2 * len(e.timers)
}

// wakeAt queues an entry at a time. Its data is read again then.
func (e *Engine) wakeAt(w entry, at time.Time) {
	w.txn, w.turn = nil, w.cycle.turn
	e.sift()
	heap.Push(&e.timers, timer{at, w})
	if e.timers[0].id == w.id {
		select {
		case e.kick <- struct{}{}:
		default:
		}
	}
}

// runTimers queues what is due until ctx is done.
func (e *Engine) runTimers(ctx context.Context) {
	for {
		next := time.NewTimer(e.wakeDue(time.Now()))
		select {
		case <-next.C:
		case <-e.kick:
		case <-ctx.Done():
		}
		next.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// wakeDue queues what is due by now, and returns how long until the next is.
func (e *Engine) wakeDue(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.dispatch()
	for len(e.timers) > 0 {
		if wait := e.timers[0].at.Sub(now); wait > 0 {
			return wait
		}
		due := heap.Pop(&e.timers).(timer)
		if due.turn == due.cycle.turn {
			e.queue.push(due.entry)
		}
	}
	return time.Hour
}
