package tandem

import (
	"slices"
	"time"
)

// Outcome is how a step's attempt ended.
type Outcome int

// The outcomes of a step.
const (
	OutcomeSuccess Outcome = 0
	OutcomeWarning Outcome = 1
	OutcomeError   Outcome = 2
)

var outcomes = []string{"Success", "Warning", "Error"}

func (o Outcome) String() string { return outcomes[o] }

// MarshalText implements encoding.TextMarshaler.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Outcome) UnmarshalText(b []byte) error {
	i := slices.Index(outcomes, string(b))
	if i < 0 {
		return Invalidf("IncidentLevel", "%q is not an outcome", b)
	}
	*o = Outcome(i)
	return nil
}

// Exchange is an HTTP request or response as recorded, credentials removed.
type Exchange struct {
	Method  string            `json:",omitempty"`
	URL     string            `json:",omitempty"`
	Status  int               `json:",omitempty"`
	Headers map[string]string `json:",omitempty"`
	Body    []byte            `json:",omitempty"` // as sent or received
}

// StepItem is the record of one step of a transaction.
type StepItem struct {
	Seq      int32 // within the transaction, from 1
	Prev     int32 // Seq of the step before it; 0: none
	StepID   StepID
	Attempt  int
	Outcome  Outcome
	Exit     EdgeType // of a decision
	Message  string   // when not a success
	Tasks    int
	Started  time.Time
	Finished time.Time
	Request  *Exchange
	Response *Exchange
	Unlogged bool // what it sent and got is not kept, or at least shown to nobody
}
