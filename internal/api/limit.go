package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
)

// actor is a client or a person whose requests are counted together.
type actor struct {
	client      string
	consoleUser tandem.ConsoleUserID
	user        tandem.UserID
}

// guess is who brings wrong credentials: of a client, or, with "", a token.
type guess struct{ network, client string }

func guessFrom(address, client string) guess {
	return guess{pace.Network(address), client[:min(len(client), len(tandem.NewGUID()))]}
}

// limits are how much is answered. They are counted by each node.
type limits struct {
	client   *limit[actor]
	account  *limit[tandem.AccountID]
	failures *limit[guess]
}

func newLimits(o Options) limits {
	return limits{newLimit[actor](o.ClientRate), newLimit[tandem.AccountID](o.AccountRate), newLimit[guess](o.FailureRate)}
}

// limit is so much a minute, of everybody with a key; nil is no limit.
type limit[K comparable] struct {
	*pace.Buckets[K]
	rate int
}

func newLimit[K comparable](rate int) *limit[K] {
	if rate <= 0 {
		return nil
	}
	return &limit[K]{pace.New[K](pace.Pace{Burst: rate, Every: time.Minute / time.Duration(rate)}), rate}
}

// allowance is what a limit leaves after a request.
type allowance struct {
	pace.Level
	limit int
	of    string
}

func (l *limit[K]) count(k K, of string) *allowance {
	if l == nil {
		return nil
	}
	return &allowance{l.Take(k), l.rate, of}
}

// count counts a request of who, and in an account if that is not 0, and says in
// the headers what is left by the tighter limit.
//
// Errors: RateLimited.
func (l limits) count(h http.Header, who tandem.Principal, in tandem.AccountID) error {
	left := l.client.count(actor{who.Client, who.ConsoleUser, who.User}, "this client")
	if in != 0 && (left == nil || left.Taken) {
		if a := l.account.count(in, "this account"); a != nil && (left == nil || !a.Taken || a.Remaining < left.Remaining) {
			left = a
		}
	}
	if left == nil {
		return nil
	}
	h.Set("RateLimit-Limit", strconv.Itoa(left.limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(left.Remaining))
	h.Set("RateLimit-Reset", strconv.Itoa(int(math.Ceil(left.Full.Seconds()))))
	if left.Taken {
		return nil
	}
	return &tandem.Error{
		Code: tandem.RateLimited, RetryAfter: left.Next,
		Message: fmt.Sprintf("Too many requests: %s may make %d a minute.", left.of, left.limit),
	}
}

// wrongToken counts a token that is not good, and gives the error for it: err,
// unless there were too many. Good ones are taken all the same, so that nobody is
// locked out by others at the same address; and there are too many to guess one.
func (l limits) wrongToken(address string, err error) error {
	if l.failures == nil {
		return err
	}
	if level := l.failures.Take(guessFrom(address, "")); !level.Taken {
		return tooManyFailures(level, err)
	}
	return err
}

// guessing runs try, which looks at the secret of a client, unless there were too
// many wrong ones for that client from that network. A right one gives its token
// back; until then it counts, so that many at once are no way around.
func (l limits) guessing(address, client string, try func() error) error {
	if l.failures == nil {
		return try()
	}
	g := guessFrom(address, client)
	if level := l.failures.Take(g); !level.Taken {
		return tooManyFailures(level, nil)
	}
	err := try()
	if tandem.ErrorCode(err) != tandem.Invalid {
		l.failures.Give(g)
	}
	return err
}

func tooManyFailures(level pace.Level, cause error) error {
	return &tandem.Error{
		Code: tandem.RateLimited, RetryAfter: level.Next, Err: cause,
		Message: "Too many wrong credentials from this network address. Try again shortly.",
	}
}
