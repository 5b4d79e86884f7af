package limit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/limit"
)

// Whatever the limit, no time as long as its window has more calls than it says,
// and nothing is lost or late.
func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		limit  connector.RateLimit
		calls  int
		shared int // nodes; 0: one that has the database to itself
		most   time.Duration
	}{
		{connector.RateLimit{Requests: 5, Seconds: 1}, 42, 0, 10 * time.Second},
		{connector.RateLimit{Requests: 1, Seconds: 10}, 5, 0, 65 * time.Second},
		{connector.RateLimit{Requests: 1, Seconds: 3}, 6, 1, 22 * time.Second},
		{connector.RateLimit{Requests: 200, Seconds: 60}, 600, 0, 140 * time.Second},
		{connector.RateLimit{Requests: 10, Seconds: 1}, 100, 1, 12 * time.Second},
		{connector.RateLimit{Requests: 10, Seconds: 1}, 100, 3, 20 * time.Second},
		{connector.RateLimit{Requests: 300, Seconds: 60}, 900, 3, 240 * time.Second},
	} {
		t.Run(fmt.Sprint(tt.limit, tt.shared), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rows, began := newRows(), time.Now()
				nodes := []*limit.Limits{node(rows, tt.shared > 0)}
				for len(nodes) < tt.shared {
					nodes = append(nodes, node(rows, true))
				}
				var p party
				var wg sync.WaitGroup
				came := 0
				var mu sync.Mutex
				for i := range tt.calls {
					wg.Go(func() {
						n := transaction(t.Context(), t, func() *limit.Limits { return nodes[rand.N(len(nodes))] }, request("c", tt.limit), func() { p.call("c") })
						mu.Lock()
						came += n
						mu.Unlock()
					})
					if i%7 == 0 {
						time.Sleep(time.Millisecond)
					}
				}
				wg.Wait()
				span := time.Duration(tt.limit.Seconds) * time.Second
				if n := p.most(span); n > tt.limit.Requests || len(p.at) != tt.calls {
					t.Errorf("%d of %d calls in %s", n, len(p.at), span)
				}
				took := time.Since(began)
				if took > tt.most {
					t.Errorf("it took %s", took)
				}
				if perSecond := float64(rows.count()) / took.Seconds(); perSecond > 12*float64(max(tt.shared, 1)) {
					t.Errorf("%.0f statements a second", perSecond)
				}
				t.Logf("%d calls in %s, came %d times, %d statements", tt.calls, took, came, rows.count())
			})
		})
	}
}

// A process that dies and starts again has not forgotten what it sent, or does not
// send what it might have.
func TestRestart(t *testing.T) {
	for _, l := range []connector.RateLimit{{Requests: 5, Seconds: 2}, {Requests: 5, Seconds: 60}} {
		synctest.Test(t, func(t *testing.T) {
			rows := newRows()
			span := time.Duration(l.Seconds) * time.Second
			var p party
			now := node(rows, false)
			for i := range 10 {
				if i%3 == 2 {
					now = node(rows, false) // the one before is gone
				}
				transaction(t.Context(), t, one(now), request("c", l), func() { p.call("c") })
			}
			if n := p.most(span); n > l.Requests || n < l.Requests-2 {
				t.Errorf("%v: %d calls in %s", l, n, span)
			}
		})
	}
}

// Cycles and accounts take turns, however many of one wait.
func TestTurns(t *testing.T) {
	for _, shared := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := node(newRows(), shared)
			var p party
			var wg sync.WaitGroup
			begin := func(cycle string, n int) {
				for range n {
					wg.Go(func() {
						transaction(t.Context(), t, one(l), request(cycle, connector.RateLimit{Requests: 1, Seconds: 1}), func() { p.call(cycle) })
					})
				}
			}
			begin("many", 300)
			time.Sleep(5500 * time.Millisecond)
			p.mu.Lock()
			before := len(p.by)
			p.mu.Unlock()
			begin("few", 3)
			wg.Wait()
			last := 0
			for i, by := range p.by {
				if by == "few" {
					last = i
				}
			}
			if len(p.by) != 303 || last-before > 12 {
				t.Errorf("of %d calls the third of the others was %d after they came", len(p.by), last-before)
			}
			if took := p.at[len(p.at)-1].Sub(p.at[0]); took > 340*time.Second {
				t.Errorf("303 calls at one a second took %s", took)
			}
		})
	}
}

