package app

import (
	"context"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem/internal/engine"
)

// sweepEvery is how often what is past its time is looked for.
const sweepEvery = time.Minute

// sweep deletes what retention no longer keeps, in small batches, and cancels
// what has waited for too long.
func (a *App) sweep(ctx context.Context) error {
	for {
		n, err := a.store.Expire(ctx, time.Now())
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "retention did not delete", "error", err)
		}
		if err := a.expireHolds(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "what waits in stopped cycles did not expire", "error", err)
		}
		wait := sweepEvery
		if n > 0 && err == nil {
			wait = 0 // there may be more
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// expireHolds cancels what has waited in stopped cycles for too long. Another
// node may do the same: what is cancelled stays cancelled.
func (a *App) expireHolds(ctx context.Context) error {
	expired, err := a.store.ExpiredHolds(ctx, time.Now())
	for _, c := range expired {
		err = errors.Join(err, a.engine.SignalCycle(ctx, c.Account, c.ID, engine.Expire))
	}
	return err
}
