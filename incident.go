package tandem

import "time"

// Incident is an error or warning recorded against a step of a transaction.
type Incident struct {
	ID            IncidentID    `json:"Id"`
	CycleID       CycleID       `json:"CycleId"`
	CycleName     string        `json:",omitempty"`
	IncidentLevel Outcome       // Warning or Error
	ShortMessage  string        // one of the known messages
	FullMessage   string        // with the particulars, credentials removed
	StepID        StepID        `json:"StepId"`
	StepName      string        `json:",omitempty"`
	TransactionID TransactionID `json:"TransactionId"`
	Created       time.Time     `json:"CreatedOnUtc"`
}
