package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/api"
)

type document struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Summary     string
		Security    []map[string][]string
		Parameters  []struct {
			Name, In string
			Schema   struct{ Type any }
		}
		RequestBody *struct {
			Content map[string]struct {
				Schema  map[string]any
				Example any
			}
		}
		Responses map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
	Components struct{ Schemas map[string]any }
}

func TestDocumentIsTheTable(t *testing.T) {
	w := newWorld(t, api.Options{})
	var doc document
	a := w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	var want, got []string
	for _, r := range w.api.Routes() {
		want = append(want, r.Method+" "+r.Path+" "+r.ID+" "+r.Summary)
	}
	ids := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			got = append(got, strings.ToUpper(method)+" "+path+" "+op.OperationID+" "+op.Summary)
			if ids[op.OperationID] {
				t.Errorf("%s is there twice", op.OperationID)
			}
			ids[op.OperationID] = true
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table and document differ: -table +document\n%s", diff)
	}
	for _, name := range []string{"$schema", "ErrorModel", "problem+json", "422"} {
		if strings.Contains(a.body, name) {
			t.Errorf("%s is in the document", name)
		}
	}
}

func TestDocumentIsWhole(t *testing.T) {
	w := newWorld(t, api.Options{})
	var doc document
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	for _, r := range w.api.Routes() {
		op := doc.Paths[r.Path][strings.ToLower(r.Method)]
		if (r.Scope == api.Public) == (len(op.Security) > 0) {
			t.Errorf("%s: scope %s, security %v", r.ID, r.Scope, op.Security)
		}
		names := map[string]string{}
		for _, p := range op.Parameters {
			names[p.Name] = p.In
		}
		if (r.Scope == api.Account) != (names["X-Cyclr-Account"] == "header") {
			t.Errorf("%s: parameters %v", r.ID, names)
		}
		for _, part := range strings.Split(r.Path, "/") {
			if name, ok := strings.CutPrefix(part, "{"); ok && names[strings.TrimSuffix(name, "}")] != "path" {
				t.Errorf("%s: %s is not described", r.ID, part)
			}
		}
		if op.Responses["default"].Content["application/json"].Schema["$ref"] != "#/components/schemas/Failure" {
			t.Errorf("%s: its errors are not described: %v", r.ID, op.Responses["default"])
		}
		if op.RequestBody == nil {
			continue
		}
		for kind, media := range op.RequestBody.Content {
			if media.Example == nil || media.Schema == nil || media.Schema["format"] == "binary" {
				t.Errorf("%s: body %s without example or schema", r.ID, kind)
			}
		}
	}
}

// An example that the API does not understand would be worse than none.
func TestExamplesAreUnderstood(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("page-turner", "")
	var doc document
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	tried := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if op.RequestBody == nil || op.OperationID == "issueToken" {
				continue
			}
			for _, p := range op.Parameters {
				id := "8e9c8b00-0000-4000-8000-000000000000"
				if p.Schema.Type == "integer" {
					id = "1"
				}
				path = strings.ReplaceAll(path, "{"+p.Name+"}", id)
			}
			a := w.do(call{method: strings.ToUpper(method), path: path, account: "page-turner", body: op.RequestBody.Content["application/json"].Example})
			tried++
			if a.status == http.StatusBadRequest && strings.Contains(a.body, "The request is invalid.") || a.status >= 500 {
				t.Errorf("%s: %d %s", op.OperationID, a.status, a.body)
			}
		}
	}
	if tried < 15 {
		t.Errorf("tried %d", tried)
	}
}

func TestReference(t *testing.T) {
	w := newWorld(t, api.Options{})
	a := w.ok(call{method: "GET", path: "/docs/index", token: "-"}, nil)
	for _, r := range w.api.Routes() {
		if !strings.Contains(a.body, fmt.Sprintf("id=%q", r.ID)) {
			t.Errorf("%s is not on the page", r.ID)
		}
	}
	if strings.Contains(a.body, "<script") || strings.Contains(a.body, "src=") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Error("the page loads something")
	}
}

func TestSchemasHaveReadableNames(t *testing.T) {
	w := newWorld(t, api.Options{})
	var doc document
	a := w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	if !json.Valid([]byte(a.body)) {
		t.Error("not JSON")
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		if strings.ContainsAny(name, "[]*./ ") {
			t.Errorf("schema %q", name)
		}
	}
}
