package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// settingsShape is what holds for all of a partner's accounts that have nothing
// of their own. Settings about security and embedding have routes of their own.
type settingsShape struct {
	Account tandem.AccountDefaults `doc:"For accounts that have no such setting of their own."`
	Task    tandem.TaskSettings    `doc:"Tasks that all accounts together are expected to use."`
	Notice  tandem.NoticeSettings  `doc:"Whom to tell."`
}

// settingsBody changes settings; what is left out stays.
type settingsBody struct {
	Account defaultsBody `json:",omitzero" doc:"For accounts that have no such setting of their own. A value of the wrong type is ignored."`
	Task    taskBody     `json:",omitzero"`
	Notice  noticeBody   `json:",omitzero"`
}

type defaultsBody struct {
	StepDataSuccessRetentionHours          setting[int]    `json:",omitzero" doc:"0 keeps nothing; null, and at most, 744."`
	StepDataErroredRetentionHours          setting[int]    `json:",omitzero" doc:"0 keeps nothing; null, and at most, 744."`
	ConcurrentTransactionLimit             setting[int]    `json:",omitzero" doc:"Of each account by itself. null or 0: no limit."`
	StepLimit                              setting[int]    `json:",omitzero" doc:"Steps in all running cycles of an account. null or 0: no limit."`
	TransactionErrorWebhookEnabled         setting[bool]   `json:",omitzero"`
	TransactionErrorWebhookURL             setting[string] `json:"TransactionErrorWebhookUrl,omitzero"`
	TransactionErrorWebhookIncludeWarnings setting[bool]   `json:",omitzero"`
}

type taskBody struct {
	Allowance optional[int]      `json:",omitzero" doc:"Tasks in a calendar month (UTC), of all accounts; 0: none is set. Nothing stops beyond it."`
	Alerts    optional[[]string] `json:",omitzero" doc:"Email addresses that are told at 50, 80 and 100 % of it."`
}

type noticeBody struct {
	NotificationWebhookURL optional[string] `json:"NotificationWebhookUrl,omitzero" doc:"Is told of cycles that errors stop; null: nobody is."`
}

func (b *settingsBody) apply(set *tandem.PartnerSettings) {
	d := &set.Account
	b.Account.StepDataSuccessRetentionHours.ApplyPointer(&d.StepDataSuccessRetentionHours)
	b.Account.StepDataErroredRetentionHours.ApplyPointer(&d.StepDataErroredRetentionHours)
	b.Account.ConcurrentTransactionLimit.ApplyPointer(&d.ConcurrentTransactionLimit)
	b.Account.StepLimit.ApplyPointer(&d.StepLimit)
	b.Account.TransactionErrorWebhookEnabled.Apply(&d.TransactionErrorWebhookEnabled)
	b.Account.TransactionErrorWebhookURL.ApplyPointer(&d.TransactionErrorWebhookURL)
	b.Account.TransactionErrorWebhookIncludeWarnings.Apply(&d.TransactionErrorWebhookIncludeWarnings)
	b.Task.Allowance.Apply(&set.Task.Allowance)
	b.Task.Alerts.Apply(&set.Task.Alerts)
	b.Notice.NotificationWebhookURL.ApplyPointer(&set.Notice.NotificationWebhookURL)
}

func showSettings(set tandem.PartnerSettings, err error) (*object[settingsShape], error) {
	if set.Task.Alerts == nil {
		set.Task.Alerts = []string{}
	}
	return one(settingsShape{set.Account, set.Task, set.Notice}, err)
}

func (a *API) getSettings(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[settingsShape], error) {
	return showSettings(a.services.Settings.Get(ctx, p))
}

func (a *API) updateSettings(ctx context.Context, p tandem.PartnerID, in *struct{ Body settingsBody }) (*object[settingsShape], error) {
	return showSettings(a.services.Settings.Change(ctx, p, func(set *tandem.PartnerSettings) error {
		in.Body.apply(set)
		return nil
	}))
}
