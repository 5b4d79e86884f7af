package api

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// AcrossQuery narrows a list of all accounts' transactions or incidents.
type AcrossQuery struct {
	Paging
	Format
	After   moment `query:"after" doc:"RFC 3339, a date, or M/D/YYYY."`
	Before  moment `query:"before"`
	Account string `query:"account" doc:"An account's id: only of this one and those below it."`
}

func (q *AcrossQuery) filter() tandem.AcrossFilter {
	return tandem.AcrossFilter{
		TransactionFilter: tandem.TransactionFilter{PageRequest: q.request(), After: q.After.Time, Before: q.Before.Time}, Account: q.Account, Whole: q.csv(),
	}
}

func (a *API) listAllTransactions(ctx context.Context, p tandem.PartnerID, in *struct {
	AcrossQuery
	Status string `query:"status" doc:"Queued, Waiting, Split, Held, Completed, Failed or Cancelled."`
},
) (*tabular, error) {
	f := in.filter()
	if in.Status != "" {
		f.Status = new(tandem.TransactionStatus)
		if err := f.Status.UnmarshalText([]byte(in.Status)); err != nil {
			return nil, err
		}
	}
	fetch := onward(&f.Past, func(t *tandem.PlacedTransaction) int64 { return int64(t.ID) }, func(r tandem.PageRequest) (tandem.Page[tandem.PlacedTransaction], error) {
		f.PageRequest = r
		return a.services.Transactions.Across(ctx, p, f)
	})
	columns := slices.Concat([]string{"AccountId", "AccountName"}, transactionColumns, []string{"CycleName"})
	return report(in.Format, f.PageRequest, "transactions", columns, fetch, func(t *tandem.PlacedTransaction) []string {
		return slices.Concat([]string{t.AccountID, t.AccountName}, transactionCells(&t.Transaction), []string{t.CycleName})
	})
}

func (a *API) listAllIncidents(ctx context.Context, p tandem.PartnerID, in *struct {
	AcrossQuery
	Level string `query:"level" doc:"Error or Warning."`
},
) (*tabular, error) {
	f := in.filter()
	level, err := oneOf("level", in.Level, incidentLevels)
	if err != nil {
		return nil, err
	}
	if level != "" {
		f.Level = new(tandem.Outcome)
		if err := f.Level.UnmarshalText([]byte(level)); err != nil {
			return nil, err
		}
	}
	fetch := onward(&f.Past, func(i *tandem.PlacedIncident) int64 { return int64(i.ID) }, func(r tandem.PageRequest) (tandem.Page[tandem.PlacedIncident], error) {
		f.PageRequest = r
		found, err := a.services.Transactions.IncidentsAcross(ctx, p, f)
		if err == nil {
			err = a.nameAll(ctx, p, found.Rows)
		}
		return found, err
	})
	return report(in.Format, f.PageRequest, "incidents", slices.Concat([]string{"AccountId", "AccountName"}, incidentColumns), fetch, func(i *tandem.PlacedIncident) []string {
		return slices.Concat([]string{i.AccountID, i.AccountName}, incidentCells(&i.Incident))
	})
}

// incidentLevels are those of incidents; the first is any.
var incidentLevels = []string{"", tandem.OutcomeError.String(), tandem.OutcomeWarning.String()}

// nameAll names the incidents of each account, as name does.
func (a *API) nameAll(ctx context.Context, p tandem.PartnerID, all []tandem.PlacedIncident) error {
	of := map[tandem.AccountID][]tandem.Incident{}
	for i := range all {
		of[all[i].Account] = append(of[all[i].Account], all[i].Incident)
	}
	for account, incidents := range of {
		if err := a.name(ctx, policy.Place{Partner: p, Account: account}, incidents); err != nil {
			return err
		}
	}
	for i := range all {
		rest := of[all[i].Account]
		all[i].Incident, of[all[i].Account] = rest[0], rest[1:]
	}
	return nil
}

func (a *API) listAllBillingPeriods(ctx context.Context, p tandem.PartnerID, in *struct {
	PeriodsQuery
	Account string `query:"account" doc:"An account's id: only of this one and those below it."`
	At      moment `query:"at" doc:"RFC 3339, a date, or M/D/YYYY: the period that it lies in. Default: now."`
},
) (*tabular, error) {
	f := tandem.PeriodFilter{PageRequest: in.request(), Account: in.Account, At: in.At.Time}
	return report(in.Format, f.PageRequest, "billing-periods", slices.Concat([]string{"AccountId", "AccountName", "StartTime", "EndTime", "Current"}, taskColumns),
		func(r tandem.PageRequest) (tandem.Page[tandem.PlacedPeriod], error) {
			f.PageRequest = r
			return a.services.Meter.PeriodsAcross(ctx, p, f)
		}, func(b *tandem.PlacedPeriod) []string {
			cells := []string{b.AccountID, b.AccountName, b.StartTime.Format(time.RFC3339), b.EndTime.Format(time.RFC3339), strconv.FormatBool(b.Current)}
			return append(cells, taskCells(b.Tasks)...)
		})
}
