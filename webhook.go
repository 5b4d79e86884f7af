package tandem

// Webhook is the address of a webhook step: an unguessable key, which the step
// keeps for as long as its cycle lives.
type Webhook struct {
	Key     string
	Account AccountID
	Cycle   CycleID
	Step    StepID
	Method  string // MethodUniqueIdentifier of the step
	Remote  string // id that the third party gave it, if it was asked to call

	// Of its cycle, as read.
	Version int64
	Status  CycleStatus
}
