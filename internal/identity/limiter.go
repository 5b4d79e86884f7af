package identity

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/tandem-ipaas/tandem"
)

// attempts remembered at once; with more, those that have all their tries again
// are forgotten, and if none has, a tenth, whichever.
const remembered = 100_000

// pace is how often something may be tried: burst times, then once in refill.
type pace struct {
	burst  int
	refill time.Duration
}

// A person who mistypes has tries to spare; a program that guesses has few. That
// holds for one email from one network; for one email from everywhere, so that
// many networks do not help; and for codes, of which there are but a million.
var (
	passwordPace = pace{10, 10 * time.Second}
	emailPace    = pace{50, time.Minute}
	codePace     = pace{8, time.Minute}
)

// attempt is who tries to sign in as whom.
type attempt struct{ email, network string }

// network is whom an address counts for. Of IPv6 that is the /64, all of which
// is commonly one customer's.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}

// limiter limits the rate of attempts, each by itself.
type limiter struct {
	pace   pace
	mu     sync.Mutex
	counts map[attempt]*rate.Limiter
}

func newLimiter(p pace) *limiter { return &limiter{pace: p, counts: map[attempt]*rate.Limiter{}} }

// take uses one try. Errors: RateLimited.
func (l *limiter) take(a attempt) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	count, ok := l.counts[a]
	if !ok {
		l.forget()
		count = rate.NewLimiter(rate.Every(l.pace.refill), l.pace.burst)
		l.counts[a] = count
	}
	if count.Allow() {
		return nil
	}
	return &tandem.Error{Code: tandem.RateLimited, Message: "Too many attempts to sign in. Try again shortly.", RetryAfter: l.pace.refill}
}

// forget makes room for one more.
func (l *limiter) forget() {
	if len(l.counts) < remembered {
		return
	}
	for a, count := range l.counts {
		if count.Tokens() >= float64(l.pace.burst) {
			delete(l.counts, a)
		}
	}
	if len(l.counts) < remembered {
		return
	}
	spare := remembered / 10
	for a := range l.counts {
		if spare--; spare < 0 {
			return
		}
		delete(l.counts, a)
	}
}
