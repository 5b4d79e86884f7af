package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func newTxn(id tandem.TransactionID, body []byte) journal.NewTxn {
	n := journal.NewTxn{ID: id, Account: 1, Cycle: "cycle"}
	if body != nil {
		n.Items = []tandem.StepItem{{Seq: 1, Response: &tandem.Exchange{Body: body}}}
	}
	return n
}

// noise is bytes that do not pack.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// TestDiskFull fills the disk, as SQLite sees it: those who wait fail soon,
// what was acknowledged stays, and all works again when there is room.
func TestDiskFull(t *testing.T) {
	s := open(t, "", t.TempDir())
	defer s.Close()
	limit := func(pages int) {
		t.Helper()
		if _, err := s.Dialect().Writer().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(400)
	var mu sync.Mutex
	var acknowledged []tandem.TransactionID
	failed := 0
	began := time.Now()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for n := range 10 {
				id := tandem.TransactionID(1 + i*10 + n)
				_, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(id, noise(8000))})
				mu.Lock()
				if err == nil {
					acknowledged = append(acknowledged, id)
				} else {
					failed++
				}
				mu.Unlock()
				if err != nil && tandem.ErrorCode(errors.Unwrap(err)) != tandem.Unavailable {
					t.Errorf("submit: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if failed == 0 || len(acknowledged) == 0 {
		t.Fatalf("%d failed and %d did not: the disk was not filled in between", failed, len(acknowledged))
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	limit(1 << 30)
	if _, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(100_000, noise(8000))}); err != nil {
		t.Errorf("with room again: %v", err)
	}
	for _, id := range append(acknowledged, 100_000) {
		if items, err := s.Transactions().Items(t.Context(), 1, id); err != nil || len(items) != 1 {
			t.Errorf("transaction %d: %d items, %v", id, len(items), err)
		}
	}
}

func TestBlobs(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "", dir)
	long := noise(400 << 10)
	if _, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(5, long), newTxn(6, []byte("short"))}); err != nil {
		t.Fatal(err)
	}
	files := func() []string {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(dir, "blobs", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if n := len(files()); n != 1 {
		t.Fatalf("%d files, want one for the long body", n)
	}
	folder := filepath.Dir(files()[0])
	for _, orphan := range []string{"new-123", fmt.Sprintf("%016x-1", 77), fmt.Sprintf("%016x-1", 6)} {
		if err := os.WriteFile(filepath.Join(folder, orphan), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, "", dir)
	defer s.Close()
	if n := len(files()); n != 1 {
		t.Errorf("%d files after the sweep, want 1", n)
	}
	items, err := s.Transactions().Items(t.Context(), 1, 5)
	if err != nil || !bytes.Equal(items[0].Response.Body, long) {
		t.Errorf("the long body after the sweep: %d items, %v", len(items), err)
	}
	if _, err := s.Dialect().Writer().ExecContext(t.Context(), `UPDATE txn SET status = 10, finished_at = 1`); err != nil {
		t.Fatal(err)
	}
	makeAccount(t, s)
	if n, err := s.Expire(t.Context(), time.Now()); n != 2 || err != nil {
		t.Errorf("expired %d, %v; want 2", n, err)
	}
	if n := len(files()); n != 0 {
		t.Errorf("%d files after their transactions expired", n)
	}
}

// makeAccount makes the account with number 1.
func makeAccount(t *testing.T, s *store.Store) {
	t.Helper()
	p, err := s.CreatePartner(t.Context(), "acme", tandem.ConsoleUser{Email: "a@acme.test"}, "", tandem.OAuthClient{ID: "client", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	a := &tandem.Account{Partner: p, APIID: "a", Timezone: "UTC", Enabled: true}
	err = s.CreateAccount(t.Context(), a, func(tandem.AccountID) ([]byte, error) { return []byte("key"), nil })
	if err != nil || a.ID != 1 {
		t.Fatalf("made account %d, %v", a.ID, err)
	}
}

// TestCloseLeavesOneFile submits, closes, and looks for what SQLite leaves
// beside a database that was not closed whole.
func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "", dir)
	if _, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(1, nil)}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "tandem.db-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left beside the database: %v, %v", left, err)
	}
}

func TestSubmitAfterClose(t *testing.T) {
	s := open(t, "", t.TempDir())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(t.Context(), []journal.NewTxn{newTxn(1, nil)}); err == nil {
		t.Error("a closed store took a transaction")
	}
}
