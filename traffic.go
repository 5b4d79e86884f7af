package tandem

import (
	"context"
	"strconv"
	"time"
)

// LogDepth is how many rows a list of a log goes back, of all that its account,
// cycle and period leave: so it takes no longer when there are millions. To look
// further back, narrow the period; CSV has all.
const LogDepth = 100_000

// LineID is a line of a log: a time-ordered number, made as a [TransactionID] is.
type LineID int64

// Made is when what the line tells of began, to the millisecond.
func (id LineID) Made() time.Time { return TransactionID(id).Made().UTC() }

// MarshalText implements encoding.TextMarshaler.
func (id LineID) MarshalText() ([]byte, error) { return []byte(strconv.FormatInt(int64(id), 10)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *LineID) UnmarshalText(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	*id = LineID(n)
	return err
}

// APICall is a line of the API log: a call, or several that were alike.
type APICall struct {
	ID        LineID    `json:"Id"`
	Partner   PartnerID `json:"-"`
	Account   AccountID `json:"-"`
	AccountID string    `json:"AccountId" doc:"That it acted in; empty: in none."`
	Created   time.Time `json:"CreatedOnUtc" doc:"When it came; of several, the first."`

	Method       string    `doc:"HTTP method."`
	Path         string    `doc:"Without its query, which may hold anything; *** where a secret was."`
	Operation    string    `doc:"The operation's id in this document."`
	Status       int       `doc:"HTTP status of the answer."`
	Milliseconds int       `doc:"How long the answer took; of several, the first."`
	ActorType    ActorType `doc:"ConsoleUser, User (of an account) or Client."`
	ActorID      string    `json:"ActorId" doc:"Their id: a client's, a console user's or a user's."`
	Actor        string    `doc:"Email, username or name, as it is now."`
	Address      string    `doc:"Network address that it came from."`
	RequestID    string    `json:"RequestId" doc:"The header X-Request-Id of the answer."`
	Count        int       `doc:"How many alike, within a second, it stands for."`
}

// WebhookRequest is a line of the webhook log: a request to a webhook of a cycle, or
// several that were alike.
type WebhookRequest struct {
	ID      LineID    `json:"Id"`
	Account AccountID `json:"-"`
	Created time.Time `json:"CreatedOnUtc" doc:"When it came; of several, the first."`

	CycleID       CycleID       `json:"CycleId"`
	CycleName     string        `doc:"Empty: the cycle is deleted."`
	StepID        StepID        `json:"StepId"`
	Method        string        `doc:"Empty of one that began a transaction at once: the transaction has it."`
	Status        int           `doc:"HTTP status of the answer."`
	Reason        string        `doc:"Why it was refused; empty: it was not."`
	Bytes         int           `doc:"Of its body."`
	Milliseconds  *int          `doc:"How long the answer took; null of one that began a transaction at once, where that is not measured."`
	TransactionID TransactionID `json:"TransactionId,omitzero" doc:"That it began; null: none."`
	Address       string        `doc:"Network address that it came from; empty of one that began a transaction at once."`
	Count         int           `doc:"How many alike, within a second, it stands for."`
}

// StatusRange is HTTP statuses from one to another, both included. Zero: all.
type StatusRange struct{ First, Last int }

// Has says whether a status is in the range.
func (r StatusRange) Has(status int) bool {
	return r == StatusRange{} || r.First <= status && status <= r.Last
}

// TrafficFilter narrows a log.
type TrafficFilter struct {
	PageRequest
	After  time.Time // not before
	Before time.Time
	Status StatusRange

	// Of calls.
	Account   AccountID // 0: of any account of the partner, and of none
	Method    string    // "": any
	RequestID string    // "": any

	Cycle CycleID // of requests to webhooks; "": of any

	// Whole says that all is wanted and not the newest LogDepth; Past is the id that
	// the page before this one ended with, of pages that are read on from one to the
	// next. Neither is counted.
	Whole bool
	Past  int64
}

// Traffic is what came in: the API log of a partner, and the webhook logs of accounts.
type Traffic interface {
	// Note takes note of a call, soon and not at once. In a flood, calls that are
	// alike become one line.
	Note(c APICall)
	// Calls are newest first.
	Calls(ctx context.Context, p PartnerID, f TrafficFilter) (Page[APICall], error)
	// Requests to the webhooks of an account are newest first.
	Requests(ctx context.Context, a AccountID, f TrafficFilter) (Page[WebhookRequest], error)
}
