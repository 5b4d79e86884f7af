package api

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// UsageWindow is the time that usage is of.
type UsageWindow struct {
	Start moment `query:"start" doc:"Rounded down to a quarter of an hour. Default: the beginning of the billing period."`
	End   ending `query:"end" doc:"Not included; rounded up to a quarter of an hour. A date without a time is that day whole. Default: now."`
}

// AccountsUsageQuery narrows the usage by account.
type AccountsUsageQuery struct {
	Paging
	Format
	UsageWindow
	Query string `query:"query" doc:"Part of the name or id."`
}

// UsageQuery narrows a breakdown of usage.
type UsageQuery struct {
	Paging
	Format
	UsageWindow
	Cycle     guid[tandem.CycleID] `query:"cycle" doc:"Of this one only."`
	Connector string               `query:"connector" doc:"Of the one with this name only."`
	Method    string               `query:"method" doc:"Of the one with this MethodUniqueIdentifier only."`
}

// PartnerUsageQuery does so at partner level.
type PartnerUsageQuery struct {
	UsageQuery
	Account string `query:"account" doc:"An account's id: of this one only, in days and billing periods of its zone. Default: of all, in those of UTC."`
}

// PeriodsQuery pages billing periods.
type PeriodsQuery struct {
	Paging
	Format
}

func (in *UsageQuery) filter(account string) tandem.UsageFilter {
	return tandem.UsageFilter{
		PageRequest: in.request(), Start: in.Start.Time, End: in.End.Time,
		Account: account, Cycle: in.Cycle.Value, Connector: in.Connector, Method: in.Method,
	}
}

func (a *API) getUsage(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	UsageWindow
},
) (*object[tandem.Usage], error) {
	return one(a.services.Meter.Usage(ctx, p, in.ID, in.Start.Time, in.End.Time))
}

func (a *API) getOwnUsage(ctx context.Context, at policy.Place, in *UsageWindow) (*object[tandem.Usage], error) {
	id, err := a.apiID(ctx, at)
	if err != nil {
		return nil, err
	}
	return one(a.services.Meter.Usage(ctx, at.Partner, id, in.Start.Time, in.End.Time))
}

// apiID is the API ID of the account that a request acts in.
func (a *API) apiID(ctx context.Context, at policy.Place) (string, error) {
	account, err := a.services.Accounts.ByID(ctx, at.Partner, at.Account)
	if err != nil {
		return "", err
	}
	return account.APIID, nil
}

func (a *API) verifyUsage(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[tandem.UsageCheck], error) {
	return one(a.services.Meter.Verify(ctx, p, in.ID))
}

func (a *API) listUsage(ctx context.Context, p tandem.PartnerID, in *AccountsUsageQuery) (*tabular, error) {
	f := tandem.UsageFilter{Start: in.Start.Time, End: in.End.Time, Query: in.Query}
	columns := append([]string{"Id", "Name", "ParentAccountId", "Deleted"}, taskColumns...)
	return report(in.Format, in.request(), "usage", columns, func(r tandem.PageRequest) (tandem.Page[tandem.AccountUsage], error) {
		f.PageRequest = r
		return a.services.Meter.Accounts(ctx, p, f)
	}, func(u *tandem.AccountUsage) []string {
		parent := ""
		if u.ParentAccountID != nil {
			parent = *u.ParentAccountID
		}
		return append([]string{u.ID, u.Name, parent, strconv.FormatBool(u.Deleted)}, taskCells(u.Tasks)...)
	})
}

// breakDown is the handler of a breakdown at partner level.
func (a *API) breakDown(by tandem.UsageBy) func(context.Context, tandem.PartnerID, *PartnerUsageQuery) (*tabular, error) {
	return func(ctx context.Context, p tandem.PartnerID, in *PartnerUsageQuery) (*tabular, error) {
		return a.usageLines(ctx, p, by, in.Format, in.filter(in.Account))
	}
}

// breakOwnDown is the handler of a breakdown in an account.
func (a *API) breakOwnDown(by tandem.UsageBy) func(context.Context, policy.Place, *UsageQuery) (*tabular, error) {
	return func(ctx context.Context, at policy.Place, in *UsageQuery) (*tabular, error) {
		id, err := a.apiID(ctx, at)
		if err != nil {
			return nil, err
		}
		return a.usageLines(ctx, at.Partner, by, in.Format, in.filter(id))
	}
}

// lineColumns are what lines have in CSV, beside the tasks.
var lineColumns = map[tandem.UsageBy][]string{
	tandem.UsageByCycle:     {"AccountId", "CycleId", "CycleName"},
	tandem.UsageByConnector: {"Connector", "ConnectorVersion"},
	tandem.UsageByMethod:    {"Connector", "ConnectorVersion", "MethodUniqueIdentifier", "MethodName"},
	tandem.UsageByDay:       {"Day"},
}

