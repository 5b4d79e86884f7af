package api

import (
	"sync"
	"time"
)

// watched are things that many may watch at once: they are asked for once for all of
// them, and known as long as somebody watches.
type watched[K comparable, T any] struct {
	mu  sync.Mutex
	all map[K]*watchedOne[T]
}

// watchedOne is what was found last of a thing.
type watchedOne[T any] struct {
	watchers int // guarded by the mutex of all

	mu    sync.Mutex
	asked time.Time
	found T
}

func newWatched[K comparable, T any]() *watched[K, T] {
	return &watched[K, T]{all: map[K]*watchedOne[T]{}}
}

// enter is called by who begins to watch k, and leave when they end.
func (w *watched[K, T]) enter(k K) *watchedOne[T] {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all[k] == nil {
		w.all[k] = &watchedOne[T]{}
	}
	w.all[k].watchers++
	return w.all[k]
}

func (w *watched[K, T]) leave(k K) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all[k].watchers--; w.all[k].watchers == 0 {
		delete(w.all, k)
	}
}

// now is what ask finds, given what was found before, if that is older than every.
func (o *watchedOne[T]) now(every time.Duration, ask func(before T) (T, error)) (T, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Since(o.asked) < every {
		return o.found, nil
	}
	found, err := ask(o.found)
	if err != nil {
		return o.found, err
	}
	o.found, o.asked = found, time.Now()
	return found, nil
}
