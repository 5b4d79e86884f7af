package api_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// list is an installed connector that has a trigger.
type list struct {
	ID        int64 `json:"Id"`
	Connector struct {
		Triggers []struct {
			ID int64 `json:"TriggerId"`
		}
	}
	Properties []struct {
		ID          int64 `json:"Id"`
		Name, Value string
	}
}

func (w *world) list(account string) (l list, path string) {
	w.t.Helper()
	w.ok(call{method: "POST", path: "/v1.0/connectors/Postbag/install", account: account, body: map[string]any{
		"AuthValue": base64.StdEncoding.EncodeToString([]byte("amy:secret")),
	}}, &l)
	return l, fmt.Sprintf("/v1.0/account/connectors/%d", l.ID)
}

func TestProperties(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		w.account("books", "")
		w.account("sub", "books")
		l, path := w.list("books")
		path += "/properties"
		var p struct {
			ID                 int64 `json:"Id"`
			Name, Value        string
			AccountConnectorID int64 `json:"AccountConnectorId"`
		}
		w.fails(call{method: "POST", path: path, account: "books", body: `{"Name":"Colour","Value":"x"}`}, 400, "There is not a connector property that matches name 'Colour'.")
		w.ok(call{method: "POST", path: path, account: "books", body: `{"name":"baseurl","VALUE":"http://a.test"}`}, &p)
		if p.Name != "BaseUrl" || p.Value != "http://a.test" || p.AccountConnectorID != l.ID || p.ID == 0 {
			t.Errorf("%+v", p)
		}
		one := fmt.Sprintf("%s/%d", path, p.ID)
		w.ok(call{method: "PUT", path: one, account: "books", body: `{"Value":"http://b.test"}`}, &p)
		w.fails(call{method: "PUT", path: one, account: "books", body: `{"Name":"Other","Value":"http://b.test"}`}, 400,
			fmt.Sprintf("Name: property %d is %q; a property cannot be renamed", p.ID, "BaseUrl"))
		if w.ok(call{method: "GET", path: one, account: "books"}, &p); p.Value != "http://b.test" {
			t.Errorf("%+v", p)
		}
		var all []any
		if w.ok(call{method: "GET", path: path, account: "sub"}, &all); len(all) != 1 {
			t.Errorf("inherited: %v", all)
		}
		for _, method := range []string{"PUT", "DELETE"} {
			w.fails(call{method: method, path: one, account: "sub", body: `{"Value":"http://c.test"}`}, 404, "Account connector could not be found.")
		}
		w.ok(call{method: "DELETE", path: one, account: "books"}, nil)
		w.ok(call{method: "DELETE", path: one, account: "books"}, nil) // it stays, empty
		w.fails(call{method: "GET", path: path + "/999999", account: "books"}, 404, "Property could not be found.")
		w.fails(call{method: "DELETE", path: path + "/999999", account: "books"}, 404, "Property could not be found.")
		if w.ok(call{method: "GET", path: one, account: "books"}, &p); p.Value != "" {
			t.Errorf("removed: %+v", p)
		}
		if w.ok(call{method: "GET", path: path, account: "books"}, &all); len(all) != 1 {
			t.Errorf("a property without a value is not listed: %v", all)
		}
		if w.ok(call{method: "GET", path: strings.TrimSuffix(path, "/properties"), account: "books"}, &l); len(l.Properties) != 1 || l.Properties[0].Value != "" {
			t.Errorf("with its connector: %+v", l.Properties)
		}
		if w.ok(call{method: "PUT", path: one, account: "books", body: `{"Value":8080}`}, &p); p.Value != "8080" {
			t.Errorf("a number for a property that had no value: %+v", p)
		}
	})
}