func (a *API) usageLines(ctx context.Context, p tandem.PartnerID, by tandem.UsageBy, how Format, f tandem.UsageFilter) (*tabular, error) {
	columns := lineColumns[by]
	header := slices.Concat(columns, taskColumns)
	if by != tandem.UsageByDay {
		header = append(header, "AverageMilliseconds")
	}
	return report(how, f.PageRequest, "usage-"+string(by), header,
		func(r tandem.PageRequest) (tandem.Page[tandem.UsageLine], error) {
			f.PageRequest = r
			found, err := a.services.Meter.Lines(ctx, p, by, f)
			if err == nil && by == tandem.UsageByMethod {
				err = a.nameMethods(ctx, p, found.Rows)
			}
			return found, err
		}, func(l *tandem.UsageLine) []string {
			all := map[string]string{
				"AccountId": l.AccountID, "CycleId": string(l.CycleID), "CycleName": l.CycleName, "Connector": l.Connector, "ConnectorVersion": l.ConnectorVersion,
				"MethodUniqueIdentifier": l.Method, "MethodName": l.MethodName, "Day": l.Day,
			}
			var cells []string
			for _, c := range columns {
				cells = append(cells, all[c])
			}
			cells = append(cells, taskCells(l.Tasks)...)
			return append(cells, strconv.Itoa(l.AverageMilliseconds))[:len(header)]
		})
}

// nameMethods gives lines the names of their methods, where the library has them.
func (a *API) nameMethods(ctx context.Context, p tandem.PartnerID, lines []tandem.UsageLine) error {
	type release struct{ name, version string }
	known := map[release][]tandem.LibraryConnector{}
	for i := range lines {
		l := &lines[i]
		of := release{l.Connector, l.ConnectorVersion}
		if _, read := known[of]; !read && l.Connector != "" {
			found, err := a.services.Library.ByName(ctx, p, of.name, of.version)
			if err != nil {
				return err
			}
			known[of] = found
		}
		for _, c := range known[of] {
			for _, m := range c.Methods {
				if strings.EqualFold(m.MethodUniqueIdentifier, l.Method) {
					l.MethodName = m.Name
				}
			}
		}
	}
	return nil
}

func (a *API) listBillingPeriods(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	PeriodsQuery
},
) (*tabular, error) {
	return a.periods(ctx, p, in.ID, in.PeriodsQuery)
}

func (a *API) listOwnBillingPeriods(ctx context.Context, at policy.Place, in *PeriodsQuery) (*tabular, error) {
	id, err := a.apiID(ctx, at)
	if err != nil {
		return nil, err
	}
	return a.periods(ctx, at.Partner, id, *in)
}

func (a *API) periods(ctx context.Context, p tandem.PartnerID, id string, in PeriodsQuery) (*tabular, error) {
	return report(in.Format, in.request(), "billing-periods", append([]string{"StartTime", "EndTime", "Current"}, taskColumns...),
		func(r tandem.PageRequest) (tandem.Page[tandem.BillingPeriod], error) {
			return a.services.Meter.Periods(ctx, p, id, r)
		}, func(b *tandem.BillingPeriod) []string {
			cells := []string{b.StartTime.Format(time.RFC3339), b.EndTime.Format(time.RFC3339), strconv.FormatBool(b.Current)}
			return append(cells, taskCells(b.Tasks)...)
		})
}

var taskColumns = []string{"TasksUsed", "SuccessfulTasks", "IncidentTasks"}

func taskCells(t tandem.Tasks) []string {
	return []string{strconv.Itoa(t.TasksUsed), strconv.Itoa(t.SuccessfulTasks), strconv.Itoa(t.IncidentTasks)}
}

// report answers with the page r as JSON, or with all pages as CSV. The first is
// read before anything is answered, so that what is wrong can be said.
func report[T any](how Format, r tandem.PageRequest, name string, columns []string,
	fetch func(tandem.PageRequest) (tandem.Page[T], error), cells func(*T) []string,
) (*tabular, error) {
	if !how.csv() {
		found, err := fetch(r)
		return paged(r, found, err)
	}
	r.Page, r.PageSize = 1, tandem.MaxPageSize
	found, err := fetch(r)
	if err != nil {
		return nil, err
	}
	return sheetOf(name, columns, func(row func(cells ...string) error) error {
		for {
			for i := range found.Rows {
				if err := row(cells(&found.Rows[i])...); err != nil {
					return err
				}
			}
			if r.Offset()+len(found.Rows) >= found.Total || len(found.Rows) == 0 {
				return nil
			}
			r.Page++
			if found, err = fetch(r); err != nil {
				return err
			}
		}
	}), nil
}
