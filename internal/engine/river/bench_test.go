package river_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
)

// BenchmarkSteps is durable steps through the engine alone: transactions of ten
// steps, of fifty accounts, on one node.
func BenchmarkSteps(b *testing.B) {
	s, err := store.Open(b.Context(), pgtest.URL(b), "")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	e, err := river.New(b.Context(), slog.New(slog.DiscardHandler), s, s, s.Dialect().(*postgres.DB), river.Options{})
	if err != nil {
		b.Fatal(err)
	}
	const steps = 10
	txns := b.N/steps + 1
	var done, wg sync.WaitGroup
	done.Add(txns)
	ctx, stop := context.WithCancel(b.Context())
	wg.Go(func() {
		err := e.Run(ctx, runnerFunc(func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
			for seq := t.NextSeq; seq < steps; seq++ {
				d := journal.Delta{Items: []tandem.StepItem{{Seq: seq, StepID: "step", Attempt: 1}}, Frontier: []byte{byte(seq)}}
				if err := l.Commit(ctx, d); err != nil {
					return engine.Yield{}, err
				}
			}
			defer done.Done()
			return finish(ctx, l)
		}))
		if err != nil {
			b.Error(err)
		}
	})
	b.ResetTimer()
	for i := range 64 {
		wg.Go(func() {
			for n := i; n < txns; n += 64 {
				if _, err := e.Submit(ctx, journal.NewTxn{Account: tandem.AccountID(1 + n%50), Cycle: "c"}); err != nil {
					b.Error(err)
					done.Done()
				}
			}
		})
	}
	done.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
	stop()
	wg.Wait()
}
