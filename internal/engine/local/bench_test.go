package local_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// steps is a runner that takes a number of steps that do nothing, each of them
// durable.
type steps struct {
	n    int32
	done sync.WaitGroup
}

func (*steps) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

func (r *steps) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	for seq := t.NextSeq; ; seq++ {
		d := journal.Delta{Items: []tandem.StepItem{{Seq: seq, StepID: "step", Attempt: 1}}, Frontier: []byte{byte(seq)}}
		if seq == r.n {
			d.Frontier, d.Status = nil, tandem.TransactionCompleted
		}
		if err := l.Commit(ctx, d); err != nil {
			return engine.Yield{}, err
		}
		if seq == r.n {
			r.done.Done()
			return engine.Yield{Kind: engine.Done}, nil
		}
	}
}

// BenchmarkSteps is durable steps through the engine alone: transactions of ten
// steps, of fifty accounts.
func BenchmarkSteps(b *testing.B) {
	s, err := store.Open(b.Context(), "", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	e, err := local.New(b.Context(), slog.New(slog.DiscardHandler), s, s, local.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r := &steps{n: 10}
	ctx, stop := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := e.Run(ctx, r); err != nil {
			b.Error(err)
		}
	})
	txns := b.N/int(r.n) + 1
	r.done.Add(txns)
	for i := range 64 {
		wg.Go(func() {
			for n := i; n < txns; n += 64 {
				a := tandem.AccountID(1 + n%50)
				if _, err := e.Submit(ctx, journal.NewTxn{Account: a, Cycle: tandem.CycleID(fmt.Sprint("cycle ", a))}); err != nil {
					b.Error(err)
					r.done.Done()
				}
			}
		})
	}
	r.done.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
	stop()
	wg.Wait()
}
