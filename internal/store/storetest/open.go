package storetest

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// SQLite opens a store on SQLite in a folder of t's.
func SQLite(t *testing.T) *store.Store { return open(t, "", t.TempDir()) }

// Postgres opens a store on a fresh PostgreSQL database.
func Postgres(t *testing.T) *store.Store { return open(t, pgtest.URL(t), t.TempDir()) }

func open(t *testing.T, url, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}
