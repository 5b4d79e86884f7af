package usage_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/usage"
)

// sums notes what is asked of them.
type sums struct {
	summed   tandem.Slot
	before   []tandem.Slot // SumTasks
	unfolded []tandem.Slot // UnfoldedAccounts
}

func (s *sums) SumTasks(_ context.Context, before tandem.Slot) error {
	s.before = append(s.before, before)
	return errors.New("the database is away")
}

func (s *sums) Summed(context.Context) (tandem.Slot, error) { return s.summed, nil }

func (s *sums) UnfoldedAccounts(_ context.Context, before tandem.Slot, _ int) ([]*tandem.Account, error) {
	s.unfolded = append(s.unfolded, before)
	return nil, nil
}

func (s *sums) FoldTasks(context.Context, tandem.AccountID, tandem.Slot, func(tandem.Slot) tandem.Slot) error {
	return nil
}

// TestSums sums up every few minutes, whatever happens, what is old enough.
func TestSums(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := &sums{}, tandem.SlotOf(time.Now())
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- usage.KeepSummed(ctx, slog.New(slog.DiscardHandler), s) }()
		time.Sleep(time.Hour + time.Second)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := len(s.before); n != 13 || s.before[0] != began-6 || s.before[n-1] != began-2 {
			t.Errorf("%d times, before %d", n, s.before)
		}
	})
}

// TestFoldAfterSums folds nothing that is not in the sums, and nothing of the last week.
func TestFoldAfterSums(t *testing.T) {
	now := time.Date(2026, 3, 20, 11, 0, 0, 0, time.UTC)
	week := tandem.SlotOf(time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC))
	for summed, want := range map[tandem.Slot]tandem.Slot{week - 5: week - 5, week + 500: week} {
		s := &sums{summed: summed}
		if err := usage.Fold(t.Context(), s, now); err != nil || len(s.unfolded) != 1 || s.unfolded[0] != want {
			t.Errorf("summed up to %d: folded what is before %d, %v; want %d", summed, s.unfolded, err, want)
		}
	}
}
