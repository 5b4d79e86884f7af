package tandem

import "time"

// Period is a time from Start, which it includes, to End, which it does not.
type Period struct{ Start, End time.Time }

// Billing is how the billing periods of an account follow each other: each is a
// month of its zone, and one ends at its next billing date. Where that is a day
// that a month lacks, the month's last is meant; without a date, periods are the
// zone's calendar months. Dates are rounded down to slots.
type Billing struct{ anchor time.Time }

// Billing is the account's.
func (a *Account) Billing() Billing {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		zone = time.UTC
	}
	if a.NextBillDateUTC == nil {
		return CalendarMonths(zone)
	}
	return Billing{a.NextBillDateUTC.In(zone)}
}

// CalendarMonths are those of a zone.
func CalendarMonths(zone *time.Location) Billing {
	return Billing{time.Date(2000, time.January, 1, 0, 0, 0, 0, zone)}
}

// Zone is where the days are from.
func (b Billing) Zone() *time.Location { return b.anchor.Location() }

// At is the period that t lies in.
func (b Billing) At(t time.Time) Period {
	local := t.In(b.Zone())
	n := 12*(local.Year()-b.anchor.Year()) + int(local.Month()-b.anchor.Month())
	for b.bound(n).After(t) {
		n--
	}
	for !b.bound(n + 1).After(t) {
		n++
	}
	return Period{b.bound(n), b.bound(n + 1)}
}

// Before is the period that ends when p begins.
func (b Billing) Before(p Period) Period { return b.At(p.Start.Add(-1)) }

// DayPart is the slot that begins the part of a day which s lies in. Days, of UTC
// and of the zone, and periods are made of such parts.
func (b Billing) DayPart(s Slot) Slot {
	const day = Slot(24 * time.Hour / SlotTime)
	part := s / day * day
	y, m, d := s.Time().In(b.Zone()).Date()
	hour, minute, second := b.anchor.Clock()
	for _, begin := range []time.Time{
		time.Date(y, m, d, 0, 0, 0, 0, b.Zone()),
		time.Date(y, m, d-1, hour, minute, second, 0, b.Zone()), time.Date(y, m, d, hour, minute, second, 0, b.Zone()),
	} {
		if slot := SlotOf(begin); slot <= s {
			part = max(part, slot)
		}
	}
	return part
}

// bound is the date n months after the anchor.
func (b Billing) bound(n int) time.Time {
	y, m, d := b.anchor.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	hour, minute, second := b.anchor.Clock()
	return SlotOf(time.Date(first.Year(), first.Month(), min(d, last), hour, minute, second, 0, b.Zone())).Time()
}

// NextBill is when the account's billing period ends after now: NextBillDateUTC,
// or if that has passed, the end of the period that followed; nil if it has none.
func (a *Account) NextBill(now time.Time) *time.Time {
	next := a.NextBillDateUTC
	if next == nil || next.After(now) {
		return next
	}
	end := a.Billing().At(now).End
	return &end
}
