package trigger

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/seat"
)

// An account that makes many wait leaves places for the callers of others.
func TestPlacesOfCallers(t *testing.T) {
	c := newCallers(slog.New(slog.DiscardHandler), nil, false)
	n := 0
	for ; c.places.Take(1); n++ {
	}
	if n != maxCallers/2 {
		t.Errorf("one account has %d places", n)
	}
	if !c.places.Take(2) {
		t.Error("another has none")
	}
	c.places.Give(2)
	for range n {
		c.places.Give(1)
	}
	if diff := cmp.Diff(seat.New(maxCallers), c.places, cmp.AllowUnexported(seat.Seats{}), cmpopts.IgnoreTypes(sync.Mutex{})); diff != "" {
		t.Errorf("places that were given back: %s", diff)
	}
}

// A database that is slow is not looked at all the time.
func TestLooksOfCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow = 2 * time.Second
		looks := 0
		c := newCallers(slog.New(slog.DiscardHandler), func(context.Context, []journal.Caller) ([]journal.Answered, error) {
			looks++
			time.Sleep(slow)
			return nil, nil
		}, true)
		done, closing := make(chan struct{}), make(chan struct{})
		time.AfterFunc(20*slow, func() { close(done) })
		c.wait(journal.Caller{ID: 1}, done, closing)
		synctest.Wait()
		if looks < 8 || looks > 12 {
			t.Errorf("%d looks in the time of 20", looks)
		}
		time.Sleep(2 * slow)
	})
}
