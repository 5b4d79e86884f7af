package invoke

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// Origin is who makes a call: scripts, limits and built-in operations go by it.
type Origin struct {
	Account     tandem.AccountID
	AccountAPI  string // the account's API ID
	Connector   tandem.AccountConnectorID
	Cycle       tandem.CycleID // "": outside of a cycle
	Step        tandem.StepID
	Transaction tandem.TransactionID
	Variables   map[string]string // of the cycle
	Mode        Mode
	// Place is Later's, when the call had to wait; 0: it is new.
	Place int64
}

// Mode is why a call is made, as scripts see it in script_execution_context.
type Mode string

// The modes of calls.
const (
	Running          Mode = "RUNNING_TRANSACTION"
	ConnectorTesting Mode = "CONNECTOR_TESTING"
	StepTesting      Mode = "STEP_TESTING"
)

// BuiltIn is an operation of the server that a method runs in place of a
// request. It gives the answer, as a document.
//
// Errors: *Error.
type BuiltIn func(ctx context.Context, o Operation) (any, error)

// Operation is what a BuiltIn works on.
type Operation struct {
	Origin
	Key, User, Password string            // credentials, of an ApiKey or Basic
	Properties          map[string]string // of the account connector, by parameter name
	Parameters          map[string]string // of the method, by name, with defaults
	Request             any               // a document; nil: none
	IdempotencyKey      string            // the same when a step is tried again
}
