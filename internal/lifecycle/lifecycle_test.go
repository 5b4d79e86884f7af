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

// start runs components until stop is called, which gives what Run returns.
func start(ctx context.Context, o Options, components ...Component) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, discard, components, o) }()
	synctest.Wait()
	return func() error {
		cancel()
		return <-ended
	}
}

func TestStopsInReverseOrderOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e events
		stop := start(t.Context(), Options{},
			e.component("store", time.Second, nil),
			e.component("engine", 2*time.Second, nil),
			e.component("api", time.Second, nil),
		)
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		want := []string{"stop api", "api stopped", "stop engine", "engine stopped", "stop store", "store stopped"}
		if diff := cmp.Diff(want, e.all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFirstErrorStopsTheOthersAndWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, late := errors.New("broken"), errors.New("late")
		var e events
		err := Run(t.Context(), discard, []Component{
			e.component("store", 0, late),
			{Name: "engine", Run: func(context.Context) error { time.Sleep(time.Minute); return broken }},
			e.component("api", 0, nil),
		}, Options{})
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
		err := Run(t.Context(), discard, []Component{
			e.component("store", 0, nil),
			{Name: "engine", Run: func(context.Context) error { return nil }},
		}, Options{})
		if !errors.Is(err, ErrEnded) || !strings.HasPrefix(err.Error(), "engine: ") {
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
		stop := start(t.Context(), Options{StopTimeout: 5 * time.Second},
			e.component("store", 0, nil),
			e.component("engine", time.Hour, nil),
			e.component("api", 4*time.Second, nil),
		)
		began := time.Now()
		err := stop()
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

func TestComponentsSeeTheContextsValues(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		var got any
		stop := start(context.WithValue(t.Context(), key{}, "trace"), Options{}, Component{
			Name: "api", Run: func(ctx context.Context) error { got = ctx.Value(key{}); <-ctx.Done(); return nil },
		})
		if err := stop(); err != nil || got != "trace" {
			t.Errorf("value %v, %v", got, err)
		}
	})
}

func TestNoComponents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := start(t.Context(), Options{})(); err != nil {
			t.Error(err)
		}
	})
}
