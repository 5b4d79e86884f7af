package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// both runs a test on either kind of database.
func both(t *testing.T, test func(*testing.T, *store.Store)) {
	t.Run("SQLite", func(t *testing.T) { test(t, storetest.SQLite(t)) })
	t.Run("Postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

func TestTransactionAndItsChildren(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, _ := w.built("books")
		w.account("other", "")
		parent := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
		alone := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
		children := w.split(cycle, parent, 3)

		get := func(path string) call { return call{method: "GET", path: path, account: "books"} }
		one := "/v1.0/transactions/" + parent.String()
		var got tandem.Transaction
		w.ok(get(strings.ToUpper(one)+"/"), &got)
		if got.ID != parent || got.CycleID != tandem.CycleID(cycle) || got.Children != 3 {
			t.Errorf("%+v", got)
		}
		w.fails(call{method: "GET", path: one, account: "other"}, 404, "")
		w.fails(call{method: "GET", path: one + "/transactions", account: "other"}, 404, "")
		w.fails(get("/v1.0/transactions/x"), 400, "")
		w.fails(get("/v1.0/transactions/"+tandem.NewGUID()), 404, "")

		list := func(path string, want ...tandem.TransactionID) answer {
			t.Helper()
			var page []tandem.Transaction
			a := w.ok(get(path), &page)
			var ids []tandem.TransactionID
			for _, x := range page {
				ids = append(ids, x.ID)
			}
			if diff := cmp.Diff(want, ids); diff != "" {
				t.Errorf("%s: -want +got\n%s", path, diff)
			}
			return a
		}
		a := list(one+"/transactions?pageSize=2", children[2], children[1])
		if a.header.Get("Total-Pages") != "2" || a.header.Get("Total-Records") != "3" {
			t.Errorf("paging: %v", a.header)
		}
		list(one+"/transactions?PAGE=2&per_page=2", children[0])
		list("/v1.0/transactions/" + alone.String() + "/transactions")
		list("/v1.0/cycles/transactions?splitType=parent", parent)
		list("/v1.0/cycles/"+cycle+"/transactions?splitType=Child&pageSize=1", children[2])
		list("/v1.0/cycles/transactions?SPLITTYPE=None", alone)
		w.fails(get("/v1.0/cycles/transactions?splitType=Some"), 400, `splitType: "Some" is not known: want one of [None Parent Child]`)
	})
}

// split makes children of a transaction.
func (w *world) split(cycle string, parent tandem.TransactionID, n int) []tandem.TransactionID {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		w.t.Fatal(err)
	}
	owned, err := w.db.Load(w.t.Context(), a.ID, parent)
	if err != nil {
		w.t.Fatal(err)
	}
	d := journal.Delta{Account: a.ID, Txn: parent, Cycle: tandem.CycleID(cycle), Epoch: owned.Epoch, Status: tandem.TransactionSplit}
	var ids []tandem.TransactionID
	for i := range n {
		id := parent + tandem.TransactionID(1+i)<<22
		ids = append(ids, id)
		d.Children = append(d.Children, journal.NewTxn{ID: id, Account: a.ID, Cycle: tandem.CycleID(cycle), Version: 1, Parent: parent, Created: time.Now()})
	}
	if _, err := w.db.Commit(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
	return ids
}

func TestStepItemsByText(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, _ := w.built("books")
	id := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	path := "/v1.0/cycles/" + cycle + "/transactions/" + id.String()
	for query, want := range map[string]int{"": 1, "?query=NEW%20contact": 1, "?Query=x.TEST": 1, "?query=12345678901234567890": 1, "?query=absent": 0} {
		var items []map[string]any
		w.ok(call{method: "GET", path: path + query, account: "books"}, &items)
		if len(items) != want {
			t.Errorf("%s: %d items, want %d", query, len(items), want)
		}
	}
}

// Long bodies are given in part, and one step's whole.
func TestStepItemsWithoutLongBodies(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, _ := w.built("books")
	id := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	path := "/v1.0/cycles/" + cycle + "/transactions/" + id.String()
	type item struct {
		Request struct {
			Body     any
			BodySize int
		}
	}
	read := func(query string) item {
		var items []item
		w.ok(call{method: "GET", path: path + query, account: "books"}, &items)
		if len(items) != 1 {
			t.Fatalf("%s: %d items", query, len(items))
		}
		return items[0]
	}
	whole := read("")
	if whole.Request.Body == nil || whole.Request.BodySize != 0 {
		t.Errorf("whole: %+v", whole)
	}
	for _, query := range []string{"?bodyLimit=100", "?page=1&pageSize=1"} {
		if diff := cmp.Diff(whole, read(query)); diff != "" {
			t.Errorf("%s: -want +got\n%s", query, diff)
		}
	}
	if cut := read("?bodyLimit=5").Request; cut.Body != `{"n":` || cut.BodySize != 26 {
		t.Errorf("cut: %+v", cut)
	}
	w.fails(call{method: "GET", path: path + "?bodyLimit=-1", account: "books"}, 400, "The request is invalid.")
}
