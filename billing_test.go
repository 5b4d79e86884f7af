package tandem_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestBilling(t *testing.T) {
	for _, c := range []struct {
		name, zone, bill string // "": none
		at               string
		want             []string // ends, the latest first, and the last one's start
	}{
		{"calendar months", "UTC", "", "2026-03-15T00:00:00Z", []string{"2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"}},
		{"the first moment", "UTC", "", "2026-03-01T00:00:00Z", []string{"2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z"}},
		{"months of a zone, with summer time", "Europe/London", "", "2026-03-31T23:30:00Z", []string{"2026-04-30T23:00:00Z", "2026-03-31T23:00:00Z", "2026-03-01T00:00:00Z"}},
		{"an unknown zone", "Nowhere/Land", "", "2026-03-31T23:30:00Z", []string{"2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z"}},
		{"half an hour", "Asia/Kolkata", "", "2026-03-31T18:30:00Z", []string{"2026-04-30T18:30:00Z", "2026-03-31T18:30:00Z"}},
		{"three quarters", "Asia/Kathmandu", "", "2026-03-31T18:14:59Z", []string{"2026-03-31T18:15:00Z", "2026-02-28T18:15:00Z"}},
		{"the 31st", "UTC", "2026-03-31T00:00:00Z", "2026-03-30T23:59:59Z", []string{"2026-03-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-01-31T00:00:00Z", "2025-12-31T00:00:00Z"}},
		{"the 29th in a leap year", "UTC", "2027-01-29T00:00:00Z", "2028-03-01T00:00:00Z", []string{"2028-03-29T00:00:00Z", "2028-02-29T00:00:00Z"}},
		{"a date that has passed", "UTC", "2020-05-10T12:00:00Z", "2026-03-15T00:00:00Z", []string{"2026-04-10T12:00:00Z", "2026-03-10T12:00:00Z"}},
		{"a date far ahead", "UTC", "2030-05-10T12:00:00Z", "2026-03-10T11:59:59Z", []string{"2026-03-10T12:00:00Z", "2026-02-10T12:00:00Z"}},
		{"midnight stays midnight", "America/New_York", "2026-11-21T05:00:00Z", "2026-10-25T00:00:00Z", []string{"2026-11-21T05:00:00Z", "2026-10-21T04:00:00Z"}},
		{"the zone's day counts", "Pacific/Auckland", "2026-01-30T12:00:00Z", "2026-02-01T00:00:00Z", []string{"2026-02-27T12:00:00Z", "2026-01-30T12:00:00Z"}},
		{"rounded down", "UTC", "2026-05-10T12:14:59.9Z", "2026-05-01T00:00:00Z", []string{"2026-05-10T12:00:00Z", "2026-04-10T12:00:00Z"}},
	} {
		a := tandem.Account{Timezone: c.zone}
		if c.bill != "" {
			bill := at(t, c.bill)
			a.NextBillDateUTC = &bill
		}
		b := a.Billing()
		p := b.At(at(t, c.at))
		got := []string{p.End.Format(time.RFC3339)}
		for range c.want[2:] {
			before := b.Before(p)
			if !before.End.Equal(p.Start) {
				t.Errorf("%s: the period before ends %v, and the next begins %v", c.name, before.End, p.Start)
			}
			p = before
			got = append(got, p.End.Format(time.RFC3339))
		}
		got = append(got, p.Start.Format(time.RFC3339))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestBillingCoversTime walks through years of hours: each lies in its period,
// and in no other.
func TestBillingCoversTime(t *testing.T) {
	for _, zone := range []string{"UTC", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu"} {
		bill := at(t, "2026-01-31T02:40:00Z")
		b := (&tandem.Account{Timezone: zone, NextBillDateUTC: &bill}).Billing()
		p := b.At(at(t, "2024-01-01T00:00:00Z"))
		for now := p.Start; now.Year() < 2028; now = now.Add(time.Hour) {
			got := b.At(now)
			if got.Start.After(now) || !got.End.After(now) || !got.Start.Equal(p.Start) && !got.Start.Equal(p.End) {
				t.Fatalf("%s: %v is in %v, after %v", zone, now, got, p)
			}
			p = got
		}
	}
}

// TestDayPart holds that what days and periods are cut from is in one part, and
// that nothing else cuts.
func TestDayPart(t *testing.T) {
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"} {
		bill := at(t, "2026-01-31T12:40:00Z")
		b := (&tandem.Account{Timezone: zone, NextBillDateUTC: &bill}).Billing()
		first, end := tandem.SlotOf(at(t, "2026-03-01T00:00:00Z")), tandem.SlotOf(at(t, "2026-05-01T00:00:00Z"))
		parts := 0
		for s := first; s < end; s++ {
			part, before := b.DayPart(s), b.DayPart(s-1)
			local, ago := s.Time().In(b.Zone()), (s - 1).Time().In(b.Zone())
			cut := s%96 == 0 || local.Day() != ago.Day() || b.At(s.Time()) != b.At((s-1).Time())
			if part > s || b.DayPart(part) != part || cut && part != s {
				t.Fatalf("%s: %v is in the part of %v", zone, s.Time(), part.Time())
			}
			if part != before {
				parts++
			}
		}
		if parts < 61 || parts > 3*61 {
			t.Errorf("%s: %d parts in 61 days", zone, parts)
		}
	}
}

func TestNextBill(t *testing.T) {
	var a tandem.Account
	if a.NextBill(at(t, "2026-02-01T00:00:00Z")) != nil {
		t.Error("an account without a date has got one")
	}
	bill := at(t, "2026-01-31T00:07:00Z")
	a.NextBillDateUTC = &bill
	for now, want := range map[string]string{
		"2025-06-01T00:00:00Z": "2026-01-31T00:07:00Z", "2026-01-31T00:06:59Z": "2026-01-31T00:07:00Z",
		"2026-01-31T00:07:00Z": "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z": "2026-03-31T00:00:00Z",
	} {
		if got := a.NextBill(at(t, now)); !got.Equal(at(t, want)) {
			t.Errorf("at %s: %v, want %s", now, got, want)
		}
	}
}

func TestSlot(t *testing.T) {
	for text, want := range map[string]tandem.Slot{
		"1970-01-01T00:00:00Z": 0, "1970-01-01T00:14:59Z": 0, "1970-01-01T00:15:00Z": 1, "1970-01-02T00:00:00Z": 96,
		"1969-12-31T23:59:59Z": -1, "1969-12-31T23:45:00Z": -1, "1969-12-31T23:44:59Z": -2,
	} {
		got := tandem.SlotOf(at(t, text))
		if got != want || got.Time().After(at(t, text)) {
			t.Errorf("%s: slot %d of %v, want %d", text, got, got.Time(), want)
		}
	}
	if a, b := tandem.SlotEnd(at(t, "1970-01-01T00:15:00Z")), tandem.SlotEnd(at(t, "1970-01-01T00:15:01Z")); a != 1 || b != 2 {
		t.Errorf("ends %d and %d, want 1 and 2", a, b)
	}
}
