package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
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

// What is hidden, and what is never sent, is not there to be mapped, and cannot be.
func TestStepsHideWhatIsFixed(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		made := v.create("", `{"Name":"Own","UniqueIdentifier":"`+customGUID+`","ReleaseStatus":"Live","Authentication":[{"AuthType":"None"}],"Methods":[{
			"Name":"Add","MethodType":"Action","HttpMethod":"POST","Endpoint":"https://api.example.com/things","RequestDataType":"Json",
			"Parameters":[{"Name":"Shelf","TargetType":"QueryString","Values":[{"Value":"1","Label":"Low"}]},{"Name":"Source","TargetType":"QueryString","Hidden":true,"Value":"tandem"}],
			"RequestFields":[{"ConnectorField":"name"},{"ConnectorField":"kind","Hidden":true,"Default":"x"},{"ConnectorField":"id","ReadOnly":true}]}]}`)
		var installed, c struct {
			ID json.RawMessage `json:"Id"`
		}
		v.ok(call{method: "POST", path: fmt.Sprintf("/v1.0/connectors/%d/install", made.ID), account: "a", body: `{}`}, &installed)
		var methods []struct {
			ID         int64 `json:"Id"`
			Parameters []struct {
				ID   int64 `json:"Id"`
				Name string
			}
		}
		v.ok(call{method: "GET", path: fmt.Sprintf("/v1.0/connectors/%d/methods", made.ID), account: "a"}, &methods)
		v.ok(call{method: "POST", path: "/v1.0/cycles", account: "a", body: `{"Name":"x"}`}, &c)
		var step stepJSON
		v.ok(call{
			method: "POST", path: "/v1.0/cycles/" + strings.Trim(string(c.ID), `"`) + "/steps", account: "a",
			body: fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%s,"Method":%d}`, installed.ID, methods[0].ID),
		}, &step)
		var all []struct {
			Parameter struct {
				Name   string
				Values []struct{ Value, Label string }
			}
			Field struct{ ConnectorField string }
		}
		path := "/v1.0/steps/" + step.ID + "/"
		v.ok(call{method: "GET", path: path + "parameters", account: "a"}, &all)
		if len(all) != 1 || all[0].Parameter.Name != "Shelf" || len(all[0].Parameter.Values) != 1 {
			t.Errorf("parameters: %+v", all)
		}
		for _, p := range methods[0].Parameters {
			if status := v.do(call{method: "GET", path: fmt.Sprint(path, "parameters/", p.ID), account: "a"}).status; (status == 200) != (p.Name == "Shelf") {
				t.Errorf("parameter %s: %d", p.Name, status)
			}
		}
		v.ok(call{method: "GET", path: path + "fieldmappings", account: "a"}, &all)
		if len(all) != 1 || all[0].Field.ConnectorField != "name" {
			t.Errorf("fields: %+v", all)
		}
	})
}
