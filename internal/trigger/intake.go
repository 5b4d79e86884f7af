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

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pace"
	"github.com/tandem-ipaas/tandem/internal/signature"
)

// Path is where webhooks are, before the key.
const Path = "/api/webhook/"

// Limits of what is sent.
const (
	defaultMaxBody = 10 << 20
	maxEventID     = 255
	maxHooks       = 100_000
	maxCallers     = 10_000
)

// quickPace is how often an account is refused at once.
var quickPace = pace.Pace{Burst: 1000, Every: time.Millisecond}

// keyForm is that of 256 bits in base64.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// IntakeStore keeps webhooks and what waits for them.
type IntakeStore interface {
	// WebhookByKey errors: NotFound.
	WebhookByKey(ctx context.Context, key string) (tandem.Webhook, error)
	// Match finds the newest transaction that is held at a step for requests with
	// a key, by its hash. Errors: NotFound.
	Match(ctx context.Context, a tandem.AccountID, c tandem.CycleID, step tandem.StepID, hash string, now time.Time) (journal.Held, error)
	// Items are a transaction's step items in order of Seq. Errors: NotFound.
	Items(ctx context.Context, a tandem.AccountID, t tandem.TransactionID) ([]tandem.StepItem, error)
	// Answers gives, of callers, those for whom there is an answer, or none any
	// more.
	Answers(ctx context.Context, of []journal.Caller) ([]journal.Answered, error)
	NoteIncident(ctx context.Context, a tandem.AccountID, i tandem.Incident) error
}

// Submitter makes transactions durable.
type Submitter interface {
	// Submit errors: Unavailable or RateLimited, with RetryAfter.
	Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error)
}

// Entrance makes the transactions of requests durable.
type Entrance interface {
	Submitter
	// Crowded says that a submission of an account would be refused now, so that its
	// requests need not be read.
	Crowded(a tandem.AccountID) bool
}

// WebhookStart makes the transaction of a request to a webhook, whose body is
// JSON.
type WebhookStart func(w tandem.Webhook, at time.Time, request tandem.Exchange) journal.NewTxn

// IntakeOptions of [NewIntake].
type IntakeOptions struct {
	MaxBody int64         // bytes; default 10 MB
	Lease   time.Duration // how long to go by what was read of a key; default 3 s
	Rate    int           // requests a minute that are taken of an account here; 0: any number
	// EventHeaders are headers that hold the id of an event, which its sender
	// repeats when it sends the event again. Idempotency-Key always is one;
	// default Webhook-Id.
	EventHeaders []string
	// Rules finds what is known of requests; nil: nothing is.
	Rules RulesFinder
	// Match makes the transactions of requests in the middle.
	Match MatchStart
	// Files is where files in requests are kept, by account; nil: none is taken.
	Files func(tandem.AccountID) body.Files
	URL   string // of the service, before the path of requests, as senders have it

	// Told takes the log's lines of requests that did not simply begin a transaction;
	// nil: nobody does. It must not wait.
	Told func(tandem.WebhookRequest)

	AnswerLimit time.Duration   // how long a sender waits for a step to answer; default 30 s
	Shared      bool            // other nodes may answer
	Closing     <-chan struct{} // closed when nobody is to wait any more; nil: never
}

// Intake is the handler of requests to webhooks.
type Intake struct {
	log     *slog.Logger
	store   IntakeStore
	engine  Entrance
	start   WebhookStart
	maxBody int64
	events  []string // canonical
	hooks   *cache.Cache[string, hook]
	rules   RulesFinder
	rate    *pace.Buckets[tandem.AccountID] // nil: any
	quick   *pace.Buckets[tandem.AccountID]
	notes   *pace.Buckets[notable]
	files   func(tandem.AccountID) body.Files
	url     string
	told    func(tandem.WebhookRequest) // nil: nobody is

	matchStart  MatchStart
	callers     *callers
	answerLimit time.Duration
	closing     <-chan struct{}
}

// hook is a webhook, with what its submissions are de-duplicated under.
type hook struct {
	tandem.Webhook
	*Rules
	source string
}

