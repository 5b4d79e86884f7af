package api_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// TestTransactionSheet takes more transactions away as CSV than a page holds.
func TestTransactionSheet(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, _ := w.built("books")
		first := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
		books, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
		if err != nil {
			t.Fatal(err)
		}
		const many = 2*tandem.MaxPageSize + 10
		var all []journal.NewTxn
		for i := range many {
			all = append(all, journal.NewTxn{ID: first + tandem.TransactionID(i+1), Account: books.ID, Cycle: tandem.CycleID(cycle), Version: 1, Created: time.Now()})
		}
		if _, err := db.Submit(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		table := func(path string) [][]string {
			t.Helper()
			a := w.ok(call{method: "GET", path: path, account: "books", header: map[string]string{"Accept": "text/csv"}}, nil)
			rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
			if err != nil || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
				t.Fatalf("%s: %v, %v", path, a.header, err)
			}
			return rows
		}
		want := make([]string, many+1)
		for i := range want {
			want[many-i] = (first + tandem.TransactionID(i)).String()
		}
		for _, path := range []string{"/v1.0/cycles/transactions?", "/v1.0/cycles/" + cycle + "/transactions?status=queued&"} {
			rows := table(path + "page=2")
			var got []string
			for _, r := range rows[1:] {
				got = append(got, r[0])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d rows, want %d, newest first", path, len(got), len(want))
			}
			rising := table(path + "orderBy=createdOnUtc")
			slices.Reverse(rows[1:])
			if !slices.EqualFunc(rising, rows, slices.Equal) {
				t.Errorf("%s: the other way round it is not the same", path)
			}
			if header := strings.Join(rows[0], ","); header != "Id,CycleId,ParentId,Status,CreatedOnUtc,FinishedOnUtc,WakeOnUtc,TasksUsed,ErrorCount,Children" || rows[1][3] != "Queued" {
				t.Errorf("%s: %s\n%v", path, header, rows[1])
			}
		}
		for _, path := range []string{"/v1.0/cycles/incidents/error", "/v1.0/cycles/incidents/warning?format=CSV", "/v1.0/cycles/" + cycle + "/incidents", "/v1.0/transactions/" + first.String() + "/transactions"} {
			if rows := table(path); len(rows) != 1 || rows[0][0] != "Id" {
				t.Errorf("%s: %v", path, rows)
			}
		}
		w.fails(call{method: "GET", path: "/v1.0/cycles/transactions?format=csv&status=Blue", account: "books"}, 400, "")
	})
}
