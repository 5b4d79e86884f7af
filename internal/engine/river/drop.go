package river

import (
	"context"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Drop implements engine.Engine. The journal has them cancelled first: what works
// on them, on any node, can commit nothing more, and is then stopped. What shares a job
// with them on another node is cut off with them, and goes on at once.
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
	here := func(t journal.Txn) bool { return t.Account == a && over[t.ID] }
	quietErr := e.quiet(ctx, here, `(args->>'account')::bigint = $3
		AND EXISTS (SELECT 1 FROM jsonb_array_elements(args->'txns') AS own WHERE (own->>'id')::bigint = ANY($4))`, int64(a), all)
	if quietErr != nil {
		quietErr = fmt.Errorf("wait for the slices of what was dropped: %w", quietErr)
	}
	return errors.Join(err, quietErr)
}