// NewIntake makes the handler.
func NewIntake(log *slog.Logger, store IntakeStore, engine Entrance, start WebhookStart, o IntakeOptions) *Intake {
	if o.EventHeaders == nil {
		o.EventHeaders = []string{"Webhook-Id"}
	}
	in := &Intake{
		log: log, store: store, engine: engine, start: start, maxBody: cmp.Or(o.MaxBody, defaultMaxBody),
		events: headersOf(append([]string{"Idempotency-Key"}, o.EventHeaders...)),
		hooks:  cache.New[string, hook](maxHooks, cmp.Or(o.Lease, 3*time.Second)), rules: o.Rules,
		quick: pace.New[tandem.AccountID](quickPace), notes: pace.New[notable](notePace), files: o.Files, url: strings.TrimSuffix(o.URL, "/"), told: o.Told,
		matchStart: o.Match, callers: newCallers(log, store.Answers, o.Shared), answerLimit: cmp.Or(o.AnswerLimit, defaultAnswerLimit), closing: o.Closing,
	}
	if o.Rate > 0 {
		in.rate = pace.New[tandem.AccountID](pace.Pace{Burst: o.Rate, Every: time.Minute / time.Duration(o.Rate)})
	}
	return in
}

// Answered says that there may be something to tell who waits for an answer.
func (in *Intake) Answered(who journal.Caller) { in.callers.Answered(who) }

// Forget drops what is known of a cycle's webhooks.
func (in *Intake) Forget(a tandem.AccountID, c tandem.CycleID) {
	in.hooks.Forget(func(_ string, h hook) bool { return h.Account == a && h.Cycle == c })
}

// ServeHTTP implements http.Handler.
func (in *Intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	since := time.Now()
	h, stopped := in.find(r.Context(), strings.TrimPrefix(r.URL.Path, Path))
	if stopped != nil && !errors.Is(stopped, errStopped) {
		in.refuse(w, r, h, stopped)
		return
	}
	switch r.Method {
	case http.MethodOptions:
		w.Header().Set("Allow", h.allow())
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodHead:
		w.WriteHeader(http.StatusOK)
		return
	}
	id, reply, err := in.take(w, r, h, stopped)
	switch {
	case err != nil:
		status, reason := in.refuse(w, r, h, err)
		in.tell(r, h, since, tandem.WebhookRequest{Status: status, Reason: reason, TransactionID: id})
	case reply != nil:
		reply.write(w)
		in.tell(r, h, since, tandem.WebhookRequest{Status: cmp.Or(reply.Status, http.StatusOK), TransactionID: id})
	default:
		acknowledge(w, id)
	}
}

// jsonType is a header's value, shared by all responses.
var jsonType = []string{"application/json; charset=utf-8"}

// take makes the request's transaction; that of what scripts answer is none.
// Those are answered while the cycle does not run, too: many senders look at an
// address before they take it, which is before it runs.
func (in *Intake) take(w http.ResponseWriter, r *http.Request, h hook, stopped error) (tandem.TransactionID, *Reply, error) {
	switch {
	case !h.takes(r.Method):
		return 0, nil, errMethod
	case r.Header.Get(tandem.NoticeHeader) != "":
		return 0, nil, errNotice
	case stopped != nil && h.Scripts == nil:
		return 0, nil, stopped
	}
	if h.Answered {
		if !in.callers.places.Take(h.Account) {
			return 0, nil, journal.ErrBusy
		}
		defer in.callers.places.Give(h.Account)
	}
	if err := in.admit(h); err != nil {
		return 0, nil, err
	}
	raw, err := in.read(w, r)
	if err != nil {
		return 0, nil, err
	}
	signed := signature.Request{Method: r.Method, URL: in.url + r.RequestURI, Header: r.Header, Body: raw}
	if err := h.verify(signed); err != nil {
		return 0, nil, err
	}
	doc, err := in.document(r.Context(), r, h, raw)
	if err != nil {
		return 0, nil, err
	}
	event, err := h.event(signed, in.events, doc)
	if err != nil {
		return 0, nil, err
	}
	request := tandem.Exchange{Method: r.Method, URL: h.shownURL(r.RequestURI), Headers: h.recorded(r.Header), Body: doc}
	if h.Scripts != nil {
		reply, err := ask(r.Context(), h.Scripts, &request)
		if err != nil {
			in.note(r.Context(), h, 0, tandem.IncidentWebhookFailed, told(err))
		}
		if err != nil || reply != nil {
			return 0, reply, err
		}
	}
	if stopped != nil {
		return 0, nil, stopped
	}
	return in.submit(r.Context(), h, event, request)
}

