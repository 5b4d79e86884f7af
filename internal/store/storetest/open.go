package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// SQLite opens a store on SQLite in a folder of t's.
func SQLite(t *testing.T) *store.Store { return open(t, "", Folder(t)) }

// Postgres opens a store on a fresh PostgreSQL database.
func Postgres(t *testing.T) *store.Store { return open(t, URL(t), t.TempDir()) }

// Folder is a data folder of t's, for SQLite, whose tables are there already. It
// is as if a store had been opened in a new folder, and closed.
func Folder(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// URL is the address of a PostgreSQL database of t's whose tables are there
// already.
func URL(t testing.TB) string {
	t.Helper()
	return pgtest.Copy(t, "migrated", func(ctx context.Context, url string) error { return migrate(ctx, url, t.TempDir()) })
}

// file is the database's, in a data folder.
const file = "tandem.db"

// migrated is the file of a SQLite database that has just got its tables: what all
// tests of a package that want one begin with.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "tandem-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := migrate(context.Background(), "", dir); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, file))
})

func migrate(ctx context.Context, url, dir string) error {
	s, err := store.Open(ctx, url, dir)
	if err != nil {
		return err
	}
	return s.Close()
}

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
