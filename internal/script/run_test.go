package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// step runs a step's script at an event.
func step(t testing.TB, p *Pool, e Event, text string) (*Outcome, error) {
	t.Helper()
	return p.Run(t.Context(), Job{Event: e, Sources: []Source{{Level: Step, Text: text}}})
}

// Without a handler there is nothing to do, and no worker for it.
func TestNoHandler(t *testing.T) {
	p := newPool(t, Options{Command: []string{"/nowhere"}})
	o, err := p.Run(t.Context(), Job{Event: AfterWebhook, Sources: []Source{{Level: Step, Text: "function before_webhook() {}"}}, State: map[string]any{"method_response": json.RawMessage(`{"b":1,"a":2}`)}})
	if err != nil {
		t.Fatal(err)
	}
	want := &Outcome{State: map[string]json.RawMessage{"method_response": json.RawMessage(`{"b":1,"a":2}`), "action_data": json.RawMessage("{}")}, Go: true}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
}

// A false ends it, for the levels behind too, and what was done until then counts.
func TestFalseAborts(t *testing.T) {
	p := newPool(t, Options{})
	o, err := p.Run(t.Context(), Job{Event: BeforeWebhook, Sources: []Source{
		{Level: Method, Text: "function before_webhook() { method_response = {challenge: method_request.challenge}; return false; }"},
		{Level: Step, Text: "function before_webhook() { method_response = 'too late'; }"},
	}, State: map[string]any{"method_request": map[string]any{"challenge": "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	if o.Go || string(o.State["method_response"]) != `{"challenge":"x"}` {
		t.Errorf("%+v", o)
	}
	for result, want := range map[string]bool{"": true, "true": true, "null": true, "0": true, "false": false, "Promise.resolve(false)": false} {
		if o, err := step(t, p, AfterWebhook, "function after_webhook() { return "+result+"; }"); err != nil || o.Go != want {
			t.Errorf("return %s: %+v, %v", result, o, err)
		}
	}
}

func TestActionCondition(t *testing.T) {
	p := newPool(t, Options{})
	for result, want := range map[string]bool{"true": true, "1": true, "'no'": true, "method_response": false, "''": false, "undefined": false, "false": false} {
		if o, err := step(t, p, ActionCondition, "function action_condition() { return "+result+"; }"); err != nil || o.True != want {
			t.Errorf("return %s: %+v, %v", result, o, err)
		}
	}
}

// Errors say what, where, and of which kind.
func TestErrors(t *testing.T) {
	p := newPool(t, Options{})
	for _, c := range []struct {
		text string
		kind Kind
		line int
		want string
	}{
		{"function after_action() {\n  throw 'No such order';\n}", Thrown, 0, "Method script: No such order"},
		{"function after_action() {\n  throw new Error('No such order');\n}", Thrown, 2, "Method script, line 2: No such order"},
		{"function after_action() { throw {code: 7}; }", Thrown, 0, `Method script: {"code":7}`},
		{"function after_action() {}\n\nmethod_response.a.b", Thrown, 3, "Method script, line 3: TypeError: cannot read property 'a' of null"},
		{"function after_action() {\n\n  btoa('x', 'y'); }", Thrown, 3, "Method script, line 3: the charset"},
		{"function after_action() { return Promise.reject(new Error('later')); }", Thrown, 1, "Method script, line 1: later"},
		{"function after_action() {\n  let 5;\n}", Syntax, 2, "Method script, line 2: "},
		{"function after_action() { throw new AuthRefreshException(); }", AuthRefresh, 1, "Method script, line 1: AuthRefreshException"},
		{"function after_action() { throw AuthRefreshException('expired'); }", AuthRefresh, 1, "Method script, line 1: expired"},
		{"function after_action() { throw new AuthSessionException('again'); }", AuthSession, 1, "Method script, line 1: again"},
		{"function after_action() { try { throw new AuthSessionException(); } catch (e) { throw e; } }", AuthSession, 1, "AuthSessionException"},
		{"function after_action() { const e = new AuthRefreshException(); if (!(e instanceof Error) || e.name !== 'AuthRefreshException') return; throw e; }", AuthRefresh, 1, ""},
		{"function after_action() { throw new Error('x'.repeat(10000)); }", Thrown, 1, "xxx"},
	} {
		_, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Method, Text: c.text}}})
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Level != Method || e.Line != c.line || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 3000 {
			t.Errorf("%s\ngave %v: %#v", c.text, err, e)
		}
	}
}

