package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// reach is a window of counts, as it is put together: from whole months and days that are
// summed up, and from the meter what is not, so that nothing is missing or counted twice.
type reach struct {
	months, days [2]int64         // by their first days; the end is not included
	more         [2]int64         // days behind the months
	whole        [2]tandem.Slot   // all of the days; of these the meter has what is not in the sums
	rest         [][2]tandem.Slot // of which there are no sums
}

// reachOf puts a window together, when counting has come to the slot now. Where it does not end before that, the day
// and the month that now lies in are whole: there is nothing behind.
func reachOf(first, end, now tandem.Slot) (r reach) {
	if end > now {
		day := journal.DayStart(int64(now) / daySlots)
		end = max(tandem.SlotOf(time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC)), (end+daySlots-1)/daySlots*daySlots)
	}
	begins, ends := (int64(first)+daySlots-1)/daySlots, int64(end)/daySlots
	if begins >= ends {
		return reach{rest: [][2]tandem.Slot{{first, end}}}
	}
	r.whole = [2]tandem.Slot{tandem.Slot(begins) * daySlots, tandem.Slot(ends) * daySlots}
	for _, part := range [][2]tandem.Slot{{first, r.whole[0]}, {r.whole[1], end}} {
		if part[0] < part[1] {
			r.rest = append(r.rest, part)
		}
	}
	r.days = [2]int64{begins, ends}
	if from, to := nextMonth(begins), monthOf(ends); from < to {
		r.days, r.months, r.more = [2]int64{begins, from}, [2]int64{from, to}, [2]int64{to, ends}
	}
	return r
}

// nextMonth is the first day of a month from a day on.
func nextMonth(day int64) int64 {
	if monthOf(day) == day {
		return day
	}
	return monthOf(monthOf(day) + 31)
}

// summed are the counts of a window as rows of m, and how it is narrowed. They are in
// three forms, of which each has what its sums keep: by method, by cycle, and as they were
// counted.
type summed struct {
	args  []any
	parts []string
}

func (c *summed) arg(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

// from is the table that the parts are, by the name m.
func (c *summed) from() string { return ` FROM (` + strings.Join(c.parts, ` UNION ALL `) + `) AS m` }

const meterFigures = `m.succeeded, m.failed, m.took, CASE WHEN m.took > 0 THEN m.succeeded + m.failed ELSE 0 END AS timed`

// allCounts are the counts of all of a partner's accounts, from the slot first to the slot
// before end; columns are what is wanted of the meter, and sums where the rest of it is.
func (s *Store) allCounts(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot, columns string, sums func(c *summed, r reach)) (*summed, error) {
	at, err := s.summing(ctx)
	if err != nil {
		return nil, err
	}
	c, r := &summed{}, reachOf(first, end, tandem.SlotOf(time.Now()))
	sums(c, r)
	const tables = ` FROM account a JOIN meter m ON m.account = a.id`
	for _, part := range r.rest {
		c.parts = append(c.parts, fmt.Sprintf(`SELECT %s, %s%s WHERE a.partner = %s AND m.slot >= %s AND m.slot < %s`,
			columns, meterFigures, tables, c.arg(p), c.arg(part[0]), c.arg(part[1])))
	}
	if from := max(r.whole[0], at.slot); from < r.whole[1] {
		c.parts = append(c.parts, fmt.Sprintf(`SELECT %s, %s%s LEFT JOIN ledger l ON l.account = a.id WHERE a.partner = %s AND m.slot >= %s AND m.slot < %s AND m.slot >= COALESCE(l.summed, 0)`,
			columns, meterFigures, tables, c.arg(p), c.arg(from), c.arg(r.whole[1])))
	}
	return c, nil
}

// countsByMethod are by method and day.
func (s *Store) countsByMethod(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot) (*summed, error) {
	return s.allCounts(ctx, p, first, end, `m.slot, m.connector, m.version, m.method`, func(c *summed, r reach) {
		c.parts = append(c.parts, fmt.Sprintf(`SELECT day * %d AS slot, connector, version, method, succeeded, failed, took, timed FROM task_day WHERE partner = %s AND day >= %s AND day < %s`,
			daySlots, c.arg(p), c.arg(int64(r.whole[0])/daySlots), c.arg(int64(r.whole[1])/daySlots)))
	})
}

// countsByCycle are by account and cycle.
func (s *Store) countsByCycle(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot) (*summed, error) {
	return s.allCounts(ctx, p, first, end, `m.account, m.cycle`, func(c *summed, r reach) {
		for _, part := range []struct {
			span int
			days [2]int64
		}{{spanDay, r.days}, {spanMonth, r.months}, {spanDay, r.more}} {
			if part.days[0] < part.days[1] {
				c.parts = append(c.parts, fmt.Sprintf(`SELECT m.account, m.cycle, m.succeeded, m.failed, m.took, m.timed FROM account a JOIN cycle_sum m ON m.account = a.id
					AND m.span = %d AND m.day >= %s AND m.day < %s WHERE a.partner = %s`, part.span, c.arg(part.days[0]), c.arg(part.days[1]), c.arg(p)))
			}
		}
	})
}

// meterCounts are those of the meter itself, with the account's.
func meterCounts(p tandem.PartnerID, a tandem.AccountID, first, end tandem.Slot) *summed {
	c := &summed{}
	part := fmt.Sprintf(`SELECT m.account, m.slot, m.cycle, m.connector, m.version, m.method, %s FROM account a JOIN meter m ON m.account = a.id WHERE a.partner = %s AND m.slot >= %s AND m.slot < %s`,
		meterFigures, c.arg(p), c.arg(first), c.arg(end))
	if a != 0 {
		part += ` AND a.id = ` + c.arg(a)
	}
	c.parts = []string{part}
	return c
}
