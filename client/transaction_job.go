package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// TransactionJob does the same to many transactions, in the background.
type TransactionJob struct {
	ID           tandem.RepeatJobID `json:"Id"`
	Action       tandem.RepeatAction
	CycleID      tandem.CycleID `json:"CycleId"` // "": of all
	Status       string         // "": any that is not final
	After        *time.Time     // nil: there is no such bound
	Before       time.Time
	State        tandem.RepeatJobState
	Reason       string // why it failed, or what it has set aside
	Done         int
	Skipped      int       // they could not be run again
	CreatedOnUTC time.Time `json:"CreatedOnUtc"`
	CreatedBy    string
	EndedOnUTC   *time.Time `json:"EndedOnUtc"` // nil: it is running
}

// TransactionJobStart begins a job. Without more than an action, it is for all
// transactions of the account that the action is for.
type TransactionJobStart struct {
	Action        tandem.RepeatAction
	CycleID       tandem.CycleID            `json:"CycleId,omitempty"`
	Status        *tandem.TransactionStatus `json:",omitempty"` // nil: failed, or to be dropped whatever is not final
	After, Before time.Time                 `json:",omitzero"`
}

// StartTransactionJob does the same to many transactions, as far as there are by now.
func (c *Client) StartTransactionJob(ctx context.Context, how TransactionJobStart) (TransactionJob, error) {
	return call[TransactionJob](ctx, c, http.MethodPost, path("cycles", "transactions", "jobs"), how)
}

// TransactionJobs lists the jobs of the account: those that are running, then the
// newest.
func (c *Client) TransactionJobs(ctx context.Context) iter.Seq2[TransactionJob, error] {
	return each[TransactionJob](ctx, c, path("cycles", "transactions", "jobs"), nil)
}

// TransactionJob reads a job, with how far it has come.
func (c *Client) TransactionJob(ctx context.Context, id tandem.RepeatJobID) (TransactionJob, error) {
	return call[TransactionJob](ctx, c, http.MethodGet, path("cycles", "transactions", "jobs", id), nil)
}

// CancelTransactionJob goes on with no more transactions of a job.
func (c *Client) CancelTransactionJob(ctx context.Context, id tandem.RepeatJobID) (TransactionJob, error) {
	return call[TransactionJob](ctx, c, http.MethodPost, path("cycles", "transactions", "jobs", id, "cancel"), nil)
}
