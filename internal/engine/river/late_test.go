package river

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
)

// TestIntakeHears: a node that runs nothing holds back what another tells that it
// begins late, of that account alone, and takes all when nothing more is told.
func TestIntakeHears(t *testing.T) {
	url := pgtest.URL(t)
	node := func(idle bool) *Engine {
		s, err := store.Open(t.Context(), url, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		e, err := New(t.Context(), slog.New(slog.DiscardHandler), s, s, s.Dialect().(*postgres.DB), Options{Idle: idle, Poll: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	worker, intake := node(false), node(true)
	ctx, stop := context.WithCancel(t.Context())
	var telling sync.WaitGroup
	defer telling.Wait()
	defer stop()
	telling.Go(func() {
		for ctx.Err() == nil {
			if err := errors.Join(worker.tellLate(ctx, []engine.Late{{Account: 1}}), intake.exchangeLate(ctx)); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	})
	submit := func(n journal.NewTxn) error {
		_, err := intake.Submit(t.Context(), n)
		return err
	}
	until := func(what string, is func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !is(); {
			if time.Now().After(end) {
				t.Fatal("in vain:", what)
			}
		}
	}
	until("it is held back, and refused", func() bool { return errors.Is(submit(journal.NewTxn{Account: 1, Cycle: "c"}), engine.ErrBusy) })
	if err := submit(journal.NewTxn{Account: 2, Cycle: "c"}); err != nil {
		t.Errorf("of another account: %v", err)
	}
	stop()
	telling.Wait()
	until("it is let in", func() bool { return submit(journal.NewTxn{Account: 1, Cycle: "c"}) == nil })
}
