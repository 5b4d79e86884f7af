package usage

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// RunStore is what FoldRuns adds up; see OverviewStore.
type RunStore interface {
	Partners(ctx context.Context) ([]tandem.PartnerID, error)
	RunCounts(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64) ([]journal.RunCount, error)
	LastRunDay(ctx context.Context, p tandem.PartnerID) (int64, error)
	KeepRunDay(ctx context.Context, p tandem.PartnerID, day int64, d tandem.RunDay) error
}

// settledAfter is how long after its end a day's runs are added up. A run is counted on
// the day of its commit.
const settledAfter = 2 * time.Hour

// FoldRuns adds the runs of all accounts of each partner up, by the days that are over
// and were not added up yet.
func FoldRuns(ctx context.Context, s RunStore, now time.Time) error {
	partners, err := s.Partners(ctx)
	if err != nil {
		return err
	}
	for _, p := range partners {
		if err := foldRuns(ctx, s, p, journal.DayOf(now.Add(-settledAfter))); err != nil {
			return err
		}
	}
	return nil
}

// foldRuns adds up the days of a partner before one. The last of them is kept in any
// case: it says that those before it are known.
func foldRuns(ctx context.Context, s RunStore, p tandem.PartnerID, end int64) error {
	last, err := s.LastRunDay(ctx, p)
	if err != nil || last+1 >= end {
		return err
	}
	counts, err := s.RunCounts(ctx, p, 0, last+1, end)
	if err != nil {
		return err
	}
	for len(counts) > 0 && counts[0].Day < end-1 {
		var d tandem.RunDay
		day := counts[0].Day
		d, counts = firstDay(day, counts)
		if err := s.KeepRunDay(ctx, p, day, d); err != nil {
			return err
		}
	}
	d, _ := firstDay(end-1, counts)
	return s.KeepRunDay(ctx, p, end-1, d)
}
