package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// What old clients do that is not as it is written, and what they count on.
func TestOldClients(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, action := w.built("books")
		path := "/v1.0/cycles/" + cycle
		var got map[string]any

		w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Id":12,"Name":"n"}`}, &got)
		if got["Id"] != "12" {
			t.Errorf("a number for an id: %v", got["Id"])
		}
		w.ok(call{method: "PUT", path: "/v1.0/accounts/12", body: got}, nil) // as it was read
		w.fails(call{method: "PUT", path: "/v1.0/accounts/12", body: `{"Id":"13"}`}, 400, "Id cannot be changed")
		var accounts []map[string]any
		w.ok(call{method: "GET", path: "/v1.0/accounts?orderby=ID&SortOrderAsc=False"}, &accounts)
		if len(accounts) != 2 || accounts[0]["Id"] != "books" {
			t.Errorf("by id, last first: %v", accounts)
		}

		w.ok(call{method: "PUT", path: strings.ToUpper(path), account: "books", body: `{"StepErrorAction":"ignore","CollectionSplitType":"ALL"}`}, &got)
		if got["StepErrorAction"] != "Ignore" || got["CollectionSplitType"] != "All" || got["ContinueOnStepError"] != true {
			t.Errorf("names in another case: %v", got)
		}
		w.fails(call{method: "PUT", path: path, account: "books", body: `{"StepErrorAction":"Explode"}`}, 400, `StepErrorAction: "Explode" is not known.`)
		w.ok(call{method: "PUT", path: path + "/steps/" + action.ID, account: "books", body: `{"StepErrorAction":"stoptransaction"}`}, &got)
		if got["StepErrorAction"] != "StopTransaction" {
			t.Errorf("of a step: %v", got)
		}
		w.ok(call{method: "GET", path: "/v1.0/cycles/transactions?status=completed", account: "books"}, nil)
		w.fails(call{method: "GET", path: "/v1.0/cycles/transactions?status=done", account: "books"}, 400,
			`status: "done" is not known: want one of [Queued Waiting Split Held Completed Failed Cancelled]`)
		var steps []map[string]any
		if w.ok(call{method: "GET", path: path + "/steps?FILTER=Action", account: "books"}, &steps); len(steps) != 1 {
			t.Errorf("actions: %v", steps)
		}
		w.fails(call{method: "GET", path: path + "/steps?filter=other", account: "books"}, 400, `filter: "other" is not known: want action`)

		fields := w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/fieldmappings", account: "books"}, nil)
		if same := w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/fieldsformapping/", account: "books"}, nil); same.body != fields.body {
			t.Errorf("fieldsformapping: %s, fieldmappings: %s", same.body, fields.body)
		}

		var made, missing struct {
			ID            string `json:"Id"`
			Prerequisites []tandem.Prerequisite
		}
		w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"empty"}`}, &made)
		w.ok(call{method: "GET", path: "/v1.0/cycles/" + made.ID + "/prerequisites", account: "books"}, &missing.Prerequisites)
		if p := missing.Prerequisites; len(p) != 1 || p[0].ReasonCode != tandem.ReasonTooFewSteps || p[0].ObjectType != "Cycle" || p[0].ObjectID != made.ID {
			t.Errorf("prerequisites of a cycle without steps: %+v", p)
		}

		w.incident(cycle, hook.ID)
		var incidents []map[string]any
		w.ok(call{method: "GET", path: "/v1.0/cycles/incidents/error", account: "books"}, &incidents)
		if len(incidents) != 1 || incidents[0]["CycleName"] != "New contact" || incidents[0]["StepName"] != "New Contact" {
			t.Errorf("incidents: %v", incidents)
		}
	})
}

// incident makes a transaction fail in a step.
func (w *world) incident(cycle, step string) {
	w.t.Helper()
	id := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(step))
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		w.t.Fatal(err)
	}
	owned, err := w.db.Load(w.t.Context(), a.ID, id)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.db.Commit(w.t.Context(), journal.Delta{
		Account: a.ID, Txn: id, Cycle: tandem.CycleID(cycle), Epoch: owned.Epoch, Status: tandem.TransactionFailed,
		Incidents: []tandem.Incident{{CycleID: tandem.CycleID(cycle), StepID: tandem.StepID(step), TransactionID: id, IncidentLevel: tandem.OutcomeError, ShortMessage: "short", FullMessage: "full", Created: owned.Created}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Clients go through the lists of a method without asking whether they are there.
func TestMethodsAreWhole(t *testing.T) {
	w := newWorld(t, api.Options{})
	var methods []map[string]any
	w.ok(call{method: "GET", path: "/v1.0/connectors/Bookshelf%20CRM/methods"}, &methods)
	for _, m := range methods {
		for _, name := range []string{"Id", "Description", "Category", "EndPoint", "HttpMethod", "MethodUniqueIdentifier", "Parameters", "RequestFields", "ResponseFields"} {
			if m[name] == nil {
				t.Errorf("%v has no %s", m["Name"], name)
			}
		}
		var one map[string]any
		if w.ok(call{method: "GET", path: fmt.Sprintf("/v1.0/methods/%.0f", m["Id"])}, &one); one["Name"] != m["Name"] {
			t.Errorf("by id: %v, in the list: %v", one, m)
		}
	}
}
