package app

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
)

// provideNotices makes what tells receivers of incidents.
func (a *App) provideNotices(settings tandem.Settings) {
	a.Notices = notice.New(a.store, a.vault)
	a.teller = notice.NewTeller(a.log, a.store, a.store, a.limits, a.stepOf)
	addresses := func(ctx context.Context, to tandem.Receiver) (string, error) { return a.receiver(ctx, settings, to) }
	a.notices = notice.NewSender(a.log, a.store, a.store, a.vault, addresses, a.egress.HTTP(), notice.Options{})
}

// stepOf finds a step of a version of a cycle.
func (a *App) stepOf(ctx context.Context, id tandem.AccountID, c tandem.CycleID, version int64, s tandem.StepID) (notice.Step, error) {
	plan, _, err := a.cycles.Plan(ctx, id, c, version)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return notice.Step{}, nil
	}
	if err != nil {
		return notice.Step{}, err
	}
	n := plan.Node(s)
	if n == nil {
		return notice.Step{}, nil
	}
	return notice.Step{Name: n.Name, Type: n.Kind.String()}, nil
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
