package invoke_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
)

// TestMain makes the test's program the worker of its scripts.
func TestMain(m *testing.M) { os.Exit(scripttest.Main(m.Run)) }

// shelf keeps what scripts put aside.
type shelf map[string]any

func (s shelf) Storage(_ context.Context, o invoke.Origin, by script.Level, once string, c script.StorageCall) (any, error) {
	key := fmt.Sprint(o.Account, by, c.Scope, c.Key)
	if c.Operation == "set" {
		s[key] = c.Value
		s["once "+once] = true
	}
	return s[key], nil
}

// scripted is a Caller that runs scripts.
func scripted(t *testing.T) (*invoke.Caller, shelf) {
	t.Helper()
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 5 * time.Second})
	t.Cleanup(client.Close)
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{Workers: 2})
	t.Cleanup(func() { pool.Close() })
	kept := shelf{}
	return invoke.New(client, invoke.Options{Scripts: pool, Storage: kept}), kept
}

// with gives a call scripts at the three levels.
func with(call invoke.Call, ofConnector, ofMethod, ofStep string) invoke.Call {
	call.Connector.Script, call.Method.Script, call.Script = ofConnector, ofMethod, ofStep
	return call
}

func TestBeforeAction(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{
		Endpoint: "{{BaseUrl}}/things/{{Id}}",
		Parameters: []connector.Parameter{
			{Name: "Id", TargetType: connector.MergeField},
			{Name: "q", TargetType: connector.QueryString},
			{Name: "X-A", TargetType: connector.HTTPHeader},
			{Name: "Setting", TargetType: connector.Script},
		},
	})
	call.Parameters = values{"Id": "1", "q": "a b", "X-A": "x", "Setting": "on"}
	call.Body = object{"name": "Ink"}
	call.LastRun = time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC)
	call.Origin = invoke.Origin{Account: 7, AccountAPI: "shop", Cycle: "c1", Step: "s1", Variables: values{"v": "1"}, Mode: invoke.StepTesting}
	call.FieldsInUse = []string{"id"}
	call.Method.ResponseFields = []connector.Field{{ConnectorField: "id"}, {ConnectorField: "name"}}
	call = with(call, `function before_action() {
		method_request.order.push("connector");
		method_request_headers["X-B"] = method_auth_value + ":" + script_parameters.Setting;
		return true;
	}`, `function before_action() {
		method_request.order = ["method"];
		method_request.seen = [method_endpoint, method_request_parameters.q, last_successful_run_date, script_execution_context, cycle_step_id, cycle_id,
			cyclr_account_id, external_account_id, cycle_variables.v, method_response_fields, method_response_fields_in_use];
		method_request_mergefields.Id = "2/3";
		method_request_parameters.q = "c&d";
		method_request_parameters.more = ["1", "2"];
		action_data.from = "method";
		return true;
	}`, `function before_action() {
		method_request.order.push("step " + typeof action_data.from + " " + typeof method_auth_value);
		delete method_request_headers["X-A"];
		return true;
	}`)
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "k3y-value"}
	caller, _ := scripted(t)
	if _, err := caller.Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	got := p.last(t)
	want := `{"name":"Ink","order":["method","connector","step undefined undefined"],"seen":["` + p.URL + `/things/1","a b","2026-11-21T09:05:07Z","STEP_TESTING","s1","c1","7","shop","1",["id","name"],["id"]]}`
	if got.Body != want {
		t.Errorf("sent %s\nwant %s", got.Body, want)
	}
	if got.URI != "/things/2%2F3?more=1&more=2&q=c%26d" || got.Header.Get("X-A") != "" || got.Header.Get("X-B") != "k3y-value:on" || got.Header.Get("Authorization") != "k3y-value" {
		t.Errorf("asked %s with %v", got.URI, got.Header)
	}
}

// A request that a script signed is sent as the script saw it.
func TestSignedByScript(t *testing.T) {
	p := newParty(t, nil)
	call := with(method(p.URL, connector.Method{}), `function before_action() {
		method_request = { z: 1, a: "<é>" };
		method_request_headers["X-Signature"] = cyclr_sign("HMAC-SHA256", method_auth_value, JSON.stringify(method_request));
		return true;
	}`, "", "")
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: "k3y-value"}
	caller, _ := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.last(t); got.Body != `{"z":1,"a":"<é>"}` || got.Header.Get("X-Signature") == "" {
		t.Errorf("sent %s with %v", got.Body, got.Header)
	}
	wantNone(t, result, "k3y-value")
}

