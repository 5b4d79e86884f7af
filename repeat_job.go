package tandem

import (
	"context"
	"time"
)

// RepeatJobID names a [RepeatJob]; a GUID, in lower-case text.
type RepeatJobID string

// RepeatJobState is the state of a [RepeatJob].
type RepeatJobState string

// The states of a job.
const (
	RepeatJobRunning   RepeatJobState = "Running"
	RepeatJobCompleted RepeatJobState = "Completed" // has come to all that its filter finds
	RepeatJobFailed    RepeatJobState = "Failed"    // could not go on, for a reason
	RepeatJobCancelled RepeatJobState = "Cancelled"
)

const (
	// MaxRepeatJobs is how many of an account may be running.
	MaxRepeatJobs = 10

	// RepeatJobKept is for how long a job that has ended is kept.
	RepeatJobKept = 30 * 24 * time.Hour
)

// RepeatJob does the same to all transactions that a filter finds, in the
// background: see [Repeats].
type RepeatJob struct {
	Account AccountID
	ID      RepeatJobID
	Action  RepeatAction
	Filter  TransactionFilter // Past is how far it is

	State   RepeatJobState
	Reason  string // why it failed, or what it has set aside
	Done    int
	Skipped int
	Doing   []TransactionID // that it is at, past Filter.Past
	Starts  int             // how many servers began with the first of them

	CreatedBy string // an email address, or the name of an OAuth client
	Created   time.Time
	Ended     time.Time // zero: it is not at its end
	Lease     time.Time // until when who works at it has it
}

// RepeatJobs do the same to many transactions.
type RepeatJobs interface {
	// Start looks at those transactions only that there are by now. Errors: NotFound
	// (the cycle), Invalid (the status), Conflict (the cycle that f names does not
	// run, MaxRepeatJobs are running).
	Start(ctx context.Context, a AccountID, do RepeatAction, f TransactionFilter) (*RepeatJob, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id RepeatJobID) (*RepeatJob, error)
	// List gives those first that are running, then the newest.
	List(ctx context.Context, a AccountID, page PageRequest) (Page[RepeatJob], error)
	// Cancel ends one, when the part that it is at is done. Errors: NotFound,
	// Conflict (it is at its end).
	Cancel(ctx context.Context, a AccountID, id RepeatJobID) (*RepeatJob, error)
}
