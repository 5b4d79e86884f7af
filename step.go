package tandem

// ActionType is the kind of a step.
type ActionType int

// The kinds of steps, with the numbers that the API knows them by.
const (
	ActionStep   ActionType = 1 // calls a method
	WebhookStep  ActionType = 2 // starts with a request to its URL
	DecisionStep ActionType = 3 // two exits, True and False
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
