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

// Guessing from one network for days leaves tries for who comes from elsewhere.
func TestOneNetworkHasAShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEntrance(nil, nil, nil, nil, nil, nil, "")
		through := 0
		for range 3 * 24 * 60 * 60 / 5 {
			if e.tries(tandem.SignIn{Email: "a@x.test", Address: "192.0.2.66"}, false).take() == nil {
				through++
			}
			time.Sleep(5 * time.Second)
		}
		if most := sharePace.Burst + int(3*24*time.Hour/sharePace.Every) + 1; through > most || through < sharePace.Burst {
			t.Errorf("%d guesses got through, want at most %d", through, most)
		}
		for range passwordPace.Burst {
			if err := e.tries(tandem.SignIn{Email: "a@x.test", Address: "198.51.100.1"}, false).take(); err != nil {
				t.Fatalf("the owner, elsewhere: %v", err)
			}
		}
	})
}

func TestKeysDiffer(t *testing.T) {
	if (attempt{"a b", "c"}).key() == (attempt{"a", "b c"}).key() {
		t.Error("two attempts are one")
	}
}
