package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// fails ends a transaction with an error, with a step yet to do.
func (w *world) endsFailed(account string, cycle tandem.CycleID, id tandem.TransactionID, frontier []byte) {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil {
		w.t.Fatal(err)
	}
	t, err := w.db.Load(w.t.Context(), a.ID, id)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.db.Commit(w.t.Context(), journal.Delta{Account: a.ID, Txn: id, Cycle: cycle, Epoch: t.Epoch, Status: tandem.TransactionFailed, Frontier: frontier})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestRetryResumeDrop(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		id, hook, action := w.built("books")
		cycle := tandem.CycleID(id)
		w.account("other", "")
		var parameters []struct {
			Parameter struct {
				ID int64 `json:"Id"`
			}
		}
		w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/parameters", account: "books"}, &parameters)
		w.ok(call{method: "PUT", path: fmt.Sprintf("/v1.0/steps/%s/parameters/%d", action.ID, parameters[0].Parameter.ID), account: "books", body: `{"MappingType":"StaticValue","Value":"1"}`}, nil)
		w.ok(call{method: "PUT", path: "/v1.0/cycles/" + id + "/activate", account: "books"}, nil)
		var all []tandem.TransactionID
		for range 5 {
			all = append(all, w.transaction("books", cycle, tandem.StepID(hook.ID)))
			time.Sleep(2 * time.Millisecond) // ids are of their milliseconds
		}
		post := func(path string, body string) call {
			return call{method: "POST", path: "/v1.0/transactions" + path, account: "books", body: body}
		}
		first := "/" + all[0].String()
		for _, do := range []string{"/retry", "/resume"} {
			w.fails(post(first+do, ""), 409, "The transaction is not at its end: it is Queued.")
			w.fails(post("/x"+do, ""), 400, "")
			w.fails(post("/"+tandem.NewGUID()+do, ""), 404, "")
			w.fails(call{method: "POST", path: "/v1.0/transactions" + first + do, account: "other"}, 404, "")
		}
		for _, t := range all[:3] {
			w.endsFailed("books", cycle, t, nil)
		}
		w.fails(post(first+"/resume", ""), 409, "The transaction has nothing left to do.")
		w.fails(post(first+"/drop", ""), 409, "The transaction is at its end: it is Failed.")

		var again, shown tandem.Transaction
		if a := w.ok(post(first+"/retry", ""), &again); a.status != 201 || again.RepeatOf != all[0] || again.ID == all[0] || again.Status != tandem.TransactionQueued || again.Tasks != 0 {
			t.Errorf("%d %+v", a.status, again)
		}
		w.ok(call{method: "GET", path: "/v1.0/transactions" + first, account: "books"}, &shown)
		if shown.Status != tandem.TransactionFailed || shown.RepeatOf != 0 {
			t.Errorf("what was repeated has changed: %+v", shown)
		}
		w.ok(post("/"+all[3].String()+"/drop", ""), &shown)
		if shown.Status != tandem.TransactionCancelled {
			t.Errorf("dropped: %+v", shown)
		}

		// Of those that failed, one is run again already; who asks twice gets nothing more.
		many := func(path, body string, want tandem.Repeated) {
			t.Helper()
			var got tandem.Repeated
			if w.ok(post(path, body), &got); got != want {
				t.Errorf("%s %s: %+v, want %+v", path, body, got, want)
			}
		}
		many("/retry", `{"CycleId":"`+id+`","Before":"2020-01-01"}`, tandem.Repeated{})
		many("/resume", `{"CycleId":"`+id+`"}`, tandem.Repeated{Skipped: 2})
		many("/retry", `{"CycleId":"`+id+`","Past":"`+all[1].String()+`"}`, tandem.Repeated{Done: 1})
		many("/retry", `{}`, tandem.Repeated{Done: 1})
		many("/retry", `{}`, tandem.Repeated{})
		many("/retry", `{"Status":"cancelled"}`, tandem.Repeated{Done: 1})
		many("/drop", `{"Status":"Waiting"}`, tandem.Repeated{})
		many("/drop", `{"After":"2020-01-01"}`, tandem.Repeated{Done: 5})
		w.fails(post("/retry", `{"Status":"Queued"}`), 400, "Status: Queued is not one that can be chosen to retry")
		w.fails(post("/drop", `{"Status":"Failed"}`), 400, "Status: Failed is not one that can be chosen to drop")
		w.fails(post("/drop", `{"CycleId":"`+tandem.NewGUID()+`"}`), 404, "")
		w.fails(post("/drop", `{"CycleId":"x"}`), 400, "")
		w.fails(post("/drop", `{"Past":"x"}`), 400, "")

		w.ok(call{method: "PUT", path: "/v1.0/cycles/" + id + "/deactivate", account: "books"}, nil)
		w.fails(post(first+"/retry", ""), 409, "The cycle does not run: it is Paused. Start it first.")
		w.fails(post("/retry", `{"CycleId":"`+id+`"}`), 409, "The cycle does not run: it is Paused. Start it first.")
	})
}
