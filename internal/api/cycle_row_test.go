package api_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// The rows of the API's table about cycles, one by one.
func TestCycleRows(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, action := w.built("books")
		w.account("beside", "")
		t.Run("settings", func(t *testing.T) { w.at(t).settings("/v1.0/cycles/" + cycle) })
		t.Run("kinds of steps", func(t *testing.T) { w.at(t).kinds(cycle) })
		t.Run("lookups' choices", func(t *testing.T) { w.at(t).choices(action) })
		t.Run("ids", func(t *testing.T) { w.at(t).ids(cycle, hook.ID, action.ID) })
		t.Run("filters", func(t *testing.T) { w.at(t).filters(cycle, hook.ID) })
		t.Run("while it runs", func(t *testing.T) { w.at(t).whileItRuns(cycle, hook.ID, action) })
		t.Run("bin", func(t *testing.T) { w.at(t).bin(cycle) })
	})
}

// at is w for a subtest.
func (w *world) at(t *testing.T) *world {
	of := *w
	of.t = t
	return &of
}

func (w *world) settings(path string) {
	null := any(nil)
	for _, tt := range []struct {
		body string
		name string
		want any
	}{
		{`{}`, "StepDataSuccessRetentionHours", null},
		{`{}`, "LastSuccessfulRunDate", "0001-01-01T00:00:00"},
		{`{"StepDataSuccessRetentionHours":"8"}`, "StepDataSuccessRetentionHours", 8.0},
		{`{"Description":"d"}`, "StepDataSuccessRetentionHours", 8.0},
		{`{"StepDataSuccessRetentionHours":745}`, "StepDataSuccessRetentionHours", 744.0},
		{`{"stepdatasuccessretentionhours":0}`, "StepDataSuccessRetentionHours", 0.0},
		{`{"StepDataSuccessRetentionHours":null}`, "StepDataSuccessRetentionHours", null},
		{`{"StepDataErroredRetentionHours":1}`, "StepDataErroredRetentionHours", 1.0},
		{`{"ContinueOnStepError":"True"}`, "StepErrorAction", "Ignore"},
		{`{"Name":"New contact"}`, "ContinueOnStepError", true},
		{`{"ContinueOnStepError":false}`, "StepErrorAction", "StopTransaction"},
		{`{"LogStepDataRequests":"false"}`, "LogStepDataRequests", false},
		{`{"Shareable":2}`, "", "Shareable"},
		{`{"LogStepDataRequests":true}`, "LogStepDataRequests", true},
		{`{"StepDataErroredRetentionHours":-10}`, "", "StepDataErroredRetentionHours (-10): must be non negative"},
		{`{"StepDataSuccessRetentionHours":-1}`, "", "StepDataSuccessRetentionHours (-1): must be non negative"},
		{`{"StepDataErroredRetentionHours":"many"}`, "", "StepDataErroredRetentionHours"},
		{`{"Name":""}`, "", "Name is required"},
		{`{"CollectionSplitType":"Some"}`, "", "CollectionSplitType"},
	} {
		a := w.do(call{method: "PUT", path: path, account: "books", body: tt.body})
		var got map[string]any
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			w.t.Fatal(err)
		}
		switch {
		case tt.name == "" && (a.status != 400 || !strings.Contains(a.body, tt.want.(string))):
			w.t.Errorf("%s: %d %s, want 400 with %s", tt.body, a.status, a.body, tt.want)
		case tt.name != "" && (a.status != 200 || got[tt.name] != tt.want):
			w.t.Errorf("%s: %d, %s is %v, want %v", tt.body, a.status, tt.name, got[tt.name], tt.want)
		}
	}
	for query, want := range map[string]bool{"": false, "?includeIcons=true": true} {
		var all []struct{ Connectors []struct{ Icon string } }
		w.ok(call{method: "GET", path: "/v1.0/cycles" + query, account: "books"}, &all)
		if strings.HasPrefix(all[0].Connectors[0].Icon, "data:image/png;base64,") != want {
			w.t.Errorf("cycles%s: %+v", query, all)
		}
	}
}

