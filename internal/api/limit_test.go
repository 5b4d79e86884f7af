package api

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

// told are the headers by which clients keep to their limits.
func told(h http.Header) [3]string {
	return [3]string{h.Get("RateLimit-Limit"), h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset")}
}

func TestTheTighterLimitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(Options{ClientRate: 4, AccountRate: 2})
		one, two := tandem.Principal{Client: "one"}, tandem.Principal{Client: "two"}
		for i, c := range []struct {
			who   tandem.Principal
			in    tandem.AccountID
			told  [3]string
			after time.Duration // to wait; 0: it is let in
		}{
			{one, 0, [3]string{"4", "3", "15"}, 0},
			{one, 7, [3]string{"2", "1", "30"}, 0},
			{one, 7, [3]string{"2", "0", "60"}, 0},
			{two, 7, [3]string{"2", "0", "60"}, 30 * time.Second}, // the account's, whoever asks
			{two, 8, [3]string{"2", "1", "30"}, 0},
			{one, 0, [3]string{"4", "0", "60"}, 0},
			{one, 9, [3]string{"4", "0", "60"}, 15 * time.Second}, // and the account is not charged
			{tandem.Principal{ConsoleUser: 1}, 9, [3]string{"2", "1", "30"}, 0},
			{tandem.Principal{User: 1}, 0, [3]string{"4", "3", "15"}, 0},
		} {
			h := http.Header{}
			err := l.count(h, c.who, c.in)
			if diff := cmp.Diff(c.told, told(h)); diff != "" {
				t.Errorf("%d: -want +got\n%s", i, diff)
			}
			if c.after == 0 != (err == nil) {
				t.Errorf("%d: %v", i, err)
			}
			var e *tandem.Error
			if errors.As(err, &e) && (e.Code != tandem.RateLimited || e.RetryAfter != c.after) {
				t.Errorf("%d: %v after %s, want %s", i, e, e.RetryAfter, c.after)
			}
		}
		time.Sleep(15 * time.Second)
		if err := l.count(http.Header{}, one, 0); err != nil {
			t.Errorf("after the time told: %v", err)
		}
	})
}

func TestNoLimit(t *testing.T) {
	l, h := newLimits(Options{}), http.Header{}
	for range 10 {
		if err := l.count(h, tandem.Principal{Client: "one"}, 7); err != nil {
			t.Fatal(err)
		}
		if err := l.wrongToken("192.0.2.1", errNoToken); !errors.Is(err, errNoToken) {
			t.Fatal(err)
		}
	}
	if len(h) != 0 {
		t.Errorf("headers %v", h)
	}
}

func TestWrongCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(Options{FailureRate: 2})
		const here, there = "192.0.2.1", "192.0.2.2"
		wrong := &tandem.Error{Code: tandem.Invalid, Message: "invalid_client"}
		tried := 0
		try := func(address, client string, outcome error) tandem.Code {
			return tandem.ErrorCode(l.guessing(address, client, func() error { tried++; return outcome }))
		}
		for _, want := range []tandem.Code{tandem.Invalid, tandem.Invalid, tandem.RateLimited} {
			if got := try(here, "a", wrong); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		if got := try(here, "a", nil); got != tandem.RateLimited || tried != 2 {
			t.Errorf("one more guess: %q, after %d", got, tried)
		}
		for _, other := range [][2]string{{here, "b"}, {there, "a"}} {
			if got := try(other[0], other[1], nil); got != "" {
				t.Errorf("%v pays: %q", other, got)
			}
		}
		for _, want := range []tandem.Code{tandem.Unauthenticated, tandem.Unauthenticated, tandem.RateLimited} {
			if got := tandem.ErrorCode(l.wrongToken(here, errNoToken)); got != want {
				t.Errorf("token: %q, want %q", got, want)
			}
		}
		time.Sleep(30 * time.Second)
		if got := try(here, "a", nil); got != "" {
			t.Errorf("after a while: %q", got)
		}
	})
}
