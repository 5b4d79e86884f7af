package tandem

// Webhook is the address of a webhook step: an unguessable key, which the step
// keeps for as long as its cycle lives.
type Webhook struct {
	Key     string
	Account AccountID
	Cycle   CycleID
	Step    StepID
	Method  string // MethodUniqueIdentifier of the step
	// Connector is whose method it is.
	Connector ConnectorRef
	// Remote is what is known of it at the third party, if that was asked to call.
	Remote string
	Sealed []byte // what the third party said that it signs with; nil: nothing

	// Of its cycle, as read.
	Version int64
	Status  CycleStatus

	OmitRequests bool // of its cycle's graph
}
