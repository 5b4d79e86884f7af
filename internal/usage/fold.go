package usage

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// FoldStore is what Fold puts together.
type FoldStore interface {
	// Summed is the slot before which all counts are in the sums.
	Summed(ctx context.Context) (tandem.Slot, error)
	// UnfoldedAccounts lists accounts with counts before a slot that are not
	// folded.
	UnfoldedAccounts(ctx context.Context, before tandem.Slot, limit int) ([]*tandem.Account, error)
	// FoldTasks folds the oldest day of these; into leads to no other day.
	FoldTasks(ctx context.Context, a tandem.AccountID, before tandem.Slot, into func(tandem.Slot) tandem.Slot) error
}

// How counts are folded.
const (
	foldAfter = 7 * 24 * time.Hour
	foldEvery = time.Hour
	foldBatch = 100 // accounts
)

// Fold puts the counts of slots together that are older than a week, into parts
// of days: those that are in the sums, which would miss what moves.
func Fold(ctx context.Context, s FoldStore, now time.Time) error {
	summed, err := s.Summed(ctx)
	if err != nil {
		return err
	}
	before := min(summed, tandem.SlotOf(now.Add(-foldAfter).UTC().Truncate(24*time.Hour)))
	for {
		accounts, err := s.UnfoldedAccounts(ctx, before, foldBatch)
		if err != nil || len(accounts) == 0 {
			return err
		}
		for _, a := range accounts {
			if err := s.FoldTasks(ctx, a.ID, before, a.Billing().DayPart); err != nil {
				return err
			}
		}
	}
}

// KeepFolded folds every hour until ctx is done.
func KeepFolded(ctx context.Context, log *slog.Logger, s interface {
	FoldStore
	RunStore
},
) error {
	for {
		now := time.Now()
		if err := errors.Join(Fold(ctx, s, now), FoldRuns(ctx, s, now)); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "counts were not folded", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(foldEvery):
		}
	}
}
