package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
)

// document is a whole one of version 3.0, with members beside info and version.
func document(members string) []byte {
	return []byte("openapi: 3.0.3\ninfo: {title: Shop, version: 1.0, description: Sells things.}\n" + members)
}

func imported(t *testing.T, data []byte, o openapi.Options) (*connector.Connector, openapi.Report) {
	t.Helper()
	c, r, err := openapi.Import(data, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := connector.Validate(c); err != nil {
		t.Fatalf("not valid: %v", err)
	}
	return c, r
}

// operation imports a document of one operation.
func operation(t *testing.T, path, verb, members string) (connector.Method, openapi.Report) {
	t.Helper()
	c, r := imported(t, document("servers: [{url: https://api.shop.example}]\npaths:\n  "+path+":\n    "+verb+":\n"+indent(members, "      ")), openapi.Options{})
	return c.Methods[0], r
}

func indent(s, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n"+by) + "\n"
}

// fields writes fields as location:type, ? for optional ones.
func fields(all []connector.Field) (lines []string) {
	for _, f := range all {
		line := f.ConnectorField + ":" + string(f.DataType)
		if f.Optional {
			line += "?"
		}
		if f.ReadOnly {
			line += " read"
		}
		if f.Default != "" {
			line += "=" + f.Default
		}
		lines = append(lines, line)
	}
	return lines
}

func has(r openapi.Report, pointer, part string) bool {
	return slices.ContainsFunc(r.Notes, func(n openapi.Note) bool {
		return n.Pointer == pointer && strings.Contains(n.Message, part)
	})
}

func TestWhole(t *testing.T) {
	c, r := imported(t, []byte(`{
	"openapi": "3.0.3",
	"info": {"title": "Shop", "version": "2024-01", "description": "<p>Sells <b>things</b>.</p>"},
	"servers": [{"url": "https://api.shop.example/v1/"}],
	"tags": [{"name": "Orders", "description": "What was bought."}, {"name": "Unused"}],
	"security": [{"key": []}],
	"components": {
		"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
		"schemas": {"Order": {"type": "object", "required": ["id"], "properties": {
			"id": {"type": "integer", "readOnly": true}, "state": {"type": "string", "enum": ["open", "shut"]}, "secret": {"type": "string", "writeOnly": true}}}}
	},
	"paths": {"/orders/{id}": {
		"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
		"put": {
			"operationId": "putOrder", "summary": "Change an order", "tags": ["Orders"], "deprecated": true,
			"parameters": [{"name": "X-Trace", "in": "header", "description": "A number.", "schema": {"type": "string", "default": "none"}}],
			"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
			"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}
		}}}}`), openapi.Options{})
	states := []connector.Choice{{Value: "open"}, {Value: "shut"}}
	space := connector.NameGUID("b0d7c2b4-3c5f-4f0a-9f0e-6a3d0b8e2f51", "Shop")
	want := &connector.Connector{
		Name: "Shop", Version: "2024-01", UniqueIdentifier: space, Description: "Sells things.",
		Authentication:   []connector.Authentication{{Name: "key", AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}},
		MethodCategories: []connector.MethodCategory{{Name: "Orders", Description: "What was bought."}},
		Methods: []connector.Method{{
			MethodUniqueIdentifier: connector.NameGUID(space, "putOrder"), Name: "Change an order", Category: "Orders",
			MethodType: connector.Action, HTTPMethod: "PUT", Endpoint: "https://api.shop.example/v1/orders/{{id}}",
			Warning:         "The API's own description says that this is deprecated.",
			RequestDataType: connector.JSONBody, ResponseDataType: connector.JSONBody,
			Parameters: []connector.Parameter{
				{Name: "X-Trace", Description: "A number.", TargetType: connector.HTTPHeader, DataType: connector.Text, Optional: true, Default: "none"},
				{Name: "id", TargetType: connector.MergeField, DataType: connector.Integer},
			},
			RequestFields: []connector.Field{
				{ConnectorField: "id", DataType: connector.Integer, ReadOnly: true},
				{ConnectorField: "secret", DataType: connector.Text, Optional: true},
				{ConnectorField: "state", DataType: connector.Text, Optional: true, Values: states},
			},
			ResponseFields: []connector.Field{
				{ConnectorField: "id", DataType: connector.Integer},
				{ConnectorField: "state", DataType: connector.Text, Optional: true, Values: states},
			},
		}},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	counts := openapi.Report{Format: "3.0.3", Operations: 1, Methods: 1, Parameters: 2, RequestFields: 3, ResponseFields: 2, Authentications: 1, Categories: 1}
	if diff := cmp.Diff(counts, r); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestSameAgain(t *testing.T) {
	data := []byte(`{"openapi":"3.1.0","info":{"title":"A","version":"1"},"paths":{"/b":{"get":{}},"/a":{"post":{"requestBody":{"content":{"application/json":
		{"schema":{"anyOf":[{"properties":{"z":{"type":"string"},"y":{}}},{"properties":{"y":{"type":"integer"},"x":{"type":["string","null"]}}}]}}}}}}}}`)
	first, report := imported(t, data, openapi.Options{})
	want, err := json.Marshal([]any{first, report})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		c, r := imported(t, data, openapi.Options{})
		if got, _ := json.Marshal([]any{c, r}); string(got) != string(want) {
			t.Fatalf("got\n%s\nafter\n%s", got, want)
		}
	}
}

// Another name, as it is given when a connector is imported again, changes no ids
// if the connector keeps its own.
func TestKeepsIDs(t *testing.T) {
	data := document("paths: {/a: {get: {operationId: one}}, /b: {get: {}}}")
	was, _ := imported(t, data, openapi.Options{})
	now, _ := imported(t, data, openapi.Options{Name: "Else", Version: "9", UniqueIdentifier: strings.ToUpper(was.UniqueIdentifier)})
	if now.Name != "Else" || now.Version != "9" || now.UniqueIdentifier != was.UniqueIdentifier {
		t.Errorf("%s %s %s", now.Name, now.Version, now.UniqueIdentifier)
	}
	if diff := cmp.Diff(was.Methods, now.Methods); diff != "" {
		t.Error(diff)
	}
	other, _ := imported(t, data, openapi.Options{Name: "Else"})
	if other.Methods[0].MethodUniqueIdentifier == was.Methods[0].MethodUniqueIdentifier {
		t.Error("two connectors share the ids of methods")
	}
}

func TestNames(t *testing.T) {
	c, _ := imported(t, document(`
paths:
  /a:
    get: {summary: Get, operationId: getA}
    post: {summary: Get, operationId: getA}
  /b: {get: {summary: Get}}
  /c: {get: {operationId: "getC\r\nX-Evil: 1"}}
`), openapi.Options{})
	var names []string
	guids := map[string]bool{}
	for _, m := range c.Methods {
		names, guids[m.MethodUniqueIdentifier] = append(names, m.Name), true
	}
	if diff := cmp.Diff([]string{"Get", "getA", "GET /b", "getC X-Evil: 1"}, names); diff != "" {
		t.Error(diff)
	}
	if len(guids) != 4 {
		t.Errorf("%d ids", len(guids))
	}
}

func TestWebhooks(t *testing.T) {
	data := `{"openapi":"3.1.0","info":{"title":"A","version":"1"},"%s":{"order.placed":{"post":{"summary":"Order placed",
		"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}}}}}}}}`
	for _, name := range []string{"webhooks", "x-webhooks"} {
		c, r := imported(t, []byte(strings.Replace(data, "%s", name, 1)), openapi.Options{})
		m := c.Methods[0]
		if m.MethodType != connector.Webhook || m.Name != "Order placed" || m.Endpoint != "" || m.HTTPMethod != "" || m.ResponseDataType != connector.JSONBody || r.Webhooks != 1 {
			t.Errorf("%s: %+v, %+v", name, m, r)
		}
		if diff := cmp.Diff([]string{"id:Integer"}, fields(m.ResponseFields)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSwagger2(t *testing.T) {
	c, r := imported(t, []byte(`
swagger: "2.0"
info: {title: Old, version: 1}
host: old.example
basePath: /api
schemes: [https]
securityDefinitions:
  login: {type: oauth2, flow: accessCode, authorizationUrl: https://old.example/auth, tokenUrl: https://old.example/token, scopes: {read: r}}
  agent: {type: oauth2, flow: application, tokenUrl: https://old.example/token, scopes: {}}
paths:
  /files:
    post:
      operationId: upload
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string}
      responses: {200: {description: "", schema: {$ref: "#/definitions/File"}}}
    get:
      produces: [application/json]
      parameters: [{name: ids, in: query, type: array, items: {type: integer}, collectionFormat: csv}]
      responses: {200: {description: "", schema: {type: array, items: {$ref: "#/definitions/File"}}}}
definitions:
  File: {type: object, properties: {name: {type: string}, size: {type: integer, minimum: 0}, extra: {allOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}}}
`), openapi.Options{})
	if c.Methods[0].Endpoint != "https://old.example/api/files" || c.Version != "1" || r.Format != "2.0" {
		t.Errorf("%s %s %s", c.Methods[0].Endpoint, c.Version, r.Format)
	}
	if diff := cmp.Diff([]string{"[].extra.a:Text?", "[].extra.b:Text?", "[].name:Text?", "[].size:Integer?"}, fields(c.Methods[0].ResponseFields)); diff != "" {
		t.Error(diff)
	}
	if p := c.Methods[0].Parameters[0]; p.DataType != connector.Text || !strings.Contains(p.Description, "commas") {
		t.Errorf("%+v", p)
	}
	if diff := cmp.Diff([]string{"file:File", "note:Text?"}, fields(c.Methods[1].RequestFields)); diff != "" || c.Methods[1].RequestDataType != connector.FileBody {
		t.Error(c.Methods[1].RequestDataType, diff)
	}
	if !has(r, "/definitions/File/properties/size/minimum", "not checked") {
		t.Errorf("%+v", r.Notes)
	}
	grants := map[string]connector.OAuth2Type{}
	for _, a := range c.Authentication {
		grants[a.Name] = a.OAuth2Type
	}
	if diff := cmp.Diff(map[string]connector.OAuth2Type{"login authorizationCode": connector.AuthorisationCode, "agent clientCredentials": connector.ClientCredentials, "None": ""}, grants); diff != "" {
		t.Error(diff)
	}
}
