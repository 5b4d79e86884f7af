package tandem

import "time"

// Timer is when a running cycle is due next.
type Timer struct {
	Account AccountID
	Cycle   CycleID
	Due     time.Time

	// Of its cycle, as read.
	Version  int64
	Interval time.Duration
	RunOnce  bool
}

// After is when the cycle is due after a firing at now: on the grid that Due
// is on, so that runs missed while nothing ran count as one. The zero time
// means never again.
func (t Timer) After(now time.Time) time.Time {
	if t.RunOnce || t.Interval <= 0 {
		return time.Time{}
	}
	missed := now.Sub(t.Due) / t.Interval
	return t.Due.Add((max(missed, 0) + 1) * t.Interval)
}
