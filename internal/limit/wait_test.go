package limit_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/limit"
)

// take takes a pass that must be there.
func take(t *testing.T, l *limit.Limits) limit.Pass {
	t.Helper()
	p, err := l.Take(t.Context(), request("c"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// waitOf is for how long a call is told to wait; 0: it may go.
func waitOf(t *testing.T, l *limit.Limits) time.Duration {
	t.Helper()
	_, err := l.Take(t.Context(), request("c"))
	var wait *limit.Wait
	if err == nil || !errors.As(err, &wait) {
		return 0
	}
	return time.Until(wait.Until)
}

func TestWaitsGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := node(newRows(), false)
		var waits []time.Duration
		for i := range 9 {
			p := take(t, l)
			after := time.Duration(0)
			if i == 0 {
				after = 5 * time.Second
			}
			until, begins := p.Refused(t.Context(), after)
			if !begins {
				t.Error("no wait begins")
			}
			waits = append(waits, time.Until(until).Round(time.Second))
			time.Sleep(time.Until(until))
		}
		m := time.Minute
		if diff := cmp.Diff([]time.Duration{5 * time.Second, m, 3 * m, 7 * m, 15 * m, 30 * m, 30 * m, 30 * m, 30 * m}, waits); diff != "" {
			t.Error(diff)
		}
		take(t, l).Answered(t.Context()) // that was the end of it
		until, _ := take(t, l).Refused(t.Context(), 0)
		if wait := time.Until(until).Round(time.Second); wait != m {
			t.Errorf("after another answer the first wait is %s", wait)
		}
		time.Sleep(time.Until(until))
		until, _ = take(t, l).Refused(t.Context(), 2*time.Hour)
		if wait := time.Until(until).Round(time.Second); wait != 2*time.Hour {
			t.Errorf("it asks for two hours, and waits %s", wait)
		}
		time.Sleep(time.Until(until))
		until, _ = take(t, l).Refused(t.Context(), 1000*time.Hour)
		if wait := time.Until(until).Round(time.Second); wait != 24*time.Hour {
			t.Errorf("it asks for six weeks, and waits %s", wait)
		}
	})
}

// Everybody waits, on all nodes and after a restart, but for other connectors.
func TestWaitIsOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newRows()
		here, there := node(rows, true), node(rows, true)
		p, late := take(t, here), take(t, there)
		if _, begins := p.Refused(t.Context(), 30*time.Second); !begins {
			t.Error("no wait begins")
		}
		if until, begins := late.Refused(t.Context(), 10*time.Second); begins || time.Until(until) < 29*time.Second {
			t.Errorf("a call that was under way: begins %v, wait %s", begins, time.Until(until))
		}
		time.Sleep(1100 * time.Millisecond)
		for name, l := range map[string]*limit.Limits{"here": here, "there": there, "restarted": node(rows, true), "alone": node(rows, false)} {
			if wait := waitOf(t, l); wait < 28*time.Second || wait > 31*time.Second {
				t.Errorf("%s: %s", name, wait)
			}
		}
		other := request("c")
		other.Key.Connector++
		if _, err := here.Take(t.Context(), other); err != nil {
			t.Error(err)
		}
		other = request("c")
		other.Key.Account++
		if _, err := here.Take(t.Context(), other); err != nil {
			t.Error(err)
		}
	})
}

// When the wait is over one call goes first, and by its end the others go, one
// after the other.
func TestProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newRows()
		nodes := []*limit.Limits{node(rows, true), node(rows, true)}
		until, _ := take(t, nodes[0]).Refused(t.Context(), 10*time.Second)
		time.Sleep(1500 * time.Millisecond)
		var wg sync.WaitGroup
		var mu sync.Mutex
		var began, all []time.Duration
		for i := range 200 {
			wg.Go(func() {
				transaction(t.Context(), t, one(nodes[i%2]), request("c"), func() {
					mu.Lock()
					began = append(began, time.Since(until))
					first := len(began) == 1
					mu.Unlock()
					if first {
						time.Sleep(3 * time.Second)
						mu.Lock()
						all = append([]time.Duration(nil), began...)
						mu.Unlock()
					}
				})
			})
		}
		wg.Wait()
		if len(all) != 1 {
			t.Errorf("%d calls went while the first was out: %v", len(all), all)
		}
		if len(began) != 200 || began[0] < 0 || began[0] > time.Second {
			t.Errorf("%d calls, the first after %s", len(began), began[0])
		}
		herd := map[time.Duration]int{}
		for _, at := range began {
			herd[at.Truncate(time.Second)]++
		}
		for second, n := range herd {
			if n > 120 { // 50 of each node
				t.Errorf("%d calls at %s", n, second)
			}
		}
		if last := began[len(began)-1]; last > 15*time.Second {
			t.Errorf("the last call went after %s", last)
		}
	})
}

// A call that went first and was not made, or was lost with its node, lets another
// go; the ladder goes on.
func TestProbeIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newRows()
		l := node(rows, true)
		until, _ := take(t, l).Refused(t.Context(), 0)
		time.Sleep(time.Until(until))
		take(t, l).Unsent(t.Context())
		take(t, l) // and lost
		if wait := waitOf(t, l); wait == 0 || wait > 3*time.Second {
			t.Errorf("while the first is out: %s", wait)
		}
		time.Sleep(80 * time.Second)
		until, _ = take(t, node(rows, true)).Refused(t.Context(), 0)
		if wait := time.Until(until).Round(time.Second); wait != time.Minute {
			t.Errorf("the second wait is %s", wait)
		}
		time.Sleep(time.Until(until))
		until, _ = take(t, l).Refused(t.Context(), time.Second)
		if wait := time.Until(until).Round(time.Second); wait != 3*time.Minute {
			t.Errorf("the third wait is %s", wait)
		}
	})
}

func TestWaitWithoutDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newRows()
		l := node(rows, false)
		p := take(t, l)
		rows.fails = errors.New("no database")
		if until, begins := p.Refused(t.Context(), 5*time.Second); !begins || time.Until(until) < 5*time.Second {
			t.Error(until, begins)
		}
	})
}
