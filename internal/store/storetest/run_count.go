package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// runTest is two accounts of a partner and one of another, with runs of a day.
type runTest struct {
	s                    *store.Store
	p, other             tandem.PartnerID
	books, shop, foreign tandem.AccountID
	today                int64
}

func runCounts(t *testing.T, s *store.Store) {
	r := &runTest{s: s, p: newPartner(t, s, "runs@acme.test"), other: newPartner(t, s, "runs@other.test")}
	r.books, r.shop, r.foreign = newAccount(t, s, r.p, "books", 0).ID, newAccount(t, s, r.p, "shop", 0).ID, newAccount(t, s, r.other, "books", 0).ID
	r.today = journal.DayOf(time.Now())
	r.end(t)
	t.Run("by day and span", r.days)
	t.Run("by cycle", r.cycles)
	t.Run("by account", r.accounts)
	t.Run("days that are over", r.over)
}

// end ends transactions in all ways.
func (r *runTest) end(t *testing.T) {
	t.Helper()
	j := &journalTest{s: r.s}
	end := func(a tandem.AccountID, c tandem.CycleID, age time.Duration, status tandem.TransactionStatus) {
		t.Helper()
		id := j.id() - tandem.TransactionID(age.Milliseconds())<<22
		if _, err := r.s.Submit(t.Context(), []journal.NewTxn{{ID: id, Account: a, Cycle: c}}); err != nil {
			t.Fatal(err)
		}
		j.commit(t, journal.Delta{Account: a, Cycle: c, Txn: id, Status: status})
	}
	for range 3 {
		end(r.books, "b1", time.Hour, tandem.TransactionCompleted)
	}
	end(r.books, "b1", 2*time.Hour, tandem.TransactionFailed)
	end(r.books, "b1", time.Hour, tandem.TransactionCancelled)
	end(r.books, "b2", time.Hour, tandem.TransactionWaiting)
	end(r.shop, "s1", time.Hour, tandem.TransactionCompleted)
	end(r.foreign, "o1", time.Hour, tandem.TransactionFailed)

	parent, child := j.id(), j.id()+1 // a split one ends with its child
	if _, err := r.s.Submit(t.Context(), []journal.NewTxn{{ID: parent, Account: r.shop, Cycle: "s2"}}); err != nil {
		t.Fatal(err)
	}
	j.commit(t, journal.Delta{
		Account: r.shop, Cycle: "s2", Txn: parent, Status: tandem.TransactionSplit, Children: []journal.NewTxn{{ID: child, Account: r.shop, Cycle: "s2"}},
	})
	j.commit(t, journal.Delta{Account: r.shop, Cycle: "s2", Txn: child, Parent: parent, Status: tandem.TransactionFailed})
}

func (r *runTest) days(t *testing.T) {
	for a, want := range map[tandem.AccountID][2]int{0: {7, 2}, r.books: {4, 1}, r.shop: {3, 1}, r.foreign: {0, 0}} {
		counts, err := r.s.RunCounts(t.Context(), r.p, a, r.today, r.today+2)
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
		if most := longest.Longest(); a == r.books && (most < 2*time.Hour || most > 3*time.Hour) {
			t.Errorf("the longest took %v", most)
		}
	}
}

func (r *runTest) cycles(t *testing.T) {
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
		{r.shop, tandem.RunFilter{}, []tandem.CycleRuns{s2, s1}, 2},
		{0, tandem.RunFilter{PageRequest: tandem.PageRequest{OrderBy: "Runs"}}, []tandem.CycleRuns{s1, s2, b1}, 3},
		{0, tandem.RunFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, []tandem.CycleRuns{s1}, 3},
		{r.foreign, tandem.RunFilter{}, []tandem.CycleRuns{}, 0},
	} {
		page, err := r.s.CycleRuns(t.Context(), r.p, c.account, r.today, r.today+2, c.f)
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
	page, err := r.s.CycleRuns(t.Context(), r.p, 0, r.today-30, r.today, tandem.RunFilter{})
	if len(page.Rows) != 0 || page.Total != 0 || err != nil {
		t.Errorf("before r.today: %+v, %v", page, err)
	}
}

