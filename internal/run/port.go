package run

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Integration is a version of a cycle, ready to run.
type Integration struct {
	Name       string // the cycle's
	Plan       *workflow.Plan
	Connectors map[string]tandem.AccountConnectorID // by Ref of the graph
}

// Plans finds what a transaction runs. It is asked once a slice, so it is
// expected to remember.
type Plans interface {
	// Plan errors: NotFound.
	Plan(ctx context.Context, a tandem.AccountID, c tandem.CycleID, version int64) (*Integration, error)
}

// Records reads what has been journalled.
type Records interface {
	// Items are a transaction's step items in order of Seq.
	Items(ctx context.Context, a tandem.AccountID, t tandem.TransactionID) ([]tandem.StepItem, error)
	// LastRun is when a step last ran without error; zero: never.
	LastRun(ctx context.Context, a tandem.AccountID, c tandem.CycleID, s tandem.StepID) (time.Time, error)
}

// Call is one request to a third party.
type Call struct {
	Account    tandem.AccountID
	Cycle      tandem.CycleID
	Connector  tandem.AccountConnectorID
	Definition *connector.Connector
	Method     *connector.Method
	Parameters map[string]string // mapped, by name
	Body       any               // a document; nil: none
	LastRun    time.Time         // of the step; zero: never
	Key        string            // Idempotency-Key, the same for every attempt
	Page       string            // Next of the page before; "": the first
}

// Reply is what a call brought back.
type Reply struct {
	// The exchange as it is to be recorded, credentials removed. On an error,
	// as far as it went.
	Request, Response *tandem.Exchange
	Next              string // of a paged method: the place of the next page; "": this was the last
}

// Invoker calls methods: it finds the credentials, builds, limits and sends.
type Invoker interface {
	// Call reads one page of a paged method. Errors: *Failure when the
	// third party or the data is to blame; ctx's; any other is an
	// operator's.
	Call(ctx context.Context, c Call) (Reply, error)
}

// FailureKind says what went wrong in a call.
type FailureKind int

// The kinds of failures.
const (
	Rejected        FailureKind = iota // could not be sent, or was answered with an error
	Unauthenticated                    // the credentials are missing or not taken
	Throttled                          // to be tried again later (429)
	Unreadable                         // the answer is not what the definition says
	Unbuildable                        // the request cannot be made of what was mapped
)

// Failure is a call that failed for a reason that a person can look into.
type Failure struct {
	Kind       FailureKind
	Message    string        // for that person, credentials removed
	RetryAfter time.Duration // of Throttled; 0: not said
	Err        error
}

func (f *Failure) Error() string { return f.Message }

func (f *Failure) Unwrap() error { return f.Err }

// Stopper stops a cycle because of an error.
type Stopper interface {
	// Stop makes the cycle Paused, durably. It is called from within a slice
	// of the cycle, so it does not wait for slices to end.
	Stop(ctx context.Context, a tandem.AccountID, c tandem.CycleID, reason string) error
}
