package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func TestTypesOfBodies(t *testing.T) {
	w := newWorld(t, api.Options{})
	for _, kind := range []string{"text/json", "Application/JSON; charset=UTF-8", "application/json"} {
		w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"x"}`, header: map[string]string{"Content-Type": kind}}, nil)
	}
	const form = "application/x-www-form-urlencoded"
	w.fails(call{method: "POST", path: "/v1.0/accounts", body: "Name=x", header: map[string]string{"Content-Type": form}}, 415, "")
	w.fails(call{method: "POST", path: "/v1.0/accounts", body: "", header: map[string]string{"Content-Type": form}}, 400, "")
}

func TestTimesInQueries(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	for _, at := range []string{
		"1/31/2026%203:04:05%20PM", "1/31/2026%203:04%20pm", "2026-01-31T12:00Z", "2026-01-31T12:00:00%2B0000", "2026-01-31T12:00:00+01:00", "2026-01-31T12:00:00.5+0100", "2026-01-31", "",
	} {
		w.ok(call{method: "GET", path: "/v1.0/cycles/transactions?after=" + at, account: "books"}, nil)
	}
	for _, at := range []string{"31/31/2026", "yesterday", "2026-01-31T12:00:00%20PM"} {
		w.fails(call{method: "GET", path: "/v1.0/cycles/transactions?after=" + at, account: "books"}, 400, "")
	}
}

// What is read can be written back, and changes nothing.
func TestReadAndWriteBack(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, action := w.built("books")
		in := fmt.Sprint("/v1.0/account/connectors/", action.AccountConnector.ID)
		var field struct{ Id int64 }
		w.ok(call{method: "POST", path: in + "/fields", account: "books", body: `{"ConnectorField":"extra.size","DataType":"file","ForRequestFormat":true}`}, &field)
		w.ok(call{method: "POST", path: "/v1.0/cycles/" + cycle + "/variables", account: "books", body: `{"SystemName":"Size","Value":5}`}, nil)
		again := func(path string) map[string]any {
			t.Helper()
			var read, after map[string]any
			w.ok(call{method: "GET", path: path, account: "books"}, &read)
			w.ok(call{method: "PUT", path: path, account: "books", body: read}, nil)
			w.ok(call{method: "GET", path: path, account: "books"}, &after)
			if diff := cmp.Diff(read, after); diff != "" {
				t.Errorf("%s: -read +written back\n%s", path, diff)
			}
			return read
		}
		if fields := again(in)["CustomFields"].([]any); len(fields) != 1 || fields[0].(map[string]any)["DataType"] != "File" {
			t.Errorf("custom fields of a connector: %v", fields)
		}
		var listed []struct{ CustomFields []any }
		if w.ok(call{method: "GET", path: "/v1.0/account/connectors", account: "books"}, &listed); len(listed) != 1 || len(listed[0].CustomFields) != 1 {
			t.Errorf("custom fields of listed connectors: %+v", listed)
		}
		for _, path := range []string{fmt.Sprint(in, "/fields/", field.Id), "/v1.0/cycles/" + cycle + "/steps/" + action.ID, "/v1.0/cycles/" + cycle + "/variables/Size"} {
			again(path)
		}
		mapping := fmt.Sprint("/v1.0/steps/", action.ID, "/fieldmappings/", field.Id)
		for _, body := range []string{
			`{"MappingType":"Ignore"}`, `{"MappingType":"StaticValue","Value":5}`, `{"MappingType":"ValueList","Value":"a"}`, `{"MappingType":"Trigger","TriggerValue":"7","TriggerValueDisplayName":"News"}`,
			fmt.Sprintf(`{"MappingType":"StepOutput","SourceStepId":%q,"SourceField":"id"}`, hook.ID), `{"MappingType":"Variable","Value":"Size"}`,
		} {
			w.ok(call{method: "PUT", path: mapping, account: "books", body: body}, nil)
			again(mapping)
		}
		read := again(mapping)
		if read["Value"] != "Size" || read["Variable"] != "Size" {
			t.Errorf("mapped to a variable: %v", read)
		}
		read["Value"] = "Colour"
		if w.ok(call{method: "PUT", path: mapping, account: "books", body: read}, &read); read["Variable"] != "Colour" {
			t.Errorf("mapped to another variable by Value: %v", read)
		}
	})
}

func TestActivateBodies(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, action := w.built("books")
	w.mapParameter(hook, action)
	path := "/v1.0/cycles/" + cycle
	w.ok(call{method: http.MethodDelete, path: path + "/steps/" + hook.ID, account: "books"}, nil)
	var first stepJSON
	w.ok(call{
		method: http.MethodPost, path: path + "/steps", account: "books",
		body: fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":"7f4657b6-5cb7-4303-baf2-973558dfca53"}`, action.AccountConnector.ID),
	}, &first)
	w.ok(call{method: http.MethodPost, path: path + "/edges", account: "books", body: fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, first.ID, action.ID)}, nil)
	for _, tt := range []struct {
		body     string
		kind     string
		interval int
		once     bool
		wait     time.Duration // at most
	}{
		{"", "application/x-www-form-urlencoded", 60, false, time.Minute},
		{`{}`, "", 60, false, time.Minute},
		{`{"StartTime":"","Interval":"30"}`, "", 30, false, time.Minute},
		{`{"StartTime":null,"Interval":null,"RunOnce":"true"}`, "", 30, true, time.Minute},
		{`{"StartTime":"1/31/2026 3:04:05 PM"}`, "text/json", 30, false, 30 * time.Minute},
	} {
		c := call{method: http.MethodPut, path: path + "/activate", account: "books", body: tt.body}
		if tt.kind != "" {
			c.header = map[string]string{"Content-Type": tt.kind}
		}
		var got struct {
			Interval  int
			RunOnce   bool
			StartTime time.Time
		}
		w.ok(c, &got)
		if got.Interval != tt.interval || got.RunOnce != tt.once || time.Until(got.StartTime) > tt.wait || time.Since(got.StartTime) > time.Minute {
			t.Errorf("%s: %+v", tt.body, got)
		}
		w.ok(call{method: http.MethodPut, path: path + "/deactivate", account: "books"}, nil)
	}
	w.fails(call{method: http.MethodPut, path: path + "/activate", account: "books", body: `{"Interval":7}`}, 400, "")

	// Without an offset it is the time of the account's zone, which may change.
	zone := func(name string) {
		w.ok(call{method: http.MethodPut, path: "/v1.0/accounts/books", body: fmt.Sprintf(`{"Timezone":%q}`, name)}, nil)
	}
	zone("Asia/Kolkata")
	for text, want := range map[string]string{
		"2051-01-05T09:00": "2051-01-05T03:30:00Z", "1/5/2051 9:00 AM": "2051-01-05T03:30:00Z", "2051-01-05T09:00:00Z": "2051-01-05T09:00:00Z", "2051-01-05T09:00:00+02:00": "2051-01-05T07:00:00Z",
	} {
		var got, moved struct{ StartTime, NextRunOnUtc string }
		w.ok(call{method: http.MethodPut, path: path + "/activate", account: "books", body: fmt.Sprintf(`{"StartTime":%q,"Interval":1440}`, text)}, &got)
		if got.StartTime != want || got.NextRunOnUtc != want {
			t.Errorf("%s: %+v, want %s", text, got, want)
		}
		zone("UTC") // five and a half hours later
		w.ok(call{method: http.MethodGet, path: path, account: "books"}, &moved)
		was, err := time.Parse(time.RFC3339, want)
		if later := was.Add(330 * time.Minute).Format(time.RFC3339); err != nil || moved.NextRunOnUtc != later || moved.StartTime != later {
			t.Errorf("%s: moved to %+v, want %s", text, moved, later)
		}
		zone("Asia/Kolkata")
		var stopped map[string]any
		w.ok(call{method: http.MethodPut, path: path + "/deactivate", account: "books"}, &stopped)
		if next, there := stopped["NextRunOnUtc"]; !there || next != nil {
			t.Errorf("stopped, its next run is %v", next)
		}
	}
}

// The names of an account come in the order that clients show them in.
func TestAccountOrder(t *testing.T) {
	w := newWorld(t, api.Options{})
	body := w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Id":"books","Name":"Books"}`}, nil).body
	at := -1
	for _, name := range []string{"CreatedDate", "Id", "Name", "Description", "ParentAccountId", "AuditInfo", "TaskAuditInfo"} {
		next := strings.Index(body, `"`+name+`":`)
		if next <= at {
			t.Errorf("%s is missing or too early: %s", name, body)
		}
		at = next
	}
}