func TestHandlersThatEndTheCall(t *testing.T) {
	for name, tt := range map[string]struct {
		script, says string
		kind         invoke.Kind
		again        invoke.Again
		asked        int
	}{
		"false before":   {`function before_action() { return false }`, "before_action returned false", invoke.Scripted, "", 0},
		"throws before":  {`function before_action() { throw new Error("no stock") }`, "no stock", invoke.Scripted, "", 0},
		"throws a text":  {`function before_action() { throw "no stock" }`, "no stock", invoke.Scripted, "", 0},
		"false after":    {`function after_action() { return false }`, "after_action returned false", invoke.Scripted, "", 1},
		"throws after":   {`function after_action() { throw new Error("not " + statusCode + " " + reasonPhrase) }`, "not 200 OK", invoke.Scripted, "", 1},
		"refresh":        {`function after_action() { throw new AuthRefreshException("expired") }`, "expired", invoke.Auth, invoke.AfterToken, 1},
		"session":        {`function before_action() { throw AuthSessionException() }`, "", invoke.Auth, invoke.AfterLookup, 0},
		"not JavaScript": {`function before_action( {`, "line 1", invoke.Scripted, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, nil)
			caller, _ := scripted(t)
			_, err := caller.Call(t.Context(), with(method(p.URL, connector.Method{}), "", tt.script, ""))
			e := wantError(t, err, tt.kind, tt.says)
			if e.Again != tt.again || len(p.requests) != tt.asked {
				t.Errorf("again %q, asked %d times", e.Again, len(p.requests))
			}
		})
	}
}

func TestAfterAction(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total", "2")
		io.WriteString(w, `{"items":[1]}`)
	})
	call := with(
		method(p.URL, connector.Method{Parameters: []connector.Parameter{{Name: "Id", TargetType: connector.MergeField, Value: "9"}}}),
		`function after_action() { method_response.by = ["connector"]; return true }`,
		`function before_action() { action_data.n = 1; return true }
		function after_action() { method_response.by.push("method " + action_data.n + method_response_headers["X-Total"] + method_request_mergefields.Id + method_request.a); return true }`,
		`function after_action() { method_response.by.push("step"); return true }`,
	)
	call.Body = object{"a": "b"}
	caller, _ := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	want := object{"items": []any{json.Number("1")}, "by": []any{"connector", "method 129b", "step"}}
	if diff := cmp.Diff(any(want), document(result)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// after_action sees a page, after_action_paging all of them; action_data goes along.
func TestAfterActionPaging(t *testing.T) {
	p := newParty(t, pages(`{"items":[1,2]}`, `{"items":[3]}`))
	call := with(method(p.URL, lister(2, query("page", connector.PageNumber))), "", `
		function after_action() { action_data.pages = (action_data.pages || 0) + 1; return true }
		function after_action_paging() {
			method_response.pages = action_data.pages;
			method_response.items.reverse();
			next_last_successful_run_date = "2026-11-21T09:05:07Z";
			return true;
		}`, "")
	caller, _ := scripted(t)
	result, err := invoke.Gather(t.Context(), call, caller.Call, invoke.GatherOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(result.Response.Body); got != `{"items":[3,2,1],"pages":2}` || !result.LastRun.Equal(time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC)) || len(p.requests) != 2 {
		t.Errorf("got %s, %s", got, result.LastRun)
	}
	one := newParty(t, pages(`{"items":[1]}`))
	call.Properties["BaseUrl"] = one.URL
	if result, err = caller.Call(t.Context(), call); err != nil || string(result.Response.Body) != `{"items":[1],"pages":1}` || result.Whole != "" {
		t.Errorf("of one page: %+v, %v", result, err)
	}
}

func TestAfterError(t *testing.T) {
	for name, tt := range map[string]struct {
		script, body, warning string
		err                   string
	}{
		"error":   {`function after_error() { method_error.content = method_error.statusCode + " " + method_error.reasonPhrase + ": " + JSON.parse(method_error.content).why; return true }`, "", "", "409 Conflict: taken"},
		"warning": {`function after_error() { method_error.isError = false; method_error.isWarning = true; return true }`, `{"why":"taken"}`, "the answer was 409 Conflict", ""},
		"success": {`function after_error() { method_error.isSuccess = true; method_error.content = { id: 1 }; return true }`, `{"id":1}`, "", ""},
		"throws":  {`function after_error() { throw new Error("worse") }`, "", "", "worse"},
		"refresh": {`function after_error() { throw new AuthRefreshException("expired") }`, "", "", "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusConflict)
				io.WriteString(w, `{"why":"taken"}`)
			})
			caller, _ := scripted(t)
			result, err := caller.Call(t.Context(), with(method(p.URL, connector.Method{}), tt.script, "", ""))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil || string(result.Response.Body) != tt.body || result.Warning != tt.warning {
				t.Errorf("got %+v %s, %q, %v", result.Response, result.Response.Body, result.Warning, err)
			}
		})
	}
}

