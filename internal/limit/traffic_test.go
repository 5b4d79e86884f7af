package limit_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/limit"
)

// places is a node with so many places for calls.
func places(calls, each int) *limit.Limits {
	return limit.New(slog.New(slog.DiscardHandler), newRows(), limit.Options{Calls: calls, Each: each})
}

// through is a call of an account connector.
func through(id tandem.AccountConnectorID, cycle string) limit.Request {
	r := request(cycle)
	r.Key.Connector = id
	return r
}

// fill makes calls through an account connector for as long as it may, and returns
// them.
func fill(t *testing.T, l *limit.Limits, id tandem.AccountConnectorID) (under []limit.Pass) {
	t.Helper()
	for {
		p, err := l.Take(t.Context(), through(id, "c"))
		if wait := (*limit.Wait)(nil); errors.As(err, &wait) && wait.Busy {
			return under
		}
		if err != nil {
			t.Fatal(err)
		}
		under = append(under, p)
	}
}

// Of account connectors whose calls hang each has a part of the places that is left,
// and those that are quick always find some.
func TestHangingCallsLeavePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := places(400, 0)
		quick := func(id tandem.AccountConnectorID) {
			t.Helper()
			p, err := l.Take(t.Context(), through(id, "c"))
			if err != nil {
				t.Fatalf("no place for the quick one %d: %v", id, err)
			}
			p.Answered(t.Context())
		}
		one := fill(t, l, 1)
		if n := len(one); n != 150 {
			t.Errorf("one that hangs has %d of 400 places", n)
		}
		if n := len(fill(t, l, 2)); n != 75 {
			t.Errorf("the next one has %d", n)
		}
		for id := range tandem.AccountConnectorID(20) {
			fill(t, l, 10+id)
			quick(3)
		}
		for id := range tandem.AccountConnectorID(20) {
			quick(100 + id)
		}
		time.Sleep(time.Minute)
		for _, p := range one { // they have timed out
			p.Answered(t.Context())
		}
		if n := len(fill(t, l, 1)); n < 25 || n > 150 {
			t.Errorf("one of which all calls timed out has %d places", n)
		}
		for id := range tandem.AccountConnectorID(20) {
			fill(t, l, 10+id)
			quick(3)
		}
	})
}

// What is known to be slow gets nothing of what is kept for others, be it a call for
// each of a great many.
func TestManyThatAreSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := places(100, 0)
		for range 2 {
			var all []limit.Pass
			for id := range tandem.AccountConnectorID(1000) {
				p, err := l.Take(t.Context(), through(10+id, "c"))
				if err == nil {
					all = append(all, p)
				}
			}
			time.Sleep(time.Minute)
			for _, p := range all {
				p.Answered(t.Context())
			}
		}
		for id := range tandem.AccountConnectorID(100) { // all that had a call before
			_, _ = l.Take(t.Context(), through(10+id, "c"))
		}
		for range 10 {
			p, err := l.Take(t.Context(), through(1, "c"))
			if err != nil {
				t.Fatal(err)
			}
			p.Answered(t.Context())
		}
	})
}

// An account connector has no more than its bound, and on the node its places come
// back: by an answer, by a refusal, and when no call was made.
func TestPlacesComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := places(40, 8) // so few that those which do not come back are missed
		for _, end := range []func(limit.Pass){
			func(p limit.Pass) { p.Answered(t.Context()) },
			func(p limit.Pass) { p.Unsent(t.Context()) },
			func(p limit.Pass) { p.Refused(t.Context(), time.Second) },
		} {
			under := fill(t, l, 1)
			if len(under) != 8 {
				t.Fatalf("%d calls are under way", len(under))
			}
			for _, p := range under {
				end(p)
			}
			time.Sleep(2 * time.Second)
		}
		time.Sleep(time.Hour)
		p, err := l.Take(t.Context(), through(1, "c")) // the one that goes first after a refusal
		if err != nil {
			t.Fatal(err)
		}
		p.Answered(t.Context())
		if n := len(fill(t, l, 1)); n != 8 {
			t.Errorf("%d calls in the end", n)
		}
	})
}

