package engine

import (
	"context"
	"errors"
	"math"
	"runtime/metrics"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// crowd is submissions at an entrance to a machine that is strained, and what became
// of them.
type crowd struct {
	*Entrance
	ids     *IDs
	all     sync.WaitGroup
	mu      sync.Mutex
	in      int
	refused int
}

func newCrowd() *crowd {
	time.Sleep(time.Until(time.UnixMilli(tandem.EpochMillis).AddDate(1, 0, 0))) // ids begin then
	c := &crowd{Entrance: NewEntrance(), ids: NewIDs(0, 0)}
	c.strained = func() bool { return true }
	return c
}

// submit sends so many submissions of an account, which take some time.
func (c *crowd) submit(t *testing.T, n int, a tandem.AccountID, takes time.Duration) {
	for range n {
		c.all.Go(func() {
			err := c.Let(t.Context(), a, func() error { time.Sleep(takes); return nil })
			c.mu.Lock()
			defer c.mu.Unlock()
			switch {
			case err == nil:
				c.in++
			case errors.Is(err, ErrBusy):
				c.refused++
			default:
				t.Error(err)
			}
		})
	}
	synctest.Wait()
}

func (c *crowd) want(t *testing.T, what string, in, refused int) {
	t.Helper()
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in != in || c.refused != refused {
		t.Errorf("%s: %d are in and %d refused, want %d and %d", what, c.in, c.refused, in, refused)
	}
}

// late begins a transaction that was submitted some time ago.
func (c *crowd) late(a tandem.AccountID, by time.Duration) {
	id := c.ids.Next()
	time.Sleep(by)
	c.Begins(a, id)
}

// Where transactions begin late, one comes in for each that begins, half as many if
// they are very late; other accounts are let in, and all are when it is over.
func TestEntranceHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		c.submit(t, 3, 1, 0)
		c.want(t, "before anything is late", 3, 0)
		old, older := c.ids.Next(), c.ids.Next()
		time.Sleep(tolerable)
		c.Begins(1, old)
		c.submit(t, 10, 1, 0)
		c.want(t, "held back", 3, 0)
		c.submit(t, 10, 2, 0)
		c.want(t, "of another account", 13, 0)
		c.Begins(1, older)
		c.Begins(1, older)
		c.want(t, "for two that began", 15, 0)
		c.Begins(1, c.ids.Next())
		c.want(t, "when one began in time", 23, 0)
		c.submit(t, 2, 1, 0)
		c.want(t, "then", 25, 0)
		c.late(1, 2*tolerable)
		c.submit(t, 10, 1, 0)
		for range 8 {
			c.Begins(1, old)
		}
		c.want(t, "of eight that are very late", 29, 0)
		c.Begins(1, c.ids.Next())
		c.all.Wait()
	})
}

// What waits in vain is refused, unless nothing begins any more: then there is nothing
// to wait for.
func TestEntranceLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		c.late(1, tolerable)
		c.submit(t, 1, 1, 0)
		time.Sleep(2 * still)
		c.want(t, "when nothing begins", 1, 0)
		old := c.ids.Next()
		time.Sleep(2 * tolerable)
		c.Begins(1, old)
		c.submit(t, 30, 1, 0)
		for range 2 * longestHold / still {
			c.Begins(1, old)
			time.Sleep(still / 2)
		}
		c.want(t, "when one begins now and then", 11, 20)
		ctx, cancel := context.WithCancel(t.Context())
		c.Begins(1, old)
		cancel()
		if err := c.Let(ctx, 1, func() error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		if free := c.places.Take(1); !free {
			t.Error("no place is free")
		}
	})
}

// Where the machine is not strained, what is late waits for others.
func TestEntranceUnstrained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		c.strained = func() bool { return false }
		c.late(1, time.Hour)
		c.submit(t, 100, 1, 0)
		c.want(t, "at once", 100, 0)
	})
}

// Who finds no place is refused.
func TestEntrancePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		c.submit(t, entrancePlaces, 1, time.Second)
		c.want(t, "at once", 0, entrancePlaces/2)
		if !c.Crowded(1) || c.Crowded(2) {
			t.Error("it is not the account that is crowded")
		}
		c.all.Wait()
		c.want(t, "at the end", entrancePlaces/2, entrancePlaces/2)
		if c.Crowded(1) {
			t.Error("its places are not given back")
		}
	})
}

// What goroutines waited is the mean of what was counted since the last look.
func TestMean(t *testing.T) {
	h := &metrics.Float64Histogram{Buckets: []float64{math.Inf(-1), 0, 0.001, 0.01, math.Inf(1)}, Counts: []uint64{9, 10, 20, 30}}
	if got := mean(h, []uint64{9, 10, 0, 20}); got != 4*time.Millisecond {
		t.Errorf("%v", got)
	}
	if got := mean(h, h.Counts); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Processors that have less to do than they can strain nobody; a database that is slow
// does, until it is quick again, and what was long ago does not count.
func TestStrain(t *testing.T) {
	s := &strain{}
	look := func() bool {
		s.looked = time.Now().Add(-2 * strainLook)
		return s.now()
	}
	if s.now() {
		t.Error("strained at first sight")
	}
	for range 100 {
		s.committed(time.Second)
	}
	if !look() {
		t.Error("a slow database does not strain")
	}
	s.looked = time.Now().Add(-2 * strainOld)
	if s.now() {
		t.Error("what was long ago strains")
	}
}
