package identity

import (
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
)

// A person who mistypes has tries to spare; a program that guesses has few. That
// holds for one email from one network; for one email from everywhere, so that
// many networks do not help; and for codes, of which there are but a million.
var (
	passwordPace = pace.Pace{Burst: 10, Every: 10 * time.Second}
	emailPace    = pace.Pace{Burst: 50, Every: time.Minute}
	codePace     = pace.Pace{Burst: 8, Every: time.Minute}

	// signOnPace is for going to sign in elsewhere, where nothing is guessed: a
	// whole office may come from one network.
	signOnPace = pace.Pace{Burst: 60, Every: time.Second}
)

// attempt is who tries to sign in as whom.
type attempt struct{ email, network string }

// network is whom an address counts for.
func network(address string) string { return pace.Network(address) }

// limiter limits the rate of attempts, each by itself.
type limiter struct{ buckets *pace.Buckets[attempt] }

func newLimiter(p pace.Pace) *limiter { return &limiter{pace.New[attempt](p)} }

// take uses one try. Errors: RateLimited.
func (l *limiter) take(a attempt) error {
	level := l.buckets.Take(a)
	if level.Taken {
		return nil
	}
	return &tandem.Error{Code: tandem.RateLimited, Message: "Too many attempts to sign in. Try again shortly.", RetryAfter: level.Next}
}