// What waiting or new credentials would end is not for scripts to deal with.
func TestAfterErrorLeavesAlone(t *testing.T) {
	for status, renewable := range map[int]bool{http.StatusTooManyRequests: false, http.StatusUnauthorized: true} {
		p := newParty(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		call := with(method(p.URL, connector.Method{}), `function after_error() { method_error.isSuccess = true; return true }`, "", "")
		call.Renewable = renewable
		caller, _ := scripted(t)
		if _, err := caller.Call(t.Context(), call); err == nil {
			t.Errorf("%d was made a success", status)
		}
	}
}

func TestActionCondition(t *testing.T) {
	p := newParty(t, pages(`{"total":5}`))
	caller, _ := scripted(t)
	for text, want := range map[string]bool{"method_response.total > 3": true, "method_response.total > 9": false, `"yes"`: true, "0": false} {
		result, err := caller.Call(t.Context(), with(method(p.URL, connector.Method{}), "", "", `function action_condition() { return `+text+` }`))
		if err != nil || result.Condition == nil || *result.Condition != want {
			t.Errorf("%s: %v, %v", text, result.Condition, err)
		}
	}
	result, err := caller.Call(t.Context(), method(p.URL, connector.Method{}))
	if err != nil || result.Condition != nil {
		t.Errorf("without one: %v, %v", result.Condition, err)
	}
}

func TestScriptMethod(t *testing.T) {
	call := with(method("http://127.0.0.1:1", connector.Method{MethodType: connector.ScriptMethod}), "",
		`function before_action() { action_data.sum = method_request.a + method_request.b; return true }
		function after_action() { method_response = { sum: action_data.sum }; console.log("done", 1); return true }`, "")
	call.Method.Endpoint, call.Method.HTTPMethod = "", ""
	call.Body = object{"a": 1, "b": 2}
	caller, _ := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil || string(result.Response.Body) != `{"sum":3}` || len(result.Log) != 1 || result.Log[0] != "done 1" {
		t.Errorf("%+v, %v", result, err)
	}
}

// A step's script has no credentials, sees none, and leads none elsewhere.
func TestStepScriptHasNoCredentials(t *testing.T) {
	const key = "k3y-value"
	elsewhere := newParty(t, nil)
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"echo":"`+r.Header.Get("Authorization")+`","key":"`+r.Header.Get("X-Key")+`"}`)
	})
	parameter := connector.Parameter{Name: "Secret", TargetType: connector.HTTPHeader, TargetName: "X-Secret", Sensitive: true}
	spy := `
		function see() { return JSON.stringify(Object.entries({ e: method_endpoint, r: method_request, m: method_request_mergefields, a: action_data, v: typeof method_auth_value })) }
		function before_action() { cycle_storage_set("saw", see() + JSON.stringify(method_request_headers)); method_request_headers["X-Mine"] = "1"; return true }
		function after_action() { cyclr_storage_set("saw", see() + JSON.stringify(method_response)); return true }`
	call := method(p.URL, connector.Method{Endpoint: "{{BaseUrl}}/{{Token}}", Parameters: []connector.Parameter{{Name: "Token", TargetType: connector.MergeField, Value: "{{Cyclr_Auth_ApiKey}}"}}}, parameter)
	call = with(call, `function before_action() { action_data.key = method_auth_value; method_request_headers["X-Key"] = method_auth_value; method_request.key = method_auth_value; return true }`, "", spy)
	call.Properties["Secret"] = "pr0perty-value"
	call.Body = object{"a": "b"}
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: key}
	caller, kept := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	wantNone(t, result, key, "pr0perty-value")
	for name, v := range kept {
		if s := fmt.Sprint(name, v); strings.Contains(s, key) || strings.Contains(s, "pr0perty-value") {
			t.Errorf("the step saw %s", s)
		}
	}
	if got := p.last(t); got.Header.Get("X-Key") != key || got.Header.Get("X-Secret") != "pr0perty-value" || got.Header.Get("X-Mine") != "1" || got.Body != `{"a":"b","key":"k3y-value"}` || got.URI != "/k3y-value" {
		t.Errorf("what the step left alone is not as it was: %s %s %v", got.URI, got.Body, got.Header)
	}
	for _, change := range []string{
		`method_endpoint = "` + elsewhere.URL + `/"`, `method_endpoint = method_endpoint.replace("http:", "https:")`,
		`method_endpoint = "http://user@" + method_endpoint.slice(7)`, `method_request_mergefields.BaseUrl = "` + elsewhere.URL + `"`,
		`method_endpoint = "//` + strings.TrimPrefix(elsewhere.URL, "http://") + `"`, `method_endpoint = ""`,
	} {
		asked := len(p.requests)
		call.Script = `function before_action() { ` + change + `; return true }`
		if _, err := caller.Call(t.Context(), call); err == nil || len(elsewhere.requests) > 0 || len(p.requests) > asked {
			t.Errorf("%s: %v; went elsewhere %v", change, err, elsewhere.requests)
		}
	}
}

