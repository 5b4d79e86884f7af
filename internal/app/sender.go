package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/limit"
	"github.com/tandem-ipaas/tandem/internal/outage"
)

// sender makes calls when the limits of their account connectors let them.
type sender struct {
	caller  *invoke.Caller
	limits  *limit.Limits
	machine *outage.Outage // for want of files and connections of this machine's
}

// waitHere is how long a call outside of transactions waits for a limit, if its
// context lets it.
const waitHere = time.Minute

// send makes a call, for an account, through the account connector k. A
// transaction's that has to wait is an *invoke.Later; others wait here.
//
// Errors: *invoke.Error; *invoke.Later; RateLimited, when somebody who asked on
// demand would have to wait for too long.
func (s *sender) send(ctx context.Context, a tandem.AccountID, k limit.Key, c invoke.Call) (invoke.Result, error) {
	if c.Collected != nil {
		return s.caller.Call(ctx, c) // which sends nothing
	}
	patient := c.Origin.Transaction == 0
	waiting := ctx
	if patient {
		var cancel context.CancelFunc
		waiting, cancel = context.WithTimeout(ctx, waitHere)
		defer cancel()
	}
	r := limit.Request{
		Key: k, Flow: limit.Flow{Account: a, Cycle: c.Origin.Cycle}, Place: c.Origin.Place, Patient: patient,
		Limits: c.Connector.RateLimits, Method: c.Method.MethodUniqueIdentifier, MethodLimit: c.Method.RateLimit,
	}
	for {
		pass, err := s.limits.Take(waiting, r)
		if err != nil {
			return invoke.Result{}, notNow(err, patient)
		}
		result, err := s.caller.Call(ctx, c)
		if lacking := exhausted(err); lacking || crowdedOut(err) {
			if lacking {
				s.machine.Failed(err)
			}
			pass.Unsent(ctx)
			return result, notHere(err, patient)
		}
		s.machine.Works()
		met := settle(ctx, pass, err)
		if met == nil {
			return result, err
		}
		if !patient {
			return result, met
		}
		if deadline, _ := waiting.Deadline(); deadline.Before(met.Until) {
			return result, err
		}
	}
}

// exhausted says that a call was not made for want of something of this machine's:
// the third party is not to blame, and nobody's step has failed.
func exhausted(err error) bool {
	for _, want := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS} {
		var name *net.DNSError // which has only the text of its cause
		if errors.Is(err, want) || errors.As(err, &name) && strings.Contains(name.Err, want.Error()) {
			return true
		}
	}
	return false
}

// crowdedOut says that a call was not made because too many scripts run.
func crowdedOut(err error) bool {
	var failed *invoke.Error
	return errors.As(err, &failed) && failed.Kind == invoke.Crowded
}

// exhaustedWait is how long to wait then.
const exhaustedWait = time.Second

// notHere is why a call was not made that this machine is too exhausted for.
func notHere(err error, patient bool) error {
	if !patient {
		return &invoke.Later{Until: time.Now().Add(exhaustedWait)}
	}
	return &tandem.Error{Code: tandem.Unavailable, RetryAfter: exhaustedWait, Err: err, Message: "The server has too much to do at the moment. Try again shortly."}
}

// notNow is why a call was not made: it has to wait, or its context is done.
func notNow(err error, patient bool) error {
	var wait *limit.Wait
	if !errors.As(err, &wait) {
		return err
	}
	if !patient {
		return &invoke.Later{Until: wait.Until, Place: wait.Place}
	}
	left := max(time.Until(wait.Until), time.Second).Round(time.Second)
	why := "The third party's limit of requests is reached."
	if wait.Busy {
		why = "Too many calls to the third party are under way."
	}
	return &tandem.Error{Code: tandem.RateLimited, RetryAfter: left, Err: err, Message: fmt.Sprintf("%s Try again in %s.", why, left)}
}

// settle tells the limits how a call ended. It is not nil if it met one.
func settle(ctx context.Context, pass limit.Pass, err error) *invoke.Later {
	var failed *invoke.Error
	switch known := errors.As(err, &failed); {
	case err == nil:
		pass.Answered(ctx)
	case known && failed.Kind == invoke.RateLimited:
		until, begins := pass.Refused(ctx, failed.RetryAfter)
		later := &invoke.Later{Until: until}
		if begins {
			later.Met = failed
		}
		return later
	case !known, failed.Kind == invoke.Build, failed.Kind == invoke.Auth && failed.Status == 0, ctx.Err() != nil:
		pass.Unsent(ctx)
	default:
		pass.Answered(ctx)
	}
	return nil
}
