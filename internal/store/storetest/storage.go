package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// manyItems is more than anybody here stores.
const manyItems = 1 << 30

// most are limits of which only that of a store is met.
func most(items int64) tandem.StorageLimits {
	return tandem.StorageLimits{Items: items, AccountItems: manyItems, AccountBytes: manyItems, Entities: manyItems}
}

// keep stores a value and says what went wrong.
func keep(t *testing.T, s *store.Store, of tandem.Storage, once, key, value string, items int64) error {
	t.Helper()
	_, err := s.ChangeStored(t.Context(), of, once, key, most(items), func(*tandem.Stored) (*tandem.Stored, string, error) {
		return &tandem.Stored{Sealed: []byte(value)}, "", nil
	})
	return err
}

// stored lists a store as key=value.
func stored(t *testing.T, s *store.Store, of tandem.Storage) []string {
	t.Helper()
	items, err := s.StoredItems(t.Context(), of, "", manyItems)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, i := range items {
		all = append(all, i.Key+"="+string(i.Sealed))
	}
	return all
}

func storage(t *testing.T, s *store.Store) {
	acme := newPartner(t, s, "a@acme.test")
	of := tandem.Storage{Account: newAccount(t, s, acme, "a", 0).ID, Purpose: "text"}
	others := []tandem.Storage{
		{Account: newAccount(t, s, acme, "b", 0).ID, Purpose: "text"}, {Account: of.Account, Purpose: "object"},
		{Account: of.Account, Purpose: "text", Connector: 1}, {Account: of.Account, Purpose: "text", Cycle: "c"},
	}
	for _, key := range []string{"b", "B", "é", "a"} {
		if err := keep(t, s, of, "", key, "1", 4); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep(t, s, of, "", "c", "1", 4); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("one too many: %v", err)
	}
	if err := keep(t, s, of, "", "a", "2", 4); err != nil {
		t.Errorf("a new value in a full store: %v", err)
	}
	if got, want := stored(t, s, of), []string{"B=1", "a=2", "b=1", "é=1"}; !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	if some, err := s.StoredItems(t.Context(), of, "B", 2); err != nil || len(some) != 2 || some[0].Key != "a" || some[1].Key != "b" {
		t.Errorf("behind B: %v, %v", some, err)
	}
	for _, o := range others {
		if got := stored(t, s, o); len(got) != 0 {
			t.Errorf("%+v holds %v of another's", o, got)
		}
		if _, err := s.Stored(t.Context(), o, "a"); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%+v: %v", o, err)
		}
	}
	refusal := errors.New("no")
	if _, err := s.ChangeStored(t.Context(), of, "refused", "a", most(4), func(*tandem.Stored) (*tandem.Stored, string, error) { return nil, "", refusal }); !errors.Is(err, refusal) {
		t.Errorf("refused: %v", err)
	}
	if got, err := s.Stored(t.Context(), of, "a"); err != nil || string(got.Sealed) != "2" {
		t.Errorf("after a refusal: %+v, %v", got, err)
	}
	clearStorage(t, s, of, others[0])
}

// clearStorage empties a store, at once and for good.
func clearStorage(t *testing.T, s *store.Store, of, other tandem.Storage) {
	if err := keep(t, s, other, "", "stays", "1", manyItems); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time is the first's retry
		if err := s.ClearStorage(t.Context(), of, "clear"); err != nil {
			t.Fatal(err)
		}
	}
	if got := stored(t, s, of); len(got) != 0 {
		t.Errorf("cleared, it holds %v", got)
	}
	if err := keep(t, s, of, "", "new", "1", 1); err != nil {
		t.Errorf("into a cleared store: %v", err)
	}
	if err := s.ClearStorage(t.Context(), of, "clear"); err != nil || len(stored(t, s, of)) != 1 {
		t.Errorf("cleared by a retry: %v", err)
	}
	for range 2 {
		if err := s.SweepStorage(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s.Dialect().Reader(), "storage_item", of.Account); n != 1 {
		t.Errorf("%d items are left, want the new one", n)
	}
	if n := count(t, s.Dialect().Reader(), "storage", of.Account); n != 1 {
		t.Errorf("%d stores are left, want one", n)
	}
	if got := stored(t, s, other); len(got) != 1 {
		t.Errorf("another account's: %v", got)
	}
}

