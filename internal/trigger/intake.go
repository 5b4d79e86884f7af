package trigger

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Path is where webhooks are, before the key.
const Path = "/api/webhook/"

// Limits of what is sent.
const (
	defaultMaxBody = 10 << 20
	maxEventID     = 255
	maxHooks       = 100_000
)

// keyForm is that of 256 bits in base64.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// WebhookStore finds webhooks.
type WebhookStore interface {
	// WebhookByKey errors: NotFound.
	WebhookByKey(ctx context.Context, key string) (tandem.Webhook, error)
}

// Submitter makes transactions durable.
type Submitter interface {
	// Submit errors: Unavailable or RateLimited, with RetryAfter.
	Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error)
}

// WebhookStart makes the transaction of a request to a webhook, whose body is
// JSON.
type WebhookStart func(w tandem.Webhook, at time.Time, request tandem.Exchange) journal.NewTxn

// IntakeOptions of [NewIntake].
type IntakeOptions struct {
	MaxBody int64         // bytes; default 10 MB
	Lease   time.Duration // how long to go by what was read of a key; default 3 s
	// EventHeaders are headers that hold the id of an event, which its sender
	// repeats when it sends the event again. Idempotency-Key always is one;
	// default Webhook-Id.
	EventHeaders []string
	// Scripts finds those that have a say in what comes; nil: there are none.
	Scripts func(ctx context.Context, w tandem.Webhook) (Scripts, error)
}

// Intake is the handler of requests to webhooks.
type Intake struct {
	log     *slog.Logger
	store   WebhookStore
	engine  Submitter
	start   WebhookStart
	maxBody int64
	events  []string // canonical
	hooks   *cache.Cache[string, hook]
	scripts func(context.Context, tandem.Webhook) (Scripts, error)
}

// hook is a webhook, with what its submissions are de-duplicated under.
type hook struct {
	tandem.Webhook
	source  string
	scripts Scripts // nil: none
}

// NewIntake makes the handler.
func NewIntake(log *slog.Logger, store WebhookStore, engine Submitter, start WebhookStart, o IntakeOptions) *Intake {
	if o.EventHeaders == nil {
		o.EventHeaders = []string{"Webhook-Id"}
	}
	events := []string{"Idempotency-Key"}
	for _, h := range o.EventHeaders {
		events = append(events, http.CanonicalHeaderKey(h))
	}
	return &Intake{
		log: log, store: store, engine: engine, start: start, maxBody: cmp.Or(o.MaxBody, defaultMaxBody), events: events,
		hooks: cache.New[string, hook](maxHooks, cmp.Or(o.Lease, 3*time.Second)), scripts: o.Scripts,
	}
}

// Forget drops what is known of a cycle's webhooks.
func (in *Intake) Forget(a tandem.AccountID, c tandem.CycleID) {
	in.hooks.Forget(func(_ string, h hook) bool { return h.Account == a && h.Cycle == c })
}

// ServeHTTP implements http.Handler.
func (in *Intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, reply, err := in.take(w, r)
	switch {
	case err != nil:
		in.refuse(w, r, err)
	case reply != nil:
		reply.write(w)
	case r.Method == http.MethodOptions:
		w.Header()["Allow"] = allow
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusOK)
	default:
		w.Header()["Content-Type"] = jsonType
		_, _ = io.WriteString(w, `{"TransactionId":"`+id.String()+`"}`) // a sender that has gone asks again
	}
}

// Header values, shared by all responses.
var (
	jsonType = []string{"application/json; charset=utf-8"}
	allow    = []string{"GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"}
)

