package invoke_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

type (
	object = map[string]any
	values = map[string]string
)

// seen is a request as the third party saw it.
type seen struct {
	Method, URI string
	Header      http.Header
	Body        string
}

// party is a third party that remembers what it was asked.
type party struct {
	*httptest.Server
	requests []seen
}

// newParty answers with respond; nil answers {}.
func newParty(t testing.TB, respond http.HandlerFunc) *party {
	t.Helper()
	p := &party{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		p.requests = append(p.requests, seen{r.Method, r.RequestURI, r.Header.Clone(), string(b)})
		if respond != nil {
			respond(w, r)
			return
		}
		io.WriteString(w, "{}")
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *party) last(t *testing.T) seen {
	t.Helper()
	if len(p.requests) == 0 {
		t.Fatal("nothing was asked")
	}
	return p.requests[len(p.requests)-1]
}

func newCaller(t testing.TB) *invoke.Caller {
	t.Helper()
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 5 * time.Second})
	t.Cleanup(client.Close)
	return invoke.New(client, invoke.Options{})
}

// method makes a call of a connector with one method, a JSON POST to /things
// unless it says otherwise.
func method(base string, m connector.Method, ps ...connector.Parameter) invoke.Call {
	if m.HTTPMethod == "" {
		m.HTTPMethod = "POST"
	}
	if m.Endpoint == "" {
		m.Endpoint = "{{BaseUrl}}/things"
	}
	if m.HTTPMethod != "GET" {
		m.RequestDataType = connector.JSONBody
	}
	m.Name, m.ResponseDataType = "Do", connector.JSONBody
	ps = append(ps, connector.Parameter{Name: "BaseUrl", TargetType: connector.MergeField})
	c := &connector.Connector{Name: "Test", Parameters: ps, Methods: []connector.Method{m}}
	return invoke.Call{Connector: c, Method: &c.Methods[0], Properties: values{"BaseUrl": base}}
}

// document decodes what a call brought back; nil if it is not JSON.
func document(r invoke.Result) (doc any) {
	if r.Response == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(r.Response.Body))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return nil
	}
	return doc
}

func wantError(t *testing.T, err error, kind invoke.Kind, texts ...string) *invoke.Error {
	t.Helper()
	var e *invoke.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error of kind %s", err, kind)
	}
	if e.Kind != kind {
		t.Errorf("got kind %s (%v), want %s", e.Kind, e, kind)
	}
	for _, text := range texts {
		if !strings.Contains(e.Error(), text) {
			t.Errorf("got %q, want it to say %q", e, text)
		}
	}
	return e
}

func TestCall(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Answer", "yes")
		io.WriteString(w, `{"id": 9007199254740993, "name": "é"}`)
	})
	call := method(p.URL, connector.Method{Parameters: []connector.Parameter{
		{Name: "X-Kind", TargetType: connector.HTTPHeader, Value: "fixed"},
		{Name: "tag", TargetType: connector.QueryString, TargetName: "t[]"},
	}})
	call.Parameters = values{"tag": "a&b c", "X-Kind": "given"}
	call.Body = object{"a": json.Number("1.50"), "b": "<&>"}
	call.IdempotencyKey = "key-1"
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	got := p.last(t)
	if got.Method != "POST" || got.URI != "/things?t%5B%5D=a%26b+c" || got.Body != `{"a":1.50,"b":"<&>"}` {
		t.Errorf("asked %s %s %s", got.Method, got.URI, got.Body)
	}
	for name, want := range map[string]string{"Idempotency-Key": "key-1", "Content-Type": "application/json", "Accept": "application/json", "X-Kind": "fixed"} {
		if got.Header.Get(name) != want {
			t.Errorf("header %s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if diff := cmp.Diff(any(object{"id": json.Number("9007199254740993"), "name": "é"}), document(result)); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if r := result.Request; r.Method != "POST" || r.URL != p.URL+got.URI || string(r.Body) != got.Body || r.Headers["Idempotency-Key"] != "key-1" {
		t.Errorf("recorded request %+v", r)
	}
	if r := result.Response; r.Status != 200 || r.Headers["X-Answer"] != "yes" || string(r.Body) != `{"id": 9007199254740993, "name": "é"}` {
		t.Errorf("recorded response %+v", r)
	}
	if result.Next != "" {
		t.Errorf("next page %q of a method without pages", result.Next)
	}
}

func TestGetHasNoBodyAndNoKey(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{HTTPMethod: "GET"})
	call.IdempotencyKey, call.Body = "key", object{"a": 1}
	if _, err := newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if got := p.last(t); got.Body != "" || got.Header.Get("Idempotency-Key") != "" {
		t.Errorf("asked %+v", got)
	}
}

func TestStatuses(t *testing.T) {
	var status int
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
		io.WriteString(w, "what it said")
	})
	for _, tt := range []struct {
		status int
		kind   invoke.Kind
		short  string
	}{
		{401, invoke.Auth, "Failed to authenticate the connector"},
		{403, invoke.Auth, "Failed to authenticate the connector"},
		{400, invoke.Permanent, "Failed to call the method"},
		{404, invoke.Permanent, "Failed to call the method"},
		{408, invoke.Transient, "Failed to call the method"},
		{429, invoke.RateLimited, "Failed to call the method"},
		{500, invoke.Transient, "Failed to call the method"},
		{503, invoke.Transient, "Failed to call the method"},
	} {
		status = tt.status
		result, err := newCaller(t).Call(t.Context(), method(p.URL, connector.Method{}))
		e := wantError(t, err, tt.kind, tt.short)
		if e.Status != tt.status || e.RetryAfter != 7*time.Second {
			t.Errorf("status %d, retry after %s", e.Status, e.RetryAfter)
		}
		if result.Response.Status != tt.status || string(result.Response.Body) != "what it said" {
			t.Errorf("recorded %+v", result.Response)
		}
	}
}

func TestFormat(t *testing.T) {
	var answer string
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, answer) })
	for _, answer = range []string{"<html>", `{"a":`, `{} {}`} {
		result, err := newCaller(t).Call(t.Context(), method(p.URL, connector.Method{}))
		wantError(t, err, invoke.Format, "Response data not in expected format")
		if string(result.Response.Body) != answer {
			t.Errorf("recorded %s", result.Response.Body)
		}
	}
	for text, want := range map[string]any{"": nil, "\ufeff[1]\n": []any{json.Number("1")}, "null": nil, `"x"`: "x"} {
		answer = text
		result, err := newCaller(t).Call(t.Context(), method(p.URL, connector.Method{}))
		if diff := cmp.Diff(want, document(result)); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	_, err := newCaller(t).Call(t.Context(), method(gone.URL, connector.Method{}))
	if e := wantError(t, err, invoke.Transient); egress.KindOf(e) != egress.Network {
		t.Errorf("got %v", e)
	}
	result, err := invoke.New(egress.New(egress.Options{}), invoke.Options{}).Call(t.Context(), method("http://127.0.0.1:1", connector.Method{}))
	if e := wantError(t, err, invoke.Permanent, "address refused"); egress.KindOf(e) != egress.Refused {
		t.Errorf("got %v", e)
	}
	if result.Request == nil || result.Response != nil {
		t.Errorf("recorded %+v", result)
	}
}
