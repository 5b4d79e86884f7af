package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

const importPath = customPath + "/import"

type importJSON struct {
	Connector *customJSON
	Methods   []struct{ Name, HTTPMethod, EndPoint string }
	Report    connector.ImportReport
}

// An OpenAPI document of an API at a server.
func openAPIOf(server string) string {
	return "openapi: 3.0.3\ninfo: {title: Notes, version: '2'}\nservers: [{url: '" + server + "'}]\npaths:\n  /notes:\n    get: {operationId: listNotes, parameters: [{name: sid, in: cookie, schema: {type: string}}]}\n"
}

func TestImportConnector(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		body := map[string]any{"Document": openAPIOf("https://notes.test"), "DryRun": true}
		var got importJSON
		v.ok(call{method: "POST", path: importPath, account: "a", body: body}, &got)
		if got.Connector != nil || got.Report.Methods != 1 || len(got.Report.Notes) != 1 || got.Report.Notes[0].Pointer != "/paths/~1notes/get/parameters/0" {
			t.Errorf("dry run: %+v", got)
		}
		if len(got.Methods) != 1 || got.Methods[0].EndPoint != "https://notes.test/notes" {
			t.Fatalf("methods of a dry run: %+v", got.Methods)
		}
		body["Methods"] = []string{"other"}
		v.fails(call{method: "POST", path: importPath, account: "a", body: body}, 400, `Methods: the document has no method "other".`)
		body["Methods"] = []string{}
		v.fails(call{method: "POST", path: importPath, account: "a", body: body}, 400, "Methods: at least one is needed.")
		body["Methods"] = []string{got.Methods[0].Name}
		body["DryRun"], body["Name"] = false, "My Notes"
		made := v.ok(call{method: "POST", path: importPath, account: "a", body: body}, &got)
		c := got.Connector
		if c == nil || c.Name != "My Notes" || c.ReleaseStatus != "Draft" || len(c.Unsupported) != 0 || !strings.Contains(made.body, "https://notes.test/notes") {
			t.Fatalf("%+v %s", got, made.body)
		}

		// As JSON, and again into the same one: its method's number stays.
		id := func() (m struct{ MethodUniqueIdentifier string }) {
			var whole struct{ Methods []json.RawMessage }
			v.ok(call{method: "GET", path: fmt.Sprintf("%s/%d", customPath, c.ID), account: "a"}, &whole)
			if err := json.Unmarshal(whole.Methods[0], &m); err != nil {
				t.Fatal(err)
			}
			return m
		}
		was := id()
		again := `{"document":{"openapi":"3.1.0","info":{"title":"Notes","version":"3"},"servers":[{"url":"https://notes.test"}],"paths":{"/notes":{"get":{"operationId":"listNotes","summary":"List"}}}}}`
		v.ok(call{method: "POST", path: fmt.Sprintf("%s/%d/import", customPath, c.ID), account: "a", body: again}, &got)
		if got.Connector.ID != c.ID || got.Connector.Name != "My Notes" || got.Report.Format != "3.1.0" || id() != was || was.MethodUniqueIdentifier == "" {
			t.Errorf("again: %+v, method %s after %s", got, id(), was)
		}
		v.fails(call{method: "POST", path: fmt.Sprintf("%s/%d/import", customPath, c.ID), account: "a", token: v.other, body: again}, 404, fmt.Sprintf("Connector %d could not be found.", c.ID))
	})
}

func TestImportConnectorRefuses(t *testing.T) {
	v := newVendors(t, newWorld(t, api.Options{}).db)
	for body, want := range map[string]string{
		`{}`: "Either Document or Url is required.",
		`{"Url":"https://x.test","Document":"openapi: 3.0.0"}`: "Either Document or Url is required.",
		`{"Url":"http://169.254.169.254/openapi.json"}`:        "The document could not be fetched: the address is not one that may be called.",
		`{"Url":"http://127.0.0.1:1/"}`:                        "The document could not be fetched: the address is not one that may be called.",
		`{"Url":"file:///etc/passwd"}`:                         "The document could not be fetched: the address is not one of http or https.",
		`{"Document":"<html>"}`:                                "The document cannot be imported: the document is not an object.",
		`{"Document":{"openapi":"4.0"}}`:                       "The document cannot be imported: OpenAPI 4.0 is not supported; 2.0, 3.0 and 3.1 are.",
		`{"Document":{"a":1}}`:                                 "The document cannot be imported: the document is no OpenAPI: it has neither openapi nor swagger.",
	} {
		v.fails(call{method: "POST", path: importPath, account: "a", body: body}, 400, want)
	}
	restricted := v.tokenFor(v.partner, "account:a")
	v.fails(call{method: "POST", path: importPath, account: "a", token: restricted, body: `{"Document":"openapi: 3.0.0"}`}, 403, "")
}
