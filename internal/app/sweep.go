package app

import (
	"context"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
)

// sweepEvery is how often what is past its time is looked for.
const sweepEvery = time.Minute

// sweep deletes what retention no longer keeps, in small batches, and cancels
// what has waited for too long.
func (a *App) sweep(ctx context.Context) error {
	var swept time.Time
	for {
		if time.Since(swept) >= sweepBlobsEvery {
			swept = time.Now()
			a.sweepBlobs(ctx)
		}
		n, err := a.store.Expire(ctx, time.Now())
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "retention did not delete", "error", err)
		}
		for _, c := range a.chores() {
			if err := c.do(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "what is past its time was left", "what", c.what, "error", err)
			}
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

// sweepBlobs deletes what a node that was killed, or lost its transaction, has left
// in the bucket.
func (a *App) sweepBlobs(ctx context.Context) {
	n, err := a.store.SweepBlobs(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "the blob storage was not swept", "error", err)
	}
	if n > 0 {
		a.log.InfoContext(ctx, "blobs of no step deleted", "blobs", n)
	}
}

// chore is one thing that is done now and then. Another node may do the same at
// the same time.
type chore struct {
	what string
	do   func(ctx context.Context) error
}

// chores are what sweep does besides retention.
func (a *App) chores() []chore {
	return []chore{
		{"transactions in stopped cycles", a.expireHolds},
		{"templates in the recycle bin", func(ctx context.Context) error { _, err := a.store.PurgeTemplates(ctx, time.Now()); return err }},
		{"accounts in the recycle bin", a.purgeAccounts},
		{"files", func(ctx context.Context) error { _, err := a.store.ExpireFiles(ctx, time.Now()); return err }},
		{"logs of calls and webhooks", func(ctx context.Context) error { return a.store.ExpireTraffic(ctx, time.Now()) }},
		{"answers of idempotent calls", func(ctx context.Context) error { return a.store.PurgeReplays(ctx, time.Now()) }},
		{"what was done to many transactions", func(ctx context.Context) error {
			return a.store.ForgetRepeatJobs(ctx, time.Now().Add(-tandem.RepeatJobKept))
		}},
		{"what was stored", func(ctx context.Context) error { return a.store.SweepStorage(ctx, time.Now()) }},
		{"data that is not kept", a.store.ForgetBlobs},
		{"cycles in the recycle bin", func(ctx context.Context) error { _, err := a.store.PurgeCycles(ctx, time.Now()); return err }},
	}
}

// purgeAccounts deletes what is left of accounts whose time in the recycle bin
// is over.
func (a *App) purgeAccounts(ctx context.Context) error {
	n, err := a.store.PurgeAccounts(ctx, time.Now().Add(-tandem.AccountBinTime))
	if n > 0 {
		a.log.InfoContext(ctx, "deleted accounts purged", "accounts", n)
	}
	return err
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
