package river_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// TestSliceTimeout has one slice of a job hang for good. It is cut off in time, and
// tried again; those that shared the job with it end once.
func TestSliceTimeout(t *testing.T) {
	const txns = 8
	s := openStore(t, storetest.URL(t))
	o := options
	o.Workers = 256
	o.Timeout, o.Rescue = 500*time.Millisecond, time.Minute // what is late is not taken for lost
	e := newEngine(t, s, o)
	n := make([]journal.NewTxn, txns)
	for i := range n {
		n[i] = journal.NewTxn{Account: 1, Cycle: "c"}
	}
	ids, err := e.Submit(t.Context(), n...)
	if err != nil {
		t.Fatal(err)
	}
	var tries, ended atomic.Int32
	start(t, e, func(ctx context.Context, l engine.Lease, got journal.Txn) (engine.Yield, error) {
		if got.ID == ids[0] && tries.Add(1) == 1 {
			select {
			case <-ctx.Done():
				if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
					t.Errorf("cut off by %v", ctx.Err())
				}
				return engine.Yield{}, ctx.Err()
			case <-time.After(20 * time.Second):
				t.Error("nobody cut it off")
			}
		}
		y, err := finish(ctx, l)
		if err == nil {
			ended.Add(1)
		}
		return y, err
	})
	for _, id := range ids {
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			got, err := s.Transactions().Get(t.Context(), 1, id)
			if err != nil || time.Now().After(end) {
				t.Fatalf("%s is %+v, %v", id, got, err)
			}
			if got.Status == tandem.TransactionCompleted {
				break
			}
		}
	}
	var most int
	if err := s.Dialect().Writer().QueryRowContext(t.Context(), `SELECT max(jsonb_array_length(args->'txns')) FROM river_job`).Scan(&most); err != nil || most != txns {
		t.Errorf("the largest job had %d slices (%v), want %d", most, err, txns)
	}
	if n := ended.Load(); n > txns {
		t.Errorf("%d transactions ended %d times", txns, n)
	}
	if n := tries.Load(); n < 2 {
		t.Errorf("%d tries of the one that hung", n)
	}
}
