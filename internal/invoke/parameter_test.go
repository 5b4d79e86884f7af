package invoke_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// A mapped value, a default or a fixed one that is CYCLR_IGNORE_PARAMETER leaves
// the parameter out, even a required one.
func TestIgnoreParameter(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{
		{Name: "mapped", TargetType: connector.QueryString, Default: "not this"},
		{Name: "usual", TargetType: connector.QueryString, Default: connector.IgnoreParameter},
		{Name: "fixed", TargetType: connector.QueryString, Value: connector.IgnoreParameter},
		{Name: "X-Mapped", TargetType: connector.HTTPHeader},
		{Name: "kept", TargetType: connector.QueryString},
	}})
	call.Parameters = values{"mapped": connector.IgnoreParameter, "X-Mapped": connector.IgnoreParameter, "kept": "1"}
	if _, err := newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if got := p.last(t); got.URI != "/things?kept=1" || got.Header["X-Mapped"] != nil {
		t.Errorf("asked %s with %v", got.URI, got.Header)
	}
}

func TestFilterField(t *testing.T) {
	where := connector.Parameter{Name: "State", TargetType: connector.FilterField, TargetName: "state.name", Optional: true}
	id := connector.Parameter{Name: "Id", TargetType: connector.FilterField, TargetName: "id", Optional: true}
	whole := connector.Parameter{Name: "Whole", TargetType: connector.FilterField, TargetName: "[rows].state.name", Optional: true}
	root := connector.Parameter{Name: "Root", TargetType: connector.FilterField, TargetName: "[].id", Optional: true}
	const items = `[{"id":1,"state":{"name":"on"}},{"id":2,"state":{"name":"off"}},{"id":3,"state":{"name":"on"}},{"id":4}]`
	for _, tt := range []struct {
		name, answer string
		fields       []connector.Field
		give         values
		want         string
	}{
		{"a list", items, nil, values{"State": "on"}, `[{"id":1,"state":{"name":"on"}},{"id":3,"state":{"name":"on"}}]`},
		{"both", items, nil, values{"State": "on", "Id": "3"}, `[{"id":3,"state":{"name":"on"}}]`},
		{"in a member", `{"rows":` + items + `,"n":4}`, []connector.Field{{ConnectorField: "[rows].id"}}, values{"Id": "2"}, `{"n":4,"rows":[{"id":2,"state":{"name":"off"}}]}`},
		{"by the whole location", `{"rows":` + items + `}`, []connector.Field{{ConnectorField: "[rows].id"}}, values{"Whole": "off"}, `{"rows":[{"id":2,"state":{"name":"off"}}]}`},
		{"by that in a list", items, nil, values{"Root": "4"}, `[{"id":4}]`},
		{"none has it", items, nil, values{"State": "lost"}, `[]`},
		{"not given", items, nil, nil, items},
		{"no list", `{"id":1}`, nil, values{"Id": "2"}, `{"id":1}`},
	} {
		p := newParty(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, tt.answer) })
		call := method(p.URL, connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{where, id, whole, root}, ResponseFields: tt.fields})
		call.Parameters = tt.give
		result, err := newCaller(t).Call(t.Context(), call)
		if err != nil || string(result.Response.Body) != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.name, result.Response.Body, err, tt.want)
		}
		if strings.Contains(p.last(t).URI, "?") {
			t.Errorf("%s: asked %s", tt.name, p.last(t).URI)
		}
	}
}

func TestIndex(t *testing.T) {
	at := connector.Parameter{Name: "At", TargetType: connector.Index, Optional: true}
	only := connector.Parameter{Name: "Kind", TargetType: connector.FilterField, TargetName: "k", Optional: true}
	m := lister(2, query("page", connector.PageNumber), at, only)
	for _, tt := range []struct {
		give  values
		want  string
		asked int
	}{
		{values{"At": "0"}, `{"items":[{"k":"a","n":1}]}`, 1},
		{values{"At": "3"}, `{"items":[{"k":"b","n":4}]}`, 2},
		{values{"At": "1", "Kind": "b"}, `{"items":[{"k":"b","n":4}]}`, 2},
		{values{"At": "9"}, `{"items":[]}`, 3},
		{nil, `{"items":[{"k":"a","n":1},{"k":"b","n":2},{"k":"a","n":3},{"k":"b","n":4},{"k":"a","n":5}]}`, 3},
	} {
		p := newParty(t, pages(
			`{"items":[{"k":"a","n":1},{"k":"b","n":2}]}`, `{"items":[{"k":"a","n":3},{"k":"b","n":4}]}`, `{"items":[{"k":"a","n":5}]}`,
		))
		call := method(p.URL, m)
		call.Parameters = tt.give
		result, err := invoke.Gather(t.Context(), call, newCaller(t).Call, invoke.GatherOptions{})
		if err != nil || string(result.Response.Body) != tt.want || len(p.requests) != tt.asked {
			t.Errorf("%v: %s after %d requests, %v", tt.give, result.Response.Body, len(p.requests), err)
		}
	}
	call := method("http://127.0.0.1:1", m)
	call.Parameters = values{"At": "first"}
	p := newParty(t, pages(`{"items":[1]}`))
	call.Properties["BaseUrl"] = p.URL
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "At", "is not a place in a list")
}

