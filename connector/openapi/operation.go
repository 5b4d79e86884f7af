package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// verbs are those of operations; the last ones cannot be methods.
var verbs = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}

const callable = 6 // of the verbs

func operates(verb string) bool { return slices.Contains(verbs, verb) }

// operation is one of the document's.
type operation struct {
	path, verb string
	item       *openapi3.PathItem
	operation  *openapi3.Operation
	at         place
}

// all are the operations, by path and verb.
func (im *importer) all() (all []operation) {
	if im.doc.Paths == nil {
		return nil
	}
	items := im.doc.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(items)) {
		all = append(all, operationsOf(path, items[path], place("/paths").at(path))...)
	}
	return all
}

func operationsOf(path string, item *openapi3.PathItem, at place) (all []operation) {
	if item == nil {
		return nil
	}
	at = at.referred(item.Ref)
	for _, verb := range verbs {
		if op := item.Operations()[verb]; op != nil {
			all = append(all, operation{path, verb, item, op, at.at(strings.ToLower(verb))})
		}
	}
	return all
}

// operations makes a method of each.
func (im *importer) operations() {
	for _, op := range im.all() {
		im.report.Operations++
		if slices.Index(verbs, op.verb) >= callable {
			im.notes.add(op.at, op.verb+" is not a method that can be called")
			continue
		}
		b := methodBuilder{importer: im, op: op, names: maps.Clone(im.own), method: im.method(op)}
		b.method.MethodType, b.method.HTTPMethod = connector.Action, op.verb
		b.endpoint()
		b.parameters()
		b.request()
		b.response()
		b.page()
		im.connector.Methods = append(im.connector.Methods, b.method)
	}
}

// maxSummary is the length of a summary, in bytes, that may be a name.
const maxSummary = 120

// method is what any method has of an operation.
func (im *importer) method(op operation) connector.Method {
	o := op.operation
	signature := op.verb + " " + op.path
	summary, description := cmp.Or(o.Summary, op.item.Summary), cmp.Or(o.Description, op.item.Description)
	if len(summary) > maxSummary && o.OperationID != "" { // it is no name
		summary, description = "", strings.TrimSpace(summary+"\n\n"+description)
	}
	m := connector.Method{
		MethodUniqueIdentifier: connector.NameGUID(im.connector.UniqueIdentifier, unique(im.ids, cmp.Or(o.OperationID, signature), signature)),
		Name:                   unique(im.methods, cmp.Or(line(summary), line(o.OperationID), line(signature)), line(o.OperationID), line(signature)),
		Description:            im.prose(description, op.at.at("description"), maxDescription),
	}
	for i, tag := range o.Tags {
		if i > 0 {
			im.notes.tally(op.at.at("tags", strconv.Itoa(i)), "a method is in one category: its first tag")
			break
		}
		m.Category = line(tag)
	}
	if o.Deprecated {
		m.Warning = "The API's own description says that this is deprecated."
	}
	if len(o.Callbacks) > 0 {
		im.notes.add(op.at.at("callbacks"), "callbacks are not made webhooks: add them by hand")
	}
	return m
}

// methodBuilder makes one method.
type methodBuilder struct {
	*importer
	op     operation
	method connector.Method
	names  map[string]bool // of parameters, the connector's too
	path   map[string]string
	sizes  map[string]*shape // parameters of the query, for pages
}

