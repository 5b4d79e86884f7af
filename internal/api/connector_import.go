package api

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// importBody says which document to import.
type importBody struct {
	URL      string      `json:"Url,omitempty" doc:"Where the document is: JSON or YAML, of at most 32 MB. Either this or Document is required."`
	Document openAPIText `json:",omitzero" doc:"An OpenAPI document of version 2.0, 3.0 or 3.1: as JSON, or as a text of JSON or YAML."`
	Name     string      `json:",omitempty" doc:"Of the connector; else the document's title, or the name that it has."`
	Version  string      `json:",omitempty" doc:"Of the connector; else the document's, or the version that it has."`
	DryRun   bool        `json:",omitempty" doc:"Only tell what would become of it."`
	Methods  *[]string   `json:",omitempty" doc:"The names of the methods that are wanted, as a dry run gives them; left out: all."`
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *importBody) UnmarshalJSON(data []byte) error {
	type plain importBody
	return lenient(data, (*plain)(b))
}

// openAPIText is a document, as JSON or in a text.
type openAPIText []byte

// Schema implements huma.SchemaProvider.
func (openAPIText) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} } // anything

// UnmarshalJSON implements json.Unmarshaler.
func (t *openAPIText) UnmarshalJSON(b []byte) error {
	var text string
	switch {
	case string(b) == "null":
		*t = nil
	case b[0] == '"':
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
		*t = []byte(text)
	default:
		*t = bytes.Clone(b)
	}
	return nil
}

// importShape is what became of a document.
type importShape struct {
	Connector *customConnectorShape `doc:"A draft, if it is new; null of a dry run."`
	Report    connector.ImportReport
	Methods   []importedMethod `doc:"What the document has, whether it was wanted or not."`
}

// importedMethod is a method that a document has.
type importedMethod struct {
	Name        string
	Description string
	Category    string
	MethodType  connector.MethodType
	HTTPMethod  string `json:"HttpMethod"`
	Endpoint    string `json:"EndPoint"`
}

// importParts is its schema's.
type importParts struct {
	Connector *customConnectorParts `doc:"A draft, if it is new; null of a dry run."`
	Report    connector.ImportReport
	Methods   []importedMethod `doc:"What the document has, whether it was wanted or not."`
}

// Schema implements huma.SchemaProvider.
func (importShape) Schema(r huma.Registry) *huma.Schema {
	customConnectorBody{}.Schema(r)
	return r.Schema(reflect.TypeFor[importParts](), true, "")
}

// exampleImportAnswer is what became of a document with two operations.
func exampleImportAnswer(at time.Time) importParts {
	made := exampleCustomAnswer(at)
	methods := []importedMethod{{"List orders", "Orders, newest first.", "Orders", connector.Action, get, "https://api.acme.example/orders"}}
	return importParts{&made, connector.ImportReport{
		Format: "3.0.3", Operations: 2, Methods: 2, Parameters: 3, RequestFields: 4, ResponseFields: 8, Authentications: 1, Categories: 1,
		Notes: []connector.ImportNote{{Pointer: "/paths/~1orders/get/parameters/0", Message: "a parameter in a cookie is not supported", Times: 1}},
	}, methods}
}

func (b *importBody) wanted() tandem.ConnectorImport {
	in := tandem.ConnectorImport{URL: b.URL, Document: b.Document, Name: b.Name, Version: b.Version, DryRun: b.DryRun}
	if b.Methods != nil {
		in.Methods = list0(*b.Methods)
	}
	return in
}

func showImported(c *tandem.ImportedConnector, err error) (*object[importShape], error) {
	if err != nil {
		return nil, err
	}
	shown := importShape{Report: c.Report, Methods: make([]importedMethod, len(c.Methods))}
	for i, m := range c.Methods {
		shown.Methods[i] = importedMethod{m.Name, m.Description, m.Category, m.MethodType, m.HTTPMethod, m.Endpoint}
	}
	shown.Report.Notes = list0(c.Report.Notes)
	if c.Connector != nil {
		shown.Connector = &customConnectorShape{c.Connector}
	}
	return &object[importShape]{shown}, nil
}

func (a *API) importConnector(ctx context.Context, at policy.Place, in *struct{ Body importBody }) (*object[importShape], error) {
	return showImported(a.services.ConnectorImports.Import(ctx, at.Partner, in.Body.wanted()))
}

func (a *API) reimportConnector(ctx context.Context, at policy.Place, in *struct {
	CustomConnectorPath
	Body importBody
},
) (*object[importShape], error) {
	if err := a.mayChangeCustom(ctx, at.Partner, in.ID); err != nil {
		return nil, err
	}
	return showImported(a.services.ConnectorImports.Update(ctx, at.Partner, in.ID, in.Body.wanted()))
}
