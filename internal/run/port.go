package run

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
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
	// Kept is for how long the transactions of a cycle are kept at most.
	Kept(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (time.Duration, error)
	// Awaits says until when requests find a transaction; zero: none does.
	Awaits(ctx context.Context, a tandem.AccountID, t tandem.TransactionID) (time.Time, error)
	// LastRun is when a step last ran without error; zero: never.
	LastRun(ctx context.Context, a tandem.AccountID, c tandem.CycleID, s tandem.StepID) (time.Time, error)
}

// Invoker calls methods for an account: it finds the credentials and settings
// of the account connector, and leaves the rest to [invoke.Caller].
type Invoker interface {
	// Call makes c, whose Auth and Properties it fills in. Errors:
	// *invoke.Error when the third party or the data is to blame; ctx's; any
	// other is an operator's.
	Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error)
}

// Stopper stops a cycle because of an error.
type Stopper interface {
	// Stop makes the cycle Paused, durably. It is called from within a slice
	// of the cycle, which has yet to record why: hold, which is called then,
	// holds the others, without waiting for slices to end.
	Stop(ctx context.Context, a tandem.AccountID, c tandem.CycleID, reason string) (hold func(), err error)
}

// Scripts evaluates inline scripts.
type Scripts interface {
	// Inline evaluates those of a step in one trip, for an account, and gives what
	// each came to. Errors: *workflow.MapError, when the scripts are to blame;
	// *invoke.Later; ctx's.
	Inline(ctx context.Context, a tandem.AccountID, all []workflow.Expression) ([]workflow.Evaluated, error)
}
