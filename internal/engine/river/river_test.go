package river_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/enginetest"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEngine(t *testing.T) { enginetest.Run(t, bench) }

func bench(t *testing.T) enginetest.Bench {
	s := openStore(t, pgtest.URL(t))
	return enginetest.Bench{
		New: func(t *testing.T, workers int) engine.Engine {
			return newEngine(t, s, river.Options{Workers: workers, Poll: 50 * time.Millisecond, Grace: time.Nanosecond, Retry: time.Millisecond})
		},
		Transactions: func() tandem.Transactions { return s.Transactions() },
		SetTimer: func(t *testing.T, c journal.Cycle, at time.Time) {
			_, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO timer (account, cycle, next_at) VALUES ($1, $2, $3)`, c.Account, c.ID, at.UnixMicro())
			if err != nil {
				t.Fatal(err)
			}
		},
	}
}

func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newEngine(t *testing.T, s *store.Store, o river.Options) *river.Engine {
	t.Helper()
	e, err := river.New(t.Context(), slog.New(slog.DiscardHandler), s, s.Dialect().(*postgres.DB), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
