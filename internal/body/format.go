package body

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/tandem-ipaas/tandem/connector"
)

// Format is what a definition says of a body. Its Type alone is enough.
type Format struct {
	Type connector.BodyType

	// Of what is written.

	XMLRoot    string               // Xml: the elements around the document, as a location; "": the document has its root
	SOAP       string               // Xml: version of the envelope around it, 1.1 or 1.2; "": none. Of what is read, too
	SOAPAction string               // SOAP: what is asked for
	Order      []connector.Location // Xml: elements are in this order, and after them the others, by name
	Repeat     bool                 // Form, File: a list is a=1&a=2 and not a[]=1&a[]=2

	// Of both.

	// Files are where the document's files are, for File, MultipartRelated and
	// SimpleFile. A SimpleFile without is the whole document.
	Files []connector.Location
	// Text is where the document's text is, for PlainText; the zero Location is the
	// whole document.
	Text connector.Location

	// Of what is read.

	Lists []connector.Location // Xml, Form, File: what is a list even when there is one of it
}

// Body is what to send. The zero Body is none.
type Body struct {
	ContentType string
	Header      http.Header // further headers; mostly nil
	Length      int64       // in bytes
	// Open begins to read it; each time from the start. It is nil when there is no
	// body.
	Open func(ctx context.Context) (io.ReadCloser, error)
	// Record is what to keep of it: the text, with [name, size] for a file.
	Record []byte
}

// Source is what a body is read from.
type Source struct {
	Body        io.Reader
	Limit       int64  // bytes, of files too
	ContentType string // the header
	Disposition string // the header Content-Disposition, which may name a file
	Path        string // of the URL that was asked: names a file that nothing else names
}

// ErrTooLarge is for bodies that are longer than their limit.
var ErrTooLarge = errors.New("is too large")

// Encode makes a body of a document. Without a document there is none, but for
// XML that has a root or an envelope.
//
// Errors are about the document, for people to read, and name the place.
func (f *Format) Encode(ctx context.Context, doc any, files Files) (Body, error) {
	switch {
	case f.Type == connector.XMLBody && f.SOAP != "":
		return f.encodeSOAP(doc)
	case f.Type == connector.XMLBody && (doc != nil || f.XMLRoot != ""):
		return f.encodeXML(doc)
	case doc == nil:
		return Body{}, nil
	}
	switch f.Type {
	case connector.JSONBody:
		return encodeJSON(doc)
	case connector.FormBody:
		return f.encodeForm(doc)
	case connector.FileBody:
		return f.encodeMultipart(ctx, doc, files)
	case connector.MultipartRelated:
		return f.encodeRelated(ctx, doc, files)
	case connector.PlainTextBody:
		return f.encodeText(doc)
	case connector.SimpleFileBody:
		return f.encodeFile(ctx, doc, files)
	case connector.NoBody, connector.UnknownBody, connector.XMLBody: // nothing to write
	}
	return Body{}, nil
}

// Decode reads a document. A body of no bytes is none, which is nil; but a
// SimpleFile may be empty.
//
// Errors: [ErrTooLarge]; *Fault, for a SOAP fault; others are about the body,
// for people to read. Files that were created before an error stay.
func (f *Format) Decode(ctx context.Context, src Source, files Files) (any, error) {
	in := &limited{r: src.Body, left: src.Limit, limit: src.Limit}
	src.Body = in
	doc, err := f.decode(ctx, src, files)
	if in.err != nil { // what the formats make of it says less
		return nil, in.err
	}
	return doc, err
}

func (f *Format) decode(ctx context.Context, src Source, files Files) (any, error) {
	if f.Type != connector.SimpleFileBody {
		var empty bool
		if src.Body, empty = peek(src.Body); empty {
			return nil, nil
		}
	}
	kind := f.Type
	if kind == connector.UnknownBody {
		kind = typeOf(src.ContentType)
	}
	switch kind {
	case connector.JSONBody:
		return decodeJSON(src)
	case connector.XMLBody:
		return f.decodeXML(src)
	case connector.FormBody:
		return f.decodeForm(src)
	case connector.FileBody:
		return f.decodeMultipart(ctx, src, files)
	case connector.MultipartRelated:
		return f.decodeRelated(ctx, src, files)
	case connector.PlainTextBody:
		return f.decodeText(src)
	case connector.SimpleFileBody:
		return f.decodeFile(ctx, src, files)
	case connector.NoBody, connector.UnknownBody: // is not read
	}
	return nil, nil
}

// peek tells whether nothing is left of r, and gives what reads on.
func peek(r io.Reader) (io.Reader, bool) {
	b := bufio.NewReader(r)
	_, err := b.Peek(1)
	return b, errors.Is(err, io.EOF)
}

// whole is a body of bytes that are in memory, all of which are recorded.
func whole(contentType string, data []byte) Body {
	return Body{
		ContentType: contentType,
		Length:      int64(len(data)),
		Record:      data,
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		},
	}
}

// limited reads up to its limit, and fails when there is more. It keeps what went
// wrong.
type limited struct {
	r           io.Reader
	left, limit int64
	err         error
}

func (l *limited) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		l.err = fmt.Errorf("the body %w: it has more than %d bytes", ErrTooLarge, l.limit)
		return 0, l.err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}
