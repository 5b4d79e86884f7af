package api

import (
	"context"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// RunQuery narrows counts of runs by day.
type RunQuery struct {
	Paging
	Format
	Start moment `query:"start" doc:"From the beginning of its day, UTC. Default: 30 days in all."`
	End   ending `query:"end" doc:"Not included; to the end of the day that it lies in. A date without a time is that day whole. Default: today."`
}

// CycleRunQuery narrows counts of runs by cycle.
type CycleRunQuery struct {
	RunQuery
	Failing bool `query:"failing" doc:"true: only cycles with errors."`
}

func (in *RunQuery) filter(account string) tandem.RunFilter {
	return tandem.RunFilter{PageRequest: in.request(), Start: in.Start.Time, End: in.End.Time, Account: account}
}

func (in *CycleRunQuery) filter(account string) tandem.RunFilter {
	f := in.RunQuery.filter(account)
	f.Failing = in.Failing
	return f
}

func (a *API) getAllowance(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[tandem.AllowanceUse], error) {
	return one(a.services.Overview.Allowance(ctx, p))
}

func (a *API) listRunDays(ctx context.Context, p tandem.PartnerID, in *struct {
	RunQuery
	Account string `query:"account" doc:"An account's id: of this one only."`
},
) (*tabular, error) {
	return a.runDays(ctx, p, in.Format, in.filter(in.Account))
}

func (a *API) listOwnRunDays(ctx context.Context, at policy.Place, in *RunQuery) (*tabular, error) {
	id, err := a.apiID(ctx, at)
	if err != nil {
		return nil, err
	}
	return a.runDays(ctx, at.Partner, in.Format, in.filter(id))
}

func (a *API) runDays(ctx context.Context, p tandem.PartnerID, how Format, f tandem.RunFilter) (*tabular, error) {
	fetch := func(r tandem.PageRequest) (tandem.Page[tandem.RunDay], error) {
		f.PageRequest = r
		return a.services.Overview.Days(ctx, p, f)
	}
	return report(how, f.PageRequest, "run-days", []string{"Day", "Runs", "Errors", "P95Milliseconds"}, fetch, func(d *tandem.RunDay) []string {
		return []string{d.Day, strconv.Itoa(d.Runs), strconv.Itoa(d.Errors), strconv.Itoa(d.P95Milliseconds)}
	})
}

func (a *API) listCycleRuns(ctx context.Context, p tandem.PartnerID, in *struct {
	CycleRunQuery
	Account string `query:"account" doc:"An account's id: of this one only."`
},
) (*tabular, error) {
	return a.cycleRuns(ctx, p, in.Format, in.filter(in.Account))
}

func (a *API) listOwnCycleRuns(ctx context.Context, at policy.Place, in *CycleRunQuery) (*tabular, error) {
	id, err := a.apiID(ctx, at)
	if err != nil {
		return nil, err
	}
	return a.cycleRuns(ctx, at.Partner, in.Format, in.filter(id))
}

func (a *API) cycleRuns(ctx context.Context, p tandem.PartnerID, how Format, f tandem.RunFilter) (*tabular, error) {
	fetch := func(r tandem.PageRequest) (tandem.Page[tandem.CycleRuns], error) {
		f.PageRequest = r
		return a.services.Overview.Cycles(ctx, p, f)
	}
	columns := []string{"AccountId", "AccountName", "CycleId", "CycleName", "Runs", "Errors", "StopReason"}
	return report(how, f.PageRequest, "cycle-runs", columns, fetch, func(c *tandem.CycleRuns) []string {
		return []string{c.AccountID, c.AccountName, string(c.CycleID), c.CycleName, strconv.Itoa(c.Runs), strconv.Itoa(c.Errors), c.StopReason}
	})
}

func (a *API) listAccountActivity(ctx context.Context, p tandem.PartnerID, in *struct {
	Paging
	Query string `query:"query" doc:"Part of the name or id."`
},
) (*list[tandem.AccountActivity], error) {
	found, err := a.services.Overview.Accounts(ctx, p, tandem.Search{PageRequest: in.request(), Query: in.Query})
	return page(in.request(), found, err, same)
}

func (a *API) listWaitingConnectors(ctx context.Context, p tandem.PartnerID, in *struct{ Paging }) (*list[tandem.WaitingConnector], error) {
	found, err := a.services.Overview.Waits(ctx, p, in.request())
	return page(in.request(), found, err, same)
}

// overviewAnswers are examples of what accounts used, and of how they fare.
func overviewAnswers(at time.Time) []any {
	tasks := tandem.Tasks{TasksUsed: 1234, SuccessfulTasks: 1200, IncidentTasks: 34}
	period := tandem.BillingPeriod{StartTime: at.AddDate(0, 0, -30), EndTime: at, Tasks: tasks}
	return []any{
		tandem.Usage{ID: "page-turner", TasksUsed: 1234, TreeTasksUsed: 2345, StartTime: at.AddDate(0, 0, -30), EndTime: at},
		tandem.AccountUsage{ID: "page-turner", Name: "Page Turner Books", Tasks: tasks},
		tandem.UsageLine{AccountID: "page-turner", CycleID: exampleCycle, CycleName: "New contact to mailing list", Tasks: tasks},
		period, tandem.PlacedPeriod{AccountID: "page-turner", AccountName: "Page Turner Books", BillingPeriod: period},
		tandem.UsageCheck{ID: "page-turner", StartTime: at.AddDate(0, 0, -30), EndTime: at, TasksUsed: 1234, TasksFound: 1234, Differences: []tandem.UsageDifference{}},
		tandem.AllowanceUse{TasksUsed: 61_234, Allowance: 100_000, StartTime: at.AddDate(0, 0, -20), EndTime: at.AddDate(0, 0, 10)},
		tandem.RunDay{Day: at.Format(time.DateOnly), Runs: 1234, Errors: 2, P95Milliseconds: 1448},
		tandem.CycleRuns{AccountID: "page-turner", AccountName: "Page Turner Books", CycleID: exampleCycle, CycleName: "New contact to mailing list", Runs: 1234, Errors: 2},
		tandem.AccountActivity{
			ID: "page-turner", Name: "Page Turner Books", CreatedDate: at.AddDate(0, -3, 0), Cycles: 3, ActiveCycles: 2, TasksUsed: 1234,
			LastRun: at, Runs: 400, Errors: 2, Activity: []tandem.DayRuns{{Runs: 12}, {Runs: 30, Errors: 1}},
		},
		tandem.WaitingConnector{
			AccountID: "page-turner", AccountName: "Page Turner Books", ID: 1, Name: "CRM", Connector: "bookshelf crm", Until: at.Add(time.Minute), Tries: 1,
			Authenticated: true,
		},
	}
}
