package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// runsOf are the counts of runs from the day first to the day before end, of one
// account or, if it is 0, all of the partner's.
func runsOf(p tandem.PartnerID, a tandem.AccountID, first, end int64) *conditions {
	c := &conditions{}
	c.add("a.partner = ", p)
	c.add("r.day >= ", first)
	c.add("r.day < ", end)
	if a != 0 {
		c.add("a.id = ", a)
	}
	return c
}

const runTables = ` FROM account a JOIN run_count r ON r.account = a.id`

// failingTables are the same of the few cycles that had errors, in the days that runsOf
// puts second and third.
const failingTables = ` FROM (SELECT DISTINCT account, cycle FROM run_count WHERE errors > 0 AND day >= $2 AND day < $3) AS f
	JOIN account a ON a.id = f.account JOIN run_count r ON r.account = f.account AND r.cycle = f.cycle`

// RunCounts counts the runs of each day by span.
func (s *Store) RunCounts(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64) ([]journal.RunCount, error) {
	c := runsOf(p, a, first, end)
	all, err := rows(ctx, s.read(), func(r scanner) (n journal.RunCount, err error) {
		return n, r.Scan(&n.Day, &n.Span, &n.Runs, &n.Errors)
	}, `SELECT r.day, r.span, SUM(r.runs), SUM(r.errors)`+runTables+c.where()+` GROUP BY r.day, r.span ORDER BY r.day, r.span`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("runs of partner %d by day: %w", p, err)
	}
	return all, nil
}

// RunDays gives the days that KeepRunDay was given, from the day first to the day
// before end, by day.
func (s *Store) RunDays(ctx context.Context, p tandem.PartnerID, first, end int64) (map[int64]tandem.RunDay, error) {
	all := map[int64]tandem.RunDay{}
	_, err := rows(ctx, s.read(), func(r scanner) (day int64, err error) {
		var d tandem.RunDay
		err = r.Scan(&day, &d.Runs, &d.Errors, &d.P95Milliseconds)
		d.Day = journal.DayStart(day).Format(time.DateOnly)
		all[day] = d
		return day, err
	}, `SELECT day, runs, errors, p95 FROM run_day WHERE partner = $1 AND day >= $2 AND day < $3`, p, first, end)
	if err != nil {
		return nil, fmt.Errorf("days of partner %d: %w", p, err)
	}
	return all, nil
}

// LastRunDay is the last day that KeepRunDay was given; -1: there is none.
func (s *Store) LastRunDay(ctx context.Context, p tandem.PartnerID) (day int64, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT COALESCE(MAX(day), -1) FROM run_day WHERE partner = $1`, p).Scan(&day)
	if err != nil {
		return 0, fmt.Errorf("last day of partner %d: %w", p, err)
	}
	return day, nil
}

// KeepRunDay keeps the runs of all accounts of a partner on a day that is over. What is
// kept of it already stays.
func (s *Store) KeepRunDay(ctx context.Context, p tandem.PartnerID, day int64, d tandem.RunDay) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO run_day (partner, day, runs, errors, p95) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			p, day, d.Runs, d.Errors, d.P95Milliseconds)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a day of partner %d: %w", p, err)
	}
	return nil
}

var runOrders = orders{
	"":       {"errors DESC", "runs DESC", "owner", "ran"},
	"Runs":   {"runs", "owner", "ran"},
	"Errors": {"errors", "owner", "ran"},
}

// CycleRuns counts the runs of each cycle that had some, or errors if f says so.
//
// Errors: Invalid (OrderBy).
func (s *Store) CycleRuns(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64, f tandem.RunFilter) (page tandem.Page[tandem.CycleRuns], err error) {
	order, err := runOrders.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	c := runsOf(p, a, first, end)
	c.all = append(c.all, "a.deleted_at = 0")
	tables := runTables
	if f.Failing {
		tables = failingTables
	}
	lines := tables + c.where() + ` GROUP BY r.account, r.cycle`
	page.Rows, err = rows(ctx, s.read(), func(r scanner) (tandem.CycleRuns, error) { return scanCycleRuns(r, &page.Total) }, cycleRuns(lines, order, f.PageRequest), c.args...)
	if err == nil && len(page.Rows) == 0 && f.Offset() > 0 {
		err = s.read().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1`+lines+`) AS line`, c.args...).Scan(&page.Total)
	}
	if err != nil {
		return page, fmt.Errorf("runs of partner %d by cycle: %w", p, err)
	}
	return page, nil
}

// cycleRuns adds up once, and looks names up for the lines of the page alone.
func cycleRuns(lines, order string, r tandem.PageRequest) string {
	return fmt.Sprintf(`WITH line AS (SELECT r.account AS owner, r.cycle AS ran, SUM(r.runs) AS runs, SUM(r.errors) AS errors, COUNT(*) OVER () AS total%s%s LIMIT %d OFFSET %d)
		SELECT a.api_id, a.name, line.ran, COALESCE(c.name, ''), line.runs, line.errors, COALESCE(c.stop_reason, ''), line.total
		FROM line JOIN account a ON a.id = line.owner LEFT JOIN cycle c ON c.account = line.owner AND c.id = line.ran AND c.deleted_at = 0%s`,
		lines, order, r.Limit(), r.Offset(), order)
}

func scanCycleRuns(r scanner, total *int) (c tandem.CycleRuns, err error) {
	err = r.Scan(&c.AccountID, &c.AccountName, &c.CycleID, &c.CycleName, &c.Runs, &c.Errors, &c.StopReason, total)
	return c, err
}

// WaitingConnectors lists the account connectors of a partner through which nobody
// calls at a time, nor for some time after.
//
// Errors: Invalid (OrderBy).
func (s *Store) WaitingConnectors(ctx context.Context, p tandem.PartnerID, at time.Time, r tandem.PageRequest) (tandem.Page[tandem.WaitingConnector], error) {
	c := &conditions{}
	c.add("w.until > ", micros(at))
	c.add("a.deleted_at = 0 AND a.partner = ", p)
	found, err := page(ctx, s.read(), scanWaitingConnector, `a.api_id, a.name, ac.id, ac.name, k.name, w.until, w.tries, ac.authenticated`,
		`connector_wait w JOIN account a ON a.id = w.account JOIN account_connector ac ON ac.account = w.account AND ac.id = w.account_connector
		JOIN connector k ON k.id = ac.connector`, c,
		orders{"": {"w.until DESC", "ac.id"}, "UntilOnUtc": {"w.until", "ac.id"}, "Name": {"lower(ac.name)", "ac.id"}}, r)
	if err != nil {
		return found, fmt.Errorf("waiting connectors of partner %d: %w", p, err)
	}
	return found, nil
}

func scanWaitingConnector(r scanner) (w tandem.WaitingConnector, err error) {
	var until int64
	err = r.Scan(&w.AccountID, &w.AccountName, &w.ID, &w.Name, &w.Connector, &until, &w.Tries, &w.Authenticated)
	w.Until = instant(until)
	return w, err
}
