package tandem

import (
	"context"

	"github.com/tandem-ipaas/tandem/connector"
)

// MethodInput is what a method is called with, by the ids of its parameters and
// request fields. Values are of the kinds that encoding/json gives.
type MethodInput struct {
	Parameters map[int64]any
	Fields     map[int64]any
}

// MethodTest is a call of a method, looked at from all sides.
type MethodTest struct {
	Success    bool
	StatusCode int // of the response; 0: there was none
	Request    *Exchange
	Response   *Exchange
	Short      string // when not a success: one of the short messages of incidents
	Message    string // with the particulars, credentials removed; of a success, a warning
}

// Demand calls methods of an account's connectors at once, without a cycle.
type Demand interface {
	// Call calls a method, named by id or GUID, with all pages of a list in one
	// document, which is JSON whatever the response was; of a method without a
	// response, its text. A file in it is named, not held. Errors:
	// NotFound (account connector, method), Invalid (a parameter or field that
	// the method has not; what keeps the third party from answering well).
	Call(ctx context.Context, a AccountID, id AccountConnectorID, method string, in MethodInput) ([]byte, error)
	// Test makes one request. Errors: as Call, but for what the third party
	// does.
	Test(ctx context.Context, a AccountID, id AccountConnectorID, method string, in MethodInput) (MethodTest, error)
	// TestStep makes one request, as Test does, with a step's own script. Errors: as
	// Test.
	TestStep(ctx context.Context, a AccountID, id AccountConnectorID, in StepTrial) (MethodTest, error)
	// Lookup asks the third party for the choices of a trigger of the
	// connector. in is for the trigger's method: a trigger below another needs
	// what was chosen there. Errors: as Call.
	Lookup(ctx context.Context, a AccountID, id AccountConnectorID, trigger int64, in MethodInput) ([]connector.Choice, error)
	// Discover asks the third party for the custom fields of a method, with values
	// for parameters of the method that tells, by name. Errors: as Call; NotFound
	// (also of an inherited account connector); Invalid (the method does not say how).
	Discover(ctx context.Context, a AccountID, id AccountConnectorID, of FieldTarget, parameters map[string]string) (*FieldDiscovery, error)
	// Sample adds the fields of a document that somebody gives. Errors: as Discover.
	Sample(ctx context.Context, a AccountID, id AccountConnectorID, of FieldTarget, document any) (*FieldDiscovery, error)
}