// What scripts of connectors and methods get in the name of the account, such as
// a session's token, is as secret as its credentials.
func TestDerivedCredentialsStayHidden(t *testing.T) {
	const token = "sess-t0psecret"
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			io.WriteString(w, token)
			return
		}
		io.WriteString(w, `{"echo":"`+r.Header.Get("X-Session-Token")+`"}`)
	})
	call := method(p.URL, connector.Method{Parameters: []connector.Parameter{{Name: "SessionKey", TargetType: connector.MergeField, Optional: true}}})
	call.Body = object{"name": "Ink"}
	call = with(call, `function before_action() {
		const token = http_request({ method: "POST", url: "`+p.URL+`/login", data: method_auth_value }).content;
		console.log("got " + token);
		method_request_headers.Authorization = "Bearer " + token;
		method_request_headers["X-Session-Token"] = token;
		method_request_headers.Cookie = "id=cookie-"+ "value";
		method_request_parameters.access_token = token + "-query";
		method_request_mergefields.SessionKey = token + "-merge";
		method_endpoint += "?session=" + "endpoint-value";
		cyclr_storage_set("session", token);
		action_data.token = token;
		return true;
	}
	function after_action() { method_response.kept = action_data.token === "`+token+`" && cyclr_storage_get("session") === "`+token+`"; return true; }`, ``, `function before_action() {
		method_request.seen = JSON.stringify([method_endpoint, method_request_headers, method_request_parameters, method_request_mergefields, action_data, cyclr_storage_get("session")]);
		action_data.mine = "m";
		return true;
	}
	function after_action() { method_response.step = action_data; return true; }`)
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: "k3y-value"}
	caller, _ := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	got := p.last(t)
	if strings.Contains(got.Body, token) || strings.Contains(got.Body, "cookie-value") || strings.Contains(got.Body, "endpoint-value") || !strings.Contains(got.Body, "seen") {
		t.Errorf("the step saw %s", got.Body)
	}
	if got.Header.Get("Authorization") != "Bearer "+token || got.Header.Get("X-Session-Token") != token || got.Header.Get("Cookie") != "id=cookie-value" || !strings.Contains(got.URI, token+"-query") || !strings.Contains(got.URI, "session=endpoint-value") {
		t.Errorf("sent %s with %v", got.URI, got.Header)
	}
	if string(result.Response.Body) != `{"echo":"***","kept":true,"step":{"mine":"m"}}` {
		t.Errorf("answered %s", result.Response.Body)
	}
	wantNone(t, result, token, "cookie-value", "endpoint-value")
}

