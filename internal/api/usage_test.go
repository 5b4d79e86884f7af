package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
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

// count puts tasks into the ledger of an account, by its API ID.
func (w *world) count(id string, counts ...journal.Count) {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, id)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.db.Submit(w.t.Context(), []journal.NewTxn{{
		ID:      tandem.TransactionID(time.Now().UnixMilli()-tandem.EpochMillis)<<22 | tandem.TransactionID(time.Now().Nanosecond()&0x3fffff),
		Account: a.ID, Cycle: counts[0].Cycle, Version: 1, Meter: counts,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func slotAt(t *testing.T, text string) tandem.Slot {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return tandem.SlotOf(at)
}

type usageJSON struct {
	Id                       string
	TasksUsed, TreeTasksUsed int
	StartTime, EndTime       string
}

// TestUsage counts January of a family of accounts in Kathmandu.
func TestUsage(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("shop", "books")
	w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: map[string]any{"Timezone": "Asia/Kathmandu", "NextBillDateUtc": "2026-01-30T18:15:00Z"}}, nil)
	one := func(at string, n int) journal.Count {
		return journal.Count{Slot: slotAt(t, at), Cycle: "c1", Connector: "Sample CRM", Version: "1.0", Method: "m1", Succeeded: n}
	}
	w.count("books", one("2025-12-31T23:59:59Z", 1), one("2026-01-01T00:00:00Z", 10), one("2026-01-30T18:14:59Z", 100), one("2026-01-30T18:15:00Z", 1000), one("2026-02-01T00:00:00Z", 10000))
	w.count("shop", one("2026-01-15T12:00:00Z", 7))
	get := func(path string) (u usageJSON) {
		t.Helper()
		w.ok(call{method: "GET", path: path}, &u)
		return u
	}
	for query, want := range map[string]usageJSON{
		"start=2026-01-01T00:00:00Z&end=2026-02-01T00:00:00Z": {"books", 1110, 1117, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		"start=2026-01-01&end=2026-01-31":                     {"books", 1110, 1117, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		"START=1/1/2026&End=1/31/2026":                        {"books", 1110, 1117, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		"end=2026-01-30T18:10:00Z":                            {"books", 111, 118, "2025-12-30T18:15:00Z", "2026-01-30T18:15:00Z"},
		"start=2026-01-30T18:20:00Z&end=2026-01-30T18:21:00Z": {"books", 1000, 1000, "2026-01-30T18:15:00Z", "2026-01-30T18:30:00Z"},
	} {
		if diff := cmp.Diff(want, get("/v1.0/accounts/books/usage?"+query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if own := get("/v1.0/accounts/shop/usage?start=2026-01-01&end=2026-01-31"); own.TasksUsed != 7 || own.TreeTasksUsed != 7 {
		t.Errorf("a sub-account: %+v", own)
	}
	token := w.tokenFor(w.partner, "account:shop")
	var own usageJSON
	w.ok(call{method: "GET", path: "/v1.0/account/usage?start=2026-01-01&end=2026-01-31", token: token}, &own)
	if own.Id != "shop" || own.TasksUsed != 7 {
		t.Errorf("the account's own: %+v", own)
	}
	for query, field := range map[string]string{"start=yesterday": "start", "end=2026-13-01": "end", "start=2026-02-01&end=2026-01-01": "end"} {
		a := w.do(call{method: "GET", path: "/v1.0/accounts/books/usage?" + query})
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, `"`+field+`"`) {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/nobody/usage"}, http.StatusNotFound, "")
}

func TestBillingPeriods(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	next := time.Now().UTC().Truncate(time.Hour).Add(240 * time.Hour)
	w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: map[string]any{"NextBillDateUtc": next.Format(time.RFC3339)}}, nil)
	w.count("books", journal.Count{Slot: tandem.SlotOf(time.Now()), Cycle: "c", Method: "m", Succeeded: 3, Failed: 2})
	var all []tandem.BillingPeriod
	a := w.ok(call{method: "GET", path: "/v1.0/accounts/books/billingperiods"}, &all)
	if len(all) != 1 || !all[0].EndTime.Equal(next) || !all[0].Current || all[0].Tasks != (tandem.Tasks{TasksUsed: 5, SuccessfulTasks: 3, IncidentTasks: 2}) || a.header.Get("Total-Records") != "1" {
		t.Errorf("%s %s", a.header.Get("Total-Records"), a.body)
	}
	a = w.ok(call{method: "GET", path: "/v1.0/account/billingperiods?format=csv", account: "books"}, nil)
	if want := fmt.Sprintf("StartTime,EndTime,Current,TasksUsed,SuccessfulTasks,IncidentTasks\r\n%s,%s,true,5,3,2\r\n", all[0].StartTime.Format(time.RFC3339), next.Format(time.RFC3339)); a.body != want {
		t.Errorf("CSV %q, want %q", a.body, want)
	}
}

// download is how files are named: by us.
var download = regexp.MustCompile(`^attachment; filename="[a-z-]+\.csv"$`)

// TestUsageReports breaks down what two accounts used, as JSON and as CSV.
func TestUsageReports(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.ok(call{method: "POST", path: "/v1.0/accounts", body: map[string]any{"Id": "evil", "Name": "=HYPERLINK(\"http://x\")", "Timezone": "Asia/Kathmandu"}}, nil)
	var made struct{ Id string }
	w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: map[string]any{"Name": "@import"}}, &made)
	const action = "0c2365ca-70aa-4f85-9837-5777fba21f37" // of the library's Bookshelf CRM
	w.count("books", journal.Count{Slot: slotAt(t, "2026-01-02T20:00:00Z"), Cycle: tandem.CycleID(made.Id), Connector: "Bookshelf CRM", Version: "1.0", Method: action, Succeeded: 5, Failed: 1})
	w.count("evil", journal.Count{Slot: slotAt(t, "2026-01-02T20:00:00Z"), Cycle: "gone", Connector: "Other", Version: "2", Method: "m", Succeeded: 9})
	const in = "start=2026-01-01&end=2026-01-03"
	table := func(path string, account string) string {
		t.Helper()
		a := w.ok(call{method: "GET", path: path, account: account, header: map[string]string{"Accept": "text/csv"}}, nil)
		kind, name := a.header.Get("Content-Type"), a.header.Get("Content-Disposition")
		if !strings.HasPrefix(kind, "text/csv") || !download.MatchString(name) {
			t.Errorf("%s is %s, %s", path, kind, name)
		}
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, r := range rows[1:] {
			lines = append(lines, strings.Join(r, "|"))
		}
		return strings.Join(lines, "\n")
	}
	for path, want := range map[string]string{
		"/v1.0/usage?" + in:                                 "evil|'=HYPERLINK(\"http://x\")||false|9|9|0\nbooks|books||false|6|5|1",
		"/v1.0/usage?orderBy=tasksused&" + in:               "books|books||false|6|5|1\nevil|'=HYPERLINK(\"http://x\")||false|9|9|0",
		"/v1.0/usage/cycles?" + in:                          "evil|gone||9|9|0|0\nbooks|" + made.Id + "|'@import|6|5|1|0",
		"/v1.0/usage/connectors?" + in:                      "Bookshelf CRM|1.0|6|5|1|0\nOther|2|9|9|0|0",
		"/v1.0/usage/connectors?account=evil&" + in:         "Other|2|9|9|0|0",
		"/v1.0/usage/methods?connector=bookshelf+crm&" + in: "Bookshelf CRM|1.0|" + action + "|Get Contact|6|5|1|0",
		"/v1.0/usage/days?" + in:                            "2026-01-01|0|0|0\n2026-01-02|15|14|1\n2026-01-03|0|0|0",
		"/v1.0/usage/days?orderBy=TasksUsed&sortOrderAsc=false&account=evil&start=2026-01-01T18:15:00Z&end=2026-01-03T18:15:00Z": "2026-01-03|9|9|0\n2026-01-02|0|0|0",
	} {
		if got := table(path, ""); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
		}
	}
	for path, want := range map[string]string{
		"/v1.0/account/usage/cycles?" + in:  "books|" + made.Id + "|'@import|6|5|1|0",
		"/v1.0/account/usage/methods?" + in: "Bookshelf CRM|1.0|" + action + "|Get Contact|6|5|1|0",
	} {
		if got := table(path, "books"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
		}
	}
	var days []tandem.UsageLine
	a := w.ok(call{method: "GET", path: "/v1.0/usage/days?pageSize=2&page=2&" + in}, &days)
	if len(days) != 1 || days[0].Day != "2026-01-03" || a.header.Get("Total-Pages") != "2" || a.header.Get("Total-Records") != "3" {
		t.Errorf("the second page: %s, %v", a.body, a.header)
	}
	for _, path := range []string{"/v1.0/usage?orderBy=Owner", "/v1.0/usage/cycles?orderBy=Id", "/v1.0/usage/days?start=1990-01-01", "/v1.0/usage/days?orderBy=x", "/v1.0/usage?format=csv&start=" + url.QueryEscape("2030-01-01")} {
		w.fails(call{method: "GET", path: path}, http.StatusBadRequest, "")
	}
	w.fails(call{method: "GET", path: "/v1.0/usage/cycles?account=nobody&format=csv"}, http.StatusNotFound, "")
}

// TestVerifyUsage breaks the ledger, and has it found.
func TestVerifyUsage(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *store.Store{"SQLite": storetest.SQLite, "PostgreSQL": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOn(t, open(t), api.Options{})
			w.account("books", "")
			a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
			if err != nil {
				t.Fatal(err)
			}
			now := time.Now()
			for i := range 3 {
				_, err := w.db.Submit(t.Context(), []journal.NewTxn{{
					ID: tandem.TransactionID(now.UnixMilli()-tandem.EpochMillis)<<22 | tandem.TransactionID(i), Account: a.ID, Cycle: "c", Version: 1, Created: now,
					Items: []tandem.StepItem{{Seq: 1, StepID: "s", Attempt: 1, Tasks: 1, Started: now, Finished: now}},
					Meter: []journal.Count{{Slot: tandem.SlotOf(now), Cycle: "c", Connector: "Sample CRM", Version: "1.0", Method: "m", Succeeded: 1}},
				}})
				if err != nil {
					t.Fatal(err)
				}
			}
			verify := func() (c tandem.UsageCheck) {
				t.Helper()
				w.ok(call{method: "GET", path: "/v1.0/accounts/books/usage/verify"}, &c)
				return c
			}
			if c := verify(); c.TasksUsed != 3 || c.TasksFound != 3 || len(c.Differences) != 0 {
				t.Errorf("before: %+v", c)
			}
			if _, err := w.db.Dialect().Writer().ExecContext(t.Context(), `UPDATE meter SET succeeded = 2, failed = 5 WHERE account = $1`, a.ID); err != nil {
				t.Fatal(err)
			}
			c := verify()
			want := []tandem.UsageDifference{{
				Day: now.UTC().Format(time.DateOnly), CycleID: "c",
				Counted: tandem.Tasks{TasksUsed: 7, SuccessfulTasks: 2, IncidentTasks: 5}, Found: tandem.Tasks{TasksUsed: 3, SuccessfulTasks: 3},
			}}
			if diff := cmp.Diff(want, c.Differences); diff != "" || c.TasksUsed != 7 || c.TasksFound != 3 {
				t.Errorf("after: %+v (-want +got):\n%s", c, diff)
			}
		})
	}
}
