package tandem

import (
	"context"
	"time"
)

// AllowanceUse is how much of a partner's allowance is used in this calendar month.
type AllowanceUse struct {
	TasksUsed int       `doc:"By all accounts, since the month began."`
	Allowance int       `doc:"Tasks that are expected in a month; 0: there is none. Nothing stops beyond it."`
	StartTime time.Time `doc:"When the month began, UTC."`
	EndTime   time.Time `doc:"When it ends."`
}

// RunDay is how runs ended on a day. A run is a transaction; those that were
// cancelled are not counted.
type RunDay struct {
	Day             string `doc:"2006-01-02, UTC."`
	Runs            int    `doc:"Transactions that ended, well or not."`
	Errors          int    `doc:"Of these, those that failed."`
	P95Milliseconds int    `doc:"In which 95 of 100 came to their end, waits included; at most a fifth more than it was. 0: none ended."`
}

// CycleRuns is how the runs of a cycle ended.
type CycleRuns struct {
	AccountID   string  `json:"AccountId" doc:"Id of the account."`
	AccountName string  `doc:"The account's name."`
	CycleID     CycleID `json:"CycleId"`
	CycleName   string  `doc:"Empty: it is deleted."`
	Runs        int     `doc:"Transactions that ended, well or not."`
	Errors      int     `doc:"Of these, those that failed."`
	StopReason  string  `json:",omitempty" doc:"Why it is stopped, if not by a person."`
}

// AccountActivity is how an account fares.
type AccountActivity struct {
	ID           string    `json:"Id" doc:"Id of the account."`
	Name         string    `doc:"The account's name."`
	CreatedDate  time.Time `doc:"When the account was made, UTC."`
	Cycles       int       `doc:"That it has."`
	ActiveCycles int       `doc:"Of these, those that are not stopped. 0: none, or the account is suspended."`
	TasksUsed    int       `doc:"In its billing period, until now."`
	LastRun      time.Time `json:"LastRunOnUtc,omitzero" doc:"When its last transaction began, of those that are kept."`
	Runs         int       `doc:"Transactions of the days of Activity that ended, well or not."`
	Errors       int       `doc:"Of these, those that failed."`
	Activity     []DayRuns `doc:"How runs ended on each of the last 14 days (UTC), the oldest first, today last."`
}

// WaitingConnector is an account connector through which nobody calls for now.
type WaitingConnector struct {
	AccountID     string             `json:"AccountId" doc:"Id of the account that it is of."`
	AccountName   string             `doc:"The account's name."`
	ID            AccountConnectorID `json:"Id"`
	Name          string
	Connector     string    `doc:"The connector's name, in lower case."`
	Until         time.Time `json:"UntilOnUtc" doc:"Calls wait until then."`
	Tries         int       `doc:"Answers in a row that there were too many requests."`
	Authenticated bool      `doc:"It has credentials."`
}

// RunFilter narrows counts of runs.
type RunFilter struct {
	PageRequest
	Start, End time.Time // whole days, UTC; zero: of the last 30 days
	Account    string    // API ID of the only one
	Failing    bool      // cycles: those with errors only
}

// Overview tells how a partner's accounts fare.
type Overview interface {
	Allowance(ctx context.Context, p PartnerID) (AllowanceUse, error)
	// Days has a line for each day. Errors: NotFound (the account), Invalid (end
	// before start, too many days, OrderBy).
	Days(ctx context.Context, p PartnerID, f RunFilter) (Page[RunDay], error)
	// Cycles lists those that ran, those with the most errors first. Errors: as of Days.
	Cycles(ctx context.Context, p PartnerID, f RunFilter) (Page[CycleRuns], error)
	// Accounts lists those that are not in the recycle bin by name, and searches that
	// and their ids. Errors: Invalid (OrderBy).
	Accounts(ctx context.Context, p PartnerID, f Search) (Page[AccountActivity], error)
	// Waits lists the account connectors whose third party said that there were too
	// many requests, the longest wait first. Errors: Invalid (OrderBy).
	Waits(ctx context.Context, p PartnerID, r PageRequest) (Page[WaitingConnector], error)
}
