package tandem_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
)

func zone(t interface {
	Helper()
	Fatal(args ...any)
}, name string,
) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

const plain = "2006-01-02T15:04"

func clock(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(plain, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What a schedule does around changes of the clock: runs as the clock shows them,
// with its offset.
func TestScheduleOverChangesOfTheClock(t *testing.T) {
	const shown = "01-02 15:04 -07:00"
	for name, tt := range map[string]struct {
		zone, clock, after string
		minutes            int
		want               []string
	}{
		"daily, spring":    {"Europe/Berlin", "2026-01-05T09:00", "2026-03-28T00:00", 1440, []string{"03-28 09:00 +01:00", "03-29 09:00 +02:00", "03-30 09:00 +02:00"}},
		"daily, autumn":    {"Europe/Berlin", "2026-01-05T09:00", "2026-10-24T00:00", 1440, []string{"10-24 09:00 +02:00", "10-25 09:00 +01:00", "10-26 09:00 +01:00"}},
		"weekly":           {"America/New_York", "2026-02-02T08:30", "2026-03-02T00:00", 10080, []string{"03-02 08:30 -05:00", "03-09 08:30 -04:00", "03-16 08:30 -04:00"}},
		"does not exist":   {"Europe/Berlin", "2026-01-05T02:30", "2026-03-28T00:00", 1440, []string{"03-28 02:30 +01:00", "03-29 03:30 +02:00", "03-30 02:30 +02:00"}},
		"exists twice":     {"Europe/Berlin", "2026-01-05T02:30", "2026-10-24T00:00", 1440, []string{"10-24 02:30 +02:00", "10-25 02:30 +02:00", "10-26 02:30 +01:00"}},
		"every 12 hours":   {"Europe/Berlin", "2026-01-05T06:00", "2026-03-28T12:00", 720, []string{"03-28 18:00 +01:00", "03-29 06:00 +02:00", "03-29 18:00 +02:00"}},
		"every 2 hours":    {"Europe/Berlin", "2026-01-05T00:30", "2026-03-28T23:00", 120, []string{"03-29 00:30 +01:00", "03-29 03:30 +02:00", "03-29 04:30 +02:00"}},
		"2 hours, autumn":  {"Europe/Berlin", "2026-01-05T00:30", "2026-10-24T23:00", 120, []string{"10-25 00:30 +02:00", "10-25 02:30 +02:00", "10-25 04:30 +01:00"}},
		"hourly, elapsed":  {"Europe/Berlin", "2026-03-29T00:30", "2026-03-29T00:00", 60, []string{"03-29 00:30 +01:00", "03-29 01:30 +01:00", "03-29 03:30 +02:00"}},
		"hourly, autumn":   {"Europe/Berlin", "2026-10-25T01:30", "2026-10-25T01:00", 60, []string{"10-25 01:30 +02:00", "10-25 02:30 +02:00", "10-25 02:30 +01:00"}},
		"half an hour":     {"Asia/Kolkata", "2026-01-05T09:15", "2026-03-28T00:00", 1440, []string{"03-28 09:15 +05:30", "03-29 09:15 +05:30", "03-30 09:15 +05:30"}},
		"half-hour change": {"Australia/Lord_Howe", "2026-01-05T02:15", "2026-10-03T00:00", 1440, []string{"10-03 02:15 +10:30", "10-04 02:45 +11:00", "10-05 02:15 +11:00"}},
		"half-hour back":   {"Australia/Lord_Howe", "2026-01-05T01:45", "2026-04-04T00:00", 1440, []string{"04-04 01:45 +11:00", "04-05 01:45 +11:00", "04-06 01:45 +10:30"}},
		"a day left out":   {"Pacific/Apia", "2011-12-01T10:00", "2011-12-29T00:00", 1440, []string{"12-29 10:00 -10:00", "12-31 10:00 +14:00", "01-01 10:00 +14:00"}},
		"no zone":          {"UTC", "2026-01-05T09:00", "2026-03-28T00:00", 1440, []string{"03-28 09:00 +00:00", "03-29 09:00 +00:00", "03-30 09:00 +00:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tandem.Schedule{Interval: time.Duration(tt.minutes) * time.Minute, Clock: clock(t, tt.clock), Zone: zone(t, tt.zone)}
			var got []string
			begins := tandem.AtClock(s.Clock, s.Zone)
			for at := tandem.AtClock(clock(t, tt.after), s.Zone); len(got) < len(tt.want); {
				at = s.Next(begins, at)
				got = append(got, at.In(s.Zone).Format(shown))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// zones have all that clocks do: halves and quarters of hours, changes by half an
// hour, none, and a day left out.
var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "Asia/Tokyo"}

// The next run is after t, no other is between, and it is never further than the
// interval and the clock's jump. A timer comes by each run once.
func TestScheduleGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := tandem.Schedule{
			Interval: time.Duration(rapid.SampledFrom(tandem.Intervals).Draw(t, "interval")) * time.Minute,
			Clock:    time.Unix(rapid.Int64Range(1_300_000_000, 1_800_000_000).Draw(t, "clock"), 0).UTC(),
			Zone:     zone(t, rapid.SampledFrom(zones).Draw(t, "zone")),
		}
		begins := tandem.AtClock(s.Clock, s.Zone)
		at := begins.Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "after")) * time.Second)
		next := s.Next(begins, at)
		if !next.After(at) || next.Sub(at) > s.Interval+25*time.Hour {
			t.Fatalf("after %s comes %s", at, next)
		}
		if again := s.Next(begins, next.Add(-time.Microsecond)); !again.Equal(next) {
			t.Fatalf("just before %s the next is %s", next, again)
		}
		between := at.Add(next.Sub(at) / 2)
		if again := s.Next(begins, between); !again.Equal(next) {
			t.Fatalf("at %s the next is %s, at %s %s", at, next, between, again)
		}
		timer := tandem.Timer{Due: next, Schedule: s}
		if after := timer.After(next.Add(-time.Hour)); !after.After(next) {
			t.Fatalf("with a clock that is late, %s comes after %s", after, next)
		}
	})
}

