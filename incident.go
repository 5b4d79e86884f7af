package tandem

import "time"

// Incident is an error or warning recorded against a step of a transaction.
type Incident struct {
	ID            IncidentID    `json:"Id"`
	CycleID       CycleID       `json:"CycleId"`
	CycleName     string        // "" of one that is deleted
	IncidentLevel Outcome       // Warning or Error
	ShortMessage  string        // one of those below
	FullMessage   string        // with the particulars, credentials removed
	StepID        StepID        `json:"StepId"`
	StepName      string        // as it was when the transaction ran, if that is still known
	TransactionID TransactionID `json:"TransactionId"`
	Version       int64         `json:"-"` // of the cycle that the transaction ran; 0: it is not kept any more
	Created       time.Time     `json:"CreatedOnUtc"`
	Item          int32         `json:"-"` // Seq of the step item that it tells of; 0: of none
}

// The short messages of incidents.
const (
	IncidentSkipped          = "Trigger Skipped"
	IncidentStopped          = "Transaction Stopped"
	IncidentOutOfRetries     = "Out of retries"
	IncidentFieldsMissing    = "Response data fields missing"
	IncidentNotAuthenticated = "Failed to authenticate the connector"
	IncidentNotBuilt         = "Failed to build the request"
	IncidentNotCalled        = "Failed to call the method"
	IncidentNotExpected      = "Response data not in expected format"
	IncidentNotSplit         = "Step data cannot be split"
	IncidentSplitFailed      = "Failed to split transaction step data"
	IncidentNotDateTime      = "Field is not a valid DateTime"
	IncidentSourceEmpty      = "Required source is empty"
	IncidentWaitFailed       = "Wait Until Failed To Run"
	IncidentWaitTooLong      = "Wait Until is over retention period"
	IncidentNoWebhookKey     = "Failed to find the webhook source key"
	IncidentNoWebhookData    = "Failed to get webhook trigger step data"
	IncidentNoWebhookStep    = "Failed to find webhook trigger step"
	IncidentWebhookFailed    = "Webhook failed"
	IncidentWebhookNotSaved  = "Failed to save the webhook response"
	IncidentAnswerNotBuilt   = "Failed to build the webhook response"
	IncidentAnswerLate       = "Failed to return the webhook response"
	IncidentWaitMissing      = "WaitUntil step is missing wait criteria"
)
