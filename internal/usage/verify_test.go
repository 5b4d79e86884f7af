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

// record is a ledger to verify.
type record struct {
	usage.Store
	ledger journal.Ledger
}

func (r record) Account(context.Context, tandem.PartnerID, string) (*tandem.Account, error) {
	return &tandem.Account{ID: 7, APIID: "books", CreatedDate: time.Date(1999, 12, 1, 1, 2, 3, 0, time.UTC)}, nil
}

func (r record) Ledger(context.Context, tandem.AccountID) (journal.Ledger, error) {
	return r.ledger, nil
}

func (r record) CycleVersion(_ context.Context, _ tandem.AccountID, id tandem.CycleID, version int64) (*tandem.Cycle, error) {
	if id == "gone" {
		return nil, tandem.NotFoundf("no such cycle")
	}
	get := map[int64]string{1: "get", 2: "put"}[version]
	return &tandem.Cycle{Graph: tandem.Graph{
		Connectors: []tandem.ConnectorRef{{Ref: "c", Name: "CRM", Version: "1.0"}, {Ref: "m", Name: "Mail", Version: "2.0"}},
		Steps:      []tandem.Step{{ID: "s1", Connector: "c", Method: get}, {ID: "s2", Connector: "m", Method: "send"}},
	}}, nil
}

func TestVerify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01
		first := tandem.SlotOf(time.Date(1999, 12, 30, 0, 0, 0, 0, time.UTC))
		count := func(slot tandem.Slot, cycle tandem.CycleID, connector, version, method string, succeeded, failed int) journal.Count {
			return journal.Count{Slot: slot, Cycle: cycle, Connector: connector, Version: version, Method: method, Succeeded: succeeded, Failed: failed}
		}
		step := func(slot tandem.Slot, cycle tandem.CycleID, version int64, id tandem.StepID, succeeded, failed int) journal.StepCount {
			return journal.StepCount{Slot: slot, Cycle: cycle, Version: version, Step: id, Succeeded: succeeded, Failed: failed}
		}
		l := journal.Ledger{
			Since: first,
			Counted: []journal.Count{
				count(first, "a", "crm", "1.0", "GET", 10, 1), // folded, and spelled otherwise
				count(first+3, "a", "CRM", "1.0", "put", 2, 0),
				count(first+96, "a", "Mail", "2.0", "send", 0, 4),
				count(first, "gone", "CRM", "1.0", "get", 3, 3), count(first, "gone", "CRM", "1.0", "put", 1, 0),
				count(first, "old", "", "", "get", 5, 0),
			},
			Recorded: []journal.StepCount{
				step(first+1, "a", 1, "s1", 4, 0), step(first+90, "a", 1, "s1", 6, 1), step(first+3, "a", 2, "s1", 2, 0), step(first+97, "a", 2, "s2", 0, 4),
				step(first, "gone", 9, "s1", 4, 3), step(first, "old", 1, "s1", 5, 0),
			},
		}
		verify := func() tandem.UsageCheck {
			t.Helper()
			got, err := usage.New(record{ledger: l}, nil).Verify(t.Context(), 1, "books")
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		want := tandem.UsageCheck{
			ID: "books", StartTime: first.Time(), EndTime: time.Now().UTC(), TasksUsed: 29, TasksFound: 29, Differences: []tandem.UsageDifference{},
		}
		if diff := cmp.Diff(want, verify()); diff != "" {
			t.Errorf("what is right (-want +got):\n%s", diff)
		}
		l.Counted[1].Succeeded++
		l.Recorded[3].Failed = 0
		l.Counted[3].Failed = 0
		want.TasksUsed, want.TasksFound = 27, 25
		want.Differences = []tandem.UsageDifference{
			{Day: "1999-12-30", CycleID: "a", Connector: "crm", ConnectorVersion: "1.0", Method: "put", Counted: tandem.Tasks{TasksUsed: 3, SuccessfulTasks: 3}, Found: tandem.Tasks{TasksUsed: 2, SuccessfulTasks: 2}},
			{Day: "1999-12-30", CycleID: "gone", Counted: tandem.Tasks{TasksUsed: 4, SuccessfulTasks: 4}, Found: tandem.Tasks{TasksUsed: 7, SuccessfulTasks: 4, IncidentTasks: 3}},
			{Day: "1999-12-31", CycleID: "a", Connector: "mail", ConnectorVersion: "2.0", Method: "send", Counted: tandem.Tasks{TasksUsed: 4, IncidentTasks: 4}},
		}
		if diff := cmp.Diff(want, verify()); diff != "" {
			t.Errorf("what is wrong (-want +got):\n%s", diff)
		}
		l = journal.Ledger{}
		if got := verify(); !got.StartTime.Equal(time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("an account that lost nothing is verified from %v", got.StartTime)
		}
		l.Since = tandem.SlotOf(time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC))
		if got := verify(); !got.StartTime.Equal(got.EndTime) {
			t.Errorf("an account that keeps nothing is verified from %v to %v", got.StartTime, got.EndTime)
		}
	})
}
