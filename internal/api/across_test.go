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

// TestAcross lists what all accounts did, or one and those below it.
func TestAcross(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("shelf", "books")
	w.account("shop", "")
	w.ended("books", "c1", tandem.TransactionCompleted)
	w.ended("shelf", "c2", tandem.TransactionFailed)
	w.ended("shop", "c3", tandem.TransactionCompleted)
	for i, id := range []string{"books", "shop"} {
		a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, id)
		if err != nil {
			t.Fatal(err)
		}
		of := tandem.Incident{CycleID: "c", TransactionID: 7, IncidentLevel: []tandem.Outcome{tandem.OutcomeError, tandem.OutcomeWarning}[i], ShortMessage: id, Created: time.Now()}
		if err := w.db.NoteIncident(t.Context(), a.ID, of); err != nil {
			t.Fatal(err)
		}
	}
	tomorrow := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	for path, want := range map[string]string{
		"/v1.0/transactions": "shop shelf books",
		"/v1.0/transactions?orderBy=CreatedOnUtc&sortOrderAsc=true":     "books shelf shop",
		"/v1.0/transactions?account=books":                              "shelf books",
		"/v1.0/transactions?account=shelf&status=Failed":                "shelf",
		"/v1.0/transactions?status=Failed":                              "shelf",
		"/v1.0/transactions?status=Completed":                           "shop books",
		"/v1.0/transactions?status=Queued":                              "",
		"/v1.0/transactions?pageSize=1&page=2":                          "shelf",
		"/v1.0/transactions?after=" + tomorrow:                          "",
		"/v1.0/transactions?before=" + tomorrow:                         "shop shelf books",
		"/v1.0/incidents":                                               "shop books",
		"/v1.0/incidents?level=error":                                   "books",
		"/v1.0/incidents?account=shop":                                  "shop",
		"/v1.0/incidents?after=" + tomorrow:                             "",
		"/v1.0/billingperiods":                                          "books shelf shop",
		"/v1.0/billingperiods?account=books":                            "books shelf",
		"/v1.0/billingperiods?orderBy=Id&sortOrderAsc=false&pageSize=2": "shop shelf",
	} {
		var rows []struct {
			AccountID string `json:"AccountId"`
		}
		w.ok(call{method: "GET", path: path}, &rows)
		var got []string
		for _, r := range rows {
			got = append(got, r.AccountID)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if comma := strings.Count(w.ok(call{method: "GET", path: path, header: map[string]string{"Accept": "text/csv"}}, nil).body, "\n"); !strings.Contains(path, "pageSize") && comma != len(got)+1 {
			t.Errorf("%s: %d lines of CSV", path, comma)
		}
	}
	now := time.Now()
	w.count("shelf", journal.Count{Slot: tandem.SlotOf(now), Cycle: "c", Method: "m", Succeeded: 3, Failed: 2})
	var periods []tandem.PlacedPeriod
	w.ok(call{method: "GET", path: "/v1.0/billingperiods?account=shelf"}, &periods)
	if len(periods) != 1 || periods[0].TasksUsed != 5 || periods[0].IncidentTasks != 2 || !periods[0].Current || periods[0].StartTime.After(now) {
		t.Errorf("%+v", periods)
	}
	w.ok(call{method: "GET", path: "/v1.0/billingperiods?account=shelf&at=2025-02-03"}, &periods)
	if len(periods) != 1 || periods[0].TasksUsed != 0 || periods[0].Current || periods[0].StartTime.Format(time.DateOnly) != "2025-02-01" {
		t.Errorf("of a year before: %+v", periods)
	}
	for _, of := range []string{"transactions", "incidents", "billingperiods"} {
		w.fails(call{method: "GET", path: "/v1.0/" + of + "?account=nobody"}, http.StatusNotFound, "")
		w.fails(call{method: "GET", path: "/v1.0/" + of + "?orderBy=x"}, http.StatusBadRequest, "")
	}
	w.fails(call{method: "GET", path: "/v1.0/transactions?status=Lost"}, http.StatusBadRequest, "")
	w.fails(call{method: "GET", path: "/v1.0/incidents?level=Rumour"}, http.StatusBadRequest, `level: "Rumour" is not known: want one of [Error Warning]`)
}