// kinds makes a step of each kind, by name and number.
func (w *world) kinds(cycle string) {
	path := "/v1.0/cycles/" + cycle + "/steps"
	names := []string{"Action", "Webhook", "Decision", "Delay", "WaitUntil", "WaitAll", "Annotation", "SynchronousResponse"}
	for i, name := range names {
		for _, kind := range []string{fmt.Sprintf("%q", strings.ToLower(name)), fmt.Sprint(i + 1), fmt.Sprintf("%q", fmt.Sprint(i+1))} {
			var made, read stepJSON
			w.ok(call{method: "POST", path: path, account: "books", body: `{"Name":"s","ActionType":` + kind + `}`}, &made)
			w.ok(call{method: "GET", path: "/v1.0/steps/" + made.ID, account: "books"}, &read)
			if made.ActionType != name || read.ActionType != name {
				w.t.Errorf("%s: made %s, read %s", kind, made.ActionType, read.ActionType)
			}
			w.ok(call{method: "DELETE", path: path + "/" + made.ID, account: "books"}, nil)
		}
	}
	for _, kind := range []string{"0", "9", `"Sleep"`, "null", "{}", "1.5", "true"} {
		w.fails(call{method: "POST", path: path, account: "books", body: `{"Name":"s","ActionType":` + kind + `}`}, 400, "")
	}
	w.fails(call{method: "POST", path: path, account: "books", body: `{"Name":"s"}`}, 400, "ActionType is required")
	// The words of a decision are taken in any case, and a mark before the body.
	var made struct {
		ID       string `json:"Id"`
		Decision tandem.Decision
	}
	w.ok(call{method: "POST", path: path, account: "books", body: "\ufeff" + `{"Name":"s","ActionType":"Decision","Decision":{"Groups":[[
		{"Left":{"MappingType":"STATICVALUE","Value":"1"},"Condition":"greaterthanorequal","Right":{"MappingType":"staticValue","Value":"2"}}]]}}`}, &made)
	if r := made.Decision.Groups[0][0]; r.Condition != tandem.GreaterThanOrEqual || r.Left.MappingType != tandem.MapStatic || r.Right.MappingType != tandem.MapStatic {
		w.t.Errorf("decision: %+v", r)
	}
	w.ok(call{method: "DELETE", path: path + "/" + made.ID, account: "books"}, nil)
}

// choices maps a parameter to what a lookup gave, and changes a mapping in part.
func (w *world) choices(action stepJSON) {
	path := "/v1.0/steps/" + action.ID + "/parameters"
	var all []struct {
		Parameter struct {
			ID int64 `json:"Id"`
		}
	}
	w.ok(call{method: "GET", path: path, account: "books"}, &all)
	path += fmt.Sprint("/", all[0].Parameter.ID)
	type mapping struct {
		MappingType                                  string
		Value, TriggerValue, TriggerValueDisplayName *string
		IsLaunchVisible                              bool
	}
	text := func(s string) *string { return &s }
	for _, tt := range []struct {
		body string
		want mapping
	}{
		{`{"MappingType":"trigger","TriggerValue":7,"TriggerValueDisplayName":"News"}`, mapping{"Trigger", nil, text("7"), text("News"), false}},
		{`{"IsLaunchVisible":"true"}`, mapping{"Trigger", nil, text("7"), text("News"), true}},
		{`{"TriggerValue":"8"}`, mapping{"Trigger", nil, text("8"), text("News"), true}},
		{`{"MappingType":"ValueList","Value":"9"}`, mapping{"ValueList", text("9"), nil, nil, true}},
		{`{"Value":"10"}`, mapping{"ValueList", text("10"), nil, nil, true}},
		{`{"MappingType":"Trigger","Value":"11"}`, mapping{"Trigger", nil, text("11"), text(""), true}},
		{`{"MappingType":"Ignore","IsLaunchVisible":false}`, mapping{"Ignore", nil, nil, nil, false}},
	} {
		for _, method := range []string{"PUT", "POST"} {
			var got, read mapping
			w.ok(call{method: method, path: path, account: "books", body: tt.body}, &got)
			w.ok(call{method: "GET", path: path, account: "books"}, &read)
			if diff := cmp.Diff(tt.want, got); diff != "" || cmp.Diff(got, read) != "" {
				w.t.Errorf("%s %s: -want +got\n%s%s", method, tt.body, diff, cmp.Diff(got, read))
			}
		}
	}
	w.fails(call{method: "PUT", path: path, account: "books", body: `{"MappingType":"Telepathy"}`}, 400, "")
}

