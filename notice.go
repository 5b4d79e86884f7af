package tandem

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// NoticeKind is what a notice tells of.
type NoticeKind string

// The kinds of notices: an incident, for the receiver of transaction errors; and a
// cycle that an error has stopped, for the partner's own.
const (
	ErrorNotice NoticeKind = "Error"
	StopNotice  NoticeKind = "Notification"
)

// NoticeState is how far a notice has come.
type NoticeState string

// The states of a notice.
const (
	NoticeQueued    NoticeState = "Queued"
	NoticeDelivered NoticeState = "Delivered"
	NoticeGivenUp   NoticeState = "GivenUp"
)

// Bounds of notices.
const (
	NoticeLifetime = 24 * time.Hour      // for which a notice is tried
	NoticeBacklog  = 1000                // that wait for one receiver; beyond them they are skipped, and counted
	NoticesKept    = 31 * 24 * time.Hour // for which it is known what became of one
	SecretOverlap  = 24 * time.Hour      // for which a secret signs, besides the one that took its place
)

// NoticeHeader is of the requests that bring notices. Webhooks of cycles refuse
// them: a cycle that fails at what it is told of its errors would be told of that.
const NoticeHeader = "Tandem-Notice"

// Receiver is where notices of a kind are sent to. Its address is in the settings
// of the account, or of the partner.
type Receiver struct {
	Partner   PartnerID  `json:"-"`
	Account   AccountID  `json:"-"` // whose own it is; 0: the partner's
	AccountID string     `json:"AccountId" doc:"Whose own it is; empty: yours."`
	Kind      NoticeKind `doc:"Error or Notification."`
	Queued    int        `doc:"Notices that wait."`
	Skipped   int        `doc:"Notices that were not queued, because too many waited, since one was last delivered."`
	Failures  int        `doc:"Attempts that failed since one was last delivered."`
	Reason    string     `doc:"Why the last of these failed."`
	Next      time.Time  `json:"NextOnUtc,omitzero" doc:"When it is tried again; null: nothing waits."`
	Delivered time.Time  `json:"DeliveredOnUtc,omitzero" doc:"When it last took a notice; null: never."`
}

// Notice is a message to a receiver.
type Notice struct {
	ID       string    `json:"Id" doc:"The header webhook-id, the same with each attempt."`
	Partner  PartnerID `json:"-"`
	Account  AccountID `json:"-"` // that it tells of
	Receiver AccountID `json:"-"` // whose own receiver it is for; 0: the partner's

	AccountID     string        `json:"AccountId" doc:"That it tells of."`
	Kind          NoticeKind    `doc:"Error or Notification."`
	CycleID       CycleID       `json:"CycleId"`
	TransactionID TransactionID `json:"TransactionId,omitzero"`
	Message       string
	State         NoticeState `doc:"Queued, Delivered or GivenUp."`
	Attempts      int         `doc:"So far."`
	Status        int         `doc:"HTTP status of the last answer; 0: there was none."`
	Reason        string      `doc:"Why the last attempt failed."`
	Created       time.Time   `json:"CreatedOnUtc"`
	Next          time.Time   `json:"NextOnUtc,omitzero" doc:"Not tried before; null: it is at its end."`
	Ended         time.Time   `json:"EndedOnUtc,omitzero" doc:"When it was delivered or given up; null: it was not."`
	Payload       []byte      `json:"-"`
}

// AccountIncident is an incident of an account.
type AccountIncident struct {
	Incident
	Account AccountID
}

// StopMessage is what the payload of a notice of a cycle that an error stopped says.
type StopMessage struct {
	AccountID AccountID `json:"accountId"`
	Title     string    `json:"title"`
	Message   string    `json:"message"`
}

// NewStopNotice tells of a cycle that an error stopped.
func NewStopNotice(p PartnerID, c *Cycle, at time.Time) (Notice, error) {
	n := Notice{
		ID: NewGUID(), Partner: p, Account: c.Account, Kind: StopNotice, CycleID: c.ID, State: NoticeQueued, Created: at,
		Message: fmt.Sprintf("%s was stopped by an error", c.Name),
	}
	var err error
	n.Payload, err = json.Marshal(StopMessage{c.Account, n.Message, c.StopReason})
	if err != nil {
		return n, fmt.Errorf("write a notice of cycle %s: %w", c.ID, err)
	}
	return n, nil
}

// NoticeFilter narrows a list of notices.
type NoticeFilter struct {
	PageRequest
	Account AccountID   // that they tell of; 0: of any
	Kind    NoticeKind  // "": any
	State   NoticeState // "": any
	After   time.Time
	Before  time.Time
}

// NoticeSettings are a partner's own.
type NoticeSettings struct {
	NotificationWebhookURL *string `json:"NotificationWebhookUrl" doc:"Is told of cycles that errors stop; null: nobody is."`
}

// ReceiverURL completes the address of a receiver: without a scheme, it is https.
//
// Errors: Invalid, of field.
func ReceiverURL(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(u.Host, " _<>\"'") {
		return "", Invalidf(field, "%s is not a valid URL", text)
	}
	return text, nil
}

// NoticeTrial is what came of a notice that was sent to try an address.
type NoticeTrial struct {
	Delivered    bool   `doc:"It was taken: the answer was 2xx."`
	Status       int    `doc:"HTTP status of the answer; 0: there was none."`
	Reason       string `doc:"Why it was not taken."`
	Milliseconds int64  `doc:"That it took."`
}

// NoticeTrials send notices that tell of nothing, for people to see that an address
// takes them.
type NoticeTrials interface {
	// Try sends one, signed as those of a receiver are: the account's own, or,
	// with a 0, the partner's. Errors: Invalid (the address is none).
	Try(ctx context.Context, to Receiver, address string) (NoticeTrial, error)
}

// Notices are what a partner's receivers were told, and by which secrets they know
// that it is true.
type Notices interface {
	// List is newest first.
	List(ctx context.Context, p PartnerID, f NoticeFilter) (Page[Notice], error)
	// Receivers are those that were ever told something, the partner's own first.
	Receivers(ctx context.Context, p PartnerID, r PageRequest) (Page[Receiver], error)
	// RotateSecret makes a secret that signs what the partner's receivers are told,
	// or, with a not 0, an account's own. The one before it signs too, for
	// SecretOverlap. Errors: NotFound.
	RotateSecret(ctx context.Context, p PartnerID, a AccountID) (Secret, error)
	// DropSecret has the partner's secret sign what an account's own receiver is
	// told, as of one that never had a secret.
	DropSecret(ctx context.Context, p PartnerID, a AccountID) error
}
