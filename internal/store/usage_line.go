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
const averageTime = `CAST(COALESCE(SUM(m.took) / 1000 / NULLIF(SUM(CASE WHEN m.took > 0 THEN m.succeeded + m.failed ELSE 0 END), 0), 0) AS bigint)`

// orders are by name, or by a figure and then by name.
func (b breakdown) orders() orders {
	by := func(figure string) []string { return append([]string{figure}, b.name...) }
	return orders{
		"": b.name, "Name": b.name, "TasksUsed": by("SUM(m.succeeded + m.failed)"), "IncidentTasks": by("SUM(m.failed)"), "AverageMilliseconds": by(averageTime),
	}
}

// usageOf are the rows of the meter that f asks for, from the slot first to the
// slot before end, of one account or, if it is 0, all of the partner's.
func usageOf(p tandem.PartnerID, a tandem.AccountID, first, end tandem.Slot, f tandem.UsageFilter) *conditions {
	c := &conditions{}
	c.add("a.partner = ", p)
	c.add("m.slot >= ", first)
	c.add("m.slot < ", end)
	if a != 0 {
		c.add("a.id = ", a)
	}
	if f.Cycle != "" {
		c.add("m.cycle = ", f.Cycle)
	}
	if f.Connector != "" {
		c.add("lower(m.connector) = ", strings.ToLower(f.Connector))
	}
	if f.Method != "" {
		c.add("lower(m.method) = ", strings.ToLower(f.Method))
	}
	return c
}

const usageTables = ` FROM account a JOIN meter m ON m.account = a.id LEFT JOIN cycle c ON c.account = m.account AND c.id = m.cycle`

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
	c := usageOf(p, a, first, end, f)
	lines := usageTables + c.where() + ` GROUP BY ` + b.group
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1`+lines+`) AS line`, c.args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count usage by %s: %w", by, err)
	}
	page.Rows, err = rows(ctx, s.read(), scanUsageLine, fmt.Sprintf(`SELECT %s, %s, %s%s%s LIMIT %d OFFSET %d`,
		b.columns, taskSums, averageTime, lines, order, f.Limit(), f.Offset()), c.args...)
	if err != nil {
		return page, fmt.Errorf("usage by %s: %w", by, err)
	}
	return page, nil
}

func scanUsageLine(r scanner) (l tandem.UsageLine, err error) {
	err = r.Scan(&l.AccountID, &l.CycleID, &l.CycleName, &l.Connector, &l.ConnectorVersion, &l.Method, &l.SuccessfulTasks, &l.IncidentTasks, &l.AverageMilliseconds)
	l.TasksUsed = l.SuccessfulTasks + l.IncidentTasks
	return l, err
}

// UsageSlots counts what f asks for by slot, those with none left out.
func (s *Store) UsageSlots(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end tandem.Slot, f tandem.UsageFilter) (map[tandem.Slot]tandem.Tasks, error) {
	c := usageOf(p, a, first, end, f)
	all := map[tandem.Slot]tandem.Tasks{}
	_, err := rows(ctx, s.read(), func(r scanner) (slot tandem.Slot, err error) {
		var t tandem.Tasks
		err = r.Scan(&slot, &t.SuccessfulTasks, &t.IncidentTasks)
		t.TasksUsed = t.SuccessfulTasks + t.IncidentTasks
		all[slot] = t
		return slot, err
	}, `SELECT m.slot, `+taskSums+usageTables+c.where()+` GROUP BY m.slot`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("usage by slots: %w", err)
	}
	return all, nil
}
