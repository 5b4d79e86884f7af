package local

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// A cycle with many transactions that wait is stopped and started again and again:
// what waited before each stop is forgotten, and what waits now is woken in order.
func TestTimersOfEarlierTurnsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &Engine{queue: newQueue(Options{}.withDefaults()), kick: make(chan struct{}, 1)}
		c := e.queue.cycle(journal.Cycle{Account: 1, ID: "c"})
		const waiting, stops = 2000, 50
		began := time.Now()
		for turn := range stops {
			e.queue.drop(c)
			for i := range waiting {
				e.wakeAt(entry{id: tandem.TransactionID(i + 1), cycle: c}, began.Add(time.Duration(turn+waiting-i)*time.Second))
			}
			if n := len(e.timers); n > 3*waiting {
				t.Fatalf("%d timers after %d stops", n, turn)
			}
		}
		var woken []tandem.TransactionID
		for now := began; now.Before(began.Add(time.Hour)); now = now.Add(time.Second) {
			e.wakeDue(now)
			for c.waiting.len() > 0 {
				woken = append(woken, c.waiting.pop().id)
			}
		}
		slices.Reverse(woken)
		if len(woken) != waiting || !slices.IsSorted(woken) {
			t.Errorf("%d were woken, in order: %v", len(woken), slices.IsSorted(woken))
		}
	})
}