func TestCustomFields(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		_, _, action := w.built("books")
		w.account("sub", "books")
		connector := fmt.Sprintf("/v1.0/account/connectors/%d", action.AccountConnector.ID)
		path := connector + "/fields"
		var f map[string]any
		for body, message := range map[string]string{
			`{}`:                       "ConnectorField is required",
			`{"ConnectorField":"a[b"}`: "",
			`{"ConnectorField":"a","DataType":"Ham"}`:             `DataType: "Ham" is not known`,
			`{"ConnectorField":"a","MethodUniqueIdentifier":"5"}`: "MethodUniqueIdentifier: the connector has no method 5",
		} {
			w.fails(call{method: "POST", path: path, account: "books", body: body}, 400, message)
		}
		w.ok(call{method: "POST", path: path, account: "books", body: `{"connectorField":"extra.size","DisplayName":"Size","DataType":"integer","ForRequestFormat":"true"}`}, &f)
		if f["DataType"] != "Integer" || f["ForRequestFormat"] != true || f["MethodUniqueIdentifier"] != "" {
			t.Errorf("%v", f)
		}
		w.fails(call{method: "POST", path: path, account: "books", body: `{"ConnectorField":"extra.size","ForRequestFormat":true}`}, 400, "ConnectorField: there is such a field already.")
		one := fmt.Sprintf("%s/%.0f", path, f["Id"])
		w.ok(call{method: "PUT", path: one, account: "books", body: `{"DisplayName":"Width"}`}, &f)
		if f["DisplayName"] != "Width" || f["ConnectorField"] != "extra.size" {
			t.Errorf("%v", f)
		}

		mapping := fmt.Sprintf("/v1.0/steps/%s/fieldmappings/%.0f", action.ID, f["Id"])
		var m map[string]any
		w.ok(call{method: "PUT", path: mapping, account: "books", body: `{"MappingType":"StaticValue","Value":"12"}`}, &m)
		if field := m["Field"].(map[string]any); field["DisplayName"] != "Width" || m["Value"] != "12" {
			t.Errorf("%v", m)
		}
		all := w.ok(call{method: "POST", path: "/v1.0/steps/" + action.ID + "/fieldmappings/lookup", account: "books"}, nil)
		if !strings.Contains(all.body, `"extra.size"`) {
			t.Errorf("%s", all.body)
		}

		if got := w.ok(call{method: "GET", path: one, account: "sub"}, nil); !strings.Contains(got.body, "Width") {
			t.Errorf("inherited: %s", got.body)
		}
		w.fails(call{method: "POST", path: path, account: "sub", body: `{"ConnectorField":"x"}`}, 404, "Account connector could not be found.")
		w.fails(call{method: "DELETE", path: one, account: "sub"}, 404, "")
		w.ok(call{method: "DELETE", path: one, account: "books"}, nil)
		w.fails(call{method: "GET", path: one, account: "books"}, 404, "")
		w.fails(call{method: "GET", path: path + "/x", account: "books"}, 400, "")
	})
}

