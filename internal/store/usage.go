package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Tasks counts an account's tasks, and those of the tree below it and itself,
// from the slot first to the slot before end.
func (s *Store) Tasks(ctx context.Context, a tandem.AccountID, first, end tandem.Slot) (own, tree int, err error) {
	err = s.read().QueryRowContext(ctx, `WITH RECURSIVE tree (id) AS (
			SELECT id FROM account WHERE id = $1 UNION ALL SELECT account.id FROM account JOIN tree ON account.parent = tree.id)
		SELECT COALESCE(SUM(CASE WHEN meter.account = $1 THEN succeeded + failed ELSE 0 END), 0), COALESCE(SUM(succeeded + failed), 0)
		FROM tree JOIN meter ON meter.account = tree.id AND slot >= $2 AND slot < $3`, a, first, end).Scan(&own, &tree)
	return own, tree, err
}

// TasksOf counts an account's tasks by how they ended, from the slot first to the
// slot before end.
func (s *Store) TasksOf(ctx context.Context, a tandem.AccountID, first, end tandem.Slot) (t tandem.Tasks, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT `+taskSums+` FROM meter WHERE account = $1 AND slot >= $2 AND slot < $3`, a, first, end).
		Scan(&t.SuccessfulTasks, &t.IncidentTasks)
	t.TasksUsed = t.SuccessfulTasks + t.IncidentTasks
	return t, err
}

// taskSums are the counts of rows of the meter.
const taskSums = `COALESCE(SUM(succeeded), 0), COALESCE(SUM(failed), 0)`

// usageOrders are of accounts, which are listed as x.
var usageOrders = orders{"": {"lower(x.name)", "x.id"}, "Name": {"lower(x.name)", "x.id"}, "Id": {"x.api_id", "x.id"}, "TasksUsed": {"tasks", "x.id"}}

// AccountsTasks lists the tasks of each account of a partner, with those that
// were deleted since the slot first.
//
// Errors: Invalid (OrderBy).
func (s *Store) AccountsTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot, f tandem.UsageFilter) (tandem.Page[tandem.AccountUsage], error) {
	var page tandem.Page[tandem.AccountUsage]
	by, err := usageOrders.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	c := &conditions{}
	c.add("x.partner = ", p)
	c.args = append(c.args, micros(first.Time()))
	c.all = append(c.all, fmt.Sprintf("(x.deleted_at = 0 OR x.deleted_at > $%d)", len(c.args)))
	if f.Query != "" {
		c.args = append(c.args, "%"+likeEscapes.Replace(strings.ToLower(f.Query))+"%")
		c.all = append(c.all, fmt.Sprintf(`(lower(x.name) LIKE $%[1]d ESCAPE '\' OR lower(x.api_id) LIKE $%[1]d ESCAPE '\')`, len(c.args)))
	}
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) FROM account x`+c.where(), c.args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count accounts: %w", err)
	}
	// Unless they are ordered by it, only the page's accounts are added up.
	n := len(c.args)
	sum := func(of string) string {
		return fmt.Sprintf(`COALESCE((SELECT SUM(%s) FROM meter WHERE account = x.id AND slot >= $%d AND slot < $%d), 0)`, of, n+1, n+2)
	}
	tasks := "0"
	if f.OrderBy == "TasksUsed" {
		tasks = sum("succeeded + failed")
	}
	page.Rows, err = rows(ctx, s.read(), scanAccountUsage, fmt.Sprintf(`SELECT x.api_id, x.name, p.api_id, x.deleted_at > 0, %s, %s
		FROM (SELECT x.*, %s AS tasks FROM account x%s%s LIMIT %d OFFSET %d) x LEFT JOIN account p ON p.id = x.parent%s`,
		sum("succeeded"), sum("failed"), tasks, c.where(), by, f.Limit(), f.Offset(), by), append(c.args, first, end)...)
	if err != nil {
		return page, fmt.Errorf("tasks of accounts: %w", err)
	}
	return page, nil
}

func scanAccountUsage(r scanner) (u tandem.AccountUsage, err error) {
	err = r.Scan(&u.ID, &u.Name, &u.ParentAccountID, &u.Deleted, &u.SuccessfulTasks, &u.IncidentTasks)
	u.TasksUsed = u.SuccessfulTasks + u.IncidentTasks
	return u, err
}
