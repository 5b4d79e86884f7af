package invoke

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// content is a request's body, as it is sent and as it is recorded.
type content struct {
	text   []byte    // in memory
	stream body.Body // or else as it comes
	record []byte    // nil: as text
}

// encode makes the body of the request's document, with the credentials that go
// into it.
func (x *exchange) encode(ctx context.Context) error {
	if x.plan.request.none || x.call.Body == nil && x.plan.request.json && len(x.access.fields) == 0 {
		return nil
	}
	if len(x.access.fields) == 0 {
		return x.write(ctx, x.call.Body, &x.content)
	}
	var shown content
	doc, err := x.insert(mask)
	if err != nil {
		return err
	}
	if err := x.write(ctx, doc, &shown); err != nil {
		return err
	}
	if doc, err = x.insert(""); err != nil {
		return err
	}
	err = x.write(ctx, doc, &x.content)
	x.content.record = shown.text
	if shown.record != nil {
		x.content.record = shown.record
	}
	return err
}

// insert puts credentials where they go in a copy of the document, or else what
// hides them: the document itself may be part of what others see.
func (x *exchange) insert(instead string) (doc any, err error) {
	doc = connector.CloneDocument(x.call.Body)
	for _, f := range x.access.fields {
		v := f.value
		if instead != "" {
			v = instead
		}
		if doc, err = f.location.Set(doc, v); err != nil {
			return nil, buildError("credentials: %v", err)
		}
	}
	return doc, nil
}

func (x *exchange) write(ctx context.Context, doc any, to *content) (err error) {
	if x.plan.request.json {
		if to.text = x.exact(); to.text == nil {
			to.text, err = marshal(doc)
		}
		x.contentType("application/json")
		return err
	}
	b, err := x.plan.request.Encode(ctx, doc, x.files())
	if err != nil {
		return buildError("body: %v", err)
	}
	for name, values := range b.Header {
		x.header[name] = values
	}
	if b.Open != nil && b.ContentType != "" {
		x.contentType(b.ContentType)
	}
	to.stream, to.record = b, b.Record
	return nil
}

// exact is the document as a script wrote it, which it may have signed; nil if
// none did, or if credentials go into it.
func (x *exchange) exact() []byte {
	if x.trips == nil || len(x.access.fields) > 0 {
		return nil
	}
	return x.trips.request
}

// contentType is for bodies whose method does not say it. Of those in parts only
// the body knows the boundary.
func (x *exchange) contentType(s string) {
	parts := x.plan.request.Type == connector.FileBody || x.plan.request.Type == connector.MultipartRelated
	if x.header["Content-Type"] == nil || parts {
		x.header["Content-Type"] = []string{s}
	}
}

// marshal writes a document as JSON, leaving text as it is.
func marshal(doc any) ([]byte, error) {
	text, err := body.JSON(doc)
	if err != nil {
		return nil, buildError("body: %v", err)
	}
	return text, nil
}

func (x *exchange) reader() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(x.content.text)), nil
}

// files are the account's.
func (x *exchange) files() body.Files {
	if x.options.Files == nil {
		return noFiles{}
	}
	return x.options.Files(x.call.Origin)
}

// noFiles is for a Caller without a place for files.
type noFiles struct{}

var errNoFiles = errors.New("there is no place for files")

func (noFiles) Create(context.Context, string, string, io.Reader) (body.File, error) {
	return body.File{}, errNoFiles
}

func (noFiles) Open(context.Context, string) (io.ReadCloser, body.File, error) {
	return nil, body.File{}, errNoFiles
}
