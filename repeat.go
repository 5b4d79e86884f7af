package tandem

import "context"

// MaxRepeats is how many transactions one call of [Repeats.Many] looks at.
const MaxRepeats = 1000

// RepeatAction is what is done to transactions.
type RepeatAction string

// What can be done to them: see [Repeats].
const (
	RetryTransaction  RepeatAction = "retry"
	ResumeTransaction RepeatAction = "resume"
	DropTransaction   RepeatAction = "drop"
)

// Repeated counts what was done to many.
type Repeated struct {
	Done    int
	Skipped int           // they could not be run again
	Next    TransactionID `json:",omitzero"` // there may be more past this one; 0: there are none
}

// Repeats run transactions again, or end them. A transaction at its end never
// changes: what runs it again is another, whose RepeatOf it is.
type Repeats interface {
	// Retry runs a transaction from its beginning, with the data that it began
	// with. Errors: NotFound; Conflict (it is not at its end, its cycle does not
	// run, or the record of its beginning is not kept).
	Retry(ctx context.Context, a AccountID, id TransactionID) (*Transaction, error)
	// Resume goes on where one failed, or was cancelled, with the data that it
	// had. Errors: NotFound; Conflict (as of Retry, or nothing is left to do).
	Resume(ctx context.Context, a AccountID, id TransactionID) (*Transaction, error)
	// Drop cancels one that is not at its end, with all that it was split into.
	// No request of it leaves after the answer. Errors: NotFound; Conflict (it is
	// at its end).
	Drop(ctx context.Context, a AccountID, id TransactionID) (*Transaction, error)
	// Many does the same to the first MaxRepeats that f finds past f.Past, the oldest
	// first. Those that were run again already are left out; Retry and Resume are for
	// those that failed, unless f.Status says otherwise. Errors: Invalid (f.Status);
	// Conflict (the cycle that f names does not run).
	Many(ctx context.Context, a AccountID, do RepeatAction, f TransactionFilter) (Repeated, error)
}
