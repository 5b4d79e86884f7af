package identity

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(passwordPace)
		guess := attempt{"a@x.test", "192.0.2.1"}
		for range passwordPace.Burst {
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
		time.Sleep(passwordPace.Every)
		if err := l.take(guess); err != nil {
			t.Errorf("after a while: %v", err)
		}
		if err := l.take(guess); err == nil {
			t.Error("after a while there is more than one try")
		}
	})
}
