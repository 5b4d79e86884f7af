package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// The figures of some accounts, each in one walk through an index that the account leads.
const (
	cyclesOfAccounts = `SELECT account, COUNT(*), SUM(CASE WHEN status <> 'Paused' THEN 1 ELSE 0 END) FROM cycle
		WHERE account IN (%s) AND deleted_at = 0 GROUP BY account`
	runsOfAccounts = `SELECT account, day, SUM(runs), SUM(errors) FROM run_count WHERE account IN (%s) AND day >= $1 GROUP BY account, day`
	lastOfAccounts = `SELECT a.id, COALESCE((SELECT t.created_at FROM txn t WHERE t.account = a.id ORDER BY t.id DESC LIMIT 1), 0)
		FROM account a WHERE a.id IN (%s)`
	tasksOfAccounts = `WITH period (account, begun) AS (VALUES %s)
		SELECT m.account, SUM(m.succeeded + m.failed) FROM period of_each JOIN meter m ON m.account = of_each.account AND m.slot >= of_each.begun GROUP BY m.account`
)

// AccountActivity lists how each account of a partner fares, with the tasks since the
// slot that period gives. It asks as often for a page of many accounts as for one.
//
// Errors: Invalid (OrderBy).
func (s *Store) AccountActivity(ctx context.Context, p tandem.PartnerID, f tandem.Search, period func(*tandem.Account) tandem.Slot) (page tandem.Page[tandem.AccountActivity], err error) {
	found, err := s.ListAccounts(ctx, p, 0, tandem.AccountFilter{PageRequest: f.PageRequest, Query: f.Query})
	if err != nil || len(found.Rows) == 0 {
		return tandem.Page[tandem.AccountActivity]{Total: found.Total}, err
	}
	page.Total, page.Rows = found.Total, make([]tandem.AccountActivity, len(found.Rows))
	all := map[tandem.AccountID]*tandem.AccountActivity{}
	var ids []tandem.AccountID
	var begun []string
	for i := range found.Rows {
		a := &found.Rows[i]
		page.Rows[i] = tandem.AccountActivity{ID: a.APIID, Name: a.Name, CreatedDate: a.CreatedDate, Activity: make([]tandem.DayRuns, tandem.ActivityDays)}
		all[a.ID], ids = &page.Rows[i], append(ids, a.ID)
		begun = append(begun, fmt.Sprintf("(%d, %d)", a.ID, period(a)))
	}
	if err := s.addFigures(ctx, all, numbers(ids), strings.Join(begun, ", ")); err != nil {
		return page, fmt.Errorf("activity of accounts of partner %d: %w", p, err)
	}
	for i, a := range found.Rows {
		if !a.Enabled { // it shows all of its cycles as paused
			page.Rows[i].ActiveCycles = 0
		}
	}
	return page, nil
}

// addFigures tells accounts theirs: ids are all of them, and begun where the period of each began.
func (s *Store) addFigures(ctx context.Context, all map[tandem.AccountID]*tandem.AccountActivity, ids, begun string) error {
	first := journal.DayOf(time.Now()) - tandem.ActivityDays + 1
	for _, figures := range []struct {
		query string
		args  []any
		scan  func(scanner) (tandem.AccountID, error)
	}{
		{fmt.Sprintf(cyclesOfAccounts, ids), nil, func(r scanner) (id tandem.AccountID, err error) {
			var cycles, active int
			if err = r.Scan(&id, &cycles, &active); err == nil {
				all[id].Cycles, all[id].ActiveCycles = cycles, active
			}
			return id, err
		}},
		{fmt.Sprintf(runsOfAccounts, ids), []any{first}, func(r scanner) (id tandem.AccountID, err error) {
			var day int64
			var n tandem.DayRuns
			if err = r.Scan(&id, &day, &n.Runs, &n.Errors); err == nil && day-first < tandem.ActivityDays { // midnight may be past
				a := all[id]
				a.Activity[day-first], a.Runs, a.Errors = n, a.Runs+n.Runs, a.Errors+n.Errors
			}
			return id, err
		}},
		{fmt.Sprintf(lastOfAccounts, ids), nil, func(r scanner) (id tandem.AccountID, err error) {
			var at int64
			if err = r.Scan(&id, &at); err == nil && at > 0 {
				all[id].LastRun = instant(at)
			}
			return id, err
		}},
		{fmt.Sprintf(tasksOfAccounts, begun), nil, func(r scanner) (id tandem.AccountID, err error) {
			var tasks int
			if err = r.Scan(&id, &tasks); err == nil {
				all[id].TasksUsed = tasks
			}
			return id, err
		}},
	} {
		if _, err := rows(ctx, s.read(), figures.scan, figures.query, figures.args...); err != nil {
			return err
		}
	}
	return nil
}
