package tandem

import (
	"context"
	"time"
)

// TaskSettings say how many tasks a partner expects to use. Nothing stops beyond
// the allowance.
type TaskSettings struct {
	Allowance int      // tasks in a calendar month (UTC), all accounts together; 0: none
	Alerts    []string // email addresses that are told at 50, 80 and 100 %
}

// AlertThresholds are the parts of an allowance, in percent, that are told of,
// each once in a month.
var AlertThresholds = [...]int{50, 80, 100}

// Usage is the tasks that an account used in a period.
type Usage struct {
	ID            string `json:"Id"` // the account's API ID
	TasksUsed     int    // without its sub-accounts'
	TreeTasksUsed int    // with those of all accounts below it
	StartTime     time.Time
	EndTime       time.Time
}

// AccountUsage is the tasks of an account, as a line of a list of accounts.
type AccountUsage struct {
	ID              string `json:"Id"`
	Name            string
	ParentAccountID *string `json:"ParentAccountId"`
	Deleted         bool    // since the period began
	Tasks
}

// Tasks counts tasks by how they ended.
type Tasks struct {
	TasksUsed       int // both of these
	SuccessfulTasks int
	IncidentTasks   int // that ended with a warning or an error
}

// UsageBy is what usage is broken down by.
type UsageBy string

// The breakdowns: by cycle, by version of a connector, by method of one, by day.
const (
	UsageByCycle     UsageBy = "cycles"
	UsageByConnector UsageBy = "connectors"
	UsageByMethod    UsageBy = "methods"
	UsageByDay       UsageBy = "days"
)

// UsageLine is a line of a breakdown. What it is not broken down by is empty.
type UsageLine struct {
	AccountID        string  `json:"AccountId,omitempty"` // API ID, with a cycle
	CycleID          CycleID `json:"CycleId,omitempty"`
	CycleName        string  `json:",omitempty"` // empty if it is deleted
	Connector        string  `json:",omitempty"` // its name
	ConnectorVersion string  `json:",omitempty"`
	Method           string  `json:"MethodUniqueIdentifier,omitempty"`
	MethodName       string  `json:",omitempty"`
	Day              string  `json:",omitempty"` // 2006-01-02, in the account's zone, or without an account UTC
	Tasks
	AverageMilliseconds int `json:",omitempty"` // that a task took, where that is known; not by day
}

// UsageFilter narrows usage, which is ordered by Name, by Id if it is of accounts,
// or by TasksUsed.
type UsageFilter struct {
	PageRequest
	Start, End time.Time // zero: from the beginning of the billing period; to now

	Query     string // accounts: part of the name or API ID
	Account   string // lines: API ID of the only one
	Cycle     CycleID
	Connector string // name
	Method    string // MethodUniqueIdentifier
}

// BillingPeriod is the tasks of an account in one of its billing periods.
type BillingPeriod struct {
	StartTime time.Time
	EndTime   time.Time
	Current   bool // it is not over
	Tasks
}

// PeriodFilter narrows billing periods of all accounts.
type PeriodFilter struct {
	PageRequest
	Account string    // API ID: of this account and those below it; "": of all
	At      time.Time // zero: now
}

// UsageCheck compares what was counted with the records of steps.
type UsageCheck struct {
	ID          string    `json:"Id"` // the account's API ID
	StartTime   time.Time // of the first day of which all records are still there
	EndTime     time.Time
	TasksUsed   int // as counted
	TasksFound  int // in the records
	Differences []UsageDifference
}

// UsageDifference is a count that is not what the records say.
type UsageDifference struct {
	Day              string // 2006-01-02, UTC
	CycleID          CycleID
	Connector        string // empty, as are the next two, if the cycle is deleted
	ConnectorVersion string
	Method           string `json:"MethodUniqueIdentifier"`
	Counted          Tasks
	Found            Tasks
}

// UsageAlert tells a partner that a part of its allowance is used.
type UsageAlert struct {
	Partner   PartnerID
	Period    Slot // the first of the month
	Threshold int  // percent
	Tasks     int  // used when it was raised
	Allowance int
	Raised    time.Time
	Told      bool // by mail, or a higher one was raised with it
}

// Meter counts the tasks of accounts. Times are rounded to slots: a start down,
// an end up.
type Meter interface {
	// Usage of an account. Errors: NotFound, Invalid (end before start).
	Usage(ctx context.Context, p PartnerID, apiID string, start, end time.Time) (Usage, error)
	// Periods lists the billing periods of an account since it was made, the
	// latest first. Errors: NotFound.
	Periods(ctx context.Context, p PartnerID, apiID string, r PageRequest) (Page[BillingPeriod], error)
	// PeriodsAcross lists, by the accounts' names, the billing periods that a time lies in:
	// of all accounts, or of one and those below it. Errors: NotFound, Invalid (OrderBy).
	PeriodsAcross(ctx context.Context, p PartnerID, f PeriodFilter) (Page[PlacedPeriod], error)
	// Accounts lists the usage of each account, with those deleted since the
	// start. Errors: Invalid (end before start, OrderBy).
	Accounts(ctx context.Context, p PartnerID, f UsageFilter) (Page[AccountUsage], error)
	// Lines breaks usage down. Errors: NotFound (the account), Invalid (end
	// before start, too many days, OrderBy).
	Lines(ctx context.Context, p PartnerID, by UsageBy, f UsageFilter) (Page[UsageLine], error)
	// Verify counts an account's tasks again from the records of steps, for
	// the days of which none is deleted yet. Errors: NotFound.
	Verify(ctx context.Context, p PartnerID, apiID string) (UsageCheck, error)
}
