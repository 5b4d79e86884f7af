package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// RepeatFilter says to which transactions something is done.
type RepeatFilter struct {
	CycleID optional[guid[tandem.CycleID]] `json:"CycleId,omitzero" doc:"Of this cycle; left out: of any."`
	Status  optional[string]               `json:",omitzero" doc:"To retry or resume: Completed, Failed (default) or Cancelled; to drop: Queued, Waiting, Split or Held; default: any of these."`
	After   optional[moment]               `json:",omitzero" doc:"Created at this time or later."`
	Before  optional[moment]               `json:",omitzero" doc:"Created before this time."`
}

func (b *RepeatFilter) filter() (tandem.TransactionFilter, error) {
	f := tandem.TransactionFilter{Cycle: b.CycleID.Value.Value, After: b.After.Value.Time, Before: b.Before.Value.Time}
	if b.Status.Value == "" {
		return f, nil
	}
	f.Status = new(tandem.TransactionStatus)
	return f, f.Status.UnmarshalText([]byte(b.Status.Value))
}

// repeatBody says what a call does something to.
type repeatBody struct {
	RepeatFilter
	Past optional[guid[string]] `json:",omitzero" doc:"Next of the answer before this one."`
}

func (b *repeatBody) filter() (tandem.TransactionFilter, error) {
	f, err := b.RepeatFilter.filter()
	if err != nil || b.Past.Value.Value == "" {
		return f, err
	}
	past, err := tandem.ParseTransactionID(b.Past.Value.Value)
	f.Past = int64(past)
	return f, err
}

// many is the handler that does something to all that a body finds.
func (a *API) many(do tandem.RepeatAction) func(context.Context, policy.Place, *struct{ Body repeatBody }) (*object[tandem.Repeated], error) {
	return func(ctx context.Context, at policy.Place, in *struct{ Body repeatBody }) (*object[tandem.Repeated], error) {
		f, err := in.Body.filter()
		if err != nil {
			return nil, err
		}
		return one(a.services.Repeats.Many(ctx, at.Account, do, f))
	}
}

// repeat is the handler that does something to one transaction.
func (a *API) repeat(do func(tandem.Repeats, context.Context, tandem.AccountID, tandem.TransactionID) (*tandem.Transaction, error)) func(context.Context, policy.Place, *TransactionPath) (*object[*tandem.Transaction], error) {
	return func(ctx context.Context, at policy.Place, in *TransactionPath) (*object[*tandem.Transaction], error) {
		id, err := tandem.ParseTransactionID(in.ID.Value)
		if err != nil {
			return nil, err
		}
		return one(do(a.services.Repeats, ctx, at.Account, id))
	}
}

// repeatRoutes run transactions again, and end them.
func (a *API) repeatRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(post, "/v1.0/transactions/retry", "retryTransactions", "Run transactions again from their beginnings, the oldest first, up to 1000", account(a.many(tandem.RetryTransaction))),
		bind(post, "/v1.0/transactions/resume", "resumeTransactions", "Go on with transactions where they failed, the oldest first, up to 1000", account(a.many(tandem.ResumeTransaction))),
		bind(post, "/v1.0/transactions/drop", "dropTransactions", "Cancel transactions that are not at their end, the oldest first, up to 1000", account(a.many(tandem.DropTransaction))),
		bind(post, "/v1.0/transactions/{id}/retry", "retryTransaction", "Run a transaction again from its beginning", created(account(a.repeat(tandem.Repeats.Retry)))),
		bind(post, "/v1.0/transactions/{id}/resume", "resumeTransaction", "Go on with a transaction where it failed", created(account(a.repeat(tandem.Repeats.Resume)))),
		bind(post, "/v1.0/transactions/{id}/drop", "dropTransaction", "Cancel a transaction that is not at its end", account(a.repeat(tandem.Repeats.Drop))),
	)
}
