package identity

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
)

// A person who mistypes has tries to spare; a program that guesses has few. That
// holds for one email from one network; for one email from everywhere, so that
// many networks do not help, and one network is no more than a part of them; and
// for codes, of which there are but a million.
var (
	passwordPace = pace.Pace{Burst: 10, Every: 10 * time.Second}
	sharePace    = pace.Pace{Burst: 20, Every: 5 * time.Minute} // a fifth of emailPace, in the long run
	emailPace    = pace.Pace{Burst: 50, Every: time.Minute}
	codePace     = pace.Pace{Burst: 8, Every: time.Minute}

	// signOnPace is for going to sign in elsewhere, where nothing is guessed: a
	// whole office may come from one network.
	signOnPace = pace.Pace{Burst: 60, Every: time.Second}
)

// attempt is who tries to sign in as whom.
type attempt struct{ email, network string }

// key is an attempt as it is remembered. It is short, whatever strangers send:
// they fill no memory with long names.
func (a attempt) key() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(a.email), a.email, a.network))
}

// network is whom an address counts for.
func network(address string) string { return pace.Network(address) }

// limiter limits the rate of attempts, each by itself.
type limiter struct {
	buckets *pace.Buckets[[sha256.Size]byte]
}

func newLimiter(p pace.Pace) *limiter { return &limiter{pace.New[[sha256.Size]byte](p)} }

// take uses one try. Errors: RateLimited.
func (l *limiter) take(a attempt) error {
	level := l.buckets.Take(a.key())
	if level.Taken {
		return nil
	}
	return &tandem.Error{Code: tandem.RateLimited, Message: "Too many attempts to sign in. Try again shortly.", RetryAfter: level.Next}
}

// give gives a try back.
func (l *limiter) give(a attempt) { l.buckets.Give(a.key()) }

// tries are what one try counts for, one after the other.
type tries []struct {
	*limiter
	attempt
}

// take uses one of each, and none of those after one that is used up. Errors:
// RateLimited.
func (all tries) take() error {
	for _, t := range all {
		if err := t.limiter.take(t.attempt); err != nil {
			return err
		}
	}
	return nil
}

// give gives them back.
func (all tries) give() {
	for _, t := range all {
		t.limiter.give(t.attempt)
	}
}
