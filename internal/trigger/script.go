package trigger

import (
	"context"
	"mime"
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Scripts are those of a webhook's connector, method and step.
type Scripts interface {
	// Before may answer the sender, who then starts nothing; nil: it goes on.
	// Errors: Invalid (a script refused the request), Unavailable.
	Before(ctx context.Context, request tandem.Exchange) (*Reply, error)
	// After may change what goes on. Not ok: nothing is started. Errors: as
	// Before.
	After(ctx context.Context, body []byte) (_ []byte, ok bool, err error)
}

// Reply is what scripts answer a sender.
type Reply struct {
	Headers map[string]string
	Body    []byte
}

// ask has scripts look at a request, and change its body. A reply is instead of a
// transaction.
func ask(ctx context.Context, s Scripts, request *tandem.Exchange) (*Reply, error) {
	if reply, err := s.Before(ctx, *request); err != nil || reply != nil {
		return reply, err
	}
	body, ok, err := s.After(ctx, request.Body)
	if err != nil {
		return nil, err
	}
	if !ok {
		return &Reply{Body: []byte("{}")}, nil
	}
	request.Body = body
	return nil, nil
}

// write answers with a reply. Its author need not be trusted by who else uses this
// domain: only headers that say what the content is, and those of their own, are
// taken, the content is data, and a browser runs nothing of it, here or elsewhere.
func (r *Reply) write(w http.ResponseWriter) {
	h := w.Header()
	h["Content-Type"] = jsonType
	for name, v := range r.Headers {
		if name = http.CanonicalHeaderKey(name); taken(name) {
			if name == "Content-Type" {
				v = dataType(v)
			}
			h.Set(name, v)
		}
	}
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(r.Body) // a sender that has gone asks again
}

// dataType is a Content-Type of JSON, text or XML; of anything else, that of text.
func dataType(s string) string {
	kind, _, err := mime.ParseMediaType(s)
	switch {
	case err != nil:
	case kind == "application/json", strings.HasSuffix(kind, "+json"), kind == "text/plain", kind == "text/xml", kind == "application/xml":
		return s
	}
	return "text/plain; charset=utf-8"
}

func taken(name string) bool {
	switch name {
	case "Content-Type", "Content-Language", "Cache-Control":
		return true
	case "X-Frame-Options", "X-Accel-Redirect", "X-Sendfile": // of proxies and browsers
		return false
	}
	return strings.HasPrefix(name, "X-")
}
