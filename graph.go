package tandem

import "github.com/tandem-ipaas/tandem/connector"

// Graph is the design of an integration: what a template's release holds, and
// what an installed cycle runs.
type Graph struct {
	Steps      []Step
	Edges      []Edge
	Variables  []Variable     `json:",omitempty"`
	Connectors []ConnectorRef `json:",omitempty"`

	StepErrorAction     StepErrorAction     `json:",omitempty"`
	Retries             int                 `json:",omitempty"` // with RetryStep: of the steps that inherit it
	CollectionSplitType CollectionSplitType `json:",omitempty"`

	// OmitRequests keeps what steps send and get only for as long as a transaction
	// needs it, and shows it to nobody.
	OmitRequests bool `json:",omitempty"`
}

// StepErrorAction says what an error in a step does.
type StepErrorAction string

// What an error does. Inherit (the zero value) takes the cycle's, whose own
// zero value is StopTransaction.
const (
	InheritErrorAction StepErrorAction = ""
	IgnoreError        StepErrorAction = "Ignore"
	RetryStep          StepErrorAction = "Retry" // Step.Retries times, then StopTransaction
	StopTransaction    StepErrorAction = "StopTransaction"
	StopIntegration    StepErrorAction = "StopIntegration"
)

// MaxRetries is how often a step is called again at most.
const MaxRetries = 5

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
	DisplayName      string
	SystemName       string
	Value            string
	IsLaunchVisible  bool `json:",omitempty"`
	IsLaunchRequired bool `json:",omitempty"` // a cycle cannot start without a value
}

// ConnectorRef is a connector release that a graph uses.
type ConnectorRef struct {
	Ref     string // its name within the graph, which steps carry
	Name    string
	Version string

	// UniqueIdentifier is there of a partner's own connector: it, not the name,
	// says which, so that one of the same name in the library, or of another
	// partner, is never taken for it.
	UniqueIdentifier string `json:",omitempty"`

	Installation Installation `json:",omitempty"`

	// Categories are those that steps use copies of.
	Categories []connector.CategoryCopy `json:",omitempty"`
}

// Installation says which installed connector a new cycle uses.
type Installation string

// Which one it is. The zero value takes one that the account has or inherits,
// and installs one only if there is none. Fresh installs one for the cycle
// alone, unless the connector is the partner's own.
const (
	ExistingConnector Installation = "Existing"
	FreshConnector    Installation = "Fresh"
)

// Choose is the connector that a new cycle takes of those that its account may
// use, all of them listed as [AccountConnectors] lists them; nil when it is to be
// installed. The account's own comes before one that it inherits from the nearest
// above it; where there are several, the partner's own product, or else one that
// is authenticated. A cycle that wants one for itself shares the partner's product
// alone: its customers have no credentials for another.
func (r ConnectorRef) Choose(usable []AccountConnector, release ConnectorID) *AccountConnector {
	var best *AccountConnector
	for i := range usable {
		c := &usable[i]
		switch {
		case c.Connector != release || r.Installation == FreshConnector && !c.IsPartnerIntegrationConnector:
		case best == nil, best.Account == c.Account && c.rank() > best.rank():
			best = c
		}
	}
	return best
}

// rank orders the connectors of one account for Choose.
func (c *AccountConnector) rank() int {
	switch {
	case c.IsPartnerIntegrationConnector:
		return 2
	case c.State == Authenticated:
		return 1
	}
	return 0
}
