package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// record gathers what the log says of one request. Each request has its own, and
// one goroutine writes to it.
type record struct {
	http.ResponseWriter
	id     string
	route  Route
	who    tandem.Principal
	place  tandem.AccountID
	act    *tandem.Act // nil: it has come to no route
	err    error
	status int
	bytes  int64
	copy   *bytes.Buffer // of the answer, if it is to be kept, and of no more than that
}

type recordKey struct{}

// recordOf is the record of the request that ctx belongs to.
func recordOf(ctx context.Context) *record {
	r, _ := ctx.Value(recordKey{}).(*record)
	if r == nil {
		return &record{}
	}
	return r
}

// WriteHeader implements http.ResponseWriter.
func (r *record) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *record) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.copy != nil && r.copy.Len() <= tandem.ReplayLimit {
		r.copy.Write(b)
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *record) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// plainID is a request id that a caller may give: it goes into the log and back.
var plainID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	start := time.Now()
	r := &record{ResponseWriter: w, id: req.Header.Get("X-Request-Id")}
	if !plainID.MatchString(r.id) {
		r.id = rand.Text()
	}
	h := w.Header()
	h.Set("X-Request-Id", r.id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store") // answers are one caller's
	h.Set("Referrer-Policy", "no-referrer")
	req = req.WithContext(context.WithValue(req.Context(), recordKey{}, r))
	defer func() {
		took := time.Since(start)
		a.note(req, r, took)
		a.toTraffic(req, r, start, took)
	}()
	defer a.rescue(r)
	a.serve(r, req)
}

// rescue turns a panic into an answer without particulars.
func (a *API) rescue(r *record) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	r.err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	if r.status == 0 {
		refuse(r, r.err)
	}
}

// note writes the one line of a request.
func (a *API) note(req *http.Request, r *record, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", r.id), slog.String("method", req.Method), slog.String("route", r.route.ID), slog.Int("status", r.status),
		slog.Duration("duration", took), slog.Int64("bytes", r.bytes), slog.Int64("partner", int64(r.who.Partner)),
		slog.Int64("account", int64(r.place)), slog.String("client", r.who.Client), slog.Int64("console_user", int64(r.who.ConsoleUser)),
	}
	if r.err != nil {
		attrs = append(attrs, slog.String("error", r.err.Error()))
	}
	if r.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	a.log.LogAttrs(req.Context(), level, "api request", attrs...)
}

// serve finds the route.
func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	at, path := a.paths.find(r.URL.EscapedPath())
	if at == nil {
		refuse(w, tandem.NotFoundf("No HTTP resource was found that matches the request URI."))
		return
	}
	if err := checkText(r); err != nil {
		refuse(w, err)
		return
	}
	if at.queries[methodOf(r)] == nil {
		for _, m := range at.methods() {
			w.Header().Add("Allow", m)
		}
		write(w, http.StatusMethodNotAllowed, failure{Message: "The requested resource does not support http method '" + r.Method + "'."})
		return
	}
	a.mux.ServeHTTP(w, at.fold(r, path))
}
