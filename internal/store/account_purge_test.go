package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func TestPurgeLeavesNoFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "", dir)
	defer s.Close()
	makeAccount(t, s)
	if _, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(5, noise(400<<10))}); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "blobs", "1")
	if _, err := os.Stat(folder); err != nil {
		t.Fatal(err)
	}
	a, err := s.AnyAccount(t.Context(), 1)
	if err == nil {
		err = s.DeleteAccount(t.Context(), a.Partner, tandem.AccountID(1), time.Now().Add(-time.Hour))
	}
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.PurgeAccounts(t.Context(), time.Now()); n != 1 || err != nil {
		t.Fatalf("%d purged, %v", n, err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder of its files: %v", err)
	}
}
