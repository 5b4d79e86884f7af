package invoke

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// Call is one request to be made.
type Call struct {
	Origin     Origin
	Connector  *connector.Connector
	Method     *connector.Method // of Connector
	Script     string            // the step's own; "": none
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
	Page string
	// Collected is the document of all pages. The call then sends nothing: it ends
	// what the pages began, and its Page is their last Result's Whole.
	Collected []byte
	// FieldsInUse are the locations of response fields that later steps use, which
	// scripts may look at.
	FieldsInUse []string
	// Renewable says that who calls can renew the credentials, and would then try
	// once more: a 401 is not yet an error for scripts to deal with.
	Renewable bool
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
	// Whole, with the last page, asks for one more call, with all pages as
	// Collected and this as Page; "": it is not needed. See [Gather].
	Whole string

	Condition *bool     // what action_condition chose; nil: there is none
	Warning   string    // what after_error made a warning of; "": nothing
	LastRun   time.Time // next_last_successful_run_date; zero: no script set it
	Log       []string  // of the scripts' console
}

// Scripts runs handlers of events.
type Scripts interface {
	// Run errors: *script.Error; ctx's.
	Run(ctx context.Context, j script.Job) (*script.Outcome, error)
}

// Storage keeps what scripts put aside.
type Storage interface {
	// Storage does one operation, in the name of who calls, for a script of this
	// level: what those of connectors and methods put aside may be secret, and
	// those of steps never see it. A change happens once under the name once,
	// which is the same when a step is tried again; "" is none.
	Storage(ctx context.Context, o Origin, by script.Level, once string, c script.StorageCall) (any, error)
}

// Options are what a Caller may have besides.
type Options struct {
	Scripts  Scripts                   // nil: what has a script fails
	Storage  Storage                   // nil: scripts have none
	Files    func(o Origin) body.Files // of an account; nil: what has a file fails
	BuiltIns map[string]BuiltIn        // by Method.BuiltIn
	// Of requests with files: how long one may take, and how many bytes an answer
	// may have. Default 30 min, 1 GiB.
	FileTime time.Duration
	FileSize int64
	// How much scripts may ask for while they deal with one event: requests, and
	// operations on storage. Default 100, 1000.
	ScriptRequests int
	ScriptStores   int
}

// Caller makes calls. It is safe for concurrent use.
type Caller struct {
	client  *egress.Client
	options Options
	plans   sync.Map // of *plan, by weak.Pointer[connector.Method]
	// certified are clients by the certificates that they show, a few at a time:
	// each has connections of its own.
	certified *cache.Cache[[32]byte, *egress.Client]
}

// maxCertified is how many clients with certificates are kept.
const maxCertified = 256

// New makes a Caller that sends through client.
func New(client *egress.Client, o Options) *Caller {
	o.FileTime = cmp.Or(o.FileTime, 30*time.Minute)
	o.FileSize = cmp.Or(o.FileSize, 1<<30)
	o.ScriptRequests = cmp.Or(o.ScriptRequests, 100)
	o.ScriptStores = cmp.Or(o.ScriptStores, 1000)
	return &Caller{client: client, options: o, certified: cache.New[[32]byte, *egress.Client](maxCertified, 0)}
}

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
	x, err := c.exchange(&call)
	if err != nil {
		return Result{}, err
	}
	err = x.run(ctx)
	return x.result, x.hide(err)
}

func (c *Caller) exchange(call *Call) (*exchange, error) {
	p, err := c.plan(call)
	if err != nil {
		return nil, err
	}
	at, err := parsePlace(call.Page)
	if err != nil {
		return nil, err
	}
	return &exchange{Caller: c, call: call, plan: p, place: at}, nil
}