// Of headers that are there for credentials no value is recorded, whoever set it,
// and no word of other headers or short value is hidden for its name.
func TestHeadersOfCredentialsAreNotRecorded(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{})
	names := values{"Authorization": "Digest abc", "Proxy-Authorization": "abc", "Cookie": "a=b", "X-Page-Token": "page-2-of-many", "X-Session-Use": "keep"}
	for name := range names {
		call.Method.Parameters = append(call.Method.Parameters, connector.Parameter{Name: name, TargetType: connector.HTTPHeader})
	}
	call.Parameters = names
	call.Method.Script = `function before_action() { return true }`
	caller, _ := scripted(t)
	result, err := caller.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Authorization": "Digest ***", "Proxy-Authorization": "***", "Cookie": "***", "X-Page-Token": "page-2-of-many", "X-Session-Use": "keep"} {
		if got := result.Request.Headers[name]; got != want || p.last(t).Header.Get(name) != names[name] {
			t.Errorf("%s: recorded %q, want %q; sent %q", name, got, want, p.last(t).Header.Get(name))
		}
	}
}

// http_request goes the guarded way. The account's credentials go along only
// where a connector's or a method's script calls the connector's own host.
func TestHTTPRequest(t *testing.T) {
	elsewhere := newParty(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "other") })
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		io.WriteString(w, `{"ok":true,"echo":"`+r.Header.Get("Authorization")+`"}`)
	})
	ask := func(url string) string {
		return `function before_action() {
			const r = http_request({ method: "POST", url: "` + url + `", headers: { "X-A": "1" }, data: { a: 1 } });
			method_request = { status: r.status_code, content: r.content, echo: r.headers["X-Echo"], request: r.request };
			return true;
		}`
	}
	caller, _ := scripted(t)
	for name, tt := range map[string]struct {
		call invoke.Call
		to   *party
		key  string
	}{
		"connector, own host":  {with(method(p.URL, connector.Method{}), ask(p.URL+"/more"), "", ""), p, "Bearer k3y-value"},
		"method, own host":     {with(method(p.URL, connector.Method{}), "", ask(p.URL+"/more"), ""), p, "Bearer k3y-value"},
		"connector, elsewhere": {with(method(p.URL, connector.Method{}), ask(elsewhere.URL+"/more"), "", ""), elsewhere, ""},
		"step, own host":       {with(method(p.URL, connector.Method{}), "", "", ask(p.URL+"/more")), p, ""},
	} {
		p.requests, elsewhere.requests = nil, nil
		tt.call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}, Value: "k3y-value"}
		result, err := caller.Call(t.Context(), tt.call)
		if err != nil {
			t.Fatal(err)
		}
		got := tt.to.requests[0]
		if got.URI != "/more" || got.Body != `{"a":1}` || got.Header.Get("X-A") != "1" || got.Header.Get("Authorization") != tt.key || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: asked %+v", name, got)
		}
		if sent := p.last(t).Body; strings.Contains(sent, "k3y-value") || !strings.Contains(sent, `"status":200`) {
			t.Errorf("%s: the script got %s", name, sent)
		}
		wantNone(t, result, "k3y-value")
	}
	for _, url := range []string{"http://169.254.169.254/", "http://[::1]:1/", "file:///etc/passwd", "http://10.0.0.1/", "nothing"} {
		if _, err := caller.Call(t.Context(), with(method(p.URL, connector.Method{}), ask(url), "", "")); err == nil {
			t.Errorf("%s was asked", url)
		}
	}
}

// Without a handler there is no trip; with one there is, for all levels in one or two.
func TestNoTripWithoutHandler(t *testing.T) {
	p := newParty(t, nil)
	call := with(method(p.URL, connector.Method{}), `function helper() {}`, `const before_actions = 1`, `// nothing`)
	if _, err := newCaller(t).Call(t.Context(), call); err != nil {
		t.Errorf("a Caller without scripts: %v", err)
	}
	call.Method.Script = `function before_action() { return true }`
	call.Connector.Methods = append([]connector.Method(nil), call.Connector.Methods...)
	call.Method = &call.Connector.Methods[0]
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Scripted, "cannot be run here")
}