func (r *runTest) accounts(t *testing.T) {
	now := tandem.SlotOf(time.Now())
	list := func(p tandem.PartnerID, f tandem.Search) tandem.Page[tandem.AccountActivity] {
		t.Helper()
		page, err := r.s.AccountActivity(t.Context(), p, f, func(*tandem.Account) tandem.Slot { return now - 96*30 })
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Rows {
			a := &page.Rows[i]
			if days := a.Activity; len(days) != tandem.ActivityDays || days[len(days)-1].Runs+days[len(days)-2].Runs != a.Runs {
				t.Errorf("%s: %d runs, in days %+v", a.ID, a.Runs, days)
			}
			if age := time.Since(a.LastRun); age < 0 || age > 3*time.Hour {
				t.Errorf("%s: the last began %v ago", a.ID, age)
			}
			*a = tandem.AccountActivity{ID: a.ID, Cycles: a.Cycles, Runs: a.Runs, Errors: a.Errors}
		}
		return page
	}
	books, shop := tandem.AccountActivity{ID: "books", Runs: 4, Errors: 1}, tandem.AccountActivity{ID: "shop", Runs: 3, Errors: 1}
	for _, c := range []struct {
		p    tandem.PartnerID
		f    tandem.Search
		want tandem.Page[tandem.AccountActivity]
	}{
		{r.p, tandem.Search{}, tandem.Page[tandem.AccountActivity]{Total: 2, Rows: []tandem.AccountActivity{books, shop}}},
		{r.p, tandem.Search{Query: "SHO"}, tandem.Page[tandem.AccountActivity]{Total: 1, Rows: []tandem.AccountActivity{shop}}},
		{r.p, tandem.Search{Query: "nothing"}, tandem.Page[tandem.AccountActivity]{}},
		{r.p, tandem.Search{PageRequest: tandem.PageRequest{PageSize: 1, OrderBy: "Name", Descend: true}}, tandem.Page[tandem.AccountActivity]{Total: 2, Rows: []tandem.AccountActivity{shop}}},
		{r.other, tandem.Search{}, tandem.Page[tandem.AccountActivity]{Total: 1, Rows: []tandem.AccountActivity{{ID: "books", Runs: 1, Errors: 1}}}},
	} {
		if diff := cmp.Diff(c.want, list(c.p, c.f)); diff != "" {
			t.Errorf("partner %d, %+v (-want +got):\n%s", c.p, c.f, diff)
		}
	}
	_, err := r.s.AccountActivity(t.Context(), r.p, tandem.Search{PageRequest: tandem.PageRequest{OrderBy: "Runs"}}, nil)
	if tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("an order that there is not: %v", err)
	}
}

func (r *runTest) over(t *testing.T) {
	last := func(p tandem.PartnerID) int64 {
		t.Helper()
		day, err := r.s.LastRunDay(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	if day := last(r.p); day != -1 {
		t.Errorf("the last is %d before there is one", day)
	}
	for _, d := range []tandem.RunDay{{Runs: 7, Errors: 2, P95Milliseconds: 64}, {Runs: 8}} { // the second comes too late
		if err := r.s.KeepRunDay(t.Context(), r.p, 10, d); err != nil {
			t.Fatal(err)
		}
	}
	if mine, others := last(r.p), last(r.other); mine != 10 || others != -1 {
		t.Errorf("the last is %d, and another partner's %d", mine, others)
	}
	got, err := r.s.RunDays(t.Context(), r.p, 10, 11)
	want := map[int64]tandem.RunDay{10: {Day: "1970-01-11", Runs: 7, Errors: 2, P95Milliseconds: 64}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
