package tandem

import (
	"context"
	"fmt"
	"time"
)

// Activation says how to run a cycle from now on.
type Activation struct {
	StartTime time.Time // zero: now; in the past: at once, or the next time by Interval from then
	Local     bool      // StartTime is what the clock shows in the account's zone, as if that were UTC
	Interval  int       // minutes, one of Intervals; 0 keeps what was set, at first UsualInterval
	RunOnce   bool
}

// ReasonCode says why a cycle cannot be activated.
type ReasonCode int

// The reasons, with the numbers that the API knows them by.
const (
	ReasonUnknown         ReasonCode = 0
	ReasonTooFewSteps     ReasonCode = 10
	ReasonNotConnected    ReasonCode = 11 // or more than one trigger, or an answer to no webhook
	ReasonUnauthenticated ReasonCode = 20
	ReasonMissingMapping  ReasonCode = 30
	ReasonMissingDecision ReasonCode = 31
	ReasonMissingDelay    ReasonCode = 32
	ReasonMissingUntil    ReasonCode = 33
	ReasonParameter       ReasonCode = 40
	ReasonField           ReasonCode = 41
	ReasonCollectionKey   ReasonCode = 42 // of lists that are joined
	ReasonWebhookKey      ReasonCode = 43 // of a webhook in the middle
	ReasonDecisionLeft    ReasonCode = 50
	ReasonDecisionRight   ReasonCode = 51
	ReasonDelayUnit       ReasonCode = 60
	ReasonDelayInterval   ReasonCode = 61
	ReasonUntil           ReasonCode = 70 // the date that a WaitUntil waits for
)

// What a prerequisite can be about: its ObjectType.
const (
	ObjectCycle            = "Cycle"
	ObjectStep             = "Step"
	ObjectAccountConnector = "AccountConnector"
	ObjectParameter        = "Parameter"
	ObjectField            = "Field"
	ObjectVariable         = "Variable"
	ObjectConnector        = "Connector" // of the library; of templates only
)

// Prerequisite is something to put right before a cycle can be activated.
type Prerequisite struct {
	ReasonCode ReasonCode
	Reason     string
	ObjectType string
	ObjectID   string `json:"ObjectId"`
	StepID     StepID `json:"StepId,omitempty"`
}

// Unready is the cause of a refusal: what is missing, at least one thing.
type Unready []Prerequisite

// Error implements error.
func (u Unready) Error() string { return fmt.Sprintf("%d prerequisites are not met", len(u)) }

// CycleControl starts and stops cycles.
type CycleControl interface {
	// Prerequisites lists what is missing; empty: it can be activated.
	// Errors: NotFound.
	Prerequisites(ctx context.Context, a AccountID, id CycleID) ([]Prerequisite, error)
	// Activate errors: NotFound, Invalid (prerequisites, interval), Conflict
	// (running).
	Activate(ctx context.Context, a AccountID, id CycleID, how Activation) (*Cycle, error)
	// Deactivate stops a cycle. With finish, what is queued still runs; else
	// no request leaves after it returns. Errors: NotFound.
	Deactivate(ctx context.Context, a AccountID, id CycleID, finish bool) (*Cycle, error)
	// CycleOfStep finds the cycle that a step belongs to. Errors: NotFound.
	CycleOfStep(ctx context.Context, a AccountID, id StepID) (CycleID, error)
	// StepNames gives the names of the steps that a transaction of a version
	// runs, also when the cycle has others by now. Errors: NotFound.
	StepNames(ctx context.Context, a AccountID, id CycleID, version int64) (map[StepID]string, error)
	// WebhookURLs gives the URL of each webhook step.
	WebhookURLs(ctx context.Context, a AccountID, id CycleID) (map[StepID]string, error)
}
