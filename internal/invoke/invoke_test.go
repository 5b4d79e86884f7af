package invoke_test

import (
	"encoding/base64"
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

	"github.com/tandem-ipaas/tandem"
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
	return invoke.New(client)
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
	if diff := cmp.Diff(any(object{"id": json.Number("9007199254740993"), "name": "é"}), result.Document()); diff != "" {
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

func TestEndpoint(t *testing.T) {
	p := newParty(t, nil)
	host := strings.TrimPrefix(p.URL, "http://")
	name, port, _ := strings.Cut(host, ":")
	var ps []connector.Parameter
	for _, n := range []string{"Id", "Host", "Empty"} {
		ps = append(ps, connector.Parameter{Name: n, TargetType: connector.MergeField, Optional: n == "Empty"})
	}
	tests := []struct {
		endpoint string
		give     values
		want     string // "": an error
	}{
		{"{{BaseUrl}}/a/{{Id}}/b", values{"Id": "x/y?z#w é"}, "/a/x%2Fy%3Fz%23w%20%C3%A9/b"},
		{"{{BaseUrl}}/a?q={{Id}}&r=1", values{"Id": "x&y=1#é +"}, "/a?q=x%26y%3D1%23%C3%A9+%2B&r=1"},
		{"{{BaseUrl}}/a?q={{Id | upper}}", values{"Id": "abc"}, "/a?q=ABC"},
		{"{{BaseUrl}}", nil, "/"},
		{"{{BaseUrl}}/a/{{Empty}}", nil, "/a/"},
		{"{{BaseUrl}}/a#{{Id}}", nil, "/a"},
		{"http://{{Host}}:" + port + "/a", values{"Host": name}, "/a"},
		{"http://" + host + "?x={{Id}}", values{"Id": "1"}, "/?x=1"},
		{"http://{{Host}}:" + port + "/a", values{"Host": "evil.example/"}, ""},
		{"http://{{Host}}:" + port + "/a", values{"Host": "x@" + name}, ""},
		{"{{BaseUrl}}/a/{{Id}}/b", values{"Id": ".."}, ""},
		{"{{BaseUrl}}/a/{{Id}}", nil, ""},
		{"{{Id}}/a", values{"Id": "127.0.0.1"}, ""},
		{"{{Id}}/a", values{"Id": "http://user:pass@" + host}, ""},
		{"{{Id}}/a", values{"Id": "http://" + host + "\r\nX: y"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.endpoint, func(t *testing.T) {
			call := method(p.URL, connector.Method{HTTPMethod: "GET", Endpoint: tt.endpoint, Parameters: ps})
			call.Parameters = tt.give
			before := len(p.requests)
			_, err := newCaller(t).Call(t.Context(), call)
			if tt.want == "" {
				wantError(t, err, invoke.Build)
				if len(p.requests) != before {
					t.Errorf("asked %s", p.last(t).URI)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := p.last(t).URI; got != tt.want {
				t.Errorf("asked %s, want %s", got, tt.want)
			}
		})
	}
}

func TestBaseWithSlash(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL+"/v2/", connector.Method{HTTPMethod: "GET"})
	if _, err := newCaller(t).Call(t.Context(), call); err != nil || p.last(t).URI != "/v2/things" {
		t.Errorf("asked %+v, %v", p.requests, err)
	}
}

func TestLastSuccessfulRunDate(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{
		HTTPMethod: "GET",
		Endpoint:   "{{BaseUrl}}/a?since={{LastSuccessfulRunDate format=yyyy-MM-ddTHH:mm:ssZ}}",
		Parameters: []connector.Parameter{{Name: "on", TargetType: connector.QueryString, Optional: true, Default: "{{LastSuccessfulRunDate}}"}},
	})
	for at, want := range map[time.Time]string{
		{}: "/a?since=1970-01-01T00%3A00%3A00Z&on=1970-01-01T00%3A00%3A00Z",
		time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC): "/a?since=2026-11-21T09%3A05%3A07Z&on=2026-11-21T09%3A05%3A07Z",
	} {
		call.LastRun = at
		if _, err := newCaller(t).Call(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if got := p.last(t).URI; got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	}
}

func TestParameters(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{
		{Name: "needed", TargetType: connector.QueryString},
		{Name: "optional", TargetType: connector.QueryString, Optional: true},
		{Name: "X-Default", TargetType: connector.HTTPHeader, Default: "{{Webhook}}-{{region}}"},
		{Name: "X-Optional", TargetType: connector.HTTPHeader, Optional: true},
	}}, connector.Parameter{Name: "region", TargetType: connector.QueryString, Default: "eu"})
	call.Merge = values{"Webhook": "https://hook"}
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "Required source is empty", "parameter needed")

	// A value that looks like a merge field is data.
	call.Parameters = values{"needed": "{{Cyclr_Auth_ApiKey}}"}
	if _, err := newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	got := p.last(t)
	if got.URI != "/things?region=eu&needed=%7B%7BCyclr_Auth_ApiKey%7D%7D" || got.Header.Get("X-Default") != "https://hook-eu" || got.Header["X-Optional"] != nil {
		t.Errorf("asked %s with %v", got.URI, got.Header)
	}

	call.Parameters["X-Optional"] = "a\r\nX-Evil: 1"
	_, err = newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "X-Optional")
}

