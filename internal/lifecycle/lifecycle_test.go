package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// events notes what happens, in order.
type events struct {
	mu  sync.Mutex
	all []string
}

func (e *events) add(s string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, s)
}

// component works until it is told to stop, takes a while, and returns err.
func (e *events) component(name string, while time.Duration, err error) Component {
	return Component{Name: name, Run: func(ctx context.Context) error {
		<-ctx.Done()
		e.add("stop " + name)
		time.Sleep(while)
		e.add(name + " stopped")
		return err
	}}
}

var discard = slog.New(slog.DiscardHandler)

func TestStopsInReverseOrderOneAfterTheOther(t *testing.T) {
	for name, stop := range map[string]func(g *Group, cancel func()) error{
		"by Stop":    func(g *Group, _ func()) error { return g.Stop() },
		"by context": func(g *Group, cancel func()) error { cancel(); return g.Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var e events
				g := Start(ctx, discard, []Component{
					e.component("store", time.Second, nil),
					e.component("engine", 2*time.Second, nil),
					e.component("api", time.Second, nil),
				}, Options{})
				synctest.Wait()
				if err := stop(g, cancel); err != nil {
					t.Errorf("stop: %v", err)
				}
				want := []string{"stop api", "api stopped", "stop engine", "engine stopped", "stop store", "store stopped"}
				if diff := cmp.Diff(want, e.all); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestFirstErrorStopsTheOthersAndWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, late := errors.New("broken"), errors.New("late")
		var e events
		g := Start(t.Context(), discard, []Component{
			e.component("store", 0, late),
			{Name: "engine", Run: func(context.Context) error { time.Sleep(time.Minute); return broken }},
			e.component("api", 0, nil),
		}, Options{})
		err := g.Wait()
		if !errors.Is(err, broken) || !errors.Is(err, late) {
			t.Fatalf("error %v, want both", err)
		}
		if want := "engine: broken\nstop store: late"; err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
		if diff := cmp.Diff([]string{"stop api", "api stopped", "stop store", "store stopped"}, e.all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEndingUnaskedStopsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e events
		g := Start(t.Context(), discard, []Component{
			e.component("store", 0, nil),
			{Name: "engine", Run: func(context.Context) error { return nil }},
		}, Options{})
		if err := g.Wait(); !errors.Is(err, ErrEnded) || !strings.HasPrefix(err.Error(), "engine: ") {
			t.Errorf("error %v, want that engine ended", err)
		}
		if diff := cmp.Diff([]string{"stop store", "store stopped"}, e.all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDeadlineBoundsTheWholeStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e events
		g := Start(t.Context(), discard, []Component{
			e.component("store", 0, nil),
			e.component("engine", time.Hour, nil),
			e.component("api", 4*time.Second, nil),
		}, Options{StopTimeout: 5 * time.Second})
		began := time.Now()
		err := g.Stop()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %v, want 5s", took)
		}
		if err == nil || err.Error() != "not stopped after 5s: engine, store" {
			t.Errorf("error %v, want it to name what is left", err)
		}
		synctest.Wait()
		if want := "store stopped"; e.all[len(e.all)-1] != want {
			t.Errorf("%v: want the rest told to end, too", e.all)
		}
		time.Sleep(time.Hour) // let engine end
	})
}

func TestStopAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("failure")
		var e events
		g := Start(t.Context(), discard, []Component{e.component("api", time.Second, failure)}, Options{})
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if err := g.Stop(); !errors.Is(err, failure) {
					t.Errorf("error %v, want the same for all", err)
				}
			})
		}
		group.Wait()
		if err := g.Stop(); !errors.Is(err, failure) {
			t.Errorf("after the end: %v", err)
		}
		if diff := cmp.Diff([]string{"stop api", "api stopped"}, e.all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestComponentsSeeTheContextsValues(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		var got any
		g := Start(context.WithValue(t.Context(), key{}, "trace"), discard, []Component{
			{Name: "api", Run: func(ctx context.Context) error { got = ctx.Value(key{}); <-ctx.Done(); return nil }},
		}, Options{})
		if err := g.Stop(); err != nil || got != "trace" {
			t.Errorf("value %v, %v", got, err)
		}
	})
}

func TestEmptyGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := Start(t.Context(), discard, nil, Options{}).Stop(); err != nil {
			t.Error(err)
		}
	})
}
