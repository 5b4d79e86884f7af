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

// TestMadeIsCreated holds all POSTs that make a thing to the rule that the document
// tells.
func TestMadeIsCreated(t *testing.T) {
	w := newWorld(t, api.Options{})
	var doc document
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	ofOld := []string{"createAccount", "createCustomConnector", "createProperty", "createCustomField"}
	for _, r := range w.api.Routes() {
		made := strings.HasPrefix(r.ID, "create") || strings.HasPrefix(r.ID, "copy")
		if r.Method != http.MethodPost || !made || r.ID == "createRecoveryCodes" { // which have no ids
			continue
		}
		want := "201"
		if slices.Contains(ofOld, r.ID) {
			want = "200"
		}
		if _, ok := doc.Paths[r.Path]["post"].Responses[want]; !ok {
			t.Errorf("%s does not answer %s", r.ID, want)
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
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("type %q", got)
	}
	if got := strings.Count(a.body, "<script"); got != 1 || !strings.Contains(a.body, `<script src="/docs/reference.js" defer></script>`) {
		t.Errorf("%d scripts", got)
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'; script-src 'self'; connect-src 'self';") {
		t.Errorf("policy %q", policy)
	}
	script := w.ok(call{method: "GET", path: "/docs/reference.js", token: "-"}, nil)
	if got := script.header.Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") || !strings.Contains(script.body, "addEventListener") {
		t.Errorf("script: %q, %d bytes", got, len(script.body))
	}
}

func TestOperationsHaveSubjectsAndSayWhoMayCallThem(t *testing.T) {
	w := newWorld(t, api.Options{})
	var doc struct {
		Tags  []struct{ Name, Description string }
		Paths map[string]map[string]struct {
			OperationID string
			Description string
			Tags        []string
		}
	}
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	used := map[string]bool{}
	for _, r := range w.api.Routes() {
		op := doc.Paths[r.Path][strings.ToLower(r.Method)]
		if len(op.Tags) != 1 || op.Tags[0] == "" {
			t.Errorf("%s: tags %v", r.ID, op.Tags)
			continue
		}
		used[op.Tags[0]] = true
		if (r.Scope == api.Public) != (op.Description == "") {
			t.Errorf("%s: who may call it: %q", r.ID, op.Description)
		}
	}
	for _, tag := range doc.Tags {
		if !used[tag.Name] || tag.Description == "" {
			t.Errorf("tag %q is of no operation, or without description", tag.Name)
		}
		delete(used, tag.Name)
	}
	if len(used) > 0 {
		t.Errorf("tags without a place: %v", used)
	}
	for _, c := range []struct{ path, method, tag, who string }{
		{"/v1.0/accounts/{id}", "delete", "Accounts", "For programs of the partner, and console users with the permission Accounts: Manage; not for a token that works for one account only."},
		{"/v1.0/account/users", "get", "Users", "For programs of the partner, and console users with the permission Users: View; of the account's own users, for administrators."},
		{"/v1.0/cycles/{id}/copytotemplate", "post", "Cycles", "For programs of the partner, and console users with the permission Accounts: Edit and Templates: Edit; not for a token that works for one account only, since it is about what all accounts share."},
		{"/v1.0/me", "get", "Console", "For programs of the partner and all console users; not for a token that works for one account only."},
		{"/v1.0/account/connectors/{id}", "get", "Installed connectors", "For programs of the partner, and console users with the permission Accounts: View; for the account's own users too."},
	} {
		if op := doc.Paths[c.path][c.method]; op.Description != c.who || op.Tags[0] != c.tag {
			t.Errorf("%s %s: %v, %q", c.method, c.path, op.Tags, op.Description)
		}
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