// Calls that are quick wait where they are, in the order in which they came, and
// nobody is sent away.
func TestQuickCallsWaitHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 100
		l := places(8, 1)
		var mu sync.Mutex
		var order []int
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				p, err := l.Take(t.Context(), through(1, "c"))
				if err != nil {
					t.Errorf("call %d: %v", i, err)
					return
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
				time.Sleep(time.Millisecond)
				p.Answered(t.Context())
			})
			synctest.Wait()
		}
		wg.Wait()
		if len(order) != n || !slices.IsSorted(order) {
			t.Errorf("%d went, in this order: %v", len(order), order)
		}
	})
}

// Who waits and is stopped leaves his turn to the next.
func TestStoppedWaiterLeavesHisTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := places(4, 1)
		p, err := l.Take(t.Context(), through(1, "c"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { _, err := l.Take(ctx, through(1, "c")); first <- err }()
		synctest.Wait()
		go func() { _, err := l.Take(t.Context(), through(1, "d")); second <- err }()
		synctest.Wait()
		stop()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the one that was stopped: %v", err)
		}
		p.Answered(t.Context())
		if err := <-second; err != nil {
			t.Errorf("the next one: %v", err)
		}
	})
}

// visit is a call that went.
type visit struct {
	cycle string
	n     int
	at    time.Duration
}

// queue has so many transactions of cycles call through one account connector. It
// returns the calls in the order in which they went, and how often they came.
func queue(t *testing.T, l *limit.Limits, counts map[string]int, takes func(at time.Duration) time.Duration) (went []visit, came int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	began := time.Now()
	for _, cycle := range slices.Sorted(maps.Keys(counts)) {
		for i := range counts[cycle] {
			wg.Go(func() {
				n := transaction(t.Context(), t, one(l), through(1, cycle), func() {
					mu.Lock()
					at := time.Since(began)
					went = append(went, visit{cycle, i, at})
					mu.Unlock()
					time.Sleep(takes(at))
				})
				mu.Lock()
				came += n
				mu.Unlock()
			})
			synctest.Wait()
		}
	}
	wg.Wait()
	return went, came
}

// Those who have to wait for long go, hold nothing, and come again in their order,
// not often; and places do not lie idle for it.
func TestSlowCallsAreWaitedForElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, each, takes = 400, 10, 20 * time.Second
		went, came := queue(t, places(100, each), map[string]int{"c": n}, func(time.Duration) time.Duration { return takes })
		furthest := 0
		for i, v := range went {
			furthest = max(furthest, v.n-i, i-v.n)
		}
		took := went[n-1].at
		t.Logf("%d calls in %s, came %d times, at most %d out of order", n, took, came, furthest)
		if best := n / each * takes; took > best*5/4 {
			t.Errorf("they took %s, at best %s", took, best)
		}
		if furthest > 2*each {
			t.Errorf("one went %d places before or after its own", furthest)
		}
		if came > 15*n {
			t.Errorf("they came %d times", came)
		}
	})
}

// A cycle with many that wait delays another by a turn.
func TestTurnsOfSlowCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const each = 5
		went, _ := queue(t, places(100, each), map[string]int{"a": 200, "b": 3}, func(time.Duration) time.Duration { return 10 * time.Second })
		for i, v := range went {
			if v.cycle == "b" && i > 8*each {
				t.Errorf("call %d of the small cycle was number %d", v.n, i)
			}
		}
	})
}

// When a third party is well again those who wait come soon.
func TestWellAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const outage = 5 * time.Minute
		went, came := queue(t, places(100, 0), map[string]int{"c": 1000}, func(at time.Duration) time.Duration {
			if at < outage {
				return time.Minute
			}
			return 100 * time.Millisecond
		})
		last := went[len(went)-1].at
		t.Logf("the last went after %s, came %d times", last, came)
		if last > outage+6*time.Minute {
			t.Errorf("the last went %s after the outage", last-outage)
		}
	})
}
