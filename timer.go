package tandem

import "time"

// Timer is when a running cycle is due next.
type Timer struct {
	Account AccountID
	Cycle   CycleID
	Due     time.Time

	// Of its cycle, as read.
	Version int64
	RunOnce bool
	Schedule
}

// After is when the cycle is due after a firing at now: runs missed while nothing
// ran count as one. The zero time means never again.
func (t Timer) After(now time.Time) time.Time {
	if t.RunOnce {
		return time.Time{}
	}
	if now.Before(t.Due) { // clocks differ
		now = t.Due
	}
	return t.Next(t.Due, now)
}

// Moved is when the cycle is due once its Zone is another, after now: by what the
// clock shows there. One run is not lost if that is over.
func (t Timer) Moved(now time.Time) time.Time {
	due := AtClock(t.Clock, t.Zone)
	switch {
	case due.After(now):
		return due
	case t.RunOnce:
		return now
	}
	return t.Next(due, now)
}