// The console's lines come out, also of scripts that fail.
func TestLog(t *testing.T) {
	p := newPool(t, Options{})
	o, err := step(t, p, AfterAction, `function after_action() {
		console.log('a', 1, {b: [true, null]}, undefined, new TypeError('t'));
		console.error(function f() {}); console.warn(); console.info(1n);
		throw 'end'; }`)
	if err == nil {
		t.Error("no error")
	}
	if diff := cmp.Diff([]string{`a 1 {"b":[true,null]} undefined TypeError: t`, `function f() {}`, `[a value that cannot be shown]`}, o.Log); diff != "" {
		t.Error(diff)
	}
	o, err = step(t, p, AfterAction, `function after_action() { for (let i = 0; i < 1e4; i++) console.log(i); }`)
	if err != nil || len(o.Log) != 201 || o.Log[199] != "199" || !strings.Contains(o.Log[200], "more") {
		t.Errorf("%d lines, %v", len(o.Log), err)
	}
	o, err = step(t, p, AfterAction, `function after_action() { for (let i = 0; i < 100; i++) console.log('é'.repeat(1e4)); }`)
	if size := len(strings.Join(o.Log, "")); err != nil || size > 70<<10 || len(o.Log) < 10 {
		t.Errorf("%d bytes, %v", size, err)
	}
}

// server is a Host that remembers what it was asked.
type server struct {
	requests []HTTPRequest
	calls    []StorageCall
	err      error
}

func (s *server) HTTPRequest(_ context.Context, r HTTPRequest) (HTTPResponse, error) {
	s.requests = append(s.requests, r)
	return HTTPResponse{StatusCode: 201, Headers: map[string]string{"X-A": "b"}, Content: `{"id":7}`, Request: map[string]any{"url": r.URL}}, s.err
}

func (s *server) Storage(_ context.Context, c StorageCall) (any, error) {
	s.calls = append(s.calls, c)
	return map[string]any{"was": c.Operation}, s.err
}

