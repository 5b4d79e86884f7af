package tandem

import "time"

// Schedule is when a cycle runs by time.
//
// Intervals of up to an hour run by elapsed time. Longer ones keep to the clock
// on the wall, in the zone of the cycle's account: what runs daily at nine does so
// in summer and in winter. A time that the clock skips is read as if it had not
// been changed (2:30 in the night when it jumps from 2 to 3 is 3:30), and of one
// that it shows twice the first counts, as in RFC 5545.
type Schedule struct {
	Interval time.Duration // 0: once
	// Clock is what the clock showed, as if that were UTC, when the schedule began.
	Clock time.Time
	Zone  *time.Location // nil: UTC
}

// longestJump is further than a clock on a wall was ever moved at once.
const longestJump = 25 * time.Hour

// KeepsClock says that the schedule keeps to the clock on the wall.
func (s Schedule) KeepsClock() bool { return s.Interval > time.Hour }

// Next is the first time after t, from due on, which is one of the schedule's; the
// zero time means never.
func (s Schedule) Next(due, t time.Time) time.Time {
	switch {
	case s.Interval <= 0:
		return time.Time{}
	case t.Before(due):
		return due
	case !s.KeepsClock():
		return due.Add((t.Sub(due)/s.Interval + 1) * s.Interval)
	}
	// The clock shows times that are far apart in their order, and only those.
	shown := WallClock(t, s.Zone).Add(-longestJump)
	first := s.Clock.Add(shown.Sub(s.Clock).Truncate(s.Interval) - s.Interval)
	var next time.Time
	for clock := first; !clock.After(shown.Add(2*longestJump + s.Interval)); clock = clock.Add(s.Interval) {
		if at := AtClock(clock, s.Zone); at.After(t) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// WallClock is what the clock shows at t in zone, as if that were UTC.
func WallClock(t time.Time, zone *time.Location) time.Time {
	return t.UTC().Add(offset(t, zone))
}

// AtClock is when the clock in zone shows what clock does in UTC; see [Schedule]
// for times that it shows twice, or not at all.
func AtClock(clock time.Time, zone *time.Location) time.Time {
	before := offset(clock.Add(-longestJump), zone) // a day before, it was not moved yet
	if at := clock.Add(-before); WallClock(at, zone).Equal(clock) {
		return at.UTC()
	}
	after := offset(clock.Add(longestJump), zone)
	if at := clock.Add(-after); WallClock(at, zone).Equal(clock) {
		return at.UTC()
	}
	return clock.Add(-before).UTC()
}

// offset is how far the clock in zone is ahead of UTC at t.
func offset(t time.Time, zone *time.Location) time.Duration {
	if zone == nil {
		return 0
	}
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