// take makes the request's transaction; that of HEAD and OPTIONS is none, nor is
// that of what scripts answer. Those are answered while the cycle does not run, too:
// many senders look at an address before they take it, which is before it runs.
func (in *Intake) take(w http.ResponseWriter, r *http.Request) (tandem.TransactionID, *Reply, error) {
	h, stopped := in.find(r.Context(), strings.TrimPrefix(r.URL.Path, Path))
	if stopped != nil && !errors.Is(stopped, errStopped) {
		return 0, nil, stopped
	}
	switch r.Method {
	case http.MethodHead, http.MethodOptions:
		return 0, nil, nil
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return 0, nil, errMethod
	}
	if stopped != nil && h.scripts == nil {
		return 0, nil, stopped
	}
	event, err := in.event(r.Header)
	if err != nil {
		return 0, nil, err
	}
	body, err := in.body(w, r)
	if err != nil {
		return 0, nil, err
	}
	request := tandem.Exchange{Method: r.Method, URL: r.RequestURI, Headers: recorded(r.Header), Body: body}
	if h.scripts != nil {
		if reply, err := ask(r.Context(), h.scripts, &request); err != nil || reply != nil {
			return 0, reply, err
		}
	}
	if stopped != nil {
		return 0, nil, stopped
	}
	n := in.start(h.Webhook, time.Now(), request)
	n.Trigger, n.Key = h.source, event
	ids, err := in.engine.Submit(r.Context(), n)
	if err != nil {
		return 0, nil, err
	}
	return ids[0], nil, nil
}

var (
	errUnknown = &tandem.Error{Code: tandem.NotFound, Message: "Webhook could not be found."}
	errStopped = &tandem.Error{Code: tandem.Gone, Message: "The integration is stopped."}
	errMethod  = errors.New("trigger: method not allowed")
)

// find says whose a key is. Errors: NotFound; errStopped, with the hook.
func (in *Intake) find(ctx context.Context, key string) (hook, error) {
	if h, ok := in.hooks.Get(key); ok {
		return h, nil
	}
	if !keyForm.MatchString(key) {
		return hook{}, errUnknown
	}
	h, err := in.hooks.Load(key, func() (hook, error) {
		w, err := in.store.WebhookByKey(ctx, key)
		h := hook{Webhook: w, source: "webhook " + string(w.Step)}
		if err == nil && in.scripts != nil {
			h.scripts, err = in.scripts(ctx, w)
		}
		if err == nil && w.Status != tandem.CycleRunning {
			err = errStopped // not kept: another node may start it any moment
		}
		return h, err
	})
	if tandem.ErrorCode(err) == tandem.NotFound {
		return hook{}, errUnknown
	}
	return h, err
}

// event gives the id under which the sender would repeat itself; "" for none.
func (in *Intake) event(h http.Header) (string, error) {
	for _, name := range in.events {
		values := h[name]
		if len(values) == 0 || values[0] == "" {
			continue
		}
		if len(values[0]) > maxEventID {
			return "", tandem.Invalidf(name, "%s: must have at most %d characters.", name, maxEventID)
		}
		if !utf8.ValidString(values[0]) {
			return "", tandem.Invalidf(name, "%s: must be UTF-8.", name)
		}
		return values[0], nil
	}
	return "", nil
}

// unrecorded are headers that let their holder in somewhere.
var unrecorded = map[string]bool{"Authorization": true, "Cookie": true, "Proxy-Authorization": true, "X-Api-Key": true}

// recorded is what of the headers is kept.
func recorded(h http.Header) map[string]string {
	kept := make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case unrecorded[name]:
		case len(values) == 1:
			kept[name] = values[0]
		default:
			kept[name] = strings.Join(values, ", ")
		}
	}
	return kept
}

// refuse answers with an error. The same key gets the same answer, whatever is
// wrong with it.
func (in *Intake) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var e *tandem.Error
	switch {
	case errors.Is(err, errMethod):
		w.Header()["Allow"] = allow
		answer(w, http.StatusMethodNotAllowed, "The method is not allowed.")
		return
	case r.Context().Err() != nil:
		answer(w, http.StatusServiceUnavailable, "The request was given up.") // nobody reads it
		return
	case !errors.As(err, &e) || e.Code == tandem.Internal:
		in.log.ErrorContext(r.Context(), "webhook could not be taken", "error", err)
		e = &tandem.Error{Code: tandem.Unavailable, Message: "The data could not be saved. Try again shortly.", RetryAfter: time.Second}
	}
	e.Postpone(w.Header())
	answer(w, e.Code.Status(), e.Message)
}

func answer(w http.ResponseWriter, status int, message string) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"Message":`+quote(message)+`}`)
}
