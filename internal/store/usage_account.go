package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// byTasks is an order that the directory of accounts does not have.
const byTasks = "TasksUsed"

// AccountsTasks lists the tasks of each account of a partner, with those that
// were deleted since the slot first.
//
// Errors: Invalid (OrderBy).
func (s *Store) AccountsTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot, f tandem.UsageFilter) (page tandem.Page[tandem.AccountUsage], err error) {
	name := f.OrderBy
	if name == byTasks {
		name = ""
	}
	order, err := orderOf(name, byTasks)
	if err != nil {
		return page, err
	}
	d, err := s.accountDirectory(ctx, p)
	if err != nil {
		return page, err
	}
	all, tasks := d.ordered[order], map[tandem.AccountID]tandem.Tasks{}
	if f.OrderBy == byTasks {
		c, err := s.countsByCycle(ctx, p, first, end)
		if err == nil {
			tasks, err = s.tasksByAccount(ctx, c.from(), c.args...)
		}
		if err != nil {
			return page, err
		}
		all = slices.Clone(all)
		slices.SortStableFunc(all, func(a, b *listed) int { return cmp.Compare(tasks[a.id].TasksUsed, tasks[b.id].TasksUsed) })
	}
	found, since := d.having(f.Query), micros(first.Time())
	ids, total := pick(all, func(l *listed) bool { return (l.deleted == 0 || l.deleted > since) && found(l) }, f.PageRequest)
	if f.OrderBy != byTasks && len(ids) > 0 { // only the page's accounts are added up
		if tasks, err = s.tasksByAccount(ctx, ` FROM meter m WHERE account IN (`+numbers(ids)+`) AND slot >= $1 AND slot < $2`, first, end); err != nil {
			return page, err
		}
	}
	accounts, err := s.accountsByID(ctx, p, ids)
	page.Total, page.Rows = total, make([]tandem.AccountUsage, 0, len(accounts))
	for i := range accounts {
		a := &accounts[i]
		page.Rows = append(page.Rows, tandem.AccountUsage{
			ID: a.APIID, Name: a.Name, ParentAccountID: a.ParentAccountID, Deleted: a.DeletedDate != nil, Tasks: tasks[a.ID],
		})
	}
	return page, err
}

// tasksByAccount counts the tasks of each account in the rows of m.
func (s *Store) tasksByAccount(ctx context.Context, from string, args ...any) (map[tandem.AccountID]tandem.Tasks, error) {
	all := map[tandem.AccountID]tandem.Tasks{}
	_, err := rows(ctx, s.read(), func(r scanner) (struct{}, error) {
		var id tandem.AccountID
		var t tandem.Tasks
		err := r.Scan(&id, &t.SuccessfulTasks, &t.IncidentTasks)
		t.TasksUsed = t.SuccessfulTasks + t.IncidentTasks
		all[id] = t
		return struct{}{}, err
	}, `SELECT m.account, `+taskSums+from+` GROUP BY m.account`, args...)
	if err != nil {
		return nil, fmt.Errorf("tasks of accounts: %w", err)
	}
	return all, nil
}
