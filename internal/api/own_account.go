package api

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// ownAccountShape is an account as its own people see it: without what the
// partner keeps for itself.
type ownAccountShape struct {
	ID                            string `json:"Id"`
	CreatedDate                   time.Time
	Name                          string
	Description                   *string
	Timezone                      string
	NextBillDateUTC               *time.Time `json:"NextBillDateUtc"`
	StepDataSuccessRetentionHours *int
	StepDataErroredRetentionHours *int
	Enabled                       bool
}

// ownAccountBody is what the account's own people may change.
type ownAccountBody struct {
	Description                   setting[string] `json:",omitzero"`
	Timezone                      setting[string] `json:",omitzero" doc:"IANA name."`
	StepDataSuccessRetentionHours setting[int]    `json:",omitzero" doc:"0 keeps nothing, null inherits; at most what the partner has set for all accounts."`
	StepDataErroredRetentionHours setting[int]    `json:",omitzero" doc:"0 keeps nothing, null inherits; at most what the partner has set for all accounts."`
}

func showOwnAccount(acc *tandem.Account, err error) (*object[ownAccountShape], error) {
	if err != nil {
		return nil, err
	}
	return one(ownAccountShape{
		ID: acc.APIID, CreatedDate: acc.CreatedDate, Name: acc.Name, Description: acc.Description, Timezone: acc.Timezone, NextBillDateUTC: acc.NextBillDateUTC,
		StepDataSuccessRetentionHours: acc.StepDataSuccessRetentionHours, StepDataErroredRetentionHours: acc.StepDataErroredRetentionHours, Enabled: acc.Enabled,
	}, nil)
}

func (a *API) getOwnAccount(ctx context.Context, at policy.Place, _ *struct{}) (*object[ownAccountShape], error) {
	return showOwnAccount(a.services.Accounts.ByID(ctx, at.Partner, at.Account))
}

func (a *API) updateOwnAccount(ctx context.Context, at policy.Place, in *struct{ Body ownAccountBody }) (*object[ownAccountShape], error) {
	b := in.Body
	return showOwnAccount(a.services.Accounts.UpdateOwn(ctx, at.Partner, at.Account, tandem.AccountUpdate{
		Description: b.Description.Optional, Timezone: b.Timezone.Optional,
		StepDataSuccessRetentionHours: b.StepDataSuccessRetentionHours.Optional, StepDataErroredRetentionHours: b.StepDataErroredRetentionHours.Optional,
	}))
}
