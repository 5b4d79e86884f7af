package openapi

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// content is a body in one type of content.
type content struct {
	name  string // as the document has it
	media string // without parameters, in lower case
	body  connector.BodyType
	of    *openapi3.MediaType
	at    place
}

// bodyType is how a type of content is read and written.
func bodyType(media string) connector.BodyType {
	switch {
	case media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json"):
		return connector.JSONBody
	case media == "application/x-www-form-urlencoded":
		return connector.FormBody
	case media == "multipart/form-data":
		return connector.FileBody
	case media == "multipart/related":
		return connector.MultipartRelated
	case media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml") && !strings.HasPrefix(media, "image/"):
		return connector.XMLBody
	case strings.HasPrefix(media, "text/") && media != "text/*":
		return connector.PlainTextBody
	case strings.Contains(media, "*"):
		return connector.UnknownBody
	}
	return connector.SimpleFileBody
}

func isForm(t connector.BodyType) bool { return t == connector.FormBody || t == connector.FileBody }

// preferred are the types of bodies, the best one first.
var preferred = []connector.BodyType{
	connector.JSONBody, connector.FormBody, connector.FileBody, connector.XMLBody, connector.MultipartRelated, connector.UnknownBody,
	connector.PlainTextBody, connector.SimpleFileBody,
}

// choose takes one of the types of content that a body may have.
func (im *importer) choose(all openapi3.Content, at place) (content, bool) {
	var best content
	rank := func(c content) int {
		r := 4 * slices.Index(preferred, c.body)
		if c.of.Schema == nil {
			r += 2
		}
		if c.body == connector.JSONBody && c.media != "application/json" {
			r++
		}
		return r
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		media, _, err := mime.ParseMediaType(name)
		if err != nil {
			media = strings.ToLower(strings.TrimSpace(name))
		}
		here := at.at("content", name)
		if all[name] == nil {
			continue
		}
		c := content{name, media, bodyType(media), all[name], here}
		if best.of == nil || rank(c) < rank(best) {
			best = c
		}
	}
	if best.of == nil {
		return best, false
	}
	if len(all) > 1 {
		im.notes.tally(at.at("content"), "of several types of content one is used: JSON, if it is there")
	}
	if text := all["text/plain"]; best.body == connector.JSONBody && text != nil && im.shape(best.of.Schema, best.at.at("schema")).kind == kindText {
		best = content{"text/plain", "text/plain", connector.PlainTextBody, text, at.at("content", "text/plain")} // rather than a text in quotes
	}
	if best.body == connector.UnknownBody && best.of.Schema != nil {
		if k := im.shape(best.of.Schema, best.at.at("schema")).kind; k == kindObject || k == kindList {
			best.body = connector.JSONBody
		}
	}
	return best, true
}

// request describes the body that is sent.
func (b *methodBuilder) request() {
	ref := b.op.operation.RequestBody
	if ref == nil || ref.Value == nil || len(ref.Value.Content) == 0 {
		return
	}
	at := b.op.at.at("requestBody").referred(ref.Ref)
	if b.op.verb == http.MethodGet || b.op.verb == http.MethodHead {
		b.notes.add(at, "a "+b.op.verb+" has no body")
		return
	}
	c, ok := b.choose(ref.Value.Content, at)
	if !ok || c.body == connector.UnknownBody {
		b.notes.add(at, "the body's type of content is not said, so nothing is sent")
		return
	}
	b.method.RequestDataType = c.body
	root := b.bodyRoot(c.of.Schema, c.at.at("schema"))
	form := isForm(c.body)
	root.optional = !ref.Value.Required && !(form && b.two) // whose forms are no bodies
	b.encoded(c)
	switch c.body {
	case connector.PlainTextBody:
		b.method.RequestFields = []connector.Field{{ConnectorField: "Text", DataType: connector.Text, Optional: root.optional}}
		b.typed("Content-Type", c, "text/plain")
	case connector.SimpleFileBody:
		b.method.RequestFields = []connector.Field{{ConnectorField: "File", DataType: connector.File, Optional: root.optional}}
	case connector.XMLBody:
		b.xmlRequest(root)
	default:
		f := flattener{importer: b.importer, request: true, form: form}
		b.method.RequestFields = f.flatten(root)
		if c.body == connector.JSONBody {
			b.typed("Content-Type", c, "application/json")
		}
	}
}

// typed sends a header with a type of content that is not the usual one.
func (b *methodBuilder) typed(header string, c content, usual string) {
	if c.media == usual || strings.Contains(c.media, "*") || !usable(c.media) || line(c.media) != c.media {
		return
	}
	b.add(connector.Parameter{Name: unique(b.names, header), TargetType: connector.HTTPHeader, TargetName: header, Hidden: true, Value: c.media}, c.at)
}

// encoded notes what is said of the parts of a form.
func (b *methodBuilder) encoded(c content) {
	for _, name := range slices.Sorted(maps.Keys(c.of.Encoding)) {
		e := c.of.Encoding[name]
		if e == nil {
			continue
		}
		here := c.at.at("encoding", name)
		if e.ContentType != "" && c.body != connector.FormBody {
			b.notes.tally(here, "types of content of the parts of a form are chosen by what they hold")
		}
		if len(e.Headers) > 0 {
			b.notes.tally(here, "headers of the parts of a form are not sent")
		}
		if e.Style != "" && e.Style != "deepObject" && e.Style != "form" {
			b.notes.add(here, fmt.Sprintf("the style %q is not supported in forms", short(e.Style)))
		}
	}
}

// incoming describes a body that is read.
func (b *methodBuilder) incoming(all openapi3.Content, at place) (connector.BodyType, []connector.Field) {
	c, ok := b.choose(all, at)
	if !ok {
		return connector.UnknownBody, nil
	}
	switch c.body {
	case connector.PlainTextBody:
		return c.body, []connector.Field{{ConnectorField: "Text", DataType: connector.Text}}
	case connector.SimpleFileBody:
		return c.body, []connector.Field{{ConnectorField: "File", DataType: connector.File}}
	case connector.UnknownBody:
		return c.body, nil
	}
	root := b.bodyRoot(c.of.Schema, c.at.at("schema"))
	if c.of.Schema == nil {
		b.notes.add(c.at, "nothing is said of what is in the body")
		return c.body, nil
	}
	f := flattener{importer: b.importer, form: isForm(c.body), xml: c.body == connector.XMLBody}
	if f.xml {
		root.location = connector.Location{}.Member(b.xmlRoot(root.shape))
	} else if c.body == connector.JSONBody && b.method.MethodType == connector.Action {
		b.typed("Accept", c, "application/json")
	}
	return c.body, f.flatten(root)
}
