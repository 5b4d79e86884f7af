package tandem

import "time"

// SlotTime is the finest that tasks are counted by. The days of every zone begin
// and end with a slot.
const SlotTime = 15 * time.Minute

// Slot is a quarter of an hour: how many there were since 1970-01-01 UTC.
type Slot int64

// SlotOf is the slot that t lies in.
func SlotOf(t time.Time) Slot {
	seconds, size := t.Unix(), int64(SlotTime/time.Second)
	n := seconds / size
	if seconds%size < 0 {
		n--
	}
	return Slot(n)
}

// SlotEnd is the first slot that begins at t or after it.
func SlotEnd(t time.Time) Slot { return SlotOf(t.Add(SlotTime - 1)) }

// Time is when s begins, UTC.
func (s Slot) Time() time.Time { return time.Unix(int64(s)*int64(SlotTime/time.Second), 0).UTC() }
