// Package journal holds the durable record of runs: what is written together,
// in one commit, so that a crash leaves either all of it or nothing.
//
// It is types only. The store writes them, the engines decide when, the
// interpreter and the triggers decide what. A [NewTxn] makes a transaction
// runnable; a [Delta] takes it from one durable state to the next. There is no
// state for "being worked on": whatever is not final is runnable again after a
// crash, from its last delta.
package journal

import (
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// ErrFenced says that a delta was not applied, because the transaction has
// another owner now or is at its end.
var ErrFenced = errors.New("journal: transaction has a new owner")

// ErrBusy says that the journal takes no more for now; try again shortly.
var ErrBusy = &tandem.Error{Code: tandem.Unavailable, Message: "Too busy. Try again shortly.", RetryAfter: time.Second}

// Txn is a transaction as an engine hands it to the interpreter.
type Txn struct {
	ID       tandem.TransactionID
	Account  tandem.AccountID
	Cycle    tandem.CycleID
	Version  int64 // of the cycle's graph
	Parent   tandem.TransactionID
	Status   tandem.TransactionStatus
	Created  time.Time
	Wake     time.Time
	Frontier []byte // the interpreter's own: what is pending
	NextSeq  int32  // of the next step item
	Epoch    int64  // of the owner; a commit with an older one is fenced
	// Suspicion that it is poison, since its last commit.
	Suspicion int
	Unlogged  bool // see NewTxn

	// Items are the step items so far, when the engine has them at hand;
	// nil: ask the store.
	Items []tandem.StepItem
}

// Cycle names a cycle.
type Cycle struct {
	Account tandem.AccountID
	ID      tandem.CycleID
}

// Window is how many of an account's transactions may be at work at once.
type Window struct {
	Account tandem.AccountID
	Room    int
	Only    tandem.TransactionID // the one that may; 0: any
}

// Suspicion that a transaction is poison, one that can't be run. It grows while
// the transaction does not come further, and a commit ends it. That its owner
// ended without a word weighs little: processes are killed, and machines lost,
// for reasons that are nobody's fault who ran then.
const (
	LossSuspicion    = 1 // it ran when its owner was lost
	FailureSuspicion = 3 // it failed, or its process did by itself while it ran
	Poisonous        = 9 // it is set aside
)

// NewTxn makes a transaction.
type NewTxn struct {
	ID       tandem.TransactionID // 0: the engine gives one
	Account  tandem.AccountID
	Cycle    tandem.CycleID
	Version  int64
	Parent   tandem.TransactionID // 0: none; of one at its end nothing is made, and the id is 0
	Created  time.Time            // zero: now
	Frontier []byte
	Items    []tandem.StepItem    // already ended: the trigger's
	Repeats  tandem.TransactionID // that it runs again; 0: none
	Unlogged bool                 // what its steps send and get is deleted in the commit that ends it, and shown to nobody
	Meter    []Count

	// Received is how long the body of the request to a webhook was that made it, in
	// bytes, and one; 0: no request did, or the webhook log has a line for it.
	Received int64

	// Key makes a second submission with the same Account, Trigger and Key
	// give the first one's transaction; "" always makes a new one.
	Trigger string
	Key     string

	// Cursor moves in the same commit. If it has moved already, nothing of
	// the submission is made, and its ids are 0.
	Cursor *Cursor

	// Pass ends a barrier in the same commit, as Cursor does its move. A submission
	// with it has this one transaction.
	Pass *Pass
}

// Delta is one atomic change of a transaction.
type Delta struct {
	Account tandem.AccountID
	Txn     tandem.TransactionID
	Cycle   tandem.CycleID
	Parent  tandem.TransactionID // for the join counter, when Status is final
	Epoch   int64

	Items     []tandem.StepItem
	Frontier  []byte // as it is after this delta
	Status    tandem.TransactionStatus
	Unlogged  bool      // see NewTxn
	Wake      time.Time // with TransactionWaiting
	Children  []NewTxn
	Meter     []Count
	Incidents []tandem.Incident
	// LastRuns are the new LastSuccessfulRunDates of steps.
	LastRuns []LastRun
	Arrivals []Arrival
	// Matches are requests that it waits for from now on; Unmatch ends all that it
	// waits for. Resting says that it waits for nothing else: for none any more, it is
	// to go on at once, and not at Wake.
	Matches []Match
	Unmatch bool
	Resting bool
	Answers []Answer // of several to the same, the first counts
}

// Outcome is what a delta led to.
type Outcome struct {
	// Status is the transaction's now: not the delta's when that was
	// TransactionSplit and all children have ended.
	Status tandem.TransactionStatus
	// Wake is when it goes on: not the delta's, when it was to rest and may not.
	Wake time.Time
	// Woken are transactions of the same account that can go on, because
	// their last child has ended.
	Woken []tandem.TransactionID
}

// Count is tasks used by a method in a quarter of an hour.
type Count struct {
	Slot      tandem.Slot // in which the steps ended
	Cycle     tandem.CycleID
	Connector string // whose method it is: its name
	Version   string // of the connector
	Method    string // MethodUniqueIdentifier
	Succeeded int
	Failed    int
	Took      time.Duration // of all these; 0: not known, as of webhooks
}

// Cursor is a timer's place: when the cycle is due next.
type Cursor struct {
	Account tandem.AccountID
	Cycle   tandem.CycleID
	Was     time.Time // the due time that was taken; if it moved, nothing is done
	Next    time.Time // zero: never again
}

// LastRun is when a step last ran without error. Of several the latest holds,
// unless one was chosen by a script.
type LastRun struct {
	Cycle  tandem.CycleID
	Step   tandem.StepID
	At     time.Time
	Chosen bool
}

// Ledger is the tasks of an account, counted and recorded, in one view.
type Ledger struct {
	Since    tandem.Slot // a day's first (UTC), from which on all records are there
	Counted  []Count
	Recorded []StepCount
}

// StepCount is tasks that are recorded of a step in a quarter of an hour.
type StepCount struct {
	Slot      tandem.Slot
	Cycle     tandem.CycleID
	Version   int64 // of the graph
	Step      tandem.StepID
	Succeeded int
	Failed    int
}
