package usage

import (
	"cmp"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// window is a time in whole slots.
type window struct {
	first, end   tandem.Slot
	start, until time.Time // as it is shown: not beyond now
}

// windowOf is the window from start, rounded down, to end, rounded up. Without
// these it is from the beginning of the billing period, and to now.
//
// Errors: Invalid (end before start).
func windowOf(start, end time.Time, by tandem.Billing) (window, error) {
	now := time.Now().UTC()
	if end.IsZero() {
		end = now
	}
	if start.IsZero() {
		start = by.At(end).Start
	}
	if end.Before(start) {
		return window{}, tandem.Invalidf("end", "end: must not be before start")
	}
	w := window{first: tandem.SlotOf(start), end: tandem.SlotEnd(end)}
	w.start, w.until = w.first.Time(), w.end.Time()
	if w.until.After(now) {
		w.until = end.UTC() // its last slot is not over
	}
	return w, nil
}

// maxDays bounds a breakdown by days.
const maxDays = 1100

// days are the first slots of days, and the end of the last.
type days struct {
	zone  *time.Location
	first []tandem.Slot
}

// daysOf are the days of a zone in a window.
//
// Errors: Invalid (too many, OrderBy).
func daysOf(w window, zone *time.Location, f tandem.UsageFilter) (d days, err error) {
	if !slices.Contains([]string{"", "Name", "TasksUsed"}, f.OrderBy) {
		return d, noOrder(f.OrderBy)
	}
	d.zone = zone
	for at := w.first; at < w.end; {
		if len(d.first) == maxDays {
			return d, tandem.Invalidf("start", "start: at most %d days can be asked for", maxDays)
		}
		d.first = append(d.first, at)
		y, m, day := at.Time().In(zone).Date()
		at = max(tandem.SlotOf(time.Date(y, m, day+1, 0, 0, 0, 0, zone)), at+1)
	}
	return d, nil
}

func noOrder(by string) error {
	return tandem.Invalidf("orderBy", "orderBy: there is no order by %q here", by)
}

// lines has a line for each day.
func (d days) lines(counts map[tandem.Slot]tandem.Tasks, f tandem.UsageFilter) []tandem.UsageLine {
	all := make([]tandem.UsageLine, len(d.first))
	for i, slot := range d.first {
		all[i].Day = slot.Time().In(d.zone).Format(time.DateOnly)
	}
	for slot, t := range counts {
		i, found := slices.BinarySearch(d.first, slot)
		if !found {
			i--
		}
		all[i].Tasks = sum(all[i].Tasks, t)
	}
	slices.SortStableFunc(all, func(a, b tandem.UsageLine) int {
		order := cmp.Compare(a.Day, b.Day)
		if f.OrderBy == "TasksUsed" {
			order = cmp.Or(cmp.Compare(a.TasksUsed, b.TasksUsed), order)
		}
		if f.Descend {
			return -order
		}
		return order
	})
	return all
}

func sum(a, b tandem.Tasks) tandem.Tasks {
	return tandem.Tasks{TasksUsed: a.TasksUsed + b.TasksUsed, SuccessfulTasks: a.SuccessfulTasks + b.SuccessfulTasks, IncidentTasks: a.IncidentTasks + b.IncidentTasks}
}

// pageOf is one page of all rows.
func pageOf[T any](all []T, r tandem.PageRequest) tandem.Page[T] {
	first := min(r.Offset(), len(all))
	return tandem.Page[T]{Rows: all[first:min(first+r.Limit(), len(all))], Total: len(all)}
}