// ids asks for things by ids that are none, that nobody has, and that others have.
func (w *world) ids(cycle, hook, action string) {
	with := func(c, s string) []string {
		return []string{
			"GET /cycles/" + c, "PUT /cycles/" + c, "DELETE /cycles/" + c, "PUT /cycles/" + c + "/activate", "PUT /cycles/" + c + "/deactivate",
			"POST /cycles/" + c + "/upgrade", "POST /cycles/" + c + "/copy", "POST /cycles/" + c + "/restore", "POST /cycles/" + c + "/copytotemplate",
			"GET /cycles/" + c + "/prerequisites", "GET /cycles/" + c + "/steps", "POST /cycles/" + c + "/steps", "GET /cycles/" + c + "/edges",
			"POST /cycles/" + c + "/edges", "GET /cycles/" + c + "/variables", "POST /cycles/" + c + "/variables", "PATCH /cycles/" + c + "/variables",
			"GET /cycles/" + c + "/transactions", "GET /cycles/" + c + "/incidents", "DELETE /cycles/" + c + "/incidents",
			"GET /steps/" + s, "GET /steps/" + s + "/prerequisites", "GET /steps/" + s + "/parameters", "GET /steps/" + s + "/fieldmappings",
			"GET /steps/" + s + "/fieldsformapping", "PUT /steps/" + s + "/parameters/1", "POST /steps/" + s + "/fieldmappings/1",
			"GET /cycles/" + cycle + "/steps/" + s, "PUT /cycles/" + cycle + "/steps/" + s, "DELETE /cycles/" + cycle + "/steps/" + s,
			"GET /cycles/" + cycle + "/edges/" + s, "DELETE /cycles/" + cycle + "/edges/" + s, "GET /cycles/" + cycle + "/transactions/" + s,
		}
	}
	bodies := map[string]any{
		"POST steps": `{"ActionType":1}`, "POST edges": fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, hook, action), "POST variables": `{"SystemName":"x"}`,
		"PATCH variables": `[]`,
	}
	try := func(what, account, route string, status int) {
		method, path, _ := strings.Cut(route, " ")
		c := call{method: method, path: "/v1.0" + path, account: account}
		if method == "PUT" || method == "POST" || method == "PATCH" {
			if c.body = bodies[method+" "+path[strings.LastIndex(path, "/")+1:]]; c.body == nil {
				c.body = `{}`
			}
		}
		if a := w.do(c); a.status != status {
			w.t.Errorf("%s with %s: %d %s, want %d", route, what, a.status, a.body, status)
		}
	}
	guid := tandem.NewGUID()
	for _, route := range with("x", "x") {
		try("what is no GUID", "books", route, 400)
	}
	for _, route := range with(guid, guid) {
		try("what nobody has", "books", route, 404)
	}
	for _, route := range with(cycle, action) {
		try("what another account has", "beside", route, 404)
	}
	for _, path := range []string{"/v1.0/steps/" + action + "/parameters/x", "/v1.0/steps/" + action + "/fieldmappings/1.5"} {
		w.fails(call{method: "GET", path: path, account: "books"}, 400, "")
	}
}

