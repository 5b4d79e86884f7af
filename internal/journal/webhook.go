package journal

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Match has a transaction wait at a webhook step for requests with a key.
type Match struct {
	Step  tandem.StepID
	Hash  string // of the key, see KeyHash
	Item  int32  // Seq after which the request's item comes
	Until time.Time
}

// Held is a transaction that waits for requests.
type Held struct {
	ID      tandem.TransactionID
	Version int64 // of the cycle's graph
	Item    int32 // Match.Item
}

// Answer is what a transaction tells the caller of its cycle's webhook.
type Answer struct {
	To       tandem.TransactionID // that the caller's request made
	Response tandem.Exchange      // Status, Headers, Body
}

// Caller names the transaction that somebody's request made, who waits for its
// answer.
type Caller struct {
	Account tandem.AccountID
	ID      tandem.TransactionID
}

// Answered is what there is to tell a caller: an answer, or that none comes any
// more.
type Answered struct {
	Caller
	Response *tandem.Exchange         // nil: none
	Status   tandem.TransactionStatus // without an answer: final
}
