package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// breakdown is what lines of usage show, what makes a line, and by what they are
// put in order.
type breakdown struct {
	columns, group string
	name           []string
}

// The spelling of names may differ from one graph to another.
var breakdowns = map[tandem.UsageBy]breakdown{
	tandem.UsageByCycle: {
		`a.api_id, m.cycle, COALESCE(c.name, ''), '', '', ''`, `a.id, a.api_id, m.cycle, c.name`, []string{`lower(COALESCE(c.name, ''))`, `a.id`, `m.cycle`},
	},
	tandem.UsageByConnector: {`'', '', '', MIN(m.connector), m.version, ''`, `lower(m.connector), m.version`, []string{`lower(m.connector)`, `m.version`}},
	tandem.UsageByMethod: {
		`'', '', '', MIN(m.connector), m.version, lower(m.method)`, `lower(m.connector), m.version, lower(m.method)`,
		[]string{`lower(m.connector)`, `m.version`, `lower(m.method)`},
	},
}

// averageTime is how long those took of which it is known, in milliseconds.
const averageTime = `CAST(COALESCE(SUM(m.took) / 1000 / NULLIF(SUM(m.timed), 0), 0) AS bigint)`

// orders are by name, or by a figure and then by name.
func (b breakdown) orders() orders {
	by := func(figure string) []string { return append([]string{figure}, b.name...) }
	return orders{
		"": b.name, "Name": b.name, "TasksUsed": by("SUM(m.succeeded + m.failed)"), "IncidentTasks": by("SUM(m.failed)"), "AverageMilliseconds": by(averageTime),
	}
}

// usageOf are the counts that lines are made of, narrowed by f: of one account or, if it
// is 0, all of the partner's, which the sums have.
func (s *Store) usageOf(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, by tandem.UsageBy, first, end tandem.Slot, f tandem.UsageFilter) (c *summed, where string, err error) {
	switch {
	case a != 0 || f.Cycle != "" || by == tandem.UsageByCycle && (f.Connector != "" || f.Method != ""):
		c = meterCounts(p, a, first, end)
	case by == tandem.UsageByCycle:
		c, err = s.countsByCycle(ctx, p, first, end)
	default:
		c, err = s.countsByMethod(ctx, p, first, end)
	}
	if err != nil {
		return nil, "", err
	}
	where = ` WHERE 1 = 1`
	if f.Cycle != "" {
		where += ` AND m.cycle = ` + c.arg(f.Cycle)
	}
	if f.Connector != "" {
		where += ` AND lower(m.connector) = ` + c.arg(strings.ToLower(f.Connector))
	}
	if f.Method != "" {
		where += ` AND lower(m.method) = ` + c.arg(strings.ToLower(f.Method))
	}
	return c, where, nil
}

// cycleNames are those of counts by cycle, put together first so that each is looked up once.
const cycleNames = ` FROM (SELECT m.account, m.cycle, SUM(m.succeeded) AS succeeded, SUM(m.failed) AS failed, SUM(m.took) AS took, SUM(m.timed) AS timed%s GROUP BY m.account, m.cycle) AS m
	JOIN account a ON a.id = m.account LEFT JOIN cycle c ON c.account = m.account AND c.id = m.cycle`

// UsageLines breaks usage down, by anything but days.
//
// Errors: Invalid (OrderBy).
func (s *Store) UsageLines(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, by tandem.UsageBy, first, end tandem.Slot, f tandem.UsageFilter) (tandem.Page[tandem.UsageLine], error) {
	var page tandem.Page[tandem.UsageLine]
	b := breakdowns[by]
	order, err := b.orders().by(f.PageRequest)
	if err != nil {
		return page, err
	}
	c, where, err := s.usageOf(ctx, p, a, by, first, end, f)
	if err != nil {
		return page, fmt.Errorf("usage by %s: %w", by, err)
	}
	lines := c.from() + where
	if by == tandem.UsageByCycle {
		lines = fmt.Sprintf(cycleNames, lines)
	}
	lines += ` GROUP BY ` + b.group
	page.Rows, err = rows(ctx, s.read(), func(r scanner) (tandem.UsageLine, error) { return scanUsageLine(r, &page.Total) },
		fmt.Sprintf(`SELECT %s, %s, %s, COUNT(*) OVER ()%s%s LIMIT %d OFFSET %d`, b.columns, taskSums, averageTime, lines, order, f.Limit(), f.Offset()), c.args...)
	if err == nil && len(page.Rows) == 0 && f.Offset() > 0 {
		err = s.read().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1`+lines+`) AS line`, c.args...).Scan(&page.Total)
	}
	if err != nil {
		return page, fmt.Errorf("usage by %s: %w", by, err)
	}
	return page, nil
}

func scanUsageLine(r scanner, total *int) (l tandem.UsageLine, err error) {
	err = r.Scan(&l.AccountID, &l.CycleID, &l.CycleName, &l.Connector, &l.ConnectorVersion, &l.Method, &l.SuccessfulTasks, &l.IncidentTasks, &l.AverageMilliseconds, total)
	l.TasksUsed = l.SuccessfulTasks + l.IncidentTasks
	return l, err
}

// UsageSlots counts what f asks for by slot, those with none left out. Of all accounts,
// days (UTC) are in their first slots.
func (s *Store) UsageSlots(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end tandem.Slot, f tandem.UsageFilter) (map[tandem.Slot]tandem.Tasks, error) {
	all := map[tandem.Slot]tandem.Tasks{}
	c, where, err := s.usageOf(ctx, p, a, tandem.UsageByDay, first, end, f)
	if err == nil {
		_, err = rows(ctx, s.read(), func(r scanner) (slot tandem.Slot, err error) {
			var t tandem.Tasks
			err = r.Scan(&slot, &t.SuccessfulTasks, &t.IncidentTasks)
			t.TasksUsed = t.SuccessfulTasks + t.IncidentTasks
			all[slot] = t
			return slot, err
		}, `SELECT m.slot, `+taskSums+c.from()+where+` GROUP BY m.slot`, c.args...)
	}
	if err != nil {
		return nil, fmt.Errorf("usage by slots: %w", err)
	}
	return all, nil
}
