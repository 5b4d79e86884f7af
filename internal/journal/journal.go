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
	"time"

	"github.com/tandem-ipaas/tandem"
)

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
	Tries    int    // slices begun since the last commit: finds poison

	// Items are the step items so far, when the engine has them at hand;
	// nil: ask the store.
	Items []tandem.StepItem
}

// NewTxn makes a transaction.
type NewTxn struct {
	ID       tandem.TransactionID // 0: the engine gives one
	Account  tandem.AccountID
	Cycle    tandem.CycleID
	Version  int64
	Parent   tandem.TransactionID // 0: none
	Created  time.Time            // zero: now
	Frontier []byte
	Items    []tandem.StepItem // already ended: the trigger's
	Meter    []Count

	// Key makes a second submission with the same Account, Trigger and Key
	// give the first one's transaction; "" always makes a new one.
	Trigger string
	Key     string

	// Cursor moves in the same commit.
	Cursor *Cursor
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
	Wake      time.Time // with TransactionWaiting
	Children  []NewTxn
	Meter     []Count
	Incidents []tandem.Incident
	Cursor    *Cursor
	// LastRuns are the new LastSuccessfulRunDates of steps.
	LastRuns []LastRun
}

// Count is tasks used by a method on a day.
type Count struct {
	Cycle     tandem.CycleID
	Method    string // MethodUniqueIdentifier
	Day       int64  // days since 1970-01-01, UTC
	Succeeded int
	Failed    int
}

// Cursor is a timer's place: when the cycle is due next.
type Cursor struct {
	Account tandem.AccountID
	Cycle   tandem.CycleID
	Was     time.Time // the due time that was taken; if it moved, nothing is done
	Next    time.Time // zero: never again
}

// LastRun is when a step last ran without error.
type LastRun struct {
	Cycle tandem.CycleID
	Step  tandem.StepID
	At    time.Time
}
