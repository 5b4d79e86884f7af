package usage

import (
	"context"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// SumStore is what Sum adds up.
type SumStore interface {
	// SumTasks adds to the sums what is counted before a slot and is not in them. What
	// is counted in it later goes to them by itself.
	SumTasks(ctx context.Context, before tandem.Slot) error
}

const (
	sumEvery = 5 * time.Minute
	// sumAfter is how long after a slot it is summed up: by then nearly all is counted
	// in it, and the rest knows that it is late.
	sumAfter = 90 * time.Minute
)

// Sum adds up what reports of all accounts need, by days and months. Reports read what
// is not summed up yet where it was counted, so that it does not matter when it is.
func Sum(ctx context.Context, s SumStore, now time.Time) error {
	return s.SumTasks(ctx, tandem.SlotOf(now.Add(-sumAfter)))
}

// KeepSummed sums up every few minutes until ctx is done.
func KeepSummed(ctx context.Context, log *slog.Logger, s SumStore) error {
	for {
		if err := Sum(ctx, s, time.Now()); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "tasks were not summed up", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sumEvery):
		}
	}
}
