package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// described is what a hostile caller reads of the OpenAPI document.
type described struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	Parameters  []struct{ Name, In string }
	RequestBody struct {
		Content map[string]struct {
			Schema  schema
			Example json.RawMessage
		}
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
}

// What nobody expects in a path or query, and in place of a property.
var (
	hostileTexts = []string{
		"\x00", "a\x00b", "\xff", "\xed\xa0\x80", "-1", "0", "9223372036854775807", "99999999999999999999", "1e9", "%", "..", "a/b", "😀",
		"' OR 1=1;--", "0000-01-01", "-290000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", strings.Repeat("x", 5000),
	}
	hostileValues = []string{
		`null`, `true`, `-1`, `0`, `1e400`, `9223372036854775808`, strings.Repeat("9", 500), `""`, `"\u0000"`, `"\ud800"`, `"{{a | b"`,
		`[]`, `{}`, `[[]]`, `["\u0000"]`, `{"Id":"\u0000"}`, `{"a":{"b":[1]}}`, `"` + strings.Repeat("A", 100_000) + `"`,
	}
	hostileBodies = []string{``, `null`, `[]`, `1`, `"x"`, `{`, `{"":""}`, "\xff\xfe{\x00}\x00", "{\"Name\":\"\xff\"}", strings.Repeat("[", 200_000), strings.Repeat(`{"a":`, 9000)}
)

// hostile is a caller who knows the document, and sends all but what it asks for.
type hostile struct {
	*world
	doc   described
	cycle tandem.CycleID
	calls int
}

// TestNothingIsOurFault calls everything that the document has with what nobody
// expects. Whatever is wrong with it is the caller's fault.
func TestNothingIsOurFault(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *store.Store{"SQLite": storetest.SQLite, "Postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hostile{world: newWorldOn(t, open(t), api.Options{})}
			h.account("books", "")
			var c struct{ ID tandem.CycleID }
			h.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"x"}`}, &c)
			h.cycle = c.ID
			h.ok(call{method: "GET", path: "/v1.0/openapi.json"}, &h.doc)
			for _, path := range slices.Sorted(maps.Keys(h.doc.Paths)) {
				if strings.HasSuffix(path, "/live") {
					continue // does not end
				}
				for method, op := range h.doc.Paths[path] {
					h.parameters(strings.ToUpper(method), path, op)
					h.body(strings.ToUpper(method), path, op)
				}
			}
			if h.calls < 2000 {
				t.Errorf("%d calls: the document was not understood", h.calls)
			}
		})
	}
}

// try makes a call of which nothing may be our fault.
func (h *hostile) try(method, path, body string) {
	h.t.Helper()
	h.calls++
	c := call{method: method, path: path, account: "books"}
	if method != "GET" {
		c.body = body
	}
	if a := h.do(c); a.status >= 500 {
		h.t.Errorf("%s %.200s with %.80q: %d %s", method, path, body, a.status, a.body)
	}
}

// usual fills in a path with what is there, where that does no harm.
func (h *hostile) usual(method, path string) string {
	id := string(h.cycle)
	switch {
	case method == "DELETE":
		id = "5d1d2a2e-7ef0-4d11-9c39-6f4b8a3c1f00"
	case strings.HasPrefix(path, "/v1.0/accounts/"):
		id = "books"
	case strings.HasPrefix(path, "/v1.0/account/"):
		id = "1"
	}
	return strings.NewReplacer("{id}", id, "{connector}", "1", "{version}", "1.0", "{targetId}", "1", "{systemName}", "x",
		"{stepId}", string(h.cycle), "{edgeId}", string(h.cycle), "{transactionId}", string(h.cycle)).Replace(path)
}

func (h *hostile) parameters(method, path string, op operation) {
	for _, p := range op.Parameters {
		for _, text := range hostileTexts {
			switch p.In {
			case "path":
				h.try(method, h.usual(method, strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))), "{}")
			case "query":
				h.try(method, h.usual(method, path)+"?"+p.Name+"="+url.QueryEscape(text), "{}")
			}
		}
	}
}

func (h *hostile) body(method, path string, op operation) {
	if len(op.RequestBody.Content) == 0 {
		return
	}
	at := h.usual(method, path)
	for _, body := range hostileBodies {
		h.try(method, at, body)
	}
	media := op.RequestBody.Content["application/json"]
	s := media.Schema
	if s.Ref != "" {
		s = h.doc.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	for name := range s.Properties {
		for _, value := range hostileValues {
			body := map[string]any{"extra": 1}
			_ = json.Unmarshal(media.Example, &body) // what is a list stays out
			if _, named := body["Id"]; named {
				body["Id"] = fmt.Sprint("h", h.calls)
			}
			delete(body, name)
			rest, err := json.Marshal(body)
			if err != nil {
				h.t.Fatal(err)
			}
			h.try(method, at, fmt.Sprintf("{%q:%s,%s", name, value, rest[1:]))
		}
	}
}
