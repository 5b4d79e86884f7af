package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// What an active cycle uses cannot be deleted, also when the cycle is one of an
// account below.
func TestConnectorInUse(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		in := w.installed("books")
		w.account("brighton", "books")
		for _, account := range []string{"books", "brighton"} {
			var c struct{ Id string }
			w.ok(call{method: "POST", path: "/v1.0/cycles", account: account, body: `{"Name":"x"}`}, &c)
			path, steps := "/v1.0/cycles/"+c.Id, [2]stepJSON{}
			for i := range steps {
				body := fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":"7f4657b6-5cb7-4303-baf2-973558dfca53"}`, in.ID)
				w.ok(call{method: "POST", path: path + "/steps", account: account, body: body}, &steps[i])
			}
			w.ok(call{method: "POST", path: path + "/edges", account: account, body: fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, steps[0].ID, steps[1].ID)}, nil)
			w.ok(call{method: "PUT", path: path + "/activate", account: account}, nil)
			w.fails(call{method: "DELETE", path: fmt.Sprint("/v1.0/account/connectors/", in.ID), account: "books"}, 409, "")
			w.ok(call{method: "PUT", path: path + "/deactivate", account: account}, nil)
		}
		w.ok(call{method: "DELETE", path: fmt.Sprint("/v1.0/account/connectors/", in.ID), account: "books"}, nil)
	})
}

func TestParameterLookup(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	l, _ := w.list("books")
	var methods []struct{ MethodUniqueIdentifier string }
	w.ok(call{method: "GET", path: "/v1.0/connectors/Postbag/methods?query=Add"}, &methods)
	var c struct{ Id string }
	w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"x"}`}, &c)
	var step stepJSON
	body := fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":%q}`, l.ID, methods[0].MethodUniqueIdentifier)
	w.ok(call{method: "POST", path: "/v1.0/cycles/" + c.Id + "/steps", account: "books", body: body}, &step)
	var all []struct {
		Parameter struct {
			ID       int64 `json:"Id"`
			Triggers []struct{ TriggerId int64 }
		}
	}
	w.ok(call{method: "GET", path: "/v1.0/steps/" + step.ID + "/parameters", account: "books"}, &all)
	if len(all) == 0 || len(all[0].Parameter.Triggers) != 1 {
		t.Fatalf("parameters: %+v", all)
	}
	path, trigger := fmt.Sprint("/v1.0/steps/", step.ID, "/parameters/", all[0].Parameter.ID, "/lookup"), all[0].Parameter.Triggers[0].TriggerId
	for _, body := range []string{fmt.Sprintf(`{"TriggerId":%d}`, trigger), fmt.Sprintf(`{"TriggerId":"%d"}`, trigger)} {
		var choices []struct{ Name, Value string }
		if w.ok(call{method: "POST", path: path, account: "books", body: body}, &choices); len(choices) != 2 || choices[0].Name != "News" || choices[0].Value != "1" {
			t.Errorf("%s: %+v", body, choices)
		}
	}
	w.fails(call{method: "POST", path: path, account: "books", body: `{"TriggerId":"999999"}`}, 404, "Trigger 999999 could not be found.")
}
