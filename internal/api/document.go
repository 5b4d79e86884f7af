package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

const about = "The REST API of Tandem. Ask for a token at /oauth/token, send it as Authorization: Bearer, and name the account to act in " +
	"with X-Cyclr-Account (X-Tandem-Account is a synonym). Names are matched without regard to case; times are RFC 3339, UTC."

// tag groups operations by the first word of their path.
func tag(path string) string {
	words := strings.Split(path, "/")
	if words[1] != "v1.0" {
		return words[1]
	}
	return words[2]
}

// otherTypes are the types of answers that handlers write themselves, by operation id.
var otherTypes = map[string]struct{ media, schema string }{
	"getReference": {"text/html", huma.TypeString}, "watchTransactions": {"text/event-stream", huma.TypeString}, "getDocument": {jsonType, huma.TypeObject},
}

// describe adds to an operation what its types do not say.
func describe(doc *huma.OpenAPI, r route, op *huma.Operation) {
	op.Responses = map[string]*huma.Response{"default": {
		Description: "What went wrong.",
		Content: map[string]*huma.MediaType{jsonType: {
			Schema:  doc.Components.Schemas.Schema(reflect.TypeFor[failure](), true, "Failure"),
			Example: failure{Message: "Name is required", ModelState: map[string][]string{"Name": {"Name is required"}}},
		}},
	}}
	if t, ok := otherTypes[r.ID]; ok {
		op.Responses["200"] = &huma.Response{Content: map[string]*huma.MediaType{t.media: {Schema: &huma.Schema{Type: t.schema}}}}
	}
	if r.rows != nil {
		describeTable(doc, op, r.rows)
	}
	if r.Scope != Public {
		op.Security = []map[string][]string{{"token": {}}}
	}
	if r.Scope == Account {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: accountHeaders[0], In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The account to act in. A token that works for one account only may leave it out.",
		})
	}
}

// illustrate adds the example of a body, and the schema of one that its handler
// reads itself and may then find missing.
func illustrate(doc *huma.OpenAPI, op *huma.Operation) {
	e, ok := examples()[op.OperationID]
	if !ok {
		return
	}
	media := op.RequestBody.Content[e.kind()]
	media.Example = e.body
	if s := e.schema(doc.Components.Schemas); s != nil {
		media.Schema = s
		op.RequestBody.Required = false
	}
}

// example is the body of a request, as people would send it.
type example struct {
	body any
	form bool
}

func (e example) kind() string {
	if e.form {
		return "application/x-www-form-urlencoded"
	}
	return jsonType
}

// schema is for bodies that handlers read themselves; nil leaves it to huma.
func (e example) schema(r huma.Registry) *huma.Schema {
	switch e.body.(type) {
	case tokenForm, methodBody, tandem.TemplateFile:
		return r.Schema(reflect.TypeOf(e.body), true, "")
	}
	return nil
}

// tokenForm is the form of a request for a token.
type tokenForm struct {
	GrantType    string `json:"grant_type" enum:"client_credentials"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Scope        string `json:"scope,omitempty" doc:"account: and an account's id makes a token for that account alone."`
}

// publish makes the document and the page.
func (a *API) publish(doc *huma.OpenAPI) error {
	doc.Info.Description = about
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {
		Type: "http", Scheme: "bearer", Description: "An access token, from POST /oauth/token.",
	}}
	if a.options.URL != "" {
		doc.Servers = []*huma.Server{{URL: a.options.URL}}
	}
	// The errors of huma itself, which reshape turns into ours.
	delete(doc.Components.Schemas.Map(), "ErrorModel")
	delete(doc.Components.Schemas.Map(), "ErrorDetail")
	promise(doc)
	illustrateAnswers(doc)
	var err error
	if a.document, err = json.Marshal(doc); err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	if a.page, err = renderReference(doc); err != nil {
		return fmt.Errorf("write the API reference: %w", err)
	}
	return nil
}

// static is a page that does not change while the program runs.
type static struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func (a *API) getDocument(context.Context, *struct{}) (*static, error) {
	return &static{jsonType, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'", a.document}, nil
}

func (a *API) getReference(context.Context, *struct{}) (*static, error) {
	return &static{"text/html; charset=utf-8", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'", a.page}, nil
}

//go:embed reference.html
var referencePage string

// section is a tag of the page, with its operations.
type section struct {
	Name       string
	Operations []operation
}

type operation struct {
	*huma.Operation
	Example string
	Answers []string
}

// renderReference renders the document for people.
func renderReference(doc *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("reference").Parse(referencePage)
	if err != nil {
		return nil, err
	}
	byTag := map[string]*section{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, op := range operations(doc.Paths[path]) {
			name := op.Tags[0]
			if byTag[name] == nil {
				byTag[name] = &section{Name: name}
			}
			byTag[name].Operations = append(byTag[name].Operations, shownOperation(op))
		}
	}
	var sections []*section
	for _, name := range slices.Sorted(maps.Keys(byTag)) {
		sections = append(sections, byTag[name])
	}
	var out strings.Builder
	err = page.Execute(&out, struct {
		About    string
		Sections []*section
	}{about, sections})
	return []byte(out.String()), err
}

// documentedOperation is the description of a route.
func documentedOperation(doc *huma.OpenAPI, r Route) *huma.Operation {
	item := doc.Paths[r.Path]
	return map[string]*huma.Operation{get: item.Get, post: item.Post, put: item.Put, patch: item.Patch, remove: item.Delete}[r.Method]
}

// operations are those of a path, in the order in which people think of them.
func operations(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

func shownOperation(op *huma.Operation) operation {
	shown := operation{Operation: op}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			text, _ := json.MarshalIndent(media.Example, "", "  ") // went through once already
			shown.Example = string(text)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		shown.Answers = append(shown.Answers, strings.TrimSpace(status+" "+statusText(status, op.Responses[status])))
	}
	return shown
}

func statusText(status string, r *huma.Response) string {
	for _, media := range r.Content {
		if media.Schema != nil && media.Schema.Ref != "" {
			return media.Schema.Ref[strings.LastIndex(media.Schema.Ref, "/")+1:]
		}
	}
	if r.Description != http.StatusText(http.StatusOK) {
		return r.Description
	}
	return ""
}
