package usage_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/usage"
)

// logbook is a partner's runs, and notes what is counted.
type logbook struct {
	usage.OverviewStore
	counts []journal.RunCount
	kept   map[int64]tandem.RunDay
	asked  [][2]int64
}

func (l *logbook) Partners(context.Context) ([]tandem.PartnerID, error) {
	return []tandem.PartnerID{1}, nil
}

func (l *logbook) RunCounts(_ context.Context, _ tandem.PartnerID, _ tandem.AccountID, first, end int64) (all []journal.RunCount, err error) {
	l.asked = append(l.asked, [2]int64{first, end})
	for _, n := range l.counts {
		if n.Day >= first && n.Day < end {
			all = append(all, n)
		}
	}
	return all, nil
}

func (l *logbook) LastRunDay(context.Context, tandem.PartnerID) (int64, error) {
	last := int64(-1)
	for day := range l.kept {
		last = max(last, day)
	}
	return last, nil
}

func (l *logbook) RunDays(context.Context, tandem.PartnerID, int64, int64) (map[int64]tandem.RunDay, error) {
	return l.kept, nil
}

func (l *logbook) KeepRunDay(_ context.Context, _ tandem.PartnerID, day int64, d tandem.RunDay) error {
	l.kept[day] = d
	return nil
}

// TestRunDays shows the same days before and after they are added up, and then counts
// only what is not over.
func TestRunDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01
		time.Sleep(12 * time.Hour)
		today := journal.DayOf(time.Now())
		l := &logbook{kept: map[int64]tandem.RunDay{}, counts: []journal.RunCount{
			{Day: today - 5, Span: 0, Runs: 94, Errors: 1}, {Day: today - 5, Span: 4, Runs: 1}, {Day: today - 5, Span: 40, Runs: 5, Errors: 5},
			{Day: today - 2, Span: 40, Runs: 7}, {Day: today, Span: 4, Runs: 1},
		}}
		o := usage.NewOverview(l, nil)
		days := func() []tandem.RunDay {
			t.Helper()
			p, err := o.Days(t.Context(), 1, tandem.RunFilter{Start: journal.DayStart(today - 6)})
			if err != nil {
				t.Fatal(err)
			}
			return p.Rows
		}
		before := days()
		want := []tandem.RunDay{
			{Day: "1999-12-26"}, {Day: "1999-12-27", Runs: 100, Errors: 6, P95Milliseconds: 2}, {Day: "1999-12-28"}, {Day: "1999-12-29"},
			{Day: "1999-12-30", Runs: 7, P95Milliseconds: 1024}, {Day: "1999-12-31"}, {Day: "2000-01-01", Runs: 1, P95Milliseconds: 2},
		}
		if diff := cmp.Diff(want, before); diff != "" {
			t.Errorf("before (-want +got):\n%s", diff)
		}
		for range 2 {
			if err := usage.FoldRuns(t.Context(), l, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		l.asked = nil
		if diff := cmp.Diff(before, days()); diff != "" {
			t.Errorf("after they are added up (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff([][2]int64{{today, today + 1}}, l.asked); diff != "" {
			t.Errorf("what was counted (-want +got):\n%s", diff)
		}
		if len(l.kept) != 3 {
			t.Errorf("kept %v", l.kept)
		}
	})
}