// storageCount counts with many at once: each name counts once, and none is lost.
func storageCount(t *testing.T, s *store.Store) {
	of := tandem.Storage{Account: newAccount(t, s, newPartner(t, s, "a@acme.test"), "a", 0).ID, Purpose: "counter"}
	const workers, names = 50, 10
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range names {
				once := fmt.Sprintf("%d of %d", i, w/2) // two workers share each name
				_, err := s.ChangeStored(t.Context(), of, once, "n", most(manyItems), func(old *tandem.Stored) (*tandem.Stored, string, error) {
					n := 0
					if old != nil {
						n, _ = strconv.Atoi(string(old.Sealed))
					}
					sum := strconv.Itoa(n + 1)
					return &tandem.Stored{Sealed: []byte(sum)}, sum, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got, want := stored(t, s, of), fmt.Sprintf("n=%d", workers*names/2); len(got) != 1 || got[0] != want {
		t.Errorf("counted %v, want %s", got, want)
	}
	first, err := s.ChangeStored(t.Context(), of, "0 of 0", "n", most(manyItems), nil) // which is not asked
	if n, _ := strconv.Atoi(first); err != nil || n < 1 || n > workers*names/2 {
		t.Errorf("the first time's result: %q, %v", first, err)
	}
	if err := s.SweepStorage(t.Context(), time.Now().AddDate(0, 0, 8)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.Dialect().Reader(), "storage_done", of.Account); n != 0 {
		t.Errorf("%d names are known for longer than a week", n)
	}
}

// storageEnds: items end at their time, and stores with what they belong to.
func storageEnds(t *testing.T, s *store.Store) {
	a := newAccount(t, s, newPartner(t, s, "a@acme.test"), "a", 0).ID
	numbers, err := s.NumberConnectors(t.Context(), []*connector.Connector{newConnector("Shop", "1")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.InsertAccountConnector(t.Context(), tandem.AccountConnector{Account: a, ID: 11, Connector: numbers[0], Name: "x", Sealed: []byte{1}}); err != nil {
		t.Fatal(err)
	}
	c := newCycle(t, s, a, nil)
	whole, ofConnector, ofCycle := tandem.Storage{Account: a, Purpose: "echo"}, tandem.Storage{Account: a, Purpose: "script", Connector: 11}, tandem.Storage{Account: a, Purpose: "text", Cycle: c.ID}
	for i, of := range []tandem.Storage{whole, whole, ofConnector, ofCycle} {
		_, err := s.ChangeStored(t.Context(), of, "", strconv.Itoa(i), most(2), func(*tandem.Stored) (*tandem.Stored, string, error) {
			return &tandem.Stored{Sealed: []byte("v"), Expires: time.UnixMicro(int64(1000 * i))}, "", nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SweepStorage(t.Context(), time.UnixMicro(1500)); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, s, whole); !slices.Equal(got, []string{"0=v"}) {
		t.Errorf("after its time: %v, want the one that never ends", got)
	}
	if err := keep(t, s, whole, "", "2", "v", 2); err != nil {
		t.Errorf("in the place of what has ended: %v", err)
	}
	if err := s.DeleteAccountConnector(t.Context(), a, 11); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteCycle(t.Context(), a, c.ID); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, s, ofCycle); len(got) != 1 {
		t.Errorf("in the recycle bin the cycle has %v", got)
	}
	if _, err := s.PurgeCycles(t.Context(), time.Now().AddDate(0, 0, tandem.CycleBinDays+1)); err != nil {
		t.Fatal(err)
	}
	for _, of := range []tandem.Storage{ofConnector, ofCycle} {
		if got := stored(t, s, of); len(got) != 0 {
			t.Errorf("%+v outlives what it belongs to: %v", of, got)
		}
	}
	if err := s.SweepStorage(t.Context(), time.UnixMicro(1500)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.Dialect().Reader(), "storage_item", a); n != 2 {
		t.Errorf("%d items are left, want 2", n)
	}
}

// storagePairs: each id has one counterpart.
func storagePairs(t *testing.T, s *store.Store) {
	of := tandem.Storage{Account: newAccount(t, s, newPartner(t, s, "a@acme.test"), "a", 0).ID, Purpose: "pair Contact"}
	set := func(once, first, second string, items int64, want tandem.Code) {
		t.Helper()
		if err := s.SetPair(t.Context(), of, once, tandem.Pair{First: first, Second: second}, most(items)); tandem.ErrorCode(err) != want {
			t.Errorf("%s-%s: %v, want %q", first, second, err, want)
		}
	}
	list := func(want ...tandem.Pair) {
		t.Helper()
		if got, err := s.Pairs(t.Context(), of, "", manyItems); err != nil || !slices.Equal(got, want) {
			t.Errorf("pairs %v, %v, want %v", got, err, want)
		}
	}
	set("", "1", "a", 2, "")
	set("", "2", "b", 2, "")
	set("", "3", "c", 2, tandem.Conflict)
	list(tandem.Pair{First: "1", Second: "a"}, tandem.Pair{First: "2", Second: "b"})
	set("swap", "1", "b", 2, "") // takes the place of both
	list(tandem.Pair{First: "1", Second: "b"})
	set("", "3", "c", 2, "")
	set("", "1", "a", 2, "")
	set("swap", "1", "b", 2, "") // a retry
	list(tandem.Pair{First: "1", Second: "a"}, tandem.Pair{First: "3", Second: "c"})
	for _, half := range []tandem.Pair{{First: "1"}, {Second: "a"}} {
		if got, err := s.Pair(t.Context(), of, half); err != nil || got != (tandem.Pair{First: "1", Second: "a"}) {
			t.Errorf("%+v: %+v, %v", half, got, err)
		}
	}
	if _, err := s.Pair(t.Context(), of, tandem.Pair{Second: "1"}); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("by the other side: %v", err)
	}
	for _, want := range []bool{true, false} {
		if was, err := s.DeletePair(t.Context(), of, "", tandem.Pair{Second: "a"}); was != want || err != nil {
			t.Errorf("delete: %v, %v, want %v", was, err, want)
		}
	}
	set("", "4", "d", 2, "") // there is room again
	if err := s.ClearStorage(t.Context(), of, ""); err != nil {
		t.Fatal(err)
	}
	list()
	if err := s.SweepStorage(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.Dialect().Reader(), "storage_pair", of.Account); n != 0 {
		t.Errorf("%d pairs are left", n)
	}
}
