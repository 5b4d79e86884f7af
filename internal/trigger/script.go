package trigger

import (
	"cmp"
	"context"
	"errors"
	"mime"
	"net/http"

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

// Reply is what scripts, or a step, answer a sender.
type Reply struct {
	Status  int // 0: 200
	Headers map[string]string
	Body    []byte

	late func() // is told that the sender has gone; nil: nobody is
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
		if name, ok := tandem.AnswerHeader(name); ok {
			if name == "Content-Type" {
				v = dataType(v)
			}
			h.Set(name, v)
		}
	}
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.WriteHeader(cmp.Or(r.Status, http.StatusOK))
	if _, err := w.Write(r.Body); err != nil && r.late != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
		r.late()
	}
}

// dataType is a Content-Type of data; of anything else, that of text.
func dataType(s string) string {
	kind, _, err := mime.ParseMediaType(s)
	if err != nil || !tandem.AnswerType(kind) {
		return "text/plain; charset=utf-8"
	}
	return s
}
