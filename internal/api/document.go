package api

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api/reference"
)

const about = "The REST API of Tandem. Ask for a token at /oauth/token, send it as Authorization: Bearer, and name the account to act in " +
	"with X-Cyclr-Account (X-Tandem-Account is a synonym). Names are matched without regard to case; times are RFC 3339, UTC.\n\n" +
	"Errors are a Message, and a ModelState where fields are wrong: 400 malformed or against a rule; 401 no token, or a bad one; 403 not allowed; " +
	"404 not there, or not yours; 405; 409 not in the present state; 413 too large; 415; 429 too many requests; 500 our fault; 503 try again later. " +
	"429 and 503 have Retry-After, in seconds. Every answer has an X-Request-Id, which is yours if you send one of up to 64 letters, digits, dots, " +
	"dashes and underscores; the audit log has it too.\n\n" +
	"A POST that makes a thing with an id of its own answers 201; but 200 where clients of old count on it: for accounts, installed and custom connectors, " +
	"their properties and fields, and for what is installed, imported or deployed.\n\n" +
	"Lists have pages (page, pageSize) and orders (orderBy, sortOrderAsc; each says which). Total-Pages and Total-Records say how much there is.\n\n" +
	"Requests may be limited by client and by account. RateLimit-Limit (a minute), RateLimit-Remaining and RateLimit-Reset (seconds until all are back) " +
	"are of the tighter limit. So may the live streams be that are open: one more is 429, until one is closed.\n\n" +
	"A POST with an Idempotency-Key is run once for each key within 24 hours; when it is made again, its answer is, with Idempotency-Replayed: true. " +
	"The same key with another call is 400; while the first is at work, 409 with Retry-After. Answers with 401, 403, 429 and 5xx are not kept, and those of " +
	"more than 1 MB are not given again: 409."

const eventType = "text/event-stream"

// otherTypes are the types of answers that handlers write themselves, by operation id.
var otherTypes = map[string]struct{ media, schema string }{
	"getReference": {"text/html", huma.TypeString}, "getReferenceScript": {"text/javascript", huma.TypeString},
	"watchTransactions": {eventType, huma.TypeString}, "watchRelease": {eventType, huma.TypeString}, "watchCycleDesign": {eventType, huma.TypeString},
	"watchRollout": {eventType, huma.TypeString}, "watchChanges": {eventType, huma.TypeString},
	"getDocument": {jsonType, huma.TypeObject},
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
		op.Description = permission(r.Route)
	}
	if r.Scope != Public && r.Method == post {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "1 to 255 printable characters of your own: the call is made once for each.",
		})
	}
	if r.Scope == Account {
		about := "The account to act in. A token that works for one account only may leave it out."
		if r.Need.Accountless {
			about = "Any account of the partner's; it may be left out."
		}
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: accountHeaders[0], In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Description: about,
		})
	}
}

// permission says what people need for a route.
func permission(r Route) string {
	text := "For programs of the partner"
	if r.Need.Area == tandem.AnyArea {
		text += " and all console users"
	} else {
		text += fmt.Sprintf(", and console users with the permission %s: %s", r.Need.Area, r.Need.Level)
		if r.Need.Also != tandem.AnyArea {
			text += fmt.Sprintf(" and %s: %s", r.Need.Also, r.Need.Level)
		}
		if r.Need.Everything {
			text += " and all others"
		}
	}
	switch {
	case r.Scope == Shared:
		text += "; a token that works for one account only and the account's own users see what is for them"
	case r.Scope != Account:
		text += "; not for a token that works for one account only"
	case r.Need.Unrestricted:
		text += "; not for a token that works for one account only, since it is about what all accounts share"
	case r.Need.Administrator:
		text += "; of the account's own users, for administrators"
	default:
		text += "; for the account's own users too"
	}
	return text + "."
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
	doc.Info.Description, doc.Tags = about, tags()
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
	define(doc)
	illustrateAnswers(doc)
	var err error
	if a.document, err = json.Marshal(doc); err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	if a.page, err = reference.Render(doc); err != nil {
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

// documentedOperation is the description of a route.
func documentedOperation(doc *huma.OpenAPI, r Route) *huma.Operation {
	item := doc.Paths[r.Path]
	return map[string]*huma.Operation{get: item.Get, post: item.Post, put: item.Put, patch: item.Patch, remove: item.Delete}[r.Method]
}

func (a *API) getReference(context.Context, *struct{}) (*static, error) {
	return &static{"text/html; charset=utf-8", reference.Policy, a.page}, nil
}

func (a *API) getReferenceScript(context.Context, *struct{}) (*static, error) {
	return &static{"text/javascript; charset=utf-8", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'", reference.Script}, nil
}