// whileItRuns tries to change a cycle that runs.
func (w *world) whileItRuns(cycle, hook string, action stepJSON) {
	path := "/v1.0/cycles/" + cycle
	var edges []struct{ Id string }
	w.ok(call{method: "GET", path: path + "/edges", account: "books"}, &edges)
	var parameters []struct {
		Parameter struct{ Id int64 }
	}
	w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/parameters", account: "books"}, &parameters)
	parameter := fmt.Sprintf("/v1.0/steps/%s/parameters/%d", action.ID, parameters[0].Parameter.Id)
	w.ok(call{method: "PUT", path: parameter, account: "books", body: `{"MappingType":"StaticValue","Value":"12"}`}, nil)
	var custom struct{ Id int64 }
	w.ok(call{method: "POST", path: fmt.Sprintf("/v1.0/account/connectors/%d/fields", action.AccountConnector.ID), account: "books", body: `{"ConnectorField":"x","ForRequestFormat":true}`}, &custom)
	field := fmt.Sprintf("/v1.0/steps/%s/fieldmappings/%d", action.ID, custom.Id)
	w.ok(call{method: "POST", path: path + "/variables", account: "books", body: `{"SystemName":"Colour"}`}, nil)
	w.ok(call{method: "PUT", path: path + "/activate", account: "books", body: `{}`}, nil)
	for route, body := range map[string]string{
		"PUT " + path:                              `{"Description":"changed"}`,
		"DELETE " + path:                           "",
		"PUT " + path + "/activate":                "{}",
		"POST " + path + "/steps":                  `{"ActionType":7}`,
		"PUT " + path + "/steps/" + hook:           `{"Name":"changed"}`,
		"DELETE " + path + "/steps/" + hook:        "",
		"POST " + path + "/edges":                  fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, action.ID, hook),
		"DELETE " + path + "/edges/" + edges[0].Id: "",
		"POST " + path + "/variables":              `{"SystemName":"Other"}`,
		"PATCH " + path + "/variables":             `[{"SystemName":"Colour","Value":"red"}]`,
		"PUT " + path + "/variables/Colour":        `{"Value":"red"}`,
		"DELETE " + path + "/variables/Colour":     "",
		"PUT " + parameter:                         `{"MappingType":"StaticValue","Value":"13"}`,
		"POST " + parameter:                        `{"MappingType":"StaticValue","Value":"13"}`,
		"PUT " + field:                             `{"MappingType":"StaticValue","Value":"13"}`,
		"POST " + field:                            `{"MappingType":"StaticValue","Value":"13"}`,
	} {
		method, to, _ := strings.Cut(route, " ")
		c := call{method: method, path: to, account: "books"}
		if body != "" {
			c.body = body
		}
		w.fails(c, 409, "")
	}
	w.ok(call{method: "PUT", path: path + "/deactivate", account: "books"}, nil)
}

// bin deletes and restores a cycle.
func (w *world) bin(cycle string) {
	path := "/v1.0/cycles/" + cycle
	w.ok(call{method: "DELETE", path: path, account: "books"}, nil)
	w.fails(call{method: "GET", path: path, account: "books"}, 404, "")
	w.fails(call{method: "DELETE", path: path, account: "books"}, 404, "")
	var deleted, left []map[string]any
	a := w.ok(call{method: "GET", path: "/v1.0/cycles/deleted?pageSize=1", account: "books"}, &deleted)
	w.ok(call{method: "GET", path: "/v1.0/cycles", account: "books"}, &left)
	if len(deleted) != 1 || deleted[0]["Id"] != cycle || deleted[0]["DeletedOnUtc"] == nil || len(left) != 0 || a.header.Get("Total-Records") != "1" {
		w.t.Errorf("deleted %v, left %v", deleted, left)
	}
	var back map[string]any
	w.ok(call{method: "POST", path: path + "/restore", account: "books"}, &back)
	if back["Status"] != "Paused" || back["DeletedOnUtc"] != nil {
		w.t.Errorf("restored: %v", back)
	}
	w.fails(call{method: "POST", path: path + "/restore", account: "books"}, 404, "")
	w.ok(call{method: "GET", path: path, account: "books"}, nil)
}