func TestHTTPRequest(t *testing.T) {
	p := newPool(t, Options{})
	host := &server{}
	job := Job{Event: AfterAction, Host: host, Sources: []Source{{Level: Connector, Text: `
		function after_action() {
			const r = http_request({method: 'POST', url: 'https://api.test/x', headers: {Accept: 'application/json', 'X-N': 5}, data: {a: [1]}});
			method_response = [r.status_code, r.headers['X-A'], JSON.parse(r.content).id, r.request.url];
			http_request({url: 'https://api.test/y', data: 'text'});
		}`}}}
	o, err := p.Run(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(o.State["method_response"]); got != `[201,"b",7,"https://api.test/x"]` {
		t.Error(got)
	}
	want := []HTTPRequest{
		{Method: "POST", URL: "https://api.test/x", Headers: map[string]string{"Accept": "application/json", "X-N": "5"}, Data: json.RawMessage(`{"a":[1]}`)},
		{Method: "GET", URL: "https://api.test/y", Headers: map[string]string{}, Data: json.RawMessage(`"text"`)},
	}
	if diff := cmp.Diff(want, host.requests); diff != "" {
		t.Error(diff)
	}
	host.err = errors.New("the address is not allowed")
	job.Sources[0].Text = `function after_action() { try { http_request({url: 'http://10.0.0.1'}); } catch (e) { method_response = e instanceof Error && e.message; } }`
	if o, err := p.Run(t.Context(), job); err != nil || string(o.State["method_response"]) != `"the address is not allowed"` {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestStorage(t *testing.T) {
	p := newPool(t, Options{})
	host := &server{}
	o, err := p.Run(t.Context(), Job{Event: BeforeAction, Host: host, Sources: []Source{{Level: Step, Text: `
		function before_action() {
			cyclr_storage_list_values(); cyclr_storage_list_keys(); cyclr_storage_get('k'); cyclr_storage_set('k', {a: 1});
			cyclr_storage_append('k', 'v'); cyclr_storage_delete(5); cyclr_storage_delete_all();
			cyclr_storage_increment('n'); cycle_storage_decrement('n', 2.5);
			method_request = cycle_storage_get('k').was;
		}`}}})
	if err != nil || string(o.State["method_request"]) != `"get"` {
		t.Fatalf("%+v, %v", o, err)
	}
	want := []StorageCall{
		{Scope: AllCycles, Operation: "list_values"},
		{Scope: AllCycles, Operation: "list_keys"},
		{Scope: AllCycles, Operation: "get", Key: "k"},
		{Scope: AllCycles, Operation: "set", Key: "k", Value: map[string]any{"a": json.Number("1")}},
		{Scope: AllCycles, Operation: "append", Key: "k", Value: "v"},
		{Scope: AllCycles, Operation: "delete", Key: "5"},
		{Scope: AllCycles, Operation: "delete_all"},
		{Scope: AllCycles, Operation: "increment", Key: "n", Value: json.Number("1")},
		{Scope: ThisCycle, Operation: "decrement", Key: "n", Value: json.Number("2.5")},
		{Scope: ThisCycle, Operation: "get", Key: "k"},
	}
	if diff := cmp.Diff(want, host.calls); diff != "" {
		t.Error(diff)
	}
}

// A call to the server that takes longer than the script may, ends with it.
func TestHostTakesTooLong(t *testing.T) {
	p := newPool(t, Options{})
	start := time.Now()
	_, err := p.Run(t.Context(), Job{Event: AfterAction, Host: &slow{}, Timeout: limit, Sources: []Source{{Level: Step, Text: "function after_action() { http_request({url: 'x'}); }"}}})
	if e := (*Error)(nil); !errors.As(err, &e) || e.Kind != Timeout || time.Since(start) > most {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

type slow struct{ server }

func (*slow) HTTPRequest(ctx context.Context, _ HTTPRequest) (HTTPResponse, error) {
	<-ctx.Done()
	return HTTPResponse{}, ctx.Err()
}

// Numbers and order are as scripts wrote them, and text survives whatever it is.
func TestValuesAsWritten(t *testing.T) {
	p := newPool(t, Options{})
	text := "quote \" backslash \\ newline \n nul \x00 line \u2028 smile \U0001f600 </script> $& ${x} `"
	o, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Step, Text: "function after_action() { method_response = {z: 1.50, a: method_response, m: '\\ud800'}; }"}}, State: map[string]any{"method_response": text}})
	if err != nil {
		t.Fatal(err)
	}
	raw := o.State["method_response"]
	var got struct {
		A string `json:"a"`
	}
	if err := json.Unmarshal(raw, &got); err != nil || got.A != text || !strings.HasPrefix(string(raw), `{"z":1.5,"a":`) {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestTooLargeToGo(t *testing.T) {
	p := newPool(t, Options{})
	_, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Step, Text: "function after_action() {}"}}, State: map[string]any{"method_response": strings.Repeat("x", 33<<20)}})
	if e := (*Error)(nil); !errors.As(err, &e) || e.Kind != TooLarge {
		t.Error(err)
	}
	if _, err := p.Run(t.Context(), Job{Event: AfterAction, State: map[string]any{"method_response": func() {}}}); err == nil {
		t.Error("a function went for a value")
	}
}

// A response of some megabytes is what scripts are for.
func TestLargeResponse(t *testing.T) {
	p := newPool(t, Options{})
	o, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Step, Text: "function after_action() { method_response.orders.forEach(o => { o.seen = true; }); }"}}, State: map[string]any{"method_response": orders(20_000)}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(o.State["method_response"]), `"seen":true`); n != 20_000 {
		t.Errorf("%d orders of %d bytes", n, len(o.State["method_response"]))
	}
}

func TestCheck(t *testing.T) {
	p := newPool(t, Options{})
	if err := p.Check(t.Context(), "for (;;); function after_action() { return await_ }"); err != nil {
		t.Error(err)
	}
	err := p.Check(t.Context(), "function f() {\n  return 1 +;\n}")
	if e := (*Error)(nil); !errors.As(err, &e) || e.Kind != Syntax || e.Line != 2 {
		t.Errorf("%#v", err)
	}
	for _, bomb := range []string{strings.Repeat("(", 1<<20), strings.Repeat("[", 1<<20), strings.Repeat("`${", 1<<18), strings.Repeat("!", 4<<20)} {
		start := time.Now()
		if err := p.Check(t.Context(), bomb); err == nil || time.Since(start) > patience {
			t.Errorf("%.3s…: %v after %v", bomb, err, time.Since(start))
		}
	}
	if err := p.Check(t.Context(), fmt.Sprintf("const x = %q", strings.Repeat("x", 1<<20))); err != nil {
		t.Error(err)
	}
}
