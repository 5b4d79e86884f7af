package api

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// humaContext lets a type embed a context that has a method of its name.
type humaContext huma.Context

// exchange is huma's context with the statuses, types and deadlines of this API.
// It tells the act what its body says.
type exchange struct {
	humaContext
	act    *tandem.Act
	secret map[string]bool // properties that are secrets by their type
}

// Unwrap is for humago.Unwrap.
func (x exchange) Unwrap() huma.Context { return x.humaContext }

// Header implements huma.Context; types of bodies, huma knows by one spelling.
func (x exchange) Header(name string) string {
	given := x.humaContext.Header(name)
	if name != "Content-Type" {
		return given
	}
	if kind, err := mediaType(given); err == nil {
		return kind
	}
	return given
}

// SetStatus implements huma.Context.
func (x exchange) SetStatus(status int) {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	x.humaContext.SetStatus(status)
}

// SetHeader implements huma.Context.
func (x exchange) SetHeader(name, value string) {
	if value == "application/problem+json" {
		value = jsonType
	}
	x.humaContext.SetHeader(name, value)
}

// BodyReader implements huma.Context. A body has its time to arrive, and a
// handler all the time it takes: the deadline for reading ends with the body. If
// it stayed, it would cancel the request's context as it passes.
func (x exchange) BodyReader() io.Reader {
	r := x.humaContext.BodyReader()
	if r == nil {
		return nil
	}
	return &bodyReader{Reader: r, x: x}
}

type bodyReader struct {
	io.Reader
	x     exchange
	heard bytes.Buffer // for the audit log; of what is too long for it, the beginning
}

// Read implements io.Reader.
func (r *bodyReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if !r.x.act.Reads && r.heard.Len() <= maxRead {
		r.heard.Write(p[:n])
	}
	return n, err
}

// Close is called when the body has been read.
func (r *bodyReader) Close() error {
	r.x.act.Sent = sentOf(r.heard.Bytes(), r.x.secret)
	return r.x.SetReadDeadline(time.Time{})
}
