package api

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// RepeatJobPath names a job.
type RepeatJobPath struct {
	ID guid[tandem.RepeatJobID] `path:"id"`
}

// repeatJobShape is a job.
type repeatJobShape struct {
	ID           tandem.RepeatJobID  `json:"Id"`
	Action       tandem.RepeatAction `enum:"retry,resume,drop" doc:"What is done to them."`
	CycleID      tandem.CycleID      `json:"CycleId" doc:"Of whose transactions; empty: of any cycle's."`
	Status       string              `doc:"That the transactions have; empty: any that is not final."`
	After        *time.Time          `doc:"They were created at this time or later."`
	Before       time.Time           `doc:"They were created before this time, which is at the latest when the job began."`
	State        string              `enum:"Running,Completed,Failed,Cancelled" doc:"Completed: it has come to all of them. Failed: it could not go on."`
	Reason       string              `doc:"Why it failed, or which transaction it has set aside, as the server ended each time that it came to it."`
	Done         int                 `doc:"To how many it was done by now."`
	Skipped      int                 `doc:"They could not be run again."`
	CreatedOnUTC time.Time           `json:"CreatedOnUtc"`
	CreatedBy    string              `doc:"An email address, or the name of an OAuth client."`
	EndedOnUTC   *time.Time          `json:"EndedOnUtc" doc:"null: it is running."`
}

func showRepeatJob(j *tandem.RepeatJob) repeatJobShape {
	status := ""
	if j.Filter.Status != nil {
		status = j.Filter.Status.String()
	}
	return repeatJobShape{
		ID: j.ID, Action: j.Action, CycleID: j.Filter.Cycle, Status: status, After: timeOrNull(j.Filter.After), Before: j.Filter.Before, State: string(j.State), Reason: j.Reason,
		Done: j.Done, Skipped: j.Skipped, CreatedOnUTC: j.Created, CreatedBy: j.CreatedBy, EndedOnUTC: timeOrNull(j.Ended),
	}
}

// shownRepeatJob shows j, unless err.
func shownRepeatJob(j *tandem.RepeatJob, err error) (*object[repeatJobShape], error) {
	if err != nil {
		return nil, err
	}
	return one(showRepeatJob(j), nil)
}

// repeatJobBody begins a job.
type repeatJobBody struct {
	Action tandem.RepeatAction `doc:"retry: from their beginnings; resume: where they failed; drop: cancel what is not at its end." enum:"retry,resume,drop"`
	RepeatFilter
}

var repeatActions = []tandem.RepeatAction{"", tandem.RetryTransaction, tandem.ResumeTransaction, tandem.DropTransaction}

func (a *API) startRepeatJob(ctx context.Context, at policy.Place, in *struct{ Body repeatJobBody }) (*object[repeatJobShape], error) {
	do, err := oneOf("Action", string(in.Body.Action), repeatActions)
	if err == nil && do == "" {
		err = tandem.Invalidf("Action", "Action: want one of %v", repeatActions[1:])
	}
	if err != nil {
		return nil, err
	}
	f, err := in.Body.filter()
	if err != nil {
		return nil, err
	}
	return shownRepeatJob(a.services.RepeatJobs.Start(ctx, at.Account, do, f))
}

func (a *API) listRepeatJobs(ctx context.Context, at policy.Place, in *Paging) (*list[repeatJobShape], error) {
	found, err := a.services.RepeatJobs.List(ctx, at.Account, in.request())
	return page(in.request(), found, err, showRepeatJob)
}

func (a *API) getRepeatJob(ctx context.Context, at policy.Place, in *RepeatJobPath) (*object[repeatJobShape], error) {
	return shownRepeatJob(a.services.RepeatJobs.Get(ctx, at.Account, in.ID.Value))
}

func (a *API) cancelRepeatJob(ctx context.Context, at policy.Place, in *RepeatJobPath) (*object[repeatJobShape], error) {
	return shownRepeatJob(a.services.RepeatJobs.Cancel(ctx, at.Account, in.ID.Value))
}

// repeatJobRoutes do the same to many transactions in the background.
func (a *API) repeatJobRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(get, "/v1.0/cycles/transactions/jobs", "listTransactionJobs", "List what is done to many transactions in the background", ordered(account(a.listRepeatJobs), "those that are running, then the newest", "CreatedOnUtc")),
		bind(post, "/v1.0/cycles/transactions/jobs", "startTransactionJob", "Run many transactions again, or cancel them, in the background", created(account(a.startRepeatJob))),
		bind(get, "/v1.0/cycles/transactions/jobs/{id}", "getTransactionJob", "Get a job with how far it has come", account(a.getRepeatJob)),
		bind(post, "/v1.0/cycles/transactions/jobs/{id}/cancel", "cancelTransactionJob", "Go on with no more transactions of a job", account(a.cancelRepeatJob)),
	)
}

func repeatJobAnswers(at time.Time) []any {
	return []any{repeatJobShape{
		ID: "4c8e1d02-7b0f-4a55-8a6e-5d3f1b2c9a70", Action: tandem.ResumeTransaction, CycleID: exampleCycle, Status: "Failed", Before: at, State: string(tandem.RepeatJobRunning),
		Done: 1300, Skipped: 2, CreatedOnUTC: at, CreatedBy: "ada@acme.example",
	}}
}