// endpoint writes the address, with a merge field for each {name} of the path.
func (b *methodBuilder) endpoint() {
	base := b.base
	switch {
	case b.op.operation.Servers != nil && len(*b.op.operation.Servers) > 0:
		base = b.override(*b.op.operation.Servers, b.op.at.at("servers"))
	case len(b.op.item.Servers) > 0:
		base = b.override(b.op.item.Servers, place("/paths").at(b.op.path, "servers"))
	}
	path, fragment, cut := strings.Cut(b.op.path, "#")
	if cut {
		b.notes.add(place("/paths").at(b.op.path), fmt.Sprintf("the fragment %q of the path is left out", short(fragment)))
	}
	b.path = map[string]string{}
	var out strings.Builder
	last := 0
	for _, m := range variables.FindAllStringSubmatchIndex(path, -1) {
		name := path[m[2]:m[3]]
		out.WriteString(escapePath(path[last:m[0]]))
		last = m[1]
		if b.path[name] == "" {
			if len(b.path) == maxParameters {
				b.notes.add(b.op.at, "the path has too many parameters")
				break
			}
			b.path[name] = unique(b.names, mergeName(name))
		}
		out.WriteString("{{" + b.path[name] + "}}")
	}
	out.WriteString(escapePath(path[last:]))
	b.method.Endpoint = base + "/" + strings.TrimPrefix(out.String(), "/")
}

// escapePath escapes what an address cannot have; what is escaped stays so.
func escapePath(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{}|", c) >= 0 {
			fmt.Fprintf(&out, "%%%02X", c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}

// webhooks makes a method of each webhook.
func (im *importer) webhooks() {
	for _, name := range slices.Sorted(maps.Keys(im.doc.Webhooks)) {
		for i, op := range operationsOf(name, im.doc.Webhooks[name], place("/webhooks").at(name)) {
			if i > 0 {
				im.notes.add(op.at, "of a webhook's methods one is taken")
				break
			}
			op.verb = "WEBHOOK"
			b := methodBuilder{importer: im, op: op, names: map[string]bool{}, method: im.method(op)}
			b.method.MethodType = connector.Webhook
			b.received()
			im.connector.Methods = append(im.connector.Methods, b.method)
		}
	}
}

// received describes what comes in by a webhook, which is what its document calls
// the request.
func (b *methodBuilder) received() {
	body := b.op.operation.RequestBody
	if len(b.op.operation.Parameters)+len(b.op.item.Parameters) > 0 {
		b.notes.tally(b.op.at.at("parameters"), "parameters and headers of webhooks are not described")
	}
	if body == nil || body.Value == nil {
		b.method.ResponseDataType = connector.JSONBody
		return
	}
	b.method.ResponseDataType, b.method.ResponseFields = b.incoming(body.Value.Content, b.op.at.at("requestBody").referred(body.Ref))
	if b.method.ResponseDataType == connector.NoBody || b.method.ResponseDataType == connector.UnknownBody {
		b.method.ResponseDataType = connector.JSONBody
	}
}

// response describes the first answer that is a success.
func (b *methodBuilder) response() {
	b.method.ResponseDataType = connector.UnknownBody
	responses := b.op.operation.Responses
	if b.op.verb == http.MethodHead {
		b.method.ResponseDataType = connector.NoBody
	}
	if b.op.verb == http.MethodHead || responses == nil {
		return
	}
	code := b.success(responses.Map())
	ref := responses.Value(code)
	if ref == nil || ref.Value == nil {
		return
	}
	at := b.op.at.at("responses", code).referred(ref.Ref)
	if len(ref.Value.Headers) > 0 {
		b.notes.tally(at.at("headers"), "headers of responses are not described")
	}
	switch {
	case len(ref.Value.Content) > 0:
		b.method.ResponseDataType, b.method.ResponseFields = b.incoming(ref.Value.Content, at)
	case code == "204" || code == "205":
		b.method.ResponseDataType = connector.NoBody
	}
}

// success is the status of the answer to describe.
func (b *methodBuilder) success(all map[string]*openapi3.ResponseRef) (code string) {
	for _, status := range slices.Sorted(maps.Keys(all)) {
		at := b.op.at.at("responses", status)
		switch {
		case status == "default":
		case !strings.HasPrefix(status, "2"):
			b.notes.tally(at, "responses that are errors are not described")
		case code == "":
			code = status
		default:
			b.notes.tally(at, "of several successful responses the first one is described")
		}
	}
	if all["default"] != nil && code != "" {
		b.notes.tally(b.op.at.at("responses", "default"), "responses that are errors are not described")
	}
	return cmp.Or(code, "default")
}
