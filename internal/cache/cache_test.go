package cache_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem/internal/cache"
)

func reads(n *int) func() (int, error) {
	return func() (int, error) { *n++; return *n, nil }
}

func TestKeepsForItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := cache.New[string, int](10, time.Second)
		for range 3 {
			if v, err := c.Load("a", reads(&n)); v != 1 || err != nil {
				t.Fatalf("Load = %d, %v, want the first value read", v, err)
			}
		}
		time.Sleep(time.Second)
		if v, _ := c.Load("a", reads(&n)); v != 2 {
			t.Errorf("after its life Load = %d, want what is read again", v)
		}
	})
}

func TestLifeCountsFromTheReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[string, int](10, time.Second)
		slow := func() (int, error) { time.Sleep(time.Second); return 1, nil }
		if _, err := c.Load("a", slow); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Get("a"); ok {
			t.Error("a value whose reading began a life ago is still given")
		}
	})
}

func TestForgetDuringReading(t *testing.T) {
	c := cache.New[string, int](10, 0)
	_, err := c.Load("a", func() (int, error) {
		c.Forget(func(string, int) bool { return true })
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := c.Get("a"); ok {
		t.Errorf("Get = %d, but what it was read from was forgotten meanwhile", v)
	}
}

func TestManyAtOnceReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		c := cache.New[string, int64](10, time.Minute)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				v, err := c.Load("a", func() (int64, error) { time.Sleep(time.Second); return n.Add(1), nil })
				if v != 1 || err != nil {
					t.Errorf("Load = %d, %v, want what the first reads", v, err)
				}
			})
		}
		all.Wait()
	})
}

// Whoever comes after something was forgotten must not be given what was read before.
func TestReadingBeforeForgetIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[string, string](10, 0)
		slow := func() (string, error) { time.Sleep(time.Second); return "before", nil }
		go c.Load("a", slow)
		synctest.Wait()
		c.Forget(func(string, string) bool { return true })
		if v, _ := c.Load("a", func() (string, error) { return "after", nil }); v != "after" {
			t.Errorf("Load = %q, but that was forgotten", v)
		}
		time.Sleep(time.Minute)
		if v, _ := c.Get("a"); v != "after" {
			t.Errorf("in the end %q is kept, want what was read after", v)
		}
	})
}

// Nor what is read for longer than it may be used.
func TestLateReadingIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[string, string](10, time.Second)
		go c.Load("a", func() (string, error) { time.Sleep(time.Minute); return "late", nil })
		time.Sleep(time.Second)
		if v, _ := c.Load("a", func() (string, error) { return "now", nil }); v != "now" {
			t.Errorf("Load = %q, of which the reading began a life ago", v)
		}
		time.Sleep(time.Minute)
	})
}

func TestErrorIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[string, int](10, 0)
		go c.Load("a", func() (int, error) { time.Sleep(time.Second); return 0, errors.New("cancelled") })
		synctest.Wait()
		if v, err := c.Load("a", func() (int, error) { return 1, nil }); v != 1 || err != nil {
			t.Errorf("Load = %d, %v: another caller's error", v, err)
		}
		time.Sleep(time.Minute)
	})
}

func TestForgetMatching(t *testing.T) {
	n := 0
	c := cache.New[string, int](4, 0)
	for _, k := range []string{"a", "b", "c"} {
		if _, err := c.Load(k, reads(&n)); err != nil {
			t.Fatal(err)
		}
	}
	c.Forget(func(k string, _ int) bool { return k == "a" || k == "c" })
	for k, want := range map[string]bool{"a": false, "b": true, "c": false} {
		if _, ok := c.Get(k); ok != want {
			t.Errorf("Get(%s) found: %v, want %v", k, ok, want)
		}
	}
}

func TestKeepsWhatIsUsed(t *testing.T) {
	n := 0
	c := cache.New[int, int](8, 0)
	for k := range 100 {
		if _, err := c.Load(k, reads(&n)); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Get(0); !ok {
			t.Fatalf("an entry in constant use was dropped after %d others", k)
		}
	}
	kept := 0
	for k := range 100 {
		if _, ok := c.Get(k); ok {
			kept++
		}
	}
	if kept > 8 {
		t.Errorf("%d entries are kept, want at most 8", kept)
	}
}

func TestErrorIsNotKept(t *testing.T) {
	c := cache.New[string, int](2, 0)
	broken := errors.New("broken")
	if _, err := c.Load("a", func() (int, error) { return 1, broken }); !errors.Is(err, broken) {
		t.Fatalf("Load: %v, want the reader's error", err)
	}
	if _, ok := c.Get("a"); ok {
		t.Error("a value that came with an error is kept")
	}
}
