package store_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func open(t *testing.T, url, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpenTwiceRefuses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "", dir)
	if _, err := store.Open(t.Context(), "", dir); err == nil {
		t.Fatal("a second open of the same folder was not refused")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, "", dir)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNodesMigrateTogether(t *testing.T) {
	url := pgtest.URL(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), url, "")
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestNewerSchemaRefuses(t *testing.T) {
	for name, url := range map[string]string{"sqlite": "", "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, url, dir)
			if _, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), url, dir)
			if err == nil || !strings.Contains(err.Error(), "9999") {
				t.Errorf("a newer schema: %v, want a refusal that names its version", err)
			}
		})
	}
}

// TestDurable reads back what makes a commit durable.
func TestDurable(t *testing.T) {
	s := open(t, "", t.TempDir())
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "fullfsync": "1"} {
		var got string
		if err := s.Dialect().Writer().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}
