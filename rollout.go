package tandem

import (
	"context"
	"errors"
	"time"
)

// RolloutID names a rollout; a GUID, in lower-case text.
type RolloutID string

// RolloutState is the state of a rollout; docs/states.md draws the transitions.
type RolloutState string

// The states of a rollout.
const (
	RolloutRunning   RolloutState = "Running"   // takes one cycle after the other
	RolloutWaiting   RolloutState = "Waiting"   // for a person, who continues or cancels it
	RolloutCompleted RolloutState = "Completed" // has come to all of its cycles
	RolloutCancelled RolloutState = "Cancelled" // upgrades no more of them
)

// RolloutOutcome is what became of a cycle of a rollout.
type RolloutOutcome string

// The outcomes of a rollout's cycles.
const (
	RolloutPending   RolloutOutcome = "Pending"   // its turn is still to come
	RolloutUpgraded  RolloutOutcome = "Upgraded"  // it is of the release now
	RolloutUnchanged RolloutOutcome = "Unchanged" // it was of the release already
	RolloutFailed    RolloutOutcome = "Failed"    // it stayed as it was
	RolloutGone      RolloutOutcome = "Gone"      // it, or its account, was deleted meanwhile
	RolloutDropped   RolloutOutcome = "Cancelled" // the rollout was cancelled before its turn
)

// MaxRolloutCycles is how many cycles a rollout may be given by name.
const MaxRolloutCycles = 1000

// MaxStarts is how many servers may begin with the same item of a job, and end while
// they are at it, before that item is set aside.
const MaxStarts = 3

// RolloutKept is for how long a rollout that has ended is kept.
const RolloutKept = 366 * 24 * time.Hour

// ErrSettled says that a rollout waits for nothing of a cycle any more: it was
// cancelled, or the cycle has its outcome.
var ErrSettled = errors.New("the rollout does not wait for this cycle")

// RolloutPlan is what a rollout is begun with.
type RolloutPlan struct {
	Release     ReleaseID // that cycles come to: the live one; "": whichever that is
	From        ReleaseID // only cycles of this release; "": of any
	Cycles      []CycleID // only these, in this order; nil: all that are of another release, by account
	First       int       // after so many it waits for a person; 0: it does not
	MaxFailures int       // after so many failures it waits for a person; 0: it does not
}

// Rollout takes the installed cycles of a template to a release, one after the
// other, in the background.
type Rollout struct {
	Partner  PartnerID
	Template TemplateID
	ID       RolloutID
	Release  ReleaseID
	Version  int // of that release

	State       RolloutState
	Reason      string // why it waits, or was cancelled; "": by a person
	First       int    // as in RolloutPlan
	MaxFailures int    // as in RolloutPlan

	By        Principal // who began it
	CreatedBy string    // their email address, or the name of an OAuth client
	Created   time.Time
	Ended     time.Time // zero: it is not at its end

	Counts map[RolloutOutcome]int // of its cycles
	Trying int                    // place of the cycle that a server is at, or ended at; 0: none
}

// Total is how many cycles a rollout has.
func (r *Rollout) Total() (n int) {
	for _, of := range r.Counts {
		n += of
	}
	return n
}

// RolloutCycle is a cycle of a rollout.
type RolloutCycle struct {
	Place     int       // in the rollout, from 1
	Account   AccountID // in which it is
	AccountID string    // API ID; "": the account is not there any more
	// AccountName and CycleName are what they were called when the rollout began.
	AccountName string
	Cycle       CycleID
	CycleName   string
	Suspended   bool // the account is
	Deleted     bool // the account is
	Starts      int  // how many servers began with it that did not come to its outcome

	Outcome RolloutOutcome
	Reason  string // why it failed
	Lost    []Lost
	Ended   time.Time // zero: pending
}

// RolloutEnd is what became of a cycle of a rollout.
type RolloutEnd struct {
	Partner PartnerID
	Rollout RolloutID
	Place   int
	Outcome RolloutOutcome
	Reason  string
	Lost    []Lost
	Ended   time.Time
}

// RolloutFilter narrows a list of a rollout's cycles.
type RolloutFilter struct {
	PageRequest
	Outcome RolloutOutcome // "": any
}

// Rollouts upgrade many cycles. A template has one at a time that is not at its
// end.
type Rollouts interface {
	// Start errors: NotFound (the template), Invalid (the release is not live, a
	// cycle is none of the template's, there is nothing to upgrade), Conflict
	// (another is not at its end).
	Start(ctx context.Context, p PartnerID, id TemplateID, plan RolloutPlan) (*Rollout, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, t TemplateID, id RolloutID) (*Rollout, error)
	// List gives the newest first. Errors: NotFound (the template).
	List(ctx context.Context, p PartnerID, t TemplateID, page PageRequest) (Page[Rollout], error)
	// Cycles lists those of a rollout, in its order. Errors: NotFound, Invalid.
	Cycles(ctx context.Context, p PartnerID, t TemplateID, id RolloutID, f RolloutFilter) (Page[RolloutCycle], error)
	// Continue has one that waits go on. Errors: NotFound, Conflict.
	Continue(ctx context.Context, p PartnerID, t TemplateID, id RolloutID) (*Rollout, error)
	// Cancel upgrades none any more whose commit has not begun. Errors: NotFound,
	// Conflict (it is at its end).
	Cancel(ctx context.Context, p PartnerID, t TemplateID, id RolloutID) (*Rollout, error)
	// Retry tries those again that failed. Errors: NotFound, Conflict (it runs,
	// none failed, another is not at its end, another release is live).
	Retry(ctx context.Context, p PartnerID, t TemplateID, id RolloutID) (*Rollout, error)
}