func TestDemand(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		w.account("books", "")
		l, path := w.list("books")
		var methods []struct {
			ID                           int64 `json:"Id"`
			Name, MethodUniqueIdentifier string
			Parameters, RequestFields    []struct {
				ID int64 `json:"Id"`
			}
		}
		w.ok(call{method: "GET", path: "/v1.0/connectors/Postbag/methods?query=Add"}, &methods)
		add := methods[0]
		w.ok(call{method: "GET", path: fmt.Sprint("/v1.0/methods/", add.ID)}, &add)
		const answer = `{"lists":[{"id":1,"name":"News"},{"id":2,"name":"Offers"}]}`
		relaxed := fmt.Sprintf(`{Parameters: {%d: 7}, 'Fields': {%d: 'amy@x.test',},}`, add.Parameters[0].ID, add.RequestFields[0].ID)
		for _, c := range []call{
			{method: "POST", path: fmt.Sprintf("%s/methods/%d", path, add.ID), body: relaxed},
			{method: "POST", path: path + "/methods/" + add.MethodUniqueIdentifier},
			{method: "GET", path: fmt.Sprintf("%s/methods/%d", path, add.ID)},
		} {
			c.account = "books"
			if got := w.ok(c, nil); strings.TrimSpace(got.body) != answer {
				t.Errorf("%s %s: %s", c.method, c.path, got.body)
			}
		}
		var tried struct {
			Success    bool
			StatusCode int
			Request    struct {
				Body struct{ Parameters, Body map[string]any }
			}
			Incidents []any
		}
		w.ok(call{method: "POST", path: fmt.Sprintf("%s/test/%d", path, add.ID), account: "books", body: relaxed}, &tried)
		if sent := tried.Request.Body; !tried.Success || tried.StatusCode != 200 || tried.Incidents == nil || sent.Parameters["ListId"] != "7" || sent.Body["email"] != "amy@x.test" {
			t.Errorf("%+v", tried)
		}
		var step struct {
			Success bool
			Request struct {
				Body struct {
					Variables map[string]string
					LastRun   time.Time
				}
			}
		}
		stepOf := fmt.Sprintf(`{"Method":"%d","Parameters":{"ListId":7},"Variables":{"list":3},"LastSuccessfulRunDate":%%s}`, add.ID)
		for given, want := range map[string]time.Time{`"2026-01-31"`: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), "null": {}, `""`: {}} {
			w.ok(call{method: "POST", path: path + "/teststep", account: "books", body: fmt.Sprintf(stepOf, given)}, &step)
			if sent := step.Request.Body; !step.Success || !sent.LastRun.Equal(want) || sent.Variables["list"] != "3" {
				t.Errorf("last run %s: %+v", given, step)
			}
		}
		w.fails(call{method: "POST", path: path + "/teststep", account: "books", body: fmt.Sprintf(stepOf, `"soon"`)}, 400, "The request is invalid.")
		for _, kind := range []string{"methods", "test"} {
			at := path + "/" + kind + "/"
			w.fails(call{method: "POST", path: at + "Add", account: "books"}, 400, `method: "Add" is neither an integer nor a GUID`)
			w.fails(call{method: "POST", path: at + "999999", account: "books"}, 404, "Method 999999 could not be found.")
			w.fails(call{method: "POST", path: at + fmt.Sprint(add.ID), account: "books", body: `{"Parameters":{"999999":1}}`}, 400, "Parameter 999999 could not be found.")
			w.fails(call{method: "POST", path: at + fmt.Sprint(add.ID), account: "books", body: `{"Parameters":{"ListId":1}}`}, 400, `Parameters: "ListId" is not an integer`)
			w.fails(call{method: "POST", path: at + fmt.Sprint(add.ID), account: "books", body: `{"Parameters":`}, 400, "The body is not JSON.")
		}

		var choices []struct{ Name, Value string }
		w.ok(call{method: "POST", path: fmt.Sprintf("%s/triggers/%d", path, l.Connector.Triggers[0].ID), account: "books"}, &choices)
		if len(choices) != 2 || choices[1].Name != "Offers" || choices[1].Value != "2" {
			t.Errorf("%+v", choices)
		}
		w.fails(call{method: "POST", path: path + "/triggers/999999", account: "books"}, 404, "Trigger 999999 could not be found.")
		lookup := fmt.Sprintf("%s/triggers/%d", path, l.Connector.Triggers[0].ID)
		w.ok(call{method: "POST", path: lookup, account: "books", body: `{Parameters: {}}`}, &choices)
		w.fails(call{method: "POST", path: lookup, account: "books", body: `{"Parameters":{"999999":1}}`}, 400, "Parameter 999999 could not be found.")

		w.ok(call{method: "POST", path: "/v1.0/accounts/books/suspend"}, nil)
		for _, c := range []call{
			{method: "GET", path: fmt.Sprintf("%s/methods/%d", path, add.ID)},
			{method: "POST", path: fmt.Sprintf("%s/methods/%d", path, add.ID)},
			{method: "POST", path: fmt.Sprintf("%s/test/%d", path, add.ID)},
			{method: "POST", path: fmt.Sprintf("%s/triggers/%d", path, l.Connector.Triggers[0].ID)},
		} {
			c.account = "books"
			w.fails(c, 409, "The account is suspended.")
		}
	})
}
