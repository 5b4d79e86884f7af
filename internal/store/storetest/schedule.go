package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// schedule looks when cycles are due, in the zones that their account has in turn.
func schedule(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	a, other := newAccount(t, s, p, "a", 0), newAccount(t, s, p, "b", 0)
	day := time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC) // far ahead
	start := func(of tandem.AccountID, interval int, at time.Time) *tandem.Cycle {
		c := newCycle(t, s, of, nil)
		return change(t, s, c, func(c *tandem.Cycle) {
			c.Status, c.Interval, c.StartTime, c.Clock, c.RunOnce = tandem.CycleRunning, interval, at, at, interval == 0
		})
	}
	nine := day.Add(9 * time.Hour)
	daily, hourly, once := start(a.ID, 1440, nine), start(a.ID, 60, nine), start(a.ID, 0, nine)
	begun := start(a.ID, 1440, nine.AddDate(-20, 0, 0))
	elapsed := start(a.ID, 30, nine.AddDate(-20, 0, 0))
	for _, c := range []*tandem.Cycle{begun, elapsed} {
		skipTo(t, s, c, c.StartTime, nine)
	}
	due := start(a.ID, 1440, nine.AddDate(-20, 0, 0))
	foreign := start(other.ID, 1440, nine)
	all := []*tandem.Cycle{daily, hourly, once, begun, elapsed, due, foreign}
	next := func(what string, want ...time.Time) {
		t.Helper()
		var got []time.Time
		for _, c := range all {
			c, err := s.Cycle(t.Context(), c.Account, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, c.NextRun)
			if first := c.StartTime.Equal(due.StartTime); !first && !c.StartTime.Equal(c.NextRun) {
				t.Errorf("%s: begins at %s, is due at %s", what, c.StartTime, c.NextRun)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", what, diff)
		}
	}
	move := func(zone string) {
		t.Helper()
		if _, err := s.UpdateAccount(t.Context(), p, "a", func(a *tandem.Account) error { a.Timezone = zone; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	next("as begun", nine, nine, nine, nine, nine, due.StartTime, nine)
	move("America/New_York") // nine o'clock is at 13:00 in summer
	summer := nine.Add(4 * time.Hour)
	// What is begun goes on with the next time that there is.
	soon := tandem.Schedule{Interval: 24 * time.Hour, Clock: begun.StartTime, Zone: location(t, "America/New_York")}.Next(begun.StartTime, time.Now())
	next("in New York", summer, summer, summer, soon, nine, due.StartTime, nine)

	enable(t, s, a, false)
	move("Asia/Kolkata")
	enable(t, s, a, true)
	summer = nine.Add(-5*time.Hour - 30*time.Minute)
	soon = tandem.Schedule{Interval: 24 * time.Hour, Clock: begun.StartTime, Zone: location(t, "Asia/Kolkata")}.Next(begun.StartTime, time.Now())
	next("moved while suspended", summer, summer, summer, soon, nine, due.StartTime, nine)

	timers, err := s.DueTimers(t.Context(), nine.AddDate(1, 0, 0), 10)
	if err != nil || len(timers) != len(all) {
		t.Fatalf("%d timers, %v", len(timers), err)
	}
	for _, timer := range timers {
		if zone := timer.Zone.String(); (zone == "Asia/Kolkata") != (timer.Account == a.ID) || timer.Clock.Hour() != 9 {
			t.Errorf("%s: %s in %s", timer.Cycle, timer.Clock, zone)
		}
	}
	setStatus(t, s, daily, tandem.CyclePaused)
	if c, err := s.Cycle(t.Context(), a.ID, daily.ID); err != nil || !c.NextRun.IsZero() {
		t.Errorf("a paused cycle is due: %v, %v", c, err)
	}
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func skipTo(t *testing.T, s *store.Store, c *tandem.Cycle, was, to time.Time) {
	t.Helper()
	if err := s.SkipTimer(t.Context(), journal.Cursor{Account: c.Account, Cycle: c.ID, Was: was, Next: to}, tandem.Incident{}); err != nil {
		t.Fatal(err)
	}
}

// collecting: a run collects until its first step has ended, whatever follows, and
// its key is kept for so long.
func collecting(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	a := newAccount(t, s, newPartner(t, s, "a@acme.test"), "a", 0).ID
	c := newCycle(t, s, a, nil)
	expect := func(what string, want bool) {
		t.Helper()
		if busy, err := s.Busy(t.Context(), a, "timer c"); busy != want || err != nil {
			t.Errorf("%s: busy is %v, %v, want %v", what, busy, err, want)
		}
	}
	delta := func(id tandem.TransactionID, status tandem.TransactionStatus, items ...tandem.StepItem) {
		t.Helper()
		j.commit(t, journal.Delta{Account: a, Cycle: c.ID, Txn: id, Status: status, Items: items, Frontier: []byte("x"), Wake: time.Now().Add(time.Hour)})
	}
	expect("nothing ran", false)
	first := j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID, Version: 1, Trigger: "timer c", Key: "1"},
		journal.NewTxn{Account: a, Cycle: c.ID, Version: 1, Trigger: "webhook", Key: "2"})[0]
	expect("not begun", true)
	page := tandem.StepItem{Seq: 1, StepID: "in", Attempt: 1}
	delta(first, tandem.TransactionQueued, page)
	expect("after a page", true)
	delta(first, tandem.TransactionWaiting)
	expect("while it waits for a third party", true)
	if _, err := s.Expire(t.Context(), time.Now().Add(200*time.Hour)); err != nil {
		t.Fatal(err)
	}
	expect("after days", true)
	page.Seq, page.Tasks = 2, 1
	delta(first, tandem.TransactionWaiting, page)
	expect("while a later step waits", false)

	second := j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID, Version: 1, Trigger: "timer c", Key: "3"})[0]
	expect("the next one", true)
	delta(second, tandem.TransactionFailed, tandem.StepItem{Seq: 1, StepID: "in", Attempt: 1, Outcome: tandem.OutcomeError, Tasks: 1})
	expect("failed", false)
}