func TestDefaultsInACircle(t *testing.T) {
	call := method("http://127.0.0.1:1", connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{
		{Name: "a", TargetType: connector.QueryString, Default: "{{b}}"},
		{Name: "b", TargetType: connector.MergeField, Default: "{{a}}"},
	}})
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "made of itself")
}

func TestFields(t *testing.T) {
	fields := []connector.Field{
		{ConnectorField: "email"},
		{ConnectorField: "hook", Default: "{{Cyclr_Webhook_Url}}"},
		{ConnectorField: "count", DataType: connector.Integer, Default: "5"},
		{ConnectorField: "on", DataType: connector.Boolean, Default: "true"},
		{ConnectorField: "note", Optional: true},
		{ConnectorField: "[lines].sku"},
	}
	tests := []struct {
		name string
		body any
		want string // "": an error naming email
	}{
		{"defaults", object{"email": "a@b"}, `{"count":5,"email":"a@b","hook":"https://h","on":true}`},
		{"given", object{"email": "a@b", "count": 6, "hook": "x", "on": false, "note": "n", "more": nil},
			`{"count":6,"email":"a@b","hook":"x","more":null,"note":"n","on":false}`},
		{"empty optional", object{"email": "a@b", "note": "", "hook": "x", "count": 1, "on": true}, `{"count":1,"email":"a@b","hook":"x","on":true}`},
		{"empty required", object{"email": ""}, ""},
		{"missing", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, nil)
			call := method(p.URL, connector.Method{RequestFields: fields})
			call.Body, call.Merge = tt.body, values{"Cyclr_Webhook_Url": "https://h"}
			result, err := newCaller(t).Call(t.Context(), call)
			if tt.want == "" {
				wantError(t, err, invoke.Build, "Required source is empty", "field email")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := p.last(t).Body; got != tt.want || string(result.Request.Body) != tt.want {
				t.Errorf("sent %s, recorded %s, want %s", got, result.Request.Body, tt.want)
			}
		})
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
		if result.Response.Status != tt.status || string(result.Response.Body) != "what it said" || result.Document() != nil {
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
		if diff := cmp.Diff(want, result.Document()); err != nil || diff != "" {
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
	result, err := invoke.New(egress.New(egress.Options{})).Call(t.Context(), method("http://127.0.0.1:1", connector.Method{}))
	if e := wantError(t, err, invoke.Permanent, "address refused"); egress.KindOf(e) != egress.Refused {
		t.Errorf("got %v", e)
	}
	if result.Request == nil || result.Response != nil {
		t.Errorf("recorded %+v", result)
	}
}

func TestAuthentication(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("user:pass word"))
	tests := []struct {
		name   string
		auth   connector.Authentication
		value  string
		header string // Name: value
		uri    string
	}{
		{name: "none", auth: connector.Authentication{AuthType: connector.AuthNone}, value: "unused", uri: "/things"},
		{name: "key", auth: connector.Authentication{AuthType: connector.AuthAPIKey}, value: "k3y-value", header: "Authorization: k3y-value", uri: "/things"},
		{name: "scheme", auth: connector.Authentication{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}, value: "k3y-value", header: "Authorization: Bearer k3y-value", uri: "/things"},
		{name: "header", auth: connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.HTTPHeader, TargetName: "x-api-key"}, value: "k3y-value", header: "X-Api-Key: k3y-value", uri: "/things"},
		{name: "query", auth: connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.QueryString, TargetName: "key"}, value: "k3y&value", uri: "/things?key=k3y%26value"},
		{name: "basic", auth: connector.Authentication{AuthType: connector.AuthBasic}, value: basic, header: "Authorization: Basic " + basic, uri: "/things"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, nil)
			call := method(p.URL, connector.Method{})
			call.Auth = invoke.Credentials{Authentication: &tt.auth, Value: tandem.Secret(tt.value)}
			result, err := newCaller(t).Call(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			got := p.last(t)
			name, want, _ := strings.Cut(tt.header, ": ")
			if got.Header.Get(name) != want || got.URI != tt.uri {
				t.Errorf("asked %s with %v", got.URI, got.Header)
			}
			if tt.header == "" && got.Header.Get("Authorization") != "" {
				t.Errorf("sent %v", got.Header)
			}
			wantNone(t, result, tt.value, "k3y", "pass word")
		})
	}
}