// filters narrows lists of transactions and incidents.
func (w *world) filters(cycle, hook string) {
	w.incident(cycle, hook) // of a transaction that failed
	for query, want := range map[string]int{
		"": 1, "?after=2020-01-01T00:00:00Z&before=2100-01-01": 1, "?after=1/2/2020": 1, "?before=1/2/2020": 0, "?AFTER=12/31/2100": 0,
		"?after=2100-12-31T00:00:00": 0, "?after=x": -1, "?before=13/45/2020": -1, "?page=2": 0,
	} {
		for _, path := range []string{"/cycles/transactions", "/cycles/" + cycle + "/transactions", "/cycles/incidents/error", "/cycles/" + cycle + "/incidents"} {
			w.lists(path+query, want)
		}
	}
	for query, want := range map[string]int{
		"status=failed": 1, "status=Completed": 0, "status=Lost": -1, "splitType=none": 1, "splitType=Parent": 0, "splitType=child": 0, "splitType=Half": -1,
	} {
		w.lists("/cycles/transactions?"+query, want)
	}
	w.lists("/cycles/incidents/warning", 0)
}

// lists counts the rows of a list; -1: it is refused.
func (w *world) lists(path string, want int) {
	w.t.Helper()
	a := w.do(call{method: "GET", path: "/v1.0" + path, account: "books"})
	var rows []any
	if want < 0 {
		if a.status != 400 {
			w.t.Errorf("%s: %d, want 400", path, a.status)
		}
		return
	}
	if err := json.Unmarshal([]byte(a.body), &rows); err != nil || a.status != 200 || len(rows) != want {
		w.t.Errorf("%s: %d %s, want %d rows", path, a.status, a.body, want)
	}
}

// A list of cycles is narrowed by what they are doing, and tells what they did.
func TestCyclesByStatusAndActivity(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, _, _ := w.built("books")
		for _, status := range []tandem.TransactionStatus{tandem.TransactionCompleted, tandem.TransactionFailed, tandem.TransactionCancelled} {
			w.ended("books", tandem.CycleID(cycle), status)
		}
		for query, want := range map[string]int{"": 1, "?status=paused": 1, "?status=Running": 0, "?status=Finishing&query=new": 0} {
			var all []struct{ Activity []tandem.DayRuns }
			a := w.ok(call{method: "GET", path: "/v1.0/cycles" + query, account: "books"}, &all)
			if len(all) != want || a.header.Get("Total-Records") != strconv.Itoa(want) {
				t.Errorf("%s: %d cycles, want %d", query, len(all), want)
			}
			if want == 1 && all[0].Activity != nil {
				t.Errorf("%s: activity that was not asked for: %v", query, all[0].Activity)
			}
		}
		w.fails(call{method: "GET", path: "/v1.0/cycles?status=Asleep", account: "books"}, 400, `status: "Asleep" is not known: want one of [Paused Running Finishing]`)

		var all []struct{ Activity []tandem.DayRuns }
		w.ok(call{method: "GET", path: "/v1.0/cycles?includeActivity=true", account: "books"}, &all)
		days := all[0].Activity
		if len(days) != tandem.ActivityDays {
			t.Fatalf("%d days of activity", len(days))
		}
		sum := days[tandem.ActivityDays-1]
		sum.Runs += days[tandem.ActivityDays-2].Runs // the day may be over since
		sum.Errors += days[tandem.ActivityDays-2].Errors
		if sum != (tandem.DayRuns{Runs: 2, Errors: 1}) {
			t.Errorf("runs of the last two days: %+v", sum)
		}
	})
}
