package tandem

import (
	"context"
	"time"
)

// ActionType is the kind of a step.
type ActionType int

// The kinds of steps, with the numbers that the API knows them by.
const (
	ActionStep   ActionType = 1 // calls a method
	WebhookStep  ActionType = 2 // starts with a request to its URL
	DecisionStep ActionType = 3 // two exits, True and False
)

// MappingType says where a mapped value comes from.
type MappingType string

// The sources of a value.
const (
	MapIgnore   MappingType = "Ignore"
	MapStatic   MappingType = "StaticValue" // text with merge fields
	MapList     MappingType = "ValueList"   // one of the target's listed values
	MapStep     MappingType = "StepOutput"  // a response field of an earlier step
	MapVariable MappingType = "Variable"
)

// Mapping fills one parameter or field of a step, or an operand.
type Mapping struct {
	Target       string      // parameter name, or field location
	MappingType  MappingType // "" and Ignore send nothing
	Value        string      `json:",omitempty"` // StaticValue, ValueList
	SourceStepID StepID      `json:"SourceStepId,omitempty"`
	SourceField  string      `json:",omitempty"` // StepOutput: a location
	Variable     string      `json:",omitempty"` // Variable: its SystemName

	// IsLaunchVisible lets the installing customer choose the value.
	IsLaunchVisible bool `json:",omitempty"`
}

// StepErrorAction says what an error in a step does.
type StepErrorAction string

// What an error does. Inherit (the zero value) takes the cycle's, whose own
// zero value is StopTransaction.
const (
	InheritErrorAction StepErrorAction = ""
	IgnoreError        StepErrorAction = "Ignore"
	StopTransaction    StepErrorAction = "StopTransaction"
	StopIntegration    StepErrorAction = "StopIntegration"
)

// CollectionSplitType says what of a step's list goes on.
type CollectionSplitType string

// How a list is split. The zero value takes the cycle's, whose own zero value
// is SplitFirst. First makes a transaction of each item of the first step's
// list; All splits every step's list; None never splits.
const (
	SplitFirst CollectionSplitType = "First"
	SplitAll   CollectionSplitType = "All"
	SplitNone  CollectionSplitType = "None"
)

// Step is a node of a graph.
type Step struct {
	ID          StepID `json:"Id"`
	Name        string
	Description string     `json:",omitempty"`
	ActionType  ActionType // 1 Action, 2 Webhook, 3 Decision
	Connector   string     `json:",omitempty"` // Ref of a ConnectorRef of the graph
	Method      string     `json:",omitempty"` // MethodUniqueIdentifier

	Parameters []Mapping `json:",omitempty"`
	Fields     []Mapping `json:",omitempty"`
	Decision   *Decision `json:",omitempty"`

	StepErrorAction     StepErrorAction     `json:",omitempty"`
	CollectionSplitType CollectionSplitType `json:",omitempty"`

	DisplayPositionLeft int `json:",omitempty"`
	DisplayPositionTop  int `json:",omitempty"`
}

// Decision is a condition on mapped values. Rules within a group are ANDed,
// groups are ORed.
type Decision struct {
	Groups [][]Rule
}

// Rule compares two operands.
type Rule struct {
	Left      Mapping
	Condition Condition
	Right     Mapping `json:",omitzero"`
}

// Condition is a comparison. Text compares without regard to case unless both
// sides are numbers, or dates where the condition wants dates.
type Condition string

// The conditions.
const (
	Equals             Condition = "Equals"
	NotEquals          Condition = "NotEquals"
	Contains           Condition = "Contains"
	NotContains        Condition = "NotContains"
	StartsWith         Condition = "StartsWith"
	EndsWith           Condition = "EndsWith"
	GreaterThan        Condition = "GreaterThan"
	LessThan           Condition = "LessThan"
	GreaterThanOrEqual Condition = "GreaterThanOrEqual"
	LessThanOrEqual    Condition = "LessThanOrEqual"
	IsEmpty            Condition = "IsEmpty"
	IsNotEmpty         Condition = "IsNotEmpty"
	IsOneOf            Condition = "IsOneOf" // right: values between commas
	Matches            Condition = "Matches" // right: RE2 pattern
	Before             Condition = "Before"
	After              Condition = "After"
	Exists             Condition = "Exists"
)

// EdgeType is the exit of the head step that an edge leaves by.
type EdgeType string

// The exits of a step: Forward, and for a decision True and False.
const (
	ForwardEdge EdgeType = "Forward"
	TrueEdge    EdgeType = "True"
	FalseEdge   EdgeType = "False"
)

// Edge leads from its head step to its tail step.
type Edge struct {
	ID         EdgeID `json:"Id"`
	HeadStepID StepID `json:"HeadStepId"`
	TailStepID StepID `json:"TailStepId"`
	EdgeType   EdgeType
}

// Variable is a named value of a graph, which mappings can use.
type Variable struct {
	DisplayName     string
	SystemName      string
	Value           string
	IsLaunchVisible bool `json:",omitempty"`
}

