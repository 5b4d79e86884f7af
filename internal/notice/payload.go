package notice

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// maxBody is how many bytes of a recorded body a notice quotes.
const maxBody = 64 << 10

// payload is what a receiver is told of an incident. Its names are those that
// receivers know.
type payload struct {
	Timestamp         time.Time
	AccountID         tandem.AccountID `json:"AccountId"`
	AccountExternalID string           `json:"AccountExternalId"`
	AccountName       string
	CycleID           tandem.CycleID `json:"CycleId"`
	CycleName         string
	StepID            tandem.StepID `json:"StepId"`
	StepName          string
	StepType          string
	TransactionID     string `json:"TransactionId"` // "": none
	Message           string
	Detail            detail
	IncidentLevel     tandem.Outcome
}

// detail is what the step sent and got, as it is recorded: without credentials.
type detail struct {
	Message  string
	Status   int       `json:",omitempty"` // of the answer
	Response *exchange `json:",omitempty"`
	Request  *exchange `json:",omitempty"`
}

// exchange is a request or a response.
type exchange struct {
	Method  string            `json:",omitempty"`
	URL     string            `json:",omitempty"`
	Headers map[string]string `json:",omitempty"`
	Body    any               `json:",omitempty"`
}

// Step is what is known of a step.
type Step struct{ Name, Type string }

// errorPayload is the body of a notice of an incident.
func errorPayload(a *tandem.Account, in *tandem.AccountIncident, step Step, item *tandem.StepItem) ([]byte, error) {
	p := payload{
		Timestamp: in.Created, AccountID: a.ID, AccountExternalID: a.APIID, AccountName: a.Name, CycleID: in.CycleID, CycleName: in.CycleName,
		StepID: in.StepID, StepName: step.Name, StepType: step.Type,
		Message: in.ShortMessage, Detail: detail{Message: in.FullMessage}, IncidentLevel: in.IncidentLevel,
	}
	if in.TransactionID != 0 {
		p.TransactionID = in.TransactionID.String()
	}
	if item != nil {
		p.Detail.Request, p.Detail.Response = newExchange(item.Request), newExchange(item.Response)
		if item.Response != nil {
			p.Detail.Status = item.Response.Status
		}
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write a notice of incident %d of account %d: %w", in.ID, in.Account, err)
	}
	return text, nil
}

func newExchange(x *tandem.Exchange) *exchange {
	if x == nil {
		return nil
	}
	return &exchange{Method: x.Method, URL: x.URL, Headers: x.Headers, Body: shown(x.Body)}
}

// shown is a body as JSON if that is what it is and it is short, and else as text.
func shown(body []byte) any {
	switch {
	case len(body) == 0:
		return nil
	case len(body) > maxBody:
		return string(body[:maxBody]) + "…"
	case utf8.Valid(body) && json.Valid(body):
		return json.RawMessage(body)
	}
	return string(body)
}
