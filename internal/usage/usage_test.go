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

// ledger has one account, and notes what it is asked for.
type ledger struct {
	usage.Store
	bill       *time.Time
	first, end tandem.Slot
}

func (l *ledger) Account(_ context.Context, _ tandem.PartnerID, apiID string) (*tandem.Account, error) {
	if apiID != "books" {
		return nil, tandem.NotFoundf("no such account")
	}
	return &tandem.Account{ID: 7, APIID: apiID, Timezone: "Asia/Kathmandu", NextBillDateUTC: l.bill}, nil
}

func (l *ledger) Tasks(_ context.Context, _ tandem.AccountID, first, end tandem.Slot) (own, tree int, err error) {
	l.first, l.end = first, end
	return 42, 50, nil
}

func TestUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01
		l := &ledger{}
		m := usage.New(l, nil)
		time.Sleep(36*time.Hour + 7*time.Minute)
		try := func(start, end string, wantStart, wantEnd string, slots int) {
			t.Helper()
			got, err := m.Usage(t.Context(), 1, "books", instant(t, start), instant(t, end))
			if err != nil {
				t.Fatal(err)
			}
			want := tandem.Usage{ID: "books", TasksUsed: 42, TreeTasksUsed: 50, StartTime: instant(t, wantStart), EndTime: instant(t, wantEnd)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("from %q to %q (-want +got):\n%s", start, end, diff)
			}
			if !l.first.Time().Equal(want.StartTime) || l.end-l.first != tandem.Slot(slots) {
				t.Errorf("from %q to %q: slots from %v, %d", start, end, l.first.Time(), l.end-l.first)
			}
		}
		try("", "", "1999-12-31T18:15:00Z", "2000-01-02T12:07:00Z", 4*42) // the month of its zone, to now
		try("", "1999-12-31T18:10:00Z", "1999-11-30T18:15:00Z", "1999-12-31T18:15:00Z", 4*24*31)
		try("1999-12-31T23:44:59Z", "1999-12-31T23:59:59Z", "1999-12-31T23:30:00Z", "2000-01-01T00:00:00Z", 2)
		try("1999-12-01T00:00:00+05:45", "1999-12-02T00:00:00+05:45", "1999-11-30T18:15:00Z", "1999-12-01T18:15:00Z", 4*24)
		try("2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z", 4*24*366)
		bill := instant(t, "1990-06-20T12:00:00Z")
		l.bill = &bill
		try("", "", "1999-12-20T12:00:00Z", "2000-01-02T12:07:00Z", 4*24*13+1)
		start := instant(t, "1999-12-01T00:00:00Z")
		if _, err := m.Usage(t.Context(), 1, "books", start, start.Add(-1)); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("end before start: %v", err)
		}
		if _, err := m.Usage(t.Context(), 1, "other", start, start); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("unknown account: %v", err)
		}
	})
}

// instant reads a time; "" is none.
func instant(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}
