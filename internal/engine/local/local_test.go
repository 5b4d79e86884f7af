package local_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/enginetest"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func TestEngine(t *testing.T) { enginetest.Run(t, bench) }

// bench opens the store anew for each engine, as a process that starts again
// does.
func bench(t *testing.T) enginetest.Bench {
	dir := t.TempDir()
	var s *store.Store
	t.Cleanup(func() { s.Close() })
	return enginetest.Bench{
		New: func(t *testing.T, workers int) engine.Engine {
			if s != nil {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			s = openStore(t, dir)
			o := local.Options{Workers: workers, Grace: time.Nanosecond, Retry: time.Millisecond}
			e, err := local.New(t.Context(), slog.New(slog.DiscardHandler), s, o)
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
		Transactions: func() tandem.Transactions { return s.Transactions() },
		SetTimer:     func(t *testing.T, c journal.Cycle, at time.Time) { setTimer(t, s, c, at) },
	}
}

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func setTimer(t *testing.T, s *store.Store, c journal.Cycle, at time.Time) {
	t.Helper()
	_, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO timer (account, cycle, next_at) VALUES ($1, $2, $3)`, c.Account, c.ID, at.UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
}
