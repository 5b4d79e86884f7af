package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// shelves are the stores of an account, under limits.
type shelves struct {
	*testing.T
	*store.Store
	account tandem.AccountID
	most    tandem.StorageLimits
}

func newShelves(t *testing.T, s *store.Store, most tandem.StorageLimits) *shelves {
	return &shelves{t, s, newAccount(t, s, newPartner(t, s, "a@acme.test"), "a", 0).ID, most}
}

// keep stores a value of so many bytes, as a pair where the purpose is one.
func (w *shelves) keep(purpose, key string, size int) error {
	of := tandem.Storage{Account: w.account, Purpose: purpose}
	if strings.HasPrefix(purpose, tandem.StoredPairs) {
		return w.SetPair(w.Context(), of, "", tandem.Pair{First: key, Second: key}, w.most)
	}
	_, err := w.ChangeStored(w.Context(), of, "", key, w.most, func(*tandem.Stored) (*tandem.Stored, string, error) {
		return &tandem.Stored{Sealed: make([]byte, size)}, "", nil
	})
	return err
}

func (w *shelves) drop(purpose, key string) error {
	of := tandem.Storage{Account: w.account, Purpose: purpose}
	if strings.HasPrefix(purpose, tandem.StoredPairs) {
		_, err := w.DeletePair(w.Context(), of, "", tandem.Pair{First: key})
		return err
	}
	_, err := w.ChangeStored(w.Context(), of, "", key, w.most, func(*tandem.Stored) (*tandem.Stored, string, error) { return nil, "", nil })
	return err
}

func (w *shelves) clear(purpose string) error {
	return w.ClearStorage(w.Context(), tandem.Storage{Account: w.account, Purpose: purpose}, "")
}

// fill keeps new items until there is no room, and gives how many.
func (w *shelves) fill(purpose string, size int, field string) (n int) {
	w.Helper()
	for {
		err := w.keep(purpose, fmt.Sprint("fill ", n), size)
		if err == nil {
			n++
			continue
		}
		if e := (*tandem.Error)(nil); !errors.As(err, &e) || e.Code != tandem.Conflict || e.Field != field || !strings.HasPrefix(e.Message, field+": the account's stores are full") {
			w.Fatalf("fill %s: %v, want that %s is refused", purpose, err, field)
		}
		return n
	}
}

// counted checks that what is counted is what is there.
func (w *shelves) counted() (items, bytes int64) {
	w.Helper()
	var heldItems, heldBytes, allItems, allBytes, wrong int64
	err := w.Dialect().Reader().QueryRowContext(w.Context(), `SELECT COALESCE(SUM(items), 0), COALESCE(SUM(bytes), 0), COALESCE(SUM(held_items), 0), COALESCE(SUM(held_bytes), 0),
		COALESCE(SUM(CASE WHEN items > held_items OR bytes > held_bytes
			OR items <> (SELECT COUNT(*) FROM storage_item i WHERE i.account = s.account AND i.storage = s.id) + (SELECT COUNT(*) FROM storage_pair p WHERE p.account = s.account AND p.storage = s.id)
			OR bytes <> (SELECT COALESCE(SUM(octet_length(name) + octet_length(sealed)), 0) FROM storage_item i WHERE i.account = s.account AND i.storage = s.id)
				+ (SELECT COALESCE(SUM(octet_length(first) + octet_length(second)), 0) FROM storage_pair p WHERE p.account = s.account AND p.storage = s.id)
			THEN 1 ELSE 0 END), 0),
		COALESCE((SELECT items FROM storage_account WHERE account = $1), 0), COALESCE((SELECT bytes FROM storage_account WHERE account = $1), 0)
		FROM storage s WHERE account = $1 AND NOT gone`, w.account).Scan(&items, &bytes, &heldItems, &heldBytes, &wrong, &allItems, &allBytes)
	if err != nil {
		w.Fatal(err)
	}
	if wrong != 0 || heldItems != allItems || heldBytes != allBytes || allItems > w.most.AccountItems || allBytes > w.most.AccountBytes {
		w.Errorf("%d stores counted wrong; they hold %d and %d, and their account %d and %d of %+v", wrong, heldItems, heldBytes, allItems, allBytes, w.most)
	}
	return items, bytes
}

