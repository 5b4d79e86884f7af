// Package reference renders the OpenAPI document for people: every operation with
// its parameters, body and answers, and the types that these are made of. Its script
// searches them, gets tokens and makes calls; without it the page can be read.
package reference

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed page.html
var pageTemplate string

// Script is what makes the page interactive.
//
//go:embed script.js
var Script []byte

// Policy is the page's Content-Security-Policy: it runs no script but its own, and
// talks to nobody but this server.
const Policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// section is a tag of the page, with its operations.
type section struct {
	*huma.Tag
	Operations []operation
}

// Anchor is what links to the section name.
func (s section) Anchor() string { return strings.ReplaceAll(strings.ToLower(s.Name), " ", "-") }

// operation is what the page shows of one, and what its script needs to call it.
type operation struct {
	*huma.Operation
	Kind    string // media type of the body; "": it has none
	Body    content
	Answers []answer
}

// Class is the style of the method.
func (o operation) Class() string { return strings.ToLower(o.Method) }

// answer is what may come back.
type answer struct {
	Status, What string
	content
}

// content is a body, of a request or an answer.
type content struct {
	Type    kind
	Example string
}

// Render makes the page. The paths of the document must be final.
func Render(doc *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("reference").Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	byTag := map[string][]operation{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, op := range Operations(doc.Paths[path]) {
			byTag[op.Tags[0]] = append(byTag[op.Tags[0]], shown(op))
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
		Types    []shape
	}{strings.Split(doc.Info.Description, "\n\n"), sections, shapes(doc.Components.Schemas.Map())})
	return []byte(out.String()), err
}

// Operations are those of a path, in the order in which people think of them.
func Operations(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

func shown(op *huma.Operation) operation {
	o := operation{Operation: op}
	if op.RequestBody != nil {
		for name, media := range op.RequestBody.Content {
			o.Kind, o.Body = name, content{kindOf(media.Schema), indented(media.Example)}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		a := answer{Status: status}
		if r.Description != http.StatusText(http.StatusOK) {
			a.What = r.Description
		}
		for _, media := range r.Content {
			a.Type = kindOf(media.Schema)
			if status != "default" {
				a.Example = indented(media.Example)
			}
		}
		o.Answers = append(o.Answers, a)
	}
	return o
}

// indented is an example as people read it.
func indented(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, _ := json.MarshalIndent(v, "", "  ") // went through once already
	return string(text)
}
