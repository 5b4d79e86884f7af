package app

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
)

// provideNotices makes what tells receivers of incidents.
func (a *App) provideNotices(settings tandem.Settings) {
	a.Notices = notice.New(a.store, a.vault)
	a.teller = notice.NewTeller(a.log, a.store, a.store, a.limits, a.stepsOf)
	addresses := func(ctx context.Context, to tandem.Receiver) (string, error) { return a.receiver(ctx, settings, to) }
	a.notices = notice.NewSender(a.log, a.store, a.store, a.vault, addresses, a.egress.HTTP(), notice.Options{})
	a.NoticeTrials = a.notices
}

// stepsOf finds the steps of a version of a cycle, as they are kept: the names of
// one that cannot run any more are known, too. Errors: NotFound.
func (a *App) stepsOf(ctx context.Context, id tandem.AccountID, c tandem.CycleID, version int64) (map[tandem.StepID]notice.Step, error) {
	of, err := a.store.CycleVersion(ctx, id, c, version)
	if err != nil {
		return nil, err
	}
	steps := make(map[tandem.StepID]notice.Step, len(of.Graph.Steps))
	for _, s := range of.Graph.Steps {
		steps[s.ID] = notice.Step{Name: s.Name, Type: s.ActionType.String()}
	}
	return steps, nil
}

// receiver finds where a receiver is: as it is set now, whatever it was when its
// notices were queued.
func (a *App) receiver(ctx context.Context, settings tandem.Settings, to tandem.Receiver) (string, error) {
	if to.Account != 0 {
		in, err := a.limits.Of(ctx, to.Account)
		if tandem.ErrorCode(err) == tandem.NotFound || err == nil && !in.ErrorWebhookOwn {
			return "", nil
		}
		return in.ErrorWebhookURL, err
	}
	set, err := settings.Get(ctx, to.Partner)
	if err != nil {
		return "", err
	}
	url, on := set.Notice.NotificationWebhookURL, true
	if to.Kind == tandem.ErrorNotice {
		url, on = set.Account.TransactionErrorWebhookURL, set.Account.TransactionErrorWebhookEnabled
	}
	if url == nil || !on {
		return "", nil
	}
	return *url, nil
}
