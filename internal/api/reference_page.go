package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed reference.html
var referencePage string

//go:embed reference.js
var referenceScript []byte

// The page runs no script but its own, and talks to nobody but this server.
const referencePolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

func (a *API) getReference(context.Context, *struct{}) (*static, error) {
	return &static{"text/html; charset=utf-8", referencePolicy, a.page}, nil
}

func (a *API) getReferenceScript(context.Context, *struct{}) (*static, error) {
	return &static{"text/javascript; charset=utf-8", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'", referenceScript}, nil
}

// section is a tag of the page, with its operations.
type section struct {
	*huma.Tag
	Operations []operation
}

// operation is what the page shows of one, and what its script needs to call it.
type operation struct {
	*huma.Operation
	Kind    string // media type of the body; "": it has none
	Example string
	Answers []shownAnswer
}

// shownAnswer is what may come back.
type shownAnswer struct{ Status, What, Example string }

// renderReference renders the document for people.
func renderReference(doc *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("reference").Parse(referencePage)
	if err != nil {
		return nil, err
	}
	byTag := map[string][]operation{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, op := range operations(doc.Paths[path]) {
			byTag[op.Tags[0]] = append(byTag[op.Tags[0]], shownOperation(op))
		}
	}
	var sections []section
	for _, t := range doc.Tags {
		sections = append(sections, section{t, byTag[t.Name]})
	}
	var out strings.Builder
	err = page.Execute(&out, struct {
		About    []string
		Sections []section
	}{strings.Split(about, "\n\n"), sections})
	return []byte(out.String()), err
}

func shownOperation(op *huma.Operation) operation {
	shown := operation{Operation: op}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			shown.Kind, shown.Example = kind, indented(media.Example)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		a := shownAnswer{Status: status, What: answerName(r)}
		if media := r.Content[jsonType]; media != nil && status != "default" {
			a.Example = indented(media.Example)
		}
		shown.Answers = append(shown.Answers, a)
	}
	return shown
}

// indented is an example as people read it.
func indented(v any) string {
	if v == nil {
		return ""
	}
	text, _ := json.MarshalIndent(v, "", "  ") // went through once already
	return string(text)
}

// answerName is the name of an answer's type, or what is said of it.
func answerName(r *huma.Response) string {
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
