package tandem

import (
	"context"
	"strings"
	"time"
)

// CycleStatus is the state of a cycle; docs/states.md draws the transitions.
type CycleStatus string

// The states of a cycle.
const (
	CyclePaused    CycleStatus = "Paused"    // takes nothing in, runs nothing
	CycleRunning   CycleStatus = "Running"   // takes in and runs
	CycleFinishing CycleStatus = "Finishing" // takes nothing in, ends what it has
)

// Intervals are the valid ones of a cycle's timer, in minutes.
var Intervals = []int{1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080}

// UsualInterval is that of a cycle for which none was ever given, in minutes.
const UsualInterval = 60

// Cycle is an integration in an account.
type Cycle struct {
	Account AccountID
	ID      CycleID
	Version int64 // of the graph; transactions end on the one they began on
	// Revision counts changes of graph and connectors, from 1: who changes them can
	// tell whether they are as they were read.
	Revision int64

	Name        string
	Description string
	Tags        []string
	Shareable   bool // kept for clients; nothing depends on it
	Status      CycleStatus
	StopReason  string // why it was stopped, if not by a person
	Graph       Graph
	// Connectors gives the account connector for each Ref of the graph; of
	// this account, or of one above it.
	Connectors map[string]AccountConnectorID

	TemplateID        TemplateID // "": built in the account
	TemplateReleaseID ReleaseID
	Retention         Retention // of its transactions; nil inherits

	Interval  int       // minutes; 0 for a webhook
	StartTime time.Time // of the first run
	RunOnce   bool
	Clock     time.Time // of its Schedule; when it is started only
	NextRun   time.Time // when it is due; zero: it is not, or nobody knows

	Created time.Time
	Deleted time.Time // zero: it is not in the recycle bin
	Counts  CycleCounts

	// Settles is set by a change that brings a rollout's part in the cycle to its
	// end: both are committed together. It is never kept.
	Settles *RolloutEnd
}

// Changeable says whether the design of c may be changed. Errors: Conflict.
func (c *Cycle) Changeable() error {
	if c.Status != CyclePaused {
		return Conflictf("The cycle is %s.", strings.ToLower(string(c.Status)))
	}
	return nil
}

// CycleCounts are figures shown with a cycle.
type CycleCounts struct {
	TasksUsed         int
	Errors            int
	Warnings          int
	InProgress        int // transactions not at their end
	LastSuccessfulRun time.Time
	// Activity is of each of the last ActivityDays days, the oldest first, today
	// last; nil: it was not asked for.
	Activity []DayRuns
}

// ActivityDays is of how many days a list of cycles tells the runs.
const ActivityDays = 14

// DayRuns counts how runs of a cycle ended on a day of UTC; see RunDay.
type DayRuns struct {
	Runs   int `doc:"Transactions that ended, well or not."`
	Errors int `doc:"Of these, those that failed."`
}

// CycleUpdate changes a cycle that is not running, or makes one.
type CycleUpdate struct {
	Name                Optional[string]
	Description         Optional[string]
	Tags                Optional[[]string]
	Shareable           Optional[bool]
	StepErrorAction     Optional[StepErrorAction]
	Retries             Optional[int]  // with RetryStep
	ContinueOnStepError Optional[bool] // the same, as old clients say it
	CollectionSplitType Optional[CollectionSplitType]
	LogStepDataRequests Optional[bool]

	StepDataSuccessRetentionHours Optional[int]
	StepDataErroredRetentionHours Optional[int]
}

// CycleFilter narrows a list of cycles.
type CycleFilter struct {
	PageRequest
	Query            string // part of the name
	Tag              string
	ConnectorName    string
	ConnectorVersion string      // of ConnectorName, or of any
	Status           CycleStatus // "": any
	Upgradeable      bool        // only those whose template has another live release
	Deleted          bool        // only those in the recycle bin
	Activity         bool        // with their activity
}

// CycleBinDays is for how many days a deleted cycle can be brought back.
const CycleBinDays = 90

// Cycles are the integrations of an account.
type Cycles interface {
	Create(ctx context.Context, a AccountID, u CycleUpdate) (*Cycle, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id CycleID) (*Cycle, error)
	List(ctx context.Context, a AccountID, f CycleFilter) (Page[Cycle], error)
	// Update errors: NotFound, Invalid, Conflict (running).
	Update(ctx context.Context, a AccountID, id CycleID, u CycleUpdate) (*Cycle, error)
	// Delete puts a cycle into the recycle bin, where it does not exist for
	// anything but Restore, and cancels its transactions. Errors: NotFound,
	// Conflict (running).
	Delete(ctx context.Context, a AccountID, id CycleID) error
	// Restore brings a deleted cycle back, paused. Errors: NotFound (it is
	// not in the recycle bin).
	Restore(ctx context.Context, a AccountID, id CycleID) (*Cycle, error)
	// Copy makes another cycle of the same design, with connectors and values,
	// paused; name "" makes one. Errors: NotFound, Invalid.
	Copy(ctx context.Context, a AccountID, id CycleID, name string) (*Cycle, error)
	// Edit changes graph and connectors together, in one step. Other changes
	// wait for edit, which may read, but must not write elsewhere. Errors:
	// NotFound, Invalid, Conflict (running), and what edit returns.
	Edit(ctx context.Context, a AccountID, id CycleID, edit func(*Cycle) error) (*Cycle, error)
}
