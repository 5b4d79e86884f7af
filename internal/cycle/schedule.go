package cycle

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// schedule sets when c runs, by the clock of its account's zone. A webhook has no
// timer.
func schedule(c *tandem.Cycle, how tandem.Activation, now time.Time, zone *time.Location) error {
	if how.Interval != 0 && !slices.Contains(tandem.Intervals, how.Interval) {
		return tandem.Invalidf("Interval", "Interval: must be one of %s (minutes)", intervals())
	}
	if t := trigger(&c.Graph); t != nil && t.ActionType == tandem.WebhookStep {
		if how.RunOnce {
			return tandem.Invalidf("RunOnce", "RunOnce: is for cycles that run on a timer; this one starts with a webhook")
		}
		c.Interval, c.StartTime, c.RunOnce = 0, time.Time{}, false
		return nil
	}
	c.Interval, c.RunOnce = cmp.Or(how.Interval, c.Interval), how.RunOnce
	if c.Interval == 0 && !c.RunOnce {
		c.Interval = tandem.UsualInterval
	}
	start, clock := begin(how, now, zone)
	c.StartTime, c.Clock = first(c, start, clock, now, zone)
	return nil
}

// century is about that long, and a multiple of all intervals.
const century = 5218 * 7 * 24 * time.Hour

// begin is when a schedule begins, and what the clock shows then. It need not show
// that ever: see [tandem.Schedule].
func begin(how tandem.Activation, now time.Time, zone *time.Location) (start, clock time.Time) {
	start = how.StartTime.UTC()
	if start.IsZero() {
		return now, tandem.WallClock(now, zone)
	}
	for start.Before(now.Add(-2 * century)) { // so that differences are durations
		start = start.Add(century)
	}
	if how.Local {
		return tandem.AtClock(start, zone), start
	}
	return start, tandem.WallClock(start, zone)
}

// first is when a cycle whose schedule begins at start runs first, and the clock of
// that: if start is over, at once, or the next time on the grid that it lays.
func first(c *tandem.Cycle, start, clock, now time.Time, zone *time.Location) (at, begins time.Time) {
	late := now.Sub(start)
	switch {
	case late <= time.Minute: // clocks differ a little
		return start, clock
	case c.RunOnce:
		return now, tandem.WallClock(now, zone)
	}
	s := tandem.Schedule{Interval: time.Duration(c.Interval) * time.Minute, Clock: clock, Zone: zone}
	return s.Next(start, now.Add(-time.Microsecond)), clock
}

func intervals() string {
	words := make([]string, len(tandem.Intervals))
	for i, n := range tandem.Intervals {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}
