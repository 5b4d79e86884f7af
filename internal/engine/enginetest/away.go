package enginetest

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// away has what a transaction reads be away for longer than poison is tried: nobody's
// fault, and no incident.
func away(b *bench) {
	var tries atomic.Int32
	b.start(2, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		if n := tries.Add(1); n <= 2*journal.Poisonous/journal.FailureSuspicion {
			return engine.Yield{}, fmt.Errorf("read what it needs: %w", tandem.ErrAway)
		}
		return finish(ctx, l)
	})
	id := b.submit(journal.NewTxn{})[0]
	b.eventually("it ends", func() bool { return b.status(id).Final() })
	if got := b.status(id); got != tandem.TransactionCompleted {
		b.Errorf("it is %s", got)
	}
	p, err := b.Transactions().Incidents(b.Context(), one.Account, tandem.TransactionFilter{})
	if err != nil || p.Total != 0 {
		b.Errorf("%d incidents, %v", p.Total, err)
	}
}
