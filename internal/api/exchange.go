package api

import (
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// humaContext lets a type embed a context that has a method of its name.
type humaContext huma.Context

// exchange is huma's context with the statuses, types and deadlines of this API.
type exchange struct{ humaContext }

// Unwrap is for humago.Unwrap.
func (x exchange) Unwrap() huma.Context { return x.humaContext }

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
	return bodyReader{r, x}
}

type bodyReader struct {
	io.Reader
	x exchange
}

// Close is called when the body has been read.
func (r bodyReader) Close() error { return r.x.SetReadDeadline(time.Time{}) }
