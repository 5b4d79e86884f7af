package identity

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/tandem-ipaas/tandem"
)

// A person who mistypes has tries to spare; a program that guesses has one in
// refill after the first few.
const (
	burst  = 10
	refill = 10 * time.Second
	// attempts remembered at once; with more, those that have all their tries
	// again are forgotten, and if none has, a tenth, whichever.
	remembered = 100_000
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
	mu     sync.Mutex
	counts map[attempt]*rate.Limiter
}

func newLimiter() *limiter { return &limiter{counts: map[attempt]*rate.Limiter{}} }

// take uses one try. Errors: RateLimited.
func (l *limiter) take(a attempt) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	count, ok := l.counts[a]
	if !ok {
		l.forget()
		count = rate.NewLimiter(rate.Every(refill), burst)
		l.counts[a] = count
	}
	if count.Allow() {
		return nil
	}
	return &tandem.Error{Code: tandem.RateLimited, Message: "Too many attempts to sign in. Try again shortly.", RetryAfter: refill}
}

// forget makes room for one more.
func (l *limiter) forget() {
	if len(l.counts) < remembered {
		return
	}
	for a, count := range l.counts {
		if count.Tokens() >= burst {
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
