package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// An author begins a connector, is told what is wrong in it, calls a method,
// keeps the exchange, and plays it.
func TestConnector(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer the-key" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"items":[{"id":1,"name":"Milk"}]}`)
	}))
	t.Cleanup(api.Close)
	dir := filepath.Join(t.TempDir(), "notepad")
	file := filepath.Join(dir, "connector.yaml")
	connector := func(code int, want string, args ...string) {
		t.Helper()
		var out, said bytes.Buffer
		got := run(t.Context(), append([]string{"connector"}, args...), &out, &said)
		if got != code || !strings.Contains(out.String()+said.String(), want) {
			t.Fatalf("tandem connector %v: %d, want %d and %q\n%s%s", args, got, code, want, &out, &said)
		}
		if strings.Contains(out.String()+said.String(), "the-key") {
			t.Errorf("tandem connector %v tells the key:\n%s%s", args, &out, &said)
		}
	}

	connector(0, "is written", "new", file, "--name", "Notepad")
	connector(1, "exists", "new", file, "--name", "Notepad")
	connector(1, "let its name end in .yaml", "new", filepath.Join(dir, "notepad.JSON"))
	connector(0, "Notepad 1.0 is sound: 2 methods", "validate", dir)
	connector(0, "0 of 0 recordings", "test", dir)

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(text), "HttpMethod: POST", "HttpMethod: PUSH", 1)
	wrong = strings.Replace(wrong, "{{BaseUrl}}/items\"", "{{BaseUrl | shout}}/items\"", 1)
	for _, change := range []struct{ file, want string }{
		{wrong, `connector.yaml:45: Methods[1].HttpMethod: "PUSH" is not known`},
		{strings.Replace(wrong, "PUSH", "PUT", 1), `"List Items": endpoint: `},
		{string(text) + "Script: |\n  function before_action() {\n    return tru e;\n  }\n", "Script: "},
		{string(text) + "Icon: icon.png\n", "Icon: open "},
	} {
		if err := os.WriteFile(file, []byte(change.file), 0o600); err != nil {
			t.Fatal(err)
		}
		connector(1, change.want, "validate", file)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}

	call := []string{"test", dir, "--method", "List Items", "--property", "BaseUrl=" + api.URL}
	connector(1, "no credentials", call...)
	t.Setenv("TANDEM_AUTH_VALUE", "the-key")
	connector(1, "address refused", call...)
	call = append(call, "--allow", "127.0.0.0/8,::1/128")
	connector(1, "401", append(call, "--auth-value", "another")...)
	connector(0, `"name": "Milk"`, call...)
	connector(1, `no method "List"`, "test", dir, "--method", "List")
	connector(2, "--allow", append(call, "--allow", "everywhere")...)

	kept := filepath.Join(dir, "testdata", "list-items.json")
	connector(0, "list-items.json is written", append(call, "--record", kept)...)
	connector(0, "1 of 1 recordings play as they were", "test", dir)
	record, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, bytes.Replace(record, []byte("page=1"), []byte("page=0"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	connector(1, "list-items.json: Url is", "test", dir)
}

// A document becomes a definition that is sound; what is not carried over is told,
// beside the result.
func TestConnectorImport(t *testing.T) {
	const document = `openapi: 3.1.0
info: {title: Notepad, version: "2"}
servers: [{url: "https://notes.example.com/v2"}]
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
security: [{key: []}]
paths:
  /notes:
    get:
      operationId: listNotes
      parameters: [{name: session, in: cookie, schema: {type: string}}]
      responses: {"200": {description: Notes, content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: integer}}}}}}}}
`
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/openapi.yaml" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, document)
	}))
	t.Cleanup(served.Close)
	dir := t.TempDir()
	file := filepath.Join(dir, "openapi.yaml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		args             []string
		code             int
		out, said, named string
	}{
		{args: []string{file}, out: "Notepad 2", said: "OpenAPI 3.1.0: 1 of 1 operations, 0 webhooks, 1 ways to authenticate.\n/paths/~1notes/get/parameters/0: ", named: "Notepad"},
		{args: []string{file, "--name", "Notes"}, out: "Notes 2", named: "Notes"},
		{args: []string{served.URL + "/openapi.yaml", "--allow", "127.0.0.0/8"}, out: "Notepad 2", named: "Notepad"},
		{args: []string{served.URL + "/openapi.yaml"}, code: 1, said: "refused"},
		{args: []string{served.URL + "/none", "--allow", "127.0.0.0/8"}, code: 1, said: "404"},
		{args: []string{filepath.Join(dir, "none.yaml")}, code: 1, said: "none.yaml"},
		{args: []string{"connector_test.go"}, code: 1, said: "connector_test.go: "},
	} {
		output := filepath.Join(dir, strconv.Itoa(i), "connector.yaml")
		var out, said bytes.Buffer
		got := run(t.Context(), append([]string{"connector", "import", "--output", output}, tt.args...), &out, &said)
		if got != tt.code || !strings.Contains(out.String(), tt.out) || !strings.Contains(said.String(), tt.said) {
			t.Errorf("%v: %d, want %d\n%s%s", tt.args, got, tt.code, &out, &said)
		}
		if tt.code != 0 {
			if _, err := os.Stat(output); err == nil {
				t.Errorf("%v: a file is written", tt.args)
			}
			continue
		}
		out.Reset()
		if got := run(t.Context(), []string{"connector", "validate", output}, &out, &said); got != 0 || !strings.Contains(out.String(), tt.named+" 2 is sound: 1 methods") {
			t.Errorf("%v: %d\n%s%s", tt.args, got, &out, &said)
		}
		if got := run(t.Context(), []string{"connector", "import", "--output", output, file}, &out, &said); got != 1 {
			t.Errorf("%v: it was written over", tt.args)
		}
	}
}
