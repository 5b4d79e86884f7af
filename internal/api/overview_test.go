package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// ended runs a transaction of an account, that took about a second.
func (w *world) ended(id string, cycle tandem.CycleID, status tandem.TransactionStatus) {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, id)
	if err != nil {
		w.t.Fatal(err)
	}
	made := time.Now().Add(-time.Second)
	txn := tandem.TransactionID(made.UnixMilli()-tandem.EpochMillis)<<22 | tandem.TransactionID(made.Nanosecond()&0x3fffff)
	if _, err := w.db.Submit(w.t.Context(), []journal.NewTxn{{ID: txn, Account: a.ID, Cycle: cycle, Version: 1}}); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.db.Commit(w.t.Context(), journal.Delta{Account: a.ID, Cycle: cycle, Txn: txn, Status: status}); err != nil {
		w.t.Fatal(err)
	}
}

// TestRuns counts what ended today in two accounts.
func TestRuns(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("shop", "")
	today := time.Now().UTC().Format(time.DateOnly)
	for range 2 {
		w.ended("books", "c1", tandem.TransactionCompleted)
	}
	w.ended("books", "c1", tandem.TransactionFailed)
	w.ended("shop", "c2", tandem.TransactionCompleted)

	days := func(path, account string) (all []tandem.RunDay) {
		t.Helper()
		w.ok(call{method: "GET", path: path, account: account}, &all)
		return all
	}
	all := days("/v1.0/runs/days", "")
	if len(all) != 30 || all[0].Runs != 0 {
		t.Fatalf("%d days: %+v", len(all), all)
	}
	last := all[len(all)-1]
	if last.P95Milliseconds < 1000 {
		t.Errorf("it took %d ms", last.P95Milliseconds)
	}
	last.P95Milliseconds = 0
	if diff := cmp.Diff(tandem.RunDay{Day: today, Runs: 4, Errors: 1}, last); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	if again := days("/v1.0/runs/days", ""); !cmp.Equal(all, again) {
		t.Errorf("the second time: %s", cmp.Diff(all, again))
	}
	for path, want := range map[string]int{
		"/v1.0/runs/days?account=shop&start=" + today: 1, "/v1.0/runs/days?sortOrderAsc=false&orderBy=Runs&start=" + today: 4,
	} {
		if got := days(path, ""); len(got) != 1 || got[0].Runs != want {
			t.Errorf("%s: %+v", path, got)
		}
	}
	if got := days("/v1.0/account/runs/days?start="+today, "books"); len(got) != 1 || got[0].Runs != 3 || got[0].Errors != 1 {
		t.Errorf("the account's own: %+v", got)
	}

	var cycles []tandem.CycleRuns
	w.ok(call{method: "GET", path: "/v1.0/runs/cycles?failing=true"}, &cycles)
	if len(cycles) != 1 || cycles[0].AccountID != "books" || cycles[0].CycleID != "c1" || cycles[0].Runs != 3 || cycles[0].Errors != 1 {
		t.Errorf("failing: %+v", cycles)
	}
	w.ok(call{method: "GET", path: "/v1.0/account/runs/cycles", account: "shop"}, &cycles)
	if len(cycles) != 1 || cycles[0].AccountID != "shop" {
		t.Errorf("the account's own cycles: %+v", cycles)
	}
	sheet := w.ok(call{method: "GET", path: "/v1.0/runs/cycles?format=csv&account=shop"}, nil).body
	if !strings.HasPrefix(sheet, "AccountId,AccountName,CycleId,CycleName,Runs,Errors,StopReason\r\nshop,") {
		t.Errorf("CSV: %s", sheet)
	}
	for _, path := range []string{"/v1.0/runs/days?orderBy=x", "/v1.0/runs/days?start=1990-01-01", "/v1.0/runs/cycles?start=2026-02-01&end=2026-01-01", "/v1.0/runs/waits?orderBy=x"} {
		w.fails(call{method: "GET", path: path}, http.StatusBadRequest, "")
	}
	w.fails(call{method: "GET", path: "/v1.0/runs/days?account=nobody"}, http.StatusNotFound, "")
}