// What the clock shows, and when: there and back, but for what it never shows.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(1_300_000_000, 1_800_000_000).Draw(t, "at"), 0).UTC()
		shown := tandem.WallClock(at, z)
		got := tandem.AtClock(shown, z)
		if got.After(at) || !tandem.WallClock(got, z).Equal(shown) {
			t.Fatalf("at %s it shows %s, which is %s", at, shown, got)
		}
	})
}

// In another zone a schedule keeps to the clock there, and loses no single run.
func TestTimerMoves(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	tokyo, york := zone(t, "Asia/Tokyo"), zone(t, "America/New_York")
	for name, tt := range map[string]struct {
		zone  *time.Location
		clock string
		every int
		once  bool
		want  string
	}{
		"daily, still to come": {york, "2026-05-01T09:00", 1440, false, "2026-06-01T13:00"},
		"daily, over":          {tokyo, "2026-05-01T09:00", 1440, false, "2026-06-02T00:00"},
		"not begun":            {tokyo, "2026-06-03T09:00", 60, false, "2026-06-03T00:00"},
		"would have begun":     {tokyo, "2026-06-01T18:30", 60, false, "2026-06-01T12:30"},
		"once, to come":        {tokyo, "2026-06-02T09:00", 0, true, "2026-06-02T00:00"},
		"once, over":           {tokyo, "2026-06-01T20:00", 0, true, "2026-06-01T12:00"},
	} {
		timer := tandem.Timer{RunOnce: tt.once, Schedule: tandem.Schedule{Interval: time.Duration(tt.every) * time.Minute, Clock: clock(t, tt.clock), Zone: tt.zone}}
		if got := timer.Moved(now).Format(plain); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	if !slices.Contains(tandem.Intervals, tandem.UsualInterval) {
		t.Error("the usual interval is none")
	}
}