// ConnectorRef is a connector release that a graph uses.
type ConnectorRef struct {
	Ref     string // its name within the graph, which steps carry
	Name    string
	Version string
}

// Graph is the design of an integration: what a template's release holds, and
// what an installed cycle runs.
type Graph struct {
	Steps      []Step
	Edges      []Edge
	Variables  []Variable     `json:",omitempty"`
	Connectors []ConnectorRef `json:",omitempty"`

	StepErrorAction     StepErrorAction     `json:",omitempty"`
	CollectionSplitType CollectionSplitType `json:",omitempty"`
}

// CycleStatus is the state of a cycle; docs/states.md draws the transitions.
type CycleStatus string

// The states of a cycle.
const (
	CyclePaused    CycleStatus = "Paused"    // takes nothing in, runs nothing
	CycleRunning   CycleStatus = "Running"   // takes in and runs
	CycleFinishing CycleStatus = "Finishing" // takes nothing in, ends what it has
)

// Intervals are the valid ones of a cycle's timer, in minutes.
var Intervals = []int{1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080}

// Cycle is an integration in an account.
type Cycle struct {
	Account AccountID
	ID      CycleID
	Version int64 // of the graph; transactions end on the one they began on

	Name        string
	Description string
	Tags        []string
	Shareable   bool // kept for clients; nothing depends on it
	Status      CycleStatus
	StopReason  string // why it was stopped, if not by a person
	Graph       Graph
	// Connectors gives the account connector for each Ref of the graph; of
	// this account, or of one above it.
	Connectors map[string]AccountConnectorID

	TemplateID        TemplateID // "": built in the account
	TemplateReleaseID ReleaseID

	Interval  int // minutes; 0 for a webhook
	StartTime time.Time
	RunOnce   bool

	Created time.Time
	Counts  CycleCounts
}

// CycleCounts are figures shown with a cycle.
type CycleCounts struct {
	TasksUsed         int
	Errors            int
	Warnings          int
	InProgress        int // transactions not at their end
	LastSuccessfulRun time.Time
}

// CycleUpdate changes a cycle that is not running, or makes one.
type CycleUpdate struct {
	Name                Optional[string]
	Description         Optional[string]
	Tags                Optional[[]string]
	Shareable           Optional[bool]
	StepErrorAction     Optional[StepErrorAction]
	CollectionSplitType Optional[CollectionSplitType]
}

// CycleFilter narrows a list of cycles.
type CycleFilter struct {
	PageRequest
	Query            string // part of the name
	Tag              string
	ConnectorName    string
	ConnectorVersion string // of ConnectorName, or of any
}

// Activation says how to run a cycle from now on.
type Activation struct {
	StartTime time.Time // zero: now
	Interval  int       // minutes, one of Intervals; 0 keeps what was set
	RunOnce   bool
}

// ReasonCode says why a cycle cannot be activated.
type ReasonCode int

// The reasons, with the numbers that the API knows them by.
const (
	ReasonTooFewSteps      ReasonCode = 10
	ReasonNotConnected     ReasonCode = 11 // or more than one trigger
	ReasonUnauthenticated  ReasonCode = 20
	ReasonMissingMapping   ReasonCode = 30
	ReasonMissingDecision  ReasonCode = 31
	ReasonParameter        ReasonCode = 40
	ReasonField            ReasonCode = 41
	ReasonDecisionLeft     ReasonCode = 50
	ReasonDecisionRight    ReasonCode = 51
	ReasonUnknown          ReasonCode = 0
	ObjectCycle                       = "Cycle"
	ObjectStep                        = "Step"
	ObjectAccountConnector            = "AccountConnector"
	ObjectParameter                   = "Parameter"
	ObjectField                       = "Field"
)

// Prerequisite is something to put right before a cycle can be activated.
type Prerequisite struct {
	ReasonCode ReasonCode
	Reason     string
	ObjectType string
	ObjectID   string `json:"ObjectId"`
	StepID     StepID `json:"StepId,omitempty"`
}

// Cycles are the integrations of an account.
type Cycles interface {
	Create(ctx context.Context, a AccountID, u CycleUpdate) (*Cycle, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id CycleID) (*Cycle, error)
	List(ctx context.Context, a AccountID, f CycleFilter) (Page[Cycle], error)
	// Update errors: NotFound, Invalid, Conflict (running).
	Update(ctx context.Context, a AccountID, id CycleID, u CycleUpdate) (*Cycle, error)
	// Delete errors: NotFound, Conflict (running).
	Delete(ctx context.Context, a AccountID, id CycleID) error
	// Edit changes graph and connectors together, in one step. Other changes
	// wait for edit, which may read, but must not write elsewhere. Errors:
	// NotFound, Invalid, Conflict (running), and what edit returns.
	Edit(ctx context.Context, a AccountID, id CycleID, edit func(*Cycle) error) (*Cycle, error)
}

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
	// WebhookURLs gives the URL of each webhook step.
	WebhookURLs(ctx context.Context, a AccountID, id CycleID) (map[StepID]string, error)
}
