package wire

import "encoding/json"

// Version is of this protocol. A worker tells its own, as the program's file may
// have been replaced under a running server.
const Version = 1

// Marker is the environment variable that a worker has, and by which a program
// that was started as one by mistake starts none itself.
const Marker = "TANDEM_SCRIPT_WORKER"

// Message is one frame; one of its fields is set.
type Message struct {
	// To the worker.
	Run    *Run    `json:"run,omitempty"`
	Inline *Inline `json:"inline,omitempty"`
	Check  *Check  `json:"check,omitempty"`
	Answer *Answer `json:"answer,omitempty"`

	// From the worker.
	Ready int    `json:"ready,omitempty"` // its Version
	Log   string `json:"log,omitempty"`
	Call  *Call  `json:"call,omitempty"`
	Done  *Done  `json:"done,omitempty"`
}

// Limits are what the scripts of one message may use together.
type Limits struct {
	Milliseconds int64 `json:"milliseconds"`
	Memory       int64 `json:"memory"` // bytes, of the whole worker
}

// Run has the handlers of an event called, level by level.
type Run struct {
	Limits
	Event  string                     `json:"event"`
	Levels []Level                    `json:"levels"` // in the order in which they run
	State  map[string]json.RawMessage `json:"state"`  // globals by name
	Change []string                   `json:"change"` // of these, what is passed on
}

// Level is the script of one level.
type Level struct {
	Name    string                     `json:"name"`
	Text    string                     `json:"text"`
	Visible map[string]json.RawMessage `json:"visible,omitempty"` // globals that the other levels lack
}

// Inline has expressions evaluated.
type Inline struct {
	Limits
	Expressions []Expression `json:"expressions"`
}

// Expression is JavaScript that finds its values in the list called Name.
type Expression struct {
	Text   string            `json:"text"`
	Name   string            `json:"name"`
	Values []json.RawMessage `json:"values"`
}

// Check has a text parsed, not run.
type Check struct {
	Limits
	Text string `json:"text"`
}

// Call is of a function that the server has; the worker waits for the Answer.
type Call struct {
	Function string          `json:"function"`
	Argument json.RawMessage `json:"argument"`
}

// Answer is what a Call came to.
type Answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

// Done is what a Run, an Inline or a Check came to.
type Done struct {
	State   map[string]json.RawMessage `json:"state,omitempty"`
	Stopped bool                       `json:"stopped,omitempty"` // a handler returned false
	True    bool                       `json:"true,omitempty"`    // the last handler's result counts as true
	Results []Result                   `json:"results,omitempty"` // of an Inline, as its expressions
	Fault   *Fault                     `json:"fault,omitempty"`
}

// Result is of one expression.
type Result struct {
	Value json.RawMessage `json:"value,omitempty"`
	Fault *Fault          `json:"fault,omitempty"`
}

// Fault is why there is no result. Its kinds are those of script.Kind.
type Fault struct {
	Kind    string `json:"kind"`
	Level   string `json:"level,omitempty"`
	Line    int    `json:"line,omitempty"` // of the level's text, from 1; 0: not known
	Message string `json:"message"`
}