// storageRoom: all stores of an account have room together.
func storageRoom(t *testing.T, s *store.Store) {
	w := newShelves(t, s, tandem.StorageLimits{Items: 100, AccountItems: 60, AccountBytes: 20_000, Entities: 9})
	for i := range 20 {
		if err := w.keep("text", fmt.Sprint(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	others := w.fill("counter", 1, "Key")
	if own := w.fill("text", 1, "Key"); own+others != 40 { // what the first held ahead is its own
		t.Errorf("%d and %d more, want 40 together", others, own)
	}
	w.fill(tandem.StoredPairs+"Contact", 0, "FirstId")
	if err := w.keep("text", "7", 2); err != nil {
		t.Errorf("another value in a full account: %v", err)
	}
	if items, _ := w.counted(); items != 60 {
		t.Errorf("%d items, want 60", items)
	}
	if err := w.clear("text"); err != nil {
		t.Fatal(err)
	}
	if n := w.fill(tandem.StoredPairs+"Contact", 0, "FirstId"); n != 60-others {
		t.Errorf("%d pairs in the room of a store that was cleared, want %d", n, 60-others)
	}
	if err := w.clear("counter"); err != nil {
		t.Fatal(err)
	}
	if err := w.clear(tandem.StoredPairs + "Contact"); err != nil {
		t.Fatal(err)
	}
	w.fill("object", 3_000, "Object")
	w.fill("text", 100, "Value")
	if items, bytes := w.counted(); items < 7 || bytes < 18_000 || bytes > 20_000 {
		t.Errorf("%d items of %d bytes", items, bytes)
	}
	if err := w.keep("object", "fill 0", 2_000); err != nil {
		t.Errorf("a shorter value in a full account: %v", err)
	}
	w.counted()
	other := shelves{t, s, newAccount(t, s, newPartner(t, s, "b@bolt.test"), "b", 0).ID, w.most}
	if err := other.keep("object", "k", 15_000); err != nil {
		t.Errorf("another account: %v", err)
	}
}

// storageShrinks: what a store has no use for any more, others have.
func storageShrinks(t *testing.T, s *store.Store) {
	w := newShelves(t, s, tandem.StorageLimits{Items: 1_000, AccountItems: 200, AccountBytes: 100_000, Entities: 9})
	if n := w.fill("text", 1, "Key"); n != 200 {
		t.Errorf("%d items, want 200", n)
	}
	for i := range 190 {
		if err := w.drop("text", fmt.Sprint("fill ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.fill("counter", 1, "Key"); n < 150 {
		t.Errorf("there is room for %d items where 190 are gone", n)
	}
	w.counted()
}

// storageEntities: an account has so many kinds of pairs at a time.
func storageEntities(t *testing.T, s *store.Store) {
	w := newShelves(t, s, tandem.StorageLimits{Items: 100, AccountItems: 1_000, AccountBytes: 100_000, Entities: 3})
	if err := w.drop(tandem.StoredPairs+"none", "1"); err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 8)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := w.keep(tandem.StoredPairs+fmt.Sprint(i), "1", 0); err != nil {
				refused <- err
			}
		})
	}
	all.Wait()
	close(refused)
	if len(refused) != 5 {
		t.Errorf("%d of 8 kinds are refused, want 5", len(refused))
	}
	for err := range refused {
		if e := (*tandem.Error)(nil); !errors.As(err, &e) || e.Code != tandem.Conflict || e.Field != "Entity" || !strings.Contains(e.Message, "Entity: ") || !strings.Contains(e.Message, " 3 kinds") {
			t.Errorf("a kind too many: %v", err)
		}
	}
	kinds := w.kinds()
	if len(kinds) != 3 {
		t.Fatalf("kinds %v, want 3", kinds)
	}
	if err := errors.Join(w.keep(kinds[0], "2", 0), w.keep("text", "k", 1), w.drop(kinds[1], "1"), w.keep(tandem.StoredPairs+"more", "1", 0)); err != nil {
		t.Errorf("in the place of a kind that has no pairs any more: %v", err)
	}
	if err := w.keep(kinds[1], "1", 0); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("again one too many: %v", err)
	}
	w.counted()
}

// kinds are the account's purposes of pairs.
func (w *shelves) kinds() (kinds []string) {
	w.Helper()
	rs, err := w.Dialect().Reader().QueryContext(w.Context(), `SELECT purpose FROM storage WHERE account = $1 AND purpose LIKE 'pair %' AND NOT gone`, w.account)
	if err != nil {
		w.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var kind string
		if err := rs.Scan(&kind); err != nil {
			w.Fatal(err)
		}
		kinds = append(kinds, kind)
	}
	if err := rs.Err(); err != nil {
		w.Fatal(err)
	}
	return kinds
}

// storageRoomRace changes many stores at once: what is counted stays what is there,
// and within the limits.
func storageRoomRace(t *testing.T, s *store.Store) {
	w := newShelves(t, s, tandem.StorageLimits{Items: 1_000, AccountItems: 150, AccountBytes: 60_000, Entities: 3})
	purposes := []string{"text", "object", "counter", "echo", tandem.StoredPairs + "a", tandem.StoredPairs + "b", tandem.StoredPairs + "c", tandem.StoredPairs + "d"}
	var all sync.WaitGroup
	for worker := range 12 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(worker)))
			for range 60 {
				purpose, key, err := purposes[random.IntN(len(purposes))], fmt.Sprint(random.IntN(40)), error(nil)
				switch n := random.IntN(20); {
				case n == 0:
					err = w.clear(purpose)
				case n < 5:
					err = w.drop(purpose, key)
				default:
					err = w.keep(purpose, key, random.IntN(1_500))
				}
				if err != nil && tandem.ErrorCode(err) != tandem.Conflict {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if kinds := w.kinds(); len(kinds) > 3 {
		t.Errorf("kinds %v, want 3 at most", kinds)
	}
	if err := s.SweepStorage(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	w.counted()
}
