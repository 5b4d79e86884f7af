package api

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// accountBody is an account's settings. A value of the wrong type is ignored.
type accountBody struct {
	ID                                     anyText         `json:"Id,omitzero" doc:"Your own id for the account; a GUID if you give none. It cannot be changed."`
	Name                                   setting[string] `json:",omitzero" doc:"Required."`
	Description                            setting[string] `json:",omitzero"`
	ParentAccountID                        setting[string] `json:"ParentAccountId,omitzero" doc:"The id of the account above. Another one moves the account with all below it, null to the top."`
	Timezone                               setting[string] `json:",omitzero" doc:"IANA name; default UTC."`
	AuditInfo                              setting[string] `json:",omitzero"`
	TaskAuditInfo                          setting[string] `json:",omitzero"`
	NextBillDateUTC                        setting[moment] `json:"NextBillDateUtc,omitzero"`
	StepDataSuccessRetentionHours          setting[int]    `json:",omitzero" doc:"0 keeps nothing, null inherits; at most 744."`
	StepDataErroredRetentionHours          setting[int]    `json:",omitzero" doc:"0 keeps nothing, null inherits; at most 744."`
	TransactionErrorWebhookEnabled         setting[bool]   `json:",omitzero"`
	TransactionErrorWebhookURL             setting[string] `json:"TransactionErrorWebhookUrl,omitzero"`
	TransactionErrorWebhookIncludeWarnings setting[bool]   `json:",omitzero"`
	ConcurrentTransactionLimit             setting[int]    `json:",omitzero" doc:"Transactions at work at once. null inherits, 0 is no limit."`
	StepLimit                              setting[int]    `json:",omitzero" doc:"Steps in all running cycles together. null inherits, 0 is no limit."`
}

func (b accountBody) update() tandem.AccountUpdate {
	bill := b.NextBillDateUTC
	return tandem.AccountUpdate{
		APIID: string(b.ID), ParentAccountID: b.ParentAccountID.Optional, Name: b.Name.Optional, Description: b.Description.Optional,
		Timezone: b.Timezone.Optional, AuditInfo: b.AuditInfo.Optional, TaskAuditInfo: b.TaskAuditInfo.Optional,
		NextBillDateUTC:                        tandem.Optional[time.Time]{Set: bill.Set, Null: bill.Null, Value: bill.Value.Time},
		StepDataSuccessRetentionHours:          b.StepDataSuccessRetentionHours.Optional,
		StepDataErroredRetentionHours:          b.StepDataErroredRetentionHours.Optional,
		TransactionErrorWebhookEnabled:         b.TransactionErrorWebhookEnabled.Optional,
		TransactionErrorWebhookURL:             b.TransactionErrorWebhookURL.Optional,
		TransactionErrorWebhookIncludeWarnings: b.TransactionErrorWebhookIncludeWarnings.Optional,
		ConcurrentTransactionLimit:             b.ConcurrentTransactionLimit.Optional, StepLimit: b.StepLimit.Optional,
	}
}

// AccountQuery narrows a list of accounts.
type AccountQuery struct {
	Paging
	Query   string `query:"query" doc:"Part of the name or id."`
	Enabled flag   `query:"enabled" doc:"true: those that are not suspended; false: those that are."`
	Deleted bool   `query:"deleted" doc:"Those in the recycle bin, and no others."`
}

func (in *AccountQuery) filter(parent string) tandem.AccountFilter {
	return tandem.AccountFilter{
		PageRequest: in.request(), Query: in.Query, Parent: parent, Enabled: in.Enabled.Value, Deleted: in.Deleted,
	}
}

func (a *API) listAccounts(ctx context.Context, p tandem.PartnerID, in *AccountQuery) (*list[tandem.Account], error) {
	found, err := a.services.Accounts.List(ctx, p, in.filter(""))
	return page(in.request(), found, err, same)
}

func (a *API) createAccount(ctx context.Context, p tandem.PartnerID, in *struct{ Body accountBody }) (*object[*tandem.Account], error) {
	return one(a.services.Accounts.Create(ctx, p, in.Body.update()))
}

// getAccount gives a customer no more than getOwnAccount does; the rest is null.
func (a *API) getAccount(ctx context.Context, by policy.Reader, in *AccountPath) (*object[*tandem.Account], error) {
	found, err := by.Find(ctx, a.services.Accounts, in.ID)
	if err == nil && by.User != 0 {
		found = &tandem.Account{
			APIID: found.APIID, CreatedDate: found.CreatedDate, Name: found.Name, Description: found.Description, Timezone: found.Timezone, NextBillDateUTC: found.NextBillDateUTC,
			StepDataSuccessRetentionHours: found.StepDataSuccessRetentionHours, StepDataErroredRetentionHours: found.StepDataErroredRetentionHours, Enabled: found.Enabled,
		}
	}
	return one(found, err)
}

func (a *API) updateAccount(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body accountBody
},
) (*object[*tandem.Account], error) {
	return one(a.services.Accounts.Update(ctx, p, in.ID, in.Body.update()))
}

func (a *API) deleteAccount(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Subaccounts bool `query:"subaccounts" doc:"Delete all accounts below it, too."`
},
) (*empty, error) {
	if in.Subaccounts {
		return done(a.services.AccountStates.DeleteAll(ctx, p, in.ID))
	}
	return done(a.services.Accounts.Delete(ctx, p, in.ID))
}

func (a *API) suspendAccount(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[*tandem.Account], error) {
	return one(a.services.AccountStates.Suspend(ctx, p, in.ID))
}

func (a *API) resumeAccount(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[*tandem.Account], error) {
	return one(a.services.AccountStates.Resume(ctx, p, in.ID))
}

func (a *API) restoreAccount(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[*tandem.Account], error) {
	return one(a.services.AccountStates.Restore(ctx, p, in.ID))
}

func (a *API) listSubaccounts(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	AccountQuery
},
) (*list[tandem.Account], error) {
	found, err := a.services.Accounts.List(ctx, p, in.filter(in.ID))
	return page(in.request(), found, err, same)
}
