package store

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// roomy are limits that nobody here meets.
var roomy = tandem.StorageLimits{Items: 1 << 40, AccountItems: 1 << 40, AccountBytes: 1 << 40, Entities: 1 << 40}

func keepItem(ctx context.Context, s *Store, of tandem.Storage, key string) error {
	_, err := s.ChangeStored(ctx, of, "", key, roomy, func(*tandem.Stored) (*tandem.Stored, string, error) {
		return &tandem.Stored{Sealed: []byte("v")}, "", nil
	})
	return err
}

// Stores of an account do not wait for each other: while one has the row of their
// account, others take what room they hold.
func TestStoresDoNotWaitForTheirAccount(t *testing.T) {
	s, err := Open(t.Context(), pgtest.URL(t), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	of := tandem.Storage{Account: 1, Purpose: tandem.StoredText}
	if err := keepItem(t.Context(), s, of, "first"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, _, err := lockRoom(ctx, tx, of.Account); err != nil {
			return err
		}
		for i := range leastSpareItems {
			if err := keepItem(ctx, s, of, fmt.Sprint(i)); err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// What was stored before accounts had room is counted.
func TestStoragesOfOldAreCounted(t *testing.T) {
	ofOld(t, storagesOfOld, func(t *testing.T, s *Store) {
		var items, bytes, left int64
		err := s.read().QueryRowContext(t.Context(), `SELECT items, bytes, (SELECT COUNT(*) FROM storage WHERE NOT gone) FROM storage_account WHERE account = 1`).Scan(&items, &bytes, &left)
		if err != nil || items != 3 || bytes != 5+4+4 || left != 2 {
			t.Errorf("%d items of %d bytes in %d stores, %v", items, bytes, left, err)
		}
		if err := keepItem(t.Context(), s, tandem.Storage{Account: 1, Purpose: tandem.StoredText}, "k"); err != nil {
			t.Error(err)
		}
	})
}

// storagesOfOld are in a database of the last version without limits of accounts.
func storagesOfOld(a aged) {
	blob := map[string]string{"sqlite": "x'00ff01'", "postgres": "'\\x00ff01'"}[a.d.Name()]
	a.to(109, `INSERT INTO sequence (name, value) VALUES ('storage', 3)`,
		`INSERT INTO storage (account, id, purpose, connector, cycle, items, gone) VALUES (1, 1, 'text', 0, '', 2, false), (1, 2, 'pair a', 0, '', 1, false),
			(1, 3, 'pair b', 0, '', 0, false)`,
		`INSERT INTO storage_item (account, storage, name, sealed, expires_at) VALUES (1, 1, 'é', `+blob+`, 0), (1, 1, 'b', `+blob+`, 0)`,
		`INSERT INTO storage_pair (account, storage, first, second) VALUES (1, 2, 'ä', 'bc')`)
}

// BenchmarkStores keeps new items, each of eight writers in a store of its own: in
// one account, whose room they share, as fast as in eight.
func BenchmarkStores(b *testing.B) {
	for name, account := range map[string]func(writer int) tandem.AccountID{
		"one account":    func(int) tandem.AccountID { return 1 },
		"eight accounts": func(writer int) tandem.AccountID { return tandem.AccountID(1 + writer) },
	} {
		b.Run(name, func(b *testing.B) { benchmarkStores(b, account) })
	}
}

func benchmarkStores(b *testing.B, account func(writer int) tandem.AccountID) {
	s, err := Open(b.Context(), pgtest.URL(b), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	done := make(chan error)
	for b.Loop() {
		for writer := range 8 {
			go func() {
				of := tandem.Storage{Account: account(writer), Purpose: tandem.StoredText, Connector: tandem.AccountConnectorID(writer + 1)}
				for range 50 {
					if err := keepItem(b.Context(), s, of, fmt.Sprint(time.Now().UnixNano())); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 8 {
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*400)/b.Elapsed().Seconds(), "items/s")
}
