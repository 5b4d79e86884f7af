package river

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem"
)

// Drop implements engine.Engine. The journal has them cancelled first: what works
// on them, on any node, can commit nothing more, and is then stopped.
func (e *Engine) Drop(ctx context.Context, a tandem.AccountID, ids ...tandem.TransactionID) error {
	defer e.admitSoon()
	dropped, _, err := e.cycles.Drop(ctx, a, ids)
	if len(dropped) == 0 {
		return err
	}
	all := make([]int64, len(dropped))
	over := make(map[tandem.TransactionID]bool, len(dropped))
	for i, t := range dropped {
		all[i], over[t.ID] = int64(t.ID), true
	}
	e.mu.Lock()
	for s := range e.slices {
		if s.Txn.Account == a && over[s.Txn.ID] {
			s.fence()
		}
	}
	e.mu.Unlock()
	quietErr := e.quiet(ctx, func(ctx context.Context) ([]runningJob, error) {
		rows, err := e.db.Pool().Query(ctx, `SELECT id, attempted_by[cardinality(attempted_by)] FROM river_job WHERE kind = $1 AND state = 'running'
			AND (args->>'account')::bigint = $2 AND (args->>'txn')::bigint = ANY($3)`, kind, int64(a), all)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, pgx.RowToStructByPos[runningJob])
	})
	if quietErr != nil {
		quietErr = fmt.Errorf("wait for the slices of what was dropped: %w", quietErr)
	}
	return errors.Join(err, quietErr)
}
