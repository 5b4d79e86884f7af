package tandem

import (
	"context"
	"encoding/json"
)

// ConnectorTrial is how a method of one of a partner's own connectors is tried, a
// draft's too: as an account connector that is of another release of it, or with
// credentials that are kept nowhere.
type ConnectorTrial struct {
	Method     string             // id or MethodUniqueIdentifier
	Installed  AccountConnectorID // whose credentials and properties are used; 0: those below
	Parameters map[string]any     // by name
	Fields     map[string]any     // by location

	Authentication string // the way to authenticate, by name; "": the first
	AuthValue      Secret // as of an account connector; tokens are not asked for
	Properties     map[string]string
}

// ConnectorTrials try what is not in use yet.
type ConnectorTrials interface {
	// Try makes one request, for an account. Errors: NotFound (the connector, the
	// method, the account connector); Invalid (what is given; an account connector
	// that is not of the same connector).
	Try(ctx context.Context, a AccountID, id ConnectorID, in ConnectorTrial) (MethodTest, error)
	// RunScript calls a script's handler, which can send nothing and keep nothing.
	// What the script does wrong is in the answer. Errors: Invalid; Unavailable
	// (too many scripts run).
	RunScript(ctx context.Context, p PartnerID, in ScriptTrial) (*ScriptRun, error)
}

// ScriptTrial is a script, and what it is to see.
type ScriptTrial struct {
	Script string
	Event  string                     // the handler that is called
	State  map[string]json.RawMessage // globals by name
}

// ScriptRun is what came of it.
type ScriptRun struct {
	Failed  string // why it did not end well, for its author; "": it did
	Line    int    // where, from 1; 0: not known
	Handled bool   // there is a handler of the event
	Go      bool   // false: the handler returned false
	True    bool   // whether an action_condition counts as true
	State   map[string]json.RawMessage
	Log     []string
}