// admit refuses what is too much before it is read.
func (in *Intake) admit(h hook) error {
	if in.engine.Crowded(h.Account) {
		return journal.ErrBusy
	}
	if in.rate == nil {
		return nil
	}
	if level := in.rate.Take(h.Account); !level.Taken {
		return &tandem.Error{Code: tandem.RateLimited, Message: "The account gets too many requests. Try again shortly.", RetryAfter: level.Next}
	}
	return nil
}

// submit makes the transaction of a request, and waits for an answer where there
// is to be one.
func (in *Intake) submit(ctx context.Context, h hook, event string, request tandem.Exchange) (id tandem.TransactionID, reply *Reply, err error) {
	if h.RequestKey == nil {
		id, err = in.begin(ctx, h, event, len(request.Body), in.start(h.Webhook, time.Now(), request))
	} else {
		id, err = in.match(ctx, h, event, request)
	}
	if errors.Is(err, errUnmatched) {
		return 0, &Reply{Body: []byte("{}")}, nil
	}
	if err == nil && h.Answered {
		reply, err = in.await(ctx, h, id)
	}
	return id, reply, err
}

// begin makes a transaction, once for an event, of a request with a body of some
// bytes. An id of 0: its parent has ended.
func (in *Intake) begin(ctx context.Context, h hook, event string, size int, n journal.NewTxn) (tandem.TransactionID, error) {
	n.Trigger, n.Key = h.source, event
	if !h.Answered { // else the log is told
		n.Received = int64(size) + 1
	}
	ids, err := in.engine.Submit(ctx, n)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// told is what an error says to a person.
func told(err error) string {
	if e := (*tandem.Error)(nil); errors.As(err, &e) {
		return e.Message
	}
	return "Its scripts could not be run."
}

var (
	errUnknown = &tandem.Error{Code: tandem.NotFound, Message: "Webhook could not be found."}
	errStopped = &tandem.Error{Code: tandem.Gone, Message: "The integration is stopped."}
	errNotice  = &tandem.Error{Code: tandem.Conflict, Message: "Webhooks of cycles take no notices of errors: a cycle that fails at them would make more."}
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
		h := hook{Webhook: w, Rules: plain, source: "webhook " + string(w.Step)}
		if err == nil && in.rules != nil {
			h.Rules, err = in.rules(ctx, w)
		}
		if h.Rules == nil {
			h.Rules = plain
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

// refuse answers with an error, and gives what it said. The same key gets the same
// answer, whatever is wrong with it.
func (in *Intake) refuse(w http.ResponseWriter, r *http.Request, h hook, err error) (status int, message string) {
	var e *tandem.Error
	switch {
	case errors.Is(err, errMethod):
		w.Header().Set("Allow", h.allow())
		return answer(w, http.StatusMethodNotAllowed, "The method is not allowed.")
	case r.Context().Err() != nil:
		return answer(w, http.StatusServiceUnavailable, "The request was given up.") // nobody reads it
	case !errors.As(err, &e) || e.Code == tandem.Internal:
		in.log.ErrorContext(r.Context(), "webhook could not be taken", "error", err)
		e = &tandem.Error{Code: tandem.Unavailable, Message: "The data could not be saved. Try again shortly.", RetryAfter: time.Second}
	}
	if errors.Is(err, journal.ErrBusy) {
		in.dwell(r.Context(), h.Account, e.RetryAfter)
	}
	e.Postpone(w.Header())
	return answer(w, e.Code.Status(), e.Message)
}

// dwell keeps back the answer to who is refused for as long as he is told to stay away,
// where an account has had many refusals just now: senders that come again at once get
// no faster by it, and to refuse them would take the time of what others wait for.
func (in *Intake) dwell(ctx context.Context, a tandem.AccountID, d time.Duration) {
	if in.quick.Take(a).Taken {
		return
	}
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-in.closing:
	case <-ctx.Done():
	}
}

// answer gives what it answers.
func answer(w http.ResponseWriter, status int, message string) (int, string) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"Message":`+quote(message)+`}`)
	return status, message
}
