package usage_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/usage"
)

// ledger has one account, and notes which days it is asked for.
type ledger struct{ first, last int64 }

func (l *ledger) Account(_ context.Context, _ tandem.PartnerID, apiID string) (*tandem.Account, error) {
	if apiID != "books" {
		return nil, tandem.NotFoundf("no such account")
	}
	return &tandem.Account{ID: 7, APIID: apiID}, nil
}

func (l *ledger) Tasks(_ context.Context, _ tandem.AccountID, first, last int64) (int, error) {
	l.first, l.last = first, last
	return 42, nil
}

func TestUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01, day 10957
		l := &ledger{}
		m := usage.New(l)
		time.Sleep(36 * time.Hour)
		got, err := m.Usage(t.Context(), 1, "books", time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		want := tandem.Usage{ID: "books", TasksUsed: 42, StartTime: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), EndTime: time.Date(2000, 1, 2, 12, 0, 0, 0, time.UTC)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if l.first != 10957 || l.last != 10958 {
			t.Errorf("days %d to %d", l.first, l.last)
		}
		start := time.Date(1999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600)) // midnight, UTC
		if _, err := m.Usage(t.Context(), 1, "books", start, start); err != nil || l.first != 10957 || l.last != 10957 {
			t.Errorf("one instant: days %d to %d, %v", l.first, l.last, err)
		}
		if _, err := m.Usage(t.Context(), 1, "books", start, start.Add(-1)); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("end before start: %v", err)
		}
		if _, err := m.Usage(t.Context(), 1, "other", start, start); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("unknown account: %v", err)
		}
	})
}
