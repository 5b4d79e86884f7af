package store

import (
	"context"

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
