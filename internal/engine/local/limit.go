package local

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// runLimits keeps the limits of accounts up to date until ctx is done.
func (e *Engine) runLimits(ctx context.Context) {
	tick := time.NewTicker(e.o.Ask)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.ask:
			e.learnLimits(ctx, e.unlimited())
		case <-tick.C:
			e.learnLimits(ctx, e.busy())
		}
	}
}

// unlimited are the accounts whose limits are not known yet.
func (e *Engine) unlimited() []*account {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.queue.unknown
	e.queue.unknown = nil
	return all
}

// busy are the accounts that run something, or would if they could.
func (e *Engine) busy() (all []*account) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.queue.accounts {
		if a.running > 0 || a.ring.len() > 0 || a.parked > 0 || !a.known {
			all = append(all, a)
		}
	}
	return all
}

// learnLimits asks for limits, and lets go on what may now. An account whose
// limit cannot be read keeps the one that it has, or waits until it can.
func (e *Engine) learnLimits(ctx context.Context, accounts []*account) {
	for _, a := range accounts {
		n, err := e.o.Limit(ctx, a.id)
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
			if ctx.Err() == nil {
				e.log.Error("read the limit of an account", "account_id", a.id, "err", err)
			}
			continue
		}
		e.mu.Lock()
		if !a.known || a.limit != n {
			was := a.serial()
			a.limit, a.known = n, true
			if a.serial() != was {
				e.queue.reorder(a)
			}
			e.queue.admit(a)
		}
		e.queue.remind(a)
		e.dispatch()
		e.mu.Unlock()
	}
}

// mayBegin says that an account may run one more slice. The caller holds e.mu.
func (e *Engine) mayBegin(a *account) bool {
	return a.known && a.running < e.queue.room(a)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