// TestAccountActivity tells of each account what it has and did, its tasks since its
// own period began.
func TestAccountActivity(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, _, _ := w.built("books")
	w.account("shop", "")
	next := time.Now().UTC().Add(time.Hour)
	w.ok(call{method: "PUT", path: "/v1.0/accounts/shop", body: map[string]any{"NextBillDateUtc": next.Format(time.RFC3339)}}, nil)
	last := tandem.SlotOf(time.Now())
	for _, account := range []string{"books", "shop"} {
		w.count(account, journal.Count{Slot: last, Cycle: "c", Method: "m", Succeeded: 3, Failed: 2})
		w.count(account, journal.Count{Slot: last - 96*40, Cycle: "c", Method: "m", Succeeded: 7})
		w.ended(account, "c", tandem.TransactionFailed)
	}
	var all []tandem.AccountActivity
	a := w.ok(call{method: "GET", path: "/v1.0/runs/accounts?orderBy=Id&sortOrderAsc=false"}, &all)
	if len(all) != 2 || a.header.Get("Total-Records") != "2" || all[0].ID != "shop" {
		t.Fatalf("%+v", all)
	}
	for _, got := range all {
		cycles := map[string]int{"books": 1}[got.ID]
		if got.Cycles != cycles || got.ActiveCycles != 0 || got.TasksUsed != 5 || got.Runs != 1 || got.Errors != 1 || time.Since(got.LastRun) > time.Minute {
			t.Errorf("%+v", got)
		}
		if n := len(got.Activity); n != tandem.ActivityDays || got.Activity[n-1].Errors+got.Activity[n-2].Errors != 1 { // midnight may be past
			t.Errorf("days: %+v", got.Activity)
		}
	}
	if _, err := w.db.Dialect().Writer().ExecContext(t.Context(), `UPDATE cycle SET status = 'Running' WHERE id = $1`, cycle); err != nil {
		t.Fatal(err)
	}
	active := func(want int) {
		t.Helper()
		if w.ok(call{method: "GET", path: "/v1.0/runs/accounts?query=books"}, &all); all[0].Cycles != 1 || all[0].ActiveCycles != want {
			t.Errorf("%+v, want %d active", all[0], want)
		}
	}
	active(1)
	w.ok(call{method: "POST", path: "/v1.0/accounts/books/suspend"}, nil)
	active(0)
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/shop"}, nil)
	if w.ok(call{method: "GET", path: "/v1.0/runs/accounts?pageSize=1"}, &all); len(all) != 1 || all[0].ID != "books" {
		t.Errorf("without what is deleted: %+v", all)
	}
}

func TestAllowance(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.ok(call{method: "PUT", path: "/v1.0/settings", body: map[string]any{"Task": map[string]any{"Allowance": 500}}}, nil)
	now := time.Now()
	w.count("books", journal.Count{Slot: tandem.SlotOf(now), Cycle: "c", Method: "m", Succeeded: 3, Failed: 2})
	var use tandem.AllowanceUse
	w.ok(call{method: "GET", path: "/v1.0/usage/allowance"}, &use)
	if use.TasksUsed != 5 || use.Allowance != 500 || use.StartTime.After(now) || !use.EndTime.After(now) || use.StartTime.Day() != 1 {
		t.Errorf("%+v", use)
	}
}

// TestWaits lists what a third party has said, and to whom.
func TestWaits(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	l, _ := w.list("books")
	a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	var waits []tandem.WaitingConnector
	wait := func(until time.Time) {
		t.Helper()
		_, err := w.db.ChangeConnectorWait(t.Context(), a.ID, tandem.AccountConnectorID(l.ID), func(c *tandem.ConnectorWait) { c.Until, c.Tries = until, 2 })
		if err != nil {
			t.Fatal(err)
		}
		w.ok(call{method: "GET", path: "/v1.0/runs/waits"}, &waits)
	}
	if wait(time.Now().Add(-time.Minute)); len(waits) != 0 {
		t.Errorf("after the wait: %+v", waits)
	}
	wait(time.Now().Add(time.Hour))
	if len(waits) != 1 || waits[0].AccountID != "books" || int64(waits[0].ID) != int64(l.ID) || waits[0].Tries != 2 || waits[0].Connector == "" {
		t.Errorf("%+v", waits)
	}
}
