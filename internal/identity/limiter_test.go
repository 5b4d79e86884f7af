package identity

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(passwordPace)
		guess := attempt{"a@x.test", "192.0.2.1"}
		for range passwordPace.burst {
			if err := l.take(guess); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.take(guess); tandem.ErrorCode(err) != tandem.RateLimited {
			t.Errorf("one too many: %v", err)
		}
		for _, other := range []attempt{{"a@x.test", "192.0.2.2"}, {"b@x.test", "192.0.2.1"}} {
			if err := l.take(other); err != nil {
				t.Errorf("%v pays for %v: %v", other, guess, err)
			}
		}
		time.Sleep(passwordPace.refill)
		if err := l.take(guess); err != nil {
			t.Errorf("after a while: %v", err)
		}
		if err := l.take(guess); err == nil {
			t.Error("after a while there is more than one try")
		}
	})
}

func TestLimiterForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(passwordPace)
		for i := range 3 * remembered {
			if err := l.take(attempt{fmt.Sprint(i), ""}); err != nil {
				t.Fatal(err)
			}
			if len(l.counts) > remembered {
				t.Fatalf("remembers %d", len(l.counts))
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
		if got := network(address); got != want {
			t.Errorf("%s counts for %s, want %s", address, got, want)
		}
	}
}
