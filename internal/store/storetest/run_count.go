package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// runCounts ends transactions in all ways, in two accounts of a partner and one of
// another.
func runCounts(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p, other := newPartner(t, s, "runs@acme.test"), newPartner(t, s, "runs@other.test")
	books, shop, foreign := newAccount(t, s, p, "books", 0).ID, newAccount(t, s, p, "shop", 0).ID, newAccount(t, s, other, "books", 0).ID
	today := journal.DayOf(time.Now())
	end := func(a tandem.AccountID, c tandem.CycleID, age time.Duration, status tandem.TransactionStatus) {
		t.Helper()
		id := j.id() - tandem.TransactionID(age.Milliseconds())<<22
		if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: id, Account: a, Cycle: c}}); err != nil {
			t.Fatal(err)
		}
		j.commit(t, journal.Delta{Account: a, Cycle: c, Txn: id, Status: status})
	}
	for range 3 {
		end(books, "b1", time.Hour, tandem.TransactionCompleted)
	}
	end(books, "b1", 2*time.Hour, tandem.TransactionFailed)
	end(books, "b1", time.Hour, tandem.TransactionCancelled)
	end(books, "b2", time.Hour, tandem.TransactionWaiting)
	end(shop, "s1", time.Hour, tandem.TransactionCompleted)
	end(foreign, "o1", time.Hour, tandem.TransactionFailed)

	parent, child := j.id(), j.id()+1 // a split one ends with its child
	if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: parent, Account: shop, Cycle: "s2"}}); err != nil {
		t.Fatal(err)
	}
	j.commit(t, journal.Delta{
		Account: shop, Cycle: "s2", Txn: parent, Status: tandem.TransactionSplit, Children: []journal.NewTxn{{ID: child, Account: shop, Cycle: "s2"}},
	})
	j.commit(t, journal.Delta{Account: shop, Cycle: "s2", Txn: child, Parent: parent, Status: tandem.TransactionFailed})

	t.Run("by day and span", func(t *testing.T) {
		for a, want := range map[tandem.AccountID][2]int{0: {7, 2}, books: {4, 1}, shop: {3, 1}, foreign: {0, 0}} {
			counts, err := s.RunCounts(t.Context(), p, a, today, today+2)
			if err != nil {
				t.Fatal(err)
			}
			got, longest := [2]int{}, journal.Span(0)
			for _, n := range counts {
				got[0], got[1], longest = got[0]+n.Runs, got[1]+n.Errors, max(longest, n.Span)
			}
			if got != want {
				t.Errorf("account %d: %v runs and errors, want %v", a, got, want)
			}
			if most := longest.Longest(); a == books && (most < 2*time.Hour || most > 3*time.Hour) {
				t.Errorf("the longest took %v", most)
			}
		}
	})
	t.Run("by cycle", func(t *testing.T) {
		b1 := tandem.CycleRuns{AccountID: "books", AccountName: "books", CycleID: "b1", Runs: 4, Errors: 1}
		s1 := tandem.CycleRuns{AccountID: "shop", AccountName: "shop", CycleID: "s1", Runs: 1}
		s2 := tandem.CycleRuns{AccountID: "shop", AccountName: "shop", CycleID: "s2", Runs: 2, Errors: 1}
		for _, c := range []struct {
			account tandem.AccountID
			f       tandem.RunFilter
			want    []tandem.CycleRuns
			total   int
		}{
			{0, tandem.RunFilter{}, []tandem.CycleRuns{b1, s2, s1}, 3},
			{0, tandem.RunFilter{Failing: true}, []tandem.CycleRuns{b1, s2}, 2},
			{shop, tandem.RunFilter{}, []tandem.CycleRuns{s2, s1}, 2},
			{0, tandem.RunFilter{PageRequest: tandem.PageRequest{OrderBy: "Runs"}}, []tandem.CycleRuns{s1, s2, b1}, 3},
			{0, tandem.RunFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, []tandem.CycleRuns{s1}, 3},
			{foreign, tandem.RunFilter{}, []tandem.CycleRuns{}, 0},
		} {
			page, err := s.CycleRuns(t.Context(), p, c.account, today, today+2, c.f)
			if err != nil {
				t.Fatal(err)
			}
			for i := range page.Rows {
				page.Rows[i].AccountName = page.Rows[i].AccountID
			}
			if diff := cmp.Diff(c.want, page.Rows); diff != "" || page.Total != c.total {
				t.Errorf("account %d, %+v: %d (-want +got):\n%s", c.account, c.f, page.Total, diff)
			}
		}
		page, err := s.CycleRuns(t.Context(), p, 0, today-30, today, tandem.RunFilter{})
		if len(page.Rows) != 0 || page.Total != 0 || err != nil {
			t.Errorf("before today: %+v, %v", page, err)
		}
	})
	t.Run("days that are over", func(t *testing.T) {
		last := func(p tandem.PartnerID) int64 {
			t.Helper()
			day, err := s.LastRunDay(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			return day
		}
		if day := last(p); day != -1 {
			t.Errorf("the last is %d before there is one", day)
		}
		for _, d := range []tandem.RunDay{{Runs: 7, Errors: 2, P95Milliseconds: 64}, {Runs: 8}} { // the second comes too late
			if err := s.KeepRunDay(t.Context(), p, 10, d); err != nil {
				t.Fatal(err)
			}
		}
		if mine, others := last(p), last(other); mine != 10 || others != -1 {
			t.Errorf("the last is %d, and another partner's %d", mine, others)
		}
		got, err := s.RunDays(t.Context(), p, 10, 11)
		want := map[int64]tandem.RunDay{10: {Day: "1970-01-11", Runs: 7, Errors: 2, P95Milliseconds: 64}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