func TestAuthenticationErrors(t *testing.T) {
	for value, auth := range map[string]connector.Authentication{
		"":             {AuthType: connector.AuthAPIKey},
		"not:coded":    {AuthType: connector.AuthBasic},
		"bm9jb2xvbg==": {AuthType: connector.AuthBasic},
		"x":            {AuthType: "Magic"},
	} {
		call := method("http://127.0.0.1:1", connector.Method{})
		call.Auth = invoke.Credentials{Authentication: &auth, Value: tandem.Secret(value)}
		_, err := newCaller(t).Call(t.Context(), call)
		wantError(t, err, invoke.Auth, "Failed to authenticate the connector")
	}
}

func TestAuthMergeFields(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{Parameters: []connector.Parameter{
		{Name: "X-Token", TargetType: connector.HTTPHeader, Value: "Token token={{Cyclr_Auth_ApiKey}}"},
	}})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: "k3y-value",
	}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.last(t).Header; got.Get("X-Token") != "Token token=k3y-value" || got.Get("Authorization") != "" {
		t.Errorf("sent %v", got)
	}
	wantNone(t, result, "k3y-value")

	call = method(p.URL, connector.Method{HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/{{Cyclr_Auth_Username}}?p={{Cyclr_Auth_Password}}"})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthBasic},
		Value:          tandem.Secret(base64.StdEncoding.EncodeToString([]byte("ada:s3cr3t&"))),
	}
	if result, err = newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if got := p.last(t).URI; got != "/ada?p=s3cr3t%26" {
		t.Errorf("asked %s", got)
	}
	wantNone(t, result, "s3cr3t")
}

// wantNone fails if a secret is in any part of a result.
func wantNone(t *testing.T, r invoke.Result, secrets ...string) {
	t.Helper()
	all, err := json.Marshal([]any{r.Request, r.Response, r.Document(), r.Next})
	if err != nil {
		t.Fatal(err)
	}
	text := string(all)
	for _, x := range []*tandem.Exchange{r.Request, r.Response} {
		if x != nil {
			text += string(x.Body)
		}
	}
	for _, s := range secrets {
		if s != "" && strings.Contains(text, s) {
			t.Errorf("%q is in %s", s, text)
		}
	}
}
