// Package engine decides who runs what, when.
//
// A transaction is an actor: one owner at a time. An [Engine] keeps
// transactions durable, hands each to a [Runner] for one slice at a time, fairly
// between accounts, and takes its changes back as deltas through a [Lease].
// Two engines implement the one interface: engine/local, in-process over
// SQLite, which needs no claims because the process owns the file, and
// engine/river, over PostgreSQL, for any number of nodes. enginetest is the
// suite that both pass.
package engine

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// ErrFenced says that another owner has the transaction now; the slice ends.
var ErrFenced = journal.ErrFenced

// ErrBusy says that the engine takes no more for now; try again shortly.
var ErrBusy = journal.ErrBusy

// Runner is the interpreter: it takes one transaction as far as it goes now.
type Runner interface {
	// Slice runs steps, committing each through l, until the transaction is
	// done, has to wait, or has had its share of time. It stops when ctx is
	// done. An error is an operator's (the slice is tried again later, and
	// the transaction set aside after three tries), never a step's.
	Slice(ctx context.Context, l Lease, t journal.Txn) (Yield, error)
	// Spoils are the barriers that nothing passes because a transaction is set
	// aside. It runs nothing of that.
	Spoils(ctx context.Context, t journal.Txn) ([]journal.Arrival, error)
}

// Lease is the ownership of one transaction for one slice.
type Lease interface {
	// Commit makes d durable, all or nothing, group-committed with others.
	// Errors: ErrFenced.
	Commit(ctx context.Context, d journal.Delta) error
}

// YieldKind says why a slice ended.
type YieldKind int

// Why a slice ends: the transaction is at its end; it can go on at once (its
// share of time is over); at Wake; or when its children have ended.
const (
	Done YieldKind = iota
	Ready
	Until
	Children
)

// Yield is the end of a slice.
type Yield struct {
	Kind YieldKind
	Wake time.Time // with Until
}

// Limit says how many transactions of an account may be at work at once, on all
// nodes; 0 is any number. What is beyond it waits. Engines ask every second or so
// for each account that has something to run, so it should be quick, and may be
// as old as that. Errors: NotFound, which is no limit.
type Limit func(ctx context.Context, a tandem.AccountID) (int, error)

// Signal tells the engine about a cycle's transactions.
type Signal int

// The signals: Hold keeps what is pending (and stops its slices, waiting until
// none sends), Resume makes it runnable again, Cancel ends it, Expire ends it if it
// has been held for too long, and is still; and Close has what waits for requests
// go on without, as none come any more.
const (
	Hold Signal = iota
	Resume
	Cancel
	Expire
	Close
)

// Engine keeps and runs transactions.
type Engine interface {
	// Submit makes transactions durable and de-duplicated. The ids are in the
	// order of n; a known key gives the id of its first transaction. If the
	// Cursor of one had moved, nothing is made, and all ids are 0. All are of one
	// account. Errors: ErrBusy.
	Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error)
	// Crowded says that a submission of an account would be refused now.
	Crowded(a tandem.AccountID) bool
	// SignalCycle applies s to all pending transactions of a cycle and
	// returns when it holds.
	SignalCycle(ctx context.Context, a tandem.AccountID, c tandem.CycleID, s Signal) error
	// Drop cancels those of some transactions that are pending, with all that
	// they were split into. When it returns, no slice of them runs.
	Drop(ctx context.Context, a tandem.AccountID, ids ...tandem.TransactionID) error
	// Run runs transactions with r until ctx is done, then lets slices end.
	Run(ctx context.Context, r Runner) error
}
