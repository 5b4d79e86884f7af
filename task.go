package tandem

import (
	"context"
	"time"
)

// Usage is the tasks that an account used in a period, its sub-accounts' not
// included.
type Usage struct {
	ID        string `json:"Id"` // the account's API ID
	TasksUsed int
	StartTime time.Time
	EndTime   time.Time
}

// TaskSettings say how many tasks a partner expects to use.
type TaskSettings struct {
	Allowance int      // tasks in a billing period, all accounts together; 0: none
	Alerts    []string // email addresses that are told at 50, 80 and 100 %
}

// Meter counts the tasks of accounts.
type Meter interface {
	// Usage counts by whole days, UTC. A zero start is the beginning of the
	// month, a zero end is now. Errors: NotFound, Invalid (end before start).
	Usage(ctx context.Context, p PartnerID, apiID string, start, end time.Time) (Usage, error)
}
