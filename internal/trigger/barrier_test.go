package trigger_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// gate is barriers and an engine in memory.
type gate struct {
	mu     sync.Mutex
	began  time.Time
	open   []journal.Barrier
	ready  bool
	broken map[tandem.CycleID]bool
	looks  []time.Duration
	went   []string
}

func (g *gate) ReadyBarriers(context.Context) ([]journal.Barrier, bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.looks = append(g.looks, time.Since(g.began))
	if !g.ready {
		return nil, len(g.open) > 0, nil
	}
	return g.open, len(g.open) > 0, nil
}

func (g *gate) DropBarrier(_ context.Context, b journal.Barrier) error {
	g.end(b, "dropped ")
	return nil
}

func (g *gate) Submit(_ context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error) {
	if g.broken[n[0].Cycle] {
		return nil, errors.New("busy")
	}
	g.end(journal.Barrier{Cycle: n[0].Cycle}, "went on ")
	return make([]tandem.TransactionID, len(n)), nil
}

func (g *gate) end(b journal.Barrier, how string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.went = append(g.went, how+string(b.Cycle))
	var left []journal.Barrier
	for _, o := range g.open {
		if o.Cycle != b.Cycle {
			left = append(left, o)
		}
	}
	g.open = left
}

func (g *gate) set(ready bool, open ...journal.Barrier) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ready, g.open = ready, open
}

func (g *gate) seen() []time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.looks
	g.looks, g.began = nil, time.Now()
	return all
}

func TestBarriers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{began: time.Now(), broken: map[tandem.CycleID]bool{"busy": true}}
		start := func(b journal.Barrier, _ time.Time) journal.NewTxn { return journal.NewTxn{Cycle: b.Cycle} }
		b := trigger.NewBarriers(slog.New(slog.DiscardHandler), g, g, start, trigger.BarriersOptions{First: time.Second, Last: 5 * time.Second, Look: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		looks := func(why string, want ...time.Duration) {
			t.Helper()
			if diff := cmp.Diff(want, g.seen()); diff != "" {
				t.Errorf("%s: %s", why, diff)
			}
		}
		time.Sleep(119 * time.Second)
		looks("nothing is open", 0, time.Minute)

		g.set(false, journal.Barrier{Cycle: "a"})
		for range 100 {
			b.Wake()
		}
		time.Sleep(20*time.Second + time.Millisecond)
		s := time.Second
		looks("one is open", 1*s, 2*s, 4*s, 8*s, 13*s, 18*s) // the second wake was in the first's look

		g.set(true, journal.Barrier{Cycle: "busy"}, journal.Barrier{Cycle: "a"}, journal.Barrier{Cycle: "b", Failed: true})
		time.Sleep(5 * time.Second)
		g.mu.Lock()
		if diff := cmp.Diff([]string{"went on a", "dropped b"}, g.went); diff != "" {
			t.Error(diff)
		}
		g.mu.Unlock()
		g.set(false)
		time.Sleep(10 * time.Second)
		g.seen()
		time.Sleep(59 * time.Second)
		if n := len(g.seen()); n > 1 {
			t.Errorf("%d looks while nothing is open", n)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