// A method with page variables and no Paging of its own has its connector's.
func TestPagingOfConnector(t *testing.T) {
	p := newParty(t, pages(`{"items":[1,2]}`, `{"items":[3]}`))
	call := method(p.URL, connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{query("page", connector.PageNumber), query("size", connector.PageSize)}})
	call.Connector.Paging = &connector.Paging{Items: "items", PageSize: 2}
	result, err := invoke.Gather(t.Context(), call, newCaller(t).Call, invoke.GatherOptions{})
	if err != nil || string(result.Response.Body) != `{"items":[1,2,3]}` || p.last(t).URI != "/things?page=2&size=2" {
		t.Errorf("%s, %v, asked %s", result.Response.Body, err, p.last(t).URI)
	}
	p = newParty(t, pages(`{"items":[1,2]}`))
	call = method(p.URL, connector.Method{HTTPMethod: "GET"})
	call.Connector.Paging = &connector.Paging{Items: "items", PageSize: 2}
	if result, err = newCaller(t).Call(t.Context(), call); err != nil || result.Next != "" {
		t.Errorf("a method without page variables has pages: %q, %v", result.Next, err)
	}
}

// A long list goes out in parts, each with a key of its own, from text that can
// be kept; what is answered is put together, and the given document stays whole.
func TestPagingOut(t *testing.T) {
	n := 0
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		io.WriteString(w, `{"ok":[`+strings.Repeat("1,", n-1)+`1],"last":`+string(rune('0'+n))+`}`)
	})
	call := method(p.URL, connector.Method{})
	call.Method.RequestFields = []connector.Field{{ConnectorField: "data.[rows].id"}}
	call.Method.PagingOut = &connector.PagingOut{Items: "data.[rows]", PageSize: 2}
	rows := []any{object{"id": 1}, object{"id": 2}, object{"id": 3}, object{"id": 4}, object{"id": 5}}
	call.Body = object{"list": "l", "data": object{"rows": rows}}
	call.IdempotencyKey = "key-0"
	key := func(page int) string { return "key-" + string(rune('0'+page)) }
	result, err := invoke.Gather(t.Context(), call, newCaller(t).Call, invoke.GatherOptions{Key: key})
	if err != nil || string(result.Response.Body) != `{"last":3,"ok":[1,1,1,1,1,1]}` {
		t.Fatalf("%s, %v", result.Response.Body, err)
	}
	for i, want := range []string{
		`{"data":{"rows":[{"id":1},{"id":2}]},"list":"l"}`, `{"data":{"rows":[{"id":3},{"id":4}]},"list":"l"}`, `{"data":{"rows":[{"id":5}]},"list":"l"}`,
	} {
		if got := p.requests[i]; got.Body != want || got.Header.Get("Idempotency-Key") != key(i) {
			t.Errorf("part %d: %s with %s", i, got.Body, got.Header.Get("Idempotency-Key"))
		}
	}
	if len(p.requests) != 3 || len(call.Body.(object)["data"].(object)["rows"].([]any)) != 5 {
		t.Errorf("%d requests; left of the document: %v", len(p.requests), call.Body)
	}
	for body, want := range map[string]any{`{"data":{"rows":[]}}`: object{"data": object{"rows": []any{}}}, `{"list":"l"}`: object{"list": "l"}} {
		p.requests = nil
		call.Body = want
		if result, err = newCaller(t).Call(t.Context(), call); err != nil || result.Next != "" || p.last(t).Body != body {
			t.Errorf("%s: %v, next %q, sent %s", body, err, result.Next, p.last(t).Body)
		}
	}
}

// The list may be the whole document, and the answers lists or none.
func TestPagingOutOfAList(t *testing.T) {
	for _, tt := range []struct {
		kind         connector.BodyType
		answer, want string
	}{{connector.JSONBody, `["a"]`, `["a","a"]`}, {connector.JSONBody, ``, ``}, {connector.NoBody, `fine`, `fine`}} {
		p := newParty(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, tt.answer) })
		call := method(p.URL, connector.Method{})
		call.Method.PagingOut, call.Method.ResponseDataType = &connector.PagingOut{Items: "[]", PageSize: 2}, tt.kind
		call.Body = []any{1, 2, 3}
		result, err := invoke.Gather(t.Context(), call, newCaller(t).Call, invoke.GatherOptions{})
		if err != nil || string(result.Response.Body) != tt.want || p.requests[0].Body != `[1,2]` || p.requests[1].Body != `[3]` {
			t.Errorf("%s: %s, %v, sent %+v", tt.answer, result.Response.Body, err, p.requests)
		}
	}
}
