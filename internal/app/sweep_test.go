package app

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// What waits in a stopped cycle is cancelled after a day; the cycle stays
// stopped, and is not looked at again.
func TestExpiresHolds(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		const cycle = tandem.CycleID("stopped")
		if err := r.engine.SignalCycle(t.Context(), 1, cycle, engine.Hold); err != nil {
			t.Fatal(err)
		}
		ids, err := r.engine.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: cycle})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			age     time.Duration // more
			expires int
			want    tandem.TransactionStatus
		}{{23 * time.Hour, 0, tandem.TransactionQueued}, {time.Hour, 1, tandem.TransactionCancelled}, {time.Hour, 0, tandem.TransactionCancelled}} {
			if _, err := r.store.Dialect().Writer().ExecContext(t.Context(), `UPDATE hold SET since = since - $1 WHERE since > 0`, c.age.Microseconds()); err != nil {
				t.Fatal(err)
			}
			// Before the sweep that runs by itself, which looks once a minute.
			if due, err := r.store.ExpiredHolds(t.Context(), time.Now()); len(due) != c.expires || err != nil {
				t.Errorf("%d holds expire, %v; want %d", len(due), err, c.expires)
			}
			if err := r.expireHolds(t.Context()); err != nil {
				t.Fatal(err)
			}
			txn, err := r.store.Transactions().Get(t.Context(), 1, ids[0])
			if err != nil || txn.Status != c.want {
				t.Errorf("the transaction is %s, %v; want %s", txn.Status, err, c.want)
			}
		}
		if held, err := r.store.Held(t.Context(), 1, cycle); !held || err != nil {
			t.Errorf("held: %v, %v", held, err)
		}
	})
}
