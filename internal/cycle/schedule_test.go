package cycle_test

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// in moves the account to a zone.
func (w *world) in(t *testing.T, name string) *time.Location {
	t.Helper()
	if _, err := w.store.UpdateAccount(t.Context(), w.partner, "account", func(a *tandem.Account) error { a.Timezone = name; return nil }); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A start time is that of the account's zone, also one that the clock there skips.
func TestStartTimeInTheAccountsZone(t *testing.T) {
	w := newWorld(t)
	zone := w.in(t, "Europe/Berlin")
	c := w.add(t, "changed-contacts.json")
	skipped := time.Date(2030, 3, 31, 2, 30, 0, 0, time.UTC) // the clock jumps from 2 to 3
	for name, tt := range map[string]struct {
		how         tandem.Activation
		first, then time.Time // the run after the first
	}{
		"local":            {tandem.Activation{StartTime: time.Date(2030, 1, 5, 9, 0, 0, 0, time.UTC), Local: true, Interval: 1440}, time.Date(2030, 1, 5, 9, 0, 0, 0, zone), time.Date(2030, 1, 6, 9, 0, 0, 0, zone)},
		"with an offset":   {tandem.Activation{StartTime: time.Date(2030, 1, 5, 9, 0, 0, 0, time.UTC), Interval: 1440}, time.Date(2030, 1, 5, 10, 0, 0, 0, zone), time.Date(2030, 1, 6, 10, 0, 0, 0, zone)},
		"before a change":  {tandem.Activation{StartTime: time.Date(2030, 3, 30, 9, 0, 0, 0, time.UTC), Local: true, Interval: 1440}, time.Date(2030, 3, 30, 9, 0, 0, 0, zone), time.Date(2030, 3, 31, 9, 0, 0, 0, zone)},
		"skipped":          {tandem.Activation{StartTime: skipped, Local: true, Interval: 1440}, skipped.Add(-time.Hour), time.Date(2030, 4, 1, 2, 30, 0, 0, zone)},
		"once, not looped": {tandem.Activation{StartTime: skipped, Local: true, RunOnce: true}, skipped.Add(-time.Hour), time.Time{}},
	} {
		got := w.activate(t, c, tt.how)
		if !got.StartTime.Equal(tt.first) || !got.NextRun.Equal(tt.first) {
			t.Errorf("%s: begins at %s, and runs at %s; want %s", name, got.StartTime, got.NextRun, tt.first)
		}
		timers, err := w.store.DueTimers(t.Context(), tt.first, 2)
		if err != nil || len(timers) != 1 {
			t.Fatalf("%s: %v, %v", name, timers, err)
		}
		if next := timers[0].After(tt.first.Add(time.Second)); !next.Equal(tt.then) {
			t.Errorf("%s: the next is %s, want %s", name, next, tt.then)
		}
		if stopped, err := w.Deactivate(t.Context(), w.account, c.ID, false); err != nil || !stopped.NextRun.IsZero() {
			t.Fatalf("%s: %v, %v", name, stopped, err)
		}
	}
}

// What began long ago runs at the time that the clock shows, not at that of the
// offset then.
func TestStartTimeLongAgo(t *testing.T) {
	w := newWorld(t)
	zone := w.in(t, "America/New_York")
	c := w.add(t, "changed-contacts.json")
	for _, month := range []time.Month{time.January, time.July} {
		got := w.activate(t, c, tandem.Activation{StartTime: time.Date(2020, month, 5, 9, 15, 0, 0, zone), Interval: 1440})
		if at := got.NextRun.In(zone); at.Hour() != 9 || at.Minute() != 15 || time.Until(at) > 25*time.Hour || time.Until(at) < 0 {
			t.Errorf("since %s: %s", month, at)
		}
		if _, err := w.Deactivate(t.Context(), w.account, c.ID, false); err != nil {
			t.Fatal(err)
		}
	}
}