// Those whose turn it is may not come: then others go.
func TestPlacesLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := node(newRows(), false)
		second := connector.RateLimit{Requests: 1, Seconds: 1}
		time.Sleep(5 * time.Second)
		for range 500 { // their cycle is stopped
			_, err := l.Take(t.Context(), request("stopped", second))
			var wait *limit.Wait
			if err != nil && !errors.As(err, &wait) {
				t.Fatal(err)
			}
		}
		began := time.Now()
		for range 3 {
			transaction(t.Context(), t, one(l), request("stopped", second), func() {})
		}
		if took := time.Since(began); took > 6*time.Minute {
			t.Errorf("three calls took %s", took)
		}
		began = time.Now()
		transaction(t.Context(), t, one(l), request("other", second), func() {})
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a call of another cycle took %s", took)
		}
	})
}

// A method's own limit holds beside the connector's, and does not hold back the
// connector's other methods.
func TestMethodLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := node(newRows(), false)
		time.Sleep(5 * time.Second)
		var all, slow party
		var wg sync.WaitGroup
		began := time.Now()
		var quick time.Duration
		var mu sync.Mutex
		for i := range 40 {
			wg.Go(func() {
				r := request("c", connector.RateLimit{Requests: 10, Seconds: 1})
				if i%2 == 0 {
					r.MethodLimit = &connector.RateLimit{Requests: 1, Seconds: 2}
				}
				transaction(t.Context(), t, one(l), r, func() {
					if all.call("c"); i%2 == 0 {
						slow.call("c")
					} else {
						mu.Lock()
						quick = max(quick, time.Since(began))
						mu.Unlock()
					}
				})
			})
		}
		wg.Wait()
		if n, m := all.most(time.Second), slow.most(2*time.Second); n > 10 || m > 1 {
			t.Errorf("%d calls in a second, %d of the method in two", n, m)
		}
		if quick > 5*time.Second || time.Since(began) > 50*time.Second {
			t.Errorf("the quick method was done after %s, all after %s", quick, time.Since(began))
		}
	})
}

// Who asks on demand waits within its time, and is told at once when that will
// not be enough.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := node(newRows(), true)
		r := request("", connector.RateLimit{Requests: 1, Seconds: 20})
		r.Patient = true
		if _, err := l.Take(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		if _, err := l.Take(ctx, r); err != nil || time.Since(began) < 19*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		began = time.Now()
		short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		var wait *limit.Wait
		if _, err := l.Take(short, r); !errors.As(err, &wait) || time.Since(began) > 3*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// A database that fails makes calls wait, and loses none.
func TestStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newRows()
		l := node(rows, true)
		if _, err := l.Take(t.Context(), request("c")); err != nil {
			t.Fatal(err)
		}
		rows.fails = errors.New("no database")
		var wait *limit.Wait
		if _, err := l.Take(t.Context(), request("c", connector.RateLimit{Requests: 1, Seconds: 1})); !errors.As(err, &wait) {
			t.Error(err)
		}
		rows.fails = nil
		transaction(t.Context(), t, one(l), request("c", connector.RateLimit{Requests: 1, Seconds: 1}), func() {})
	})
}

// What has no limits costs a node that shares its database one look a second, and
// one that does not a single one.
func TestNoLimitsCostNothing(t *testing.T) {
	for shared, want := range map[bool]int{false: 1, true: 6} {
		synctest.Test(t, func(t *testing.T) {
			rows := newRows()
			l := node(rows, shared)
			for range 500 {
				take(t, l).Answered(t.Context())
				time.Sleep(10 * time.Millisecond)
			}
			if rows.count() > want {
				t.Errorf("shared %v: %d statements in 5 s", shared, rows.count())
			}
			time.Sleep(time.Hour)
			if rows.count() > want {
				t.Error("it asks while it is idle")
			}
		})
	}
}

func BenchmarkTakeWithoutLimits(b *testing.B) {
	l := node(newRows(), false)
	r := request("c")
	b.ReportAllocs()
	for b.Loop() {
		p, err := l.Take(b.Context(), r)
		if err != nil {
			b.Fatal(err)
		}
		p.Answered(b.Context())
	}
}

func BenchmarkTake(b *testing.B) {
	l := node(newRows(), true)
	r := request("c", connector.RateLimit{Requests: 1 << 40, Seconds: 1})
	b.ReportAllocs()
	for b.Loop() {
		p, err := l.Take(b.Context(), r)
		if err != nil {
			b.Fatal(err)
		}
		p.Answered(b.Context())
	}
}
