package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/client"
)

const triedMethod = "7f000000-0000-4000-8000-00000000000a"

// A draft is tried with credentials that nobody keeps, or with those of a release
// that is installed; what it calls is its own.
func TestConnectorTrial(t *testing.T) {
	party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"path": r.URL.RequestURI(), "key": r.Header.Get("Authorization"), "mode": r.Header.Get("X-Mode")})
	}))
	defer party.Close()
	c := config(t, "")
	r := start(t, c)
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
		t.Fatal(err)
	}
	books := r.acme.Account("books")
	definition := func(path string) map[string]any {
		return map[string]any{
			"Authentication": json.RawMessage(`[{"Name":"Key","AuthType":"ApiKey"}]`),
			"Parameters":     json.RawMessage(`[{"Name":"BaseUrl","TargetType":"MergeField","AccountConnectorProperty":true}]`),
			"Methods": json.RawMessage(`[{"Name":"Ask","MethodUniqueIdentifier":"` + triedMethod + `","MethodType":"Action","HttpMethod":"POST","EndPoint":"{{BaseUrl}}` + path + `",
				"Script":"function before_action() { method_request_headers['X-Mode'] = script_execution_context; return true; }",
				"RequestDataType":"Json","ResponseDataType":"Json","Parameters":[{"Name":"About","TargetType":"QueryString","Optional":true}],"RequestFields":[{"ConnectorField":"a.b"}]}]`),
		}
	}
	live := r.custom(t, "Answers", definition("/live"))
	var installed, draft struct {
		ID int64 `json:"Id"`
	}
	ask := func(method, path string, body, out any) error { return books.Do(t.Context(), method, path, body, out) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	properties := []any{map[string]string{"Name": "BaseUrl", "Value": party.URL}}
	must(ask("POST", fmt.Sprintf("/connectors/%d/install", live), map[string]any{"AuthValue": "kept", "Properties": properties}, &installed))
	must(ask("POST", fmt.Sprintf("/account/connectors/custom/%d/draft", live), nil, &draft))
	change := definition("/draft")
	delete(change, "Authentication")
	must(ask("PUT", fmt.Sprintf("/account/connectors/custom/%d", draft.ID), change, nil))

	path := fmt.Sprintf("/account/connectors/custom/%d/test/%s", draft.ID, triedMethod)
	for name, tt := range map[string]struct {
		body     map[string]any
		response string // in the response's body
		request  string // in the request's
		refusal  string
	}{
		"given":         {map[string]any{"AuthValue": "typed", "Properties": map[string]string{"BaseUrl": party.URL}, "Parameters": map[string]any{"about": "x"}, "Fields": map[string]any{"a.b": 1}}, `"/draft?About=x"`, `{"a":{"b":1}}`, ""},
		"installed":     {map[string]any{"AccountConnectorId": installed.ID, "Fields": map[string]any{"a.b": 2}}, `"CONNECTOR_TESTING"`, `{"a":{"b":2}}`, ""},
		"no credential": {map[string]any{}, "", "", "AuthValue: is required."},
		"no way":        {map[string]any{"Authentication": "Other", "AuthValue": "k"}, "", "", `has none that is called "Other"`},
		"no parameter":  {map[string]any{"AuthValue": "k", "Parameters": map[string]any{"Size": 1}}, "", "", `has no parameter "Size"`},
		"no field":      {map[string]any{"AuthValue": "k", "Fields": map[string]any{"c": 1}}, "", "", `has no request field "c"`},
		"not installed": {map[string]any{"AccountConnectorId": 999999}, "", "", "could not be found"},
	} {
		t.Run(name, func(t *testing.T) {
			var got struct {
				Success           bool
				Request, Response struct{ Body json.RawMessage }
			}
			err := books.Do(t.Context(), "POST", path, tt.body, &got)
			if tt.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refusal) {
					t.Errorf("error %v, want it to say %q", err, tt.refusal)
				}
				return
			}
			said := strings.ReplaceAll(string(got.Response.Body), "\\", "")
			if err != nil || !got.Success || !strings.Contains(said, tt.response) || !strings.Contains(strings.ReplaceAll(string(got.Request.Body), "\\", ""), tt.request) {
				t.Errorf("%v, %+v\nrequest %s\nresponse %s", err, got.Success, got.Request.Body, said)
			}
			if strings.Contains(said+string(got.Request.Body), "typed") || strings.Contains(said, "kept") {
				t.Errorf("the credential is shown: %s", said)
			}
		})
	}

	other := r.custom(t, "Others", map[string]any{"Authentication": json.RawMessage(`[{"Name":"Key","AuthType":"ApiKey"}]`), "Methods": definition("/")["Methods"]})
	err := ask("POST", fmt.Sprintf("/account/connectors/custom/%d/test/%s", other, triedMethod), map[string]any{"AccountConnectorId": installed.ID}, nil)
	if err == nil || !strings.Contains(err.Error(), "is of Answers, not of Others") {
		t.Errorf("with the credentials of another connector: %v", err)
	}
}

// A script is run in the sandbox, and says where it fails.
func TestScriptTrial(t *testing.T) {
	r := start(t, config(t, ""))
	type run struct {
		Success, Handled, GoesOn, Result bool
		Message                          string
		Line                             int
		State                            map[string]json.RawMessage
		Log                              []string
	}
	try := func(event, script string) (got run) {
		t.Helper()
		body := map[string]any{"Event": event, "Script": script, "State": map[string]any{"method_response": map[string]any{"n": 2}}}
		if err := r.acme.Do(t.Context(), "POST", "/scripts/test", body, &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := try("after_action", "function after_action() {\n  console.log('n', method_response.n);\n  method_response.n++;\n  return true;\n}"); !got.Success || !got.GoesOn || string(got.State["method_response"]) != `{"n":3}` || len(got.Log) != 1 {
		t.Errorf("%+v", got)
	}
	if got := try("action_condition", "function action_condition() { return method_response.n > 5; }"); !got.Success || got.Result {
		t.Errorf("a condition that is false: %+v", got)
	}
	if got := try("after_action", "function after_action() {\n  return nothing.here;\n}"); got.Success || got.Line != 2 || got.Message == "" {
		t.Errorf("a script that fails: %+v", got)
	}
	if got := try("after_action", "function after_action() {\n  return (;\n}"); got.Success || got.Line != 2 {
		t.Errorf("what is no script: %+v", got)
	}
	if got := try("after_action", "function after_action() { return http_request({method: 'GET', url: 'http://127.0.0.1/'}); }"); got.Success || !strings.Contains(got.Message, "not available here") {
		t.Errorf("a script that wants the network: %+v", got)
	}
	if got := try("after_error", "function after_action() {}"); got.Handled || !got.Success {
		t.Errorf("without a handler: %+v", got)
	}
	err := r.acme.Do(t.Context(), "POST", "/scripts/test", map[string]string{"Event": "after_lunch"}, nil)
	if err == nil || !strings.Contains(err.Error(), "is not known") {
		t.Errorf("an event that is none: %v", err)
	}
}
