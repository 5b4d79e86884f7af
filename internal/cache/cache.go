// Package cache keeps what was read for a short while, in bounded memory.
//
// An entry is a lease on what the database said: it ends a fixed time after the
// reading began, not after it was put in. So whoever changes a row, forgets it
// here and waits for [Cache.Life] knows that no node uses the old one any more.
// A reading that began before something was forgotten is not kept.
//
// Many who miss the same key at once wait for one reading; at the end of a busy
// key's lease each of hundreds would otherwise ask the database the same.
//
// Entries live in two generations of maps. When the younger is full it becomes
// the older, and the older goes; what is still used moves up. That is close to
// least-recently-used, with a map lookup and a read lock as its only cost.
package cache

import (
	"sync"
	"time"
)

// Cache keeps values by key. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	half int
	life time.Duration

	mu         sync.RWMutex
	young, old map[K]entry[V]
	forgotten  uint64 // times that Forget was called
	readings   map[K]*reading[V]
}

// reading is a value on its way, for all who want it.
type reading[V any] struct {
	began uint64    // what forgotten was then
	until time.Time // how long what is read may be used
	done  chan struct{}

	// Once done is closed:
	value V
	good  bool
}

type entry[V any] struct {
	value V
	until time.Time
}

// New makes a cache of at most size entries, each kept for life; 0 keeps them
// until there are too many.
func New[K comparable, V any](size int, life time.Duration) *Cache[K, V] {
	return &Cache[K, V]{half: max(size/2, 1), life: life, young: map[K]entry[V]{}, readings: map[K]*reading[V]{}}
}

// Life is how long after a change another node's cache may hold the old value.
func (c *Cache[K, V]) Life() time.Duration { return c.life }

// Get gives the value for k, if there is a fresh one.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.RLock()
	e, young := c.young[k]
	ok := young
	if !young {
		e, ok = c.old[k]
	}
	c.mu.RUnlock()
	if !ok || !c.alive(e.until) {
		var none V
		return none, false
	}
	if !young {
		c.promote(k)
	}
	return e.value, true
}

func (c *Cache[K, V]) alive(until time.Time) bool { return c.life <= 0 || time.Now().Before(until) }

func (c *Cache[K, V]) promote(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.old[k]; ok {
		delete(c.old, k)
		c.put(k, e)
	}
}

func (c *Cache[K, V]) put(k K, e entry[V]) {
	if len(c.young) >= c.half {
		c.old, c.young = c.young, make(map[K]entry[V], c.half)
	}
	c.young[k] = e
}

// Load gives the value for k, reading it if there is no fresh one. An error is
// neither kept nor shared: it may be of one caller's own, such as a deadline.
func (c *Cache[K, V]) Load(k K, read func() (V, error)) (V, error) {
	if v, ok := c.Get(k); ok {
		return v, nil
	}
	c.mu.Lock()
	if r, ok := c.readings[k]; ok && r.began == c.forgotten && c.alive(r.until) {
		c.mu.Unlock()
		if <-r.done; r.good {
			return r.value, nil
		}
		return read()
	}
	r := &reading[V]{began: c.forgotten, until: time.Now().Add(c.life), done: make(chan struct{})}
	c.readings[k] = r
	c.mu.Unlock()
	defer c.end(k, r)
	v, err := read()
	r.value, r.good = v, err == nil
	return v, err
}

// end keeps what was read, and gives it to who waits.
func (c *Cache[K, V]) end(k K, r *reading[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readings[k] == r {
		delete(c.readings, k)
	}
	if r.good && c.forgotten == r.began {
		c.put(k, entry[V]{r.value, r.until})
	}
	close(r.done)
}

// Forget drops the entries that match.
func (c *Cache[K, V]) Forget(match func(K, V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	for _, m := range []map[K]entry[V]{c.young, c.old} {
		for k, e := range m {
			if match(k, e.value) {
				delete(m, k)
			}
		}
	}
}
