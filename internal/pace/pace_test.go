package pace

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New[string](Pace{Burst: 3, Every: 10 * time.Second})
		for i, want := range []Level{
			{Taken: true, Remaining: 2, Full: 10 * time.Second},
			{Taken: true, Remaining: 1, Full: 20 * time.Second},
			{Taken: true, Remaining: 0, Full: 30 * time.Second, Next: 10 * time.Second},
			{Taken: false, Remaining: 0, Full: 30 * time.Second, Next: 10 * time.Second},
		} {
			if got := b.Take("a"); got != want {
				t.Errorf("take %d: %+v, want %+v", i, got, want)
			}
		}
		if got := b.Take("b"); !got.Taken {
			t.Error("b pays for a")
		}
		time.Sleep(10 * time.Second)
		if looked := b.Look("a"); looked.Next != 0 || looked.Remaining != 1 {
			t.Errorf("after a while: %+v", looked)
		}
		if !b.Take("a").Taken || b.Take("a").Taken {
			t.Error("want one more after a while")
		}
		if got, want := b.Look("nobody"), (Level{Remaining: 3}); got != want {
			t.Errorf("of whom nothing is known: %+v, want %+v", got, want)
		}
		if len(b.all) != 2 {
			t.Errorf("looking makes buckets: %d", len(b.all))
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New[int](Pace{Burst: 1, Every: time.Minute})
		b.Take(-1)
		time.Sleep(time.Minute)
		for i := range remembered {
			b.Take(i)
		}
		if _, ok := b.all[-1]; ok || len(b.all) != remembered {
			t.Errorf("%d buckets, want %d without the full one", len(b.all), remembered)
		}
		for i := range remembered {
			b.Take(remembered + i)
			if len(b.all) > remembered {
				t.Fatalf("%d buckets", len(b.all))
			}
		}
	})
}

// Who has many addresses of IPv6 has no more tries.
func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "a pipe": "a pipe",
		"2001:db8:1:2::1": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::9": "2001:db8:1:2::/64", "2001:db8:1:3::1": "2001:db8:1:3::/64",
		"fe80::1%eth0": "fe80::/64",
	} {
		if got := Network(address); got != want {
			t.Errorf("%s counts for %s, want %s", address, got, want)
		}
	}
}

func TestGive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New[string](Pace{Burst: 2, Every: 10 * time.Second})
		for range 10 {
			if !b.Take("a").Taken {
				t.Fatal("what was given back is not there")
			}
			b.Give("a")
		}
		for range 5 {
			b.Give("a") // more than was taken
			b.Give("nobody")
		}
		if got, want := b.Look("a"), (Level{Remaining: 2}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		b.Take("a")
		b.Take("a")
		if b.Give("a"); !b.Take("a").Taken || b.Take("a").Taken {
			t.Error("want one more")
		}
	})
}
