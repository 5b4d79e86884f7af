package cycle

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Store keeps cycles.
type Store interface {
	Bin
	InsertCycle(ctx context.Context, c *tandem.Cycle) error
	Cycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error)
	CycleVersion(ctx context.Context, a tandem.AccountID, id tandem.CycleID, version int64) (*tandem.Cycle, error)
	Cycles(ctx context.Context, a tandem.AccountID, f tandem.CycleFilter) (tandem.Page[tandem.Cycle], error)
	// ChangeCycle changes a cycle, alone with it. Its timer follows its
	// status, and when that becomes Paused, no transaction of it begins any
	// more. Errors: NotFound, Invalid, and what change returns.
	ChangeCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID, change func(*tandem.Cycle) error) (*tandem.Cycle, error)
	// ActiveCycles lists those that are not paused.
	ActiveCycles(ctx context.Context, a tandem.AccountID) ([]tandem.CycleID, error)
}

// Bin keeps deleted cycles for a while.
type Bin interface {
	// DeleteCycle errors: NotFound, Conflict (not paused).
	DeleteCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error
	// RestoreCycle errors: NotFound.
	RestoreCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error
}

// StateStore finds cycles, of all accounts, whose state is to be put right.
type StateStore interface {
	// SettleCycles pauses those that have ended, and says how many are still
	// to end.
	SettleCycles(ctx context.Context) (left int, err error)
	// StartedCycles lists those that were started, but whose transactions
	// still are held.
	StartedCycles(ctx context.Context) ([]journal.Cycle, error)
	// SuspendedCycles lists those of suspended accounts with transactions
	// that are not held yet.
	SuspendedCycles(ctx context.Context) ([]journal.Cycle, error)
	// AwaitingCycles lists those that are finishing, with transactions that wait
	// for requests.
	AwaitingCycles(ctx context.Context) ([]journal.Cycle, error)
	// Suspended says whether an account is. Errors: NotFound.
	Suspended(ctx context.Context, a tandem.AccountID) (bool, error)
	// Zone is that of an account's clock. Errors: NotFound.
	Zone(ctx context.Context, a tandem.AccountID) (*time.Location, error)
}

// HookStore keeps the addresses of webhook steps.
type HookStore interface {
	Webhooks(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.Webhook, error)
	SetWebhookRemote(ctx context.Context, w tandem.Webhook, remote string) error
	CycleOfStep(ctx context.Context, a tandem.AccountID, id tandem.StepID) (tandem.CycleID, error)
}

// Library gives the connectors that an account's partner may use.
type Library interface {
	// AccountShelf errors: NotFound.
	AccountShelf(ctx context.Context, a tandem.AccountID) (tandem.Shelf, error)
}

// Connections lists the connectors that an account may use.
type Connections interface {
	List(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error)
}

// Transactions acts on all that is pending of a cycle, and returns when it is
// so.
type Transactions interface {
	// Hold keeps what is pending, and waits until none of it sends.
	Hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	Resume(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	Cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	// Close has what waits for requests go on without.
	Close(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
}

// HookCall is a call that installs or removes a webhook at a third party.
type HookCall struct {
	Account   tandem.AccountID
	Connector tandem.AccountConnectorID
	Method    *connector.Method
	// Parameters are those of the webhook's step, by name, for the parameters of
	// Method that have these names.
	Parameters map[string]string
	URL        string // {{Cyclr_Webhook_Url}}
	ID         string // {{Cyclr_Webhook_Id}}; "" when installing
	Key        string // Idempotency-Key, when installing
}

// Caller calls methods of connectors.
type Caller interface {
	// CallHook makes the call and gives the body of the response. Errors:
	// for the person, with what the third party answered.
	CallHook(ctx context.Context, h HookCall) (body []byte, err error)
}

// Scripts evaluates inline scripts.
type Scripts interface {
	// Inline evaluates those of a step, for an account, and gives what each came to.
	// Errors: *workflow.MapError, when the scripts are to blame.
	Inline(ctx context.Context, a tandem.AccountID, all []workflow.Expression) ([]workflow.Evaluated, error)
}
