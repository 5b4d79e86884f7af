package invoke

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

// Call is one request to be made.
type Call struct {
	Origin     Origin
	Connector  *connector.Connector
	Method     *connector.Method // of Connector
	Auth       Credentials
	Properties map[string]string // of the account connector, by parameter name
	Parameters map[string]string // of the method, by name
	Body       any               // a document, which the call may change; nil: none
	Merge      map[string]string // further merge fields, such as Cyclr_Webhook_Url
	LastRun    time.Time         // LastSuccessfulRunDate; zero: never
	// IdempotencyKey goes with every request but GET and HEAD; "": none. Each
	// page needs its own.
	IdempotencyKey string
	// Page is Next of the page before, "" the first; of a method with PagingOut,
	// of the part before.
	Page   string
	Script string // the step's own; "": none
}

// Credentials are how, and with what, a call authenticates. The zero value does
// not.
type Credentials struct {
	Authentication *connector.Authentication
	Value          tandem.Secret // the key, user:password in base64, or a token
	// Values are the members of an AuthValue that is an object, and, of OAuth
	// 1.0a, ClientId and ClientSecret.
	Values map[string]tandem.Secret
}

// Result is what a call brought back. Beside an error it is what there was of
// it. There are no credentials in it.
type Result struct {
	Request, Response *tandem.Exchange
	Next              string // Page of the next call; "": there is none

	Condition *bool     // what action_condition chose; nil: there is none
	Warning   string    // what after_error made a warning of; "": nothing
	LastRun   time.Time // next_last_successful_run_date; zero: no script set it
}

// Caller makes calls. It is safe for concurrent use.
type Caller struct {
	client *egress.Client
	plans  sync.Map // of *plan, by weak.Pointer[connector.Method]
}

// New makes a Caller that sends through client.
func New(client *egress.Client) *Caller { return &Caller{client: client} }

// Check says whether a method of a connector can be called as far as its merge
// fields go, functions included, which package connector does not know. The
// error says where in the method something is wrong.
func Check(c *connector.Connector, m *connector.Method) error {
	_, err := compile(c, m)
	return err
}

// plan compiles a method, once for as long as the method is in use.
func (c *Caller) plan(call *Call) (*plan, error) {
	key := weak.Make(call.Method)
	if p, ok := c.plans.Load(key); ok {
		return p.(*plan), nil
	}
	p, err := compile(call.Connector, call.Method)
	if err != nil {
		return nil, buildError("method %s: %v", call.Method.Name, err)
	}
	if _, loaded := c.plans.LoadOrStore(key, p); !loaded {
		runtime.AddCleanup(call.Method, func(key weak.Pointer[connector.Method]) { c.plans.Delete(key) }, key)
	}
	return p, nil
}

// Call makes one request; of a paged method, that for one page.
//
// Errors: *Error.
func (c *Caller) Call(ctx context.Context, call Call) (Result, error) {
	p, err := c.plan(&call)
	if err != nil {
		return Result{}, err
	}
	at, err := parsePlace(call.Page)
	if err != nil {
		return Result{}, err
	}
	b := builder{call: &call, plan: p, place: at}
	if err := b.build(); err != nil {
		return Result{}, b.hide(err)
	}
	result := Result{Request: b.record()}
	req, err := b.request(ctx)
	if err != nil {
		return result, b.hide(err)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return result, b.hide(notAnswered(err))
	}
	r := reader{plan: p, place: at, secrets: &b.secrets, url: req.URL}
	result.Response, result.Next, err = r.read(resp)
	return result, b.hide(err)
}

// request makes the HTTP request of what was built.
func (b *builder) request(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, b.plan.verb, b.url, nil)
	if err != nil {
		return nil, buildError("the address is not valid")
	}
	if req.URL.Host == "" || req.URL.User != nil {
		return nil, buildError("the address must begin with http:// or https:// and a host, without a user")
	}
	req.URL.Fragment, req.URL.RawFragment = "", ""
	req.Header = b.header
	if b.body != nil {
		req.ContentLength = int64(len(b.body))
		req.GetBody = b.reader
		req.Body, _ = b.reader()
	}
	return req, nil
}
