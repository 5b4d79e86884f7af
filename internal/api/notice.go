package api

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// NoticeQuery narrows a list of notices.
type NoticeQuery struct {
	Paging
	Format
	Account string `query:"account" doc:"That they tell of: its id."`
	Kind    string `query:"kind" doc:"Error or Notification."`
	State   string `query:"state" doc:"Queued, Delivered or GivenUp."`
	After   moment `query:"after" doc:"RFC 3339, a date, or M/D/YYYY."`
	Before  moment `query:"before"`
}

var (
	noticeKinds   = []tandem.NoticeKind{"", tandem.ErrorNotice, tandem.StopNotice}
	noticeStates  = []tandem.NoticeState{"", tandem.NoticeQueued, tandem.NoticeDelivered, tandem.NoticeGivenUp}
	noticeColumns = []string{
		"Id", "AccountId", "Kind", "CycleId", "TransactionId", "Message", "State", "Attempts", "Status", "Reason", "CreatedOnUtc", "NextOnUtc", "EndedOnUtc",
	}
)

func (q *NoticeQuery) filter() (tandem.NoticeFilter, error) {
	f := tandem.NoticeFilter{PageRequest: q.request(), After: q.After.Time, Before: q.Before.Time}
	var err error
	if f.Kind, err = oneOf("kind", q.Kind, noticeKinds); err != nil {
		return f, err
	}
	f.State, err = oneOf("state", q.State, noticeStates)
	return f, err
}

// oneOf is a word of a query, in any case, of which the first is none.
func oneOf[T ~string](field, given string, known []T) (T, error) {
	v := spelled(T(given), known...)
	for _, k := range known {
		if k == v {
			return v, nil
		}
	}
	return "", tandem.Invalidf(field, "%s: %q is not known: want one of %v", field, given, known[1:])
}

func (a *API) listNotices(ctx context.Context, p tandem.PartnerID, in *NoticeQuery) (*tabular, error) {
	f, err := in.filter()
	if err == nil && in.Account != "" {
		var of *tandem.Account
		if of, err = a.services.Accounts.Get(ctx, p, in.Account); err == nil {
			f.Account = of.ID
		}
	}
	if err != nil {
		return nil, err
	}
	fetch := func(r tandem.PageRequest) (tandem.Page[tandem.Notice], error) {
		f.PageRequest = r
		return a.services.Notices.List(ctx, p, f)
	}
	return report(in.Format, f.PageRequest, "notices", noticeColumns, fetch, func(n *tandem.Notice) []string {
		txn := ""
		if n.TransactionID != 0 {
			txn = n.TransactionID.String()
		}
		return []string{
			n.ID, n.AccountID, string(n.Kind), string(n.CycleID), txn, n.Message, string(n.State), strconv.Itoa(n.Attempts), strconv.Itoa(n.Status),
			n.Reason, cell(n.Created), cell(n.Next), cell(n.Ended),
		}
	})
}

func (a *API) listReceivers(ctx context.Context, p tandem.PartnerID, in *struct{ Paging }) (*list[tandem.Receiver], error) {
	found, err := a.services.Notices.Receivers(ctx, p, in.request())
	return page(in.request(), found, err, same)
}

// signingSecretShape is a secret, the only time that it is shown.
type signingSecretShape struct {
	Secret string `doc:"Begins with whsec_. It is not shown again."`
}

func (a *API) rotateWebhookSecret(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[signingSecretShape], error) {
	secret, err := a.services.Notices.RotateSecret(ctx, p, 0)
	return one(signingSecretShape{string(secret)}, err)
}

func (a *API) rotateAccountWebhookSecret(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[signingSecretShape], error) {
	of, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	secret, err := a.services.Notices.RotateSecret(ctx, p, of.ID)
	return one(signingSecretShape{string(secret)}, err)
}

func (a *API) deleteAccountWebhookSecret(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*empty, error) {
	of, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return done(a.services.Notices.DropSecret(ctx, p, of.ID))
}

// trialBody is where a notice is sent to, to see that it is taken.
type trialBody struct {
	Kind string `json:",omitempty" doc:"Error or Notification; without it, Error."`
	URL  string `json:"Url" doc:"Required. It need not be saved yet."`
}

func (a *API) tryWebhook(ctx context.Context, p tandem.PartnerID, in *struct{ Body trialBody }) (*object[tandem.NoticeTrial], error) {
	kind, err := oneOf("Kind", in.Body.Kind, noticeKinds)
	if err != nil {
		return nil, err
	}
	return one(a.services.NoticeTrials.Try(ctx, tandem.Receiver{Partner: p, Kind: kind}, in.Body.URL))
}

func (a *API) tryAccountWebhook(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body accountTrialBody
},
) (*object[tandem.NoticeTrial], error) {
	of, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return one(a.services.NoticeTrials.Try(ctx, tandem.Receiver{Partner: p, Account: of.ID, AccountID: of.APIID, Kind: tandem.ErrorNotice}, in.Body.URL))
}

type accountTrialBody struct {
	URL string `json:"Url" doc:"Required. It need not be saved yet."`
}

// errorAnswers are examples of what is answered about errors, and of what runs again.
func errorAnswers(at time.Time, txn tandem.TransactionID) []any {
	return []any{
		tandem.Repeated{Done: 12, Skipped: 1},
		tandem.Notice{
			ID: "5d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b07", AccountID: "page-turner", Kind: tandem.ErrorNotice, CycleID: exampleCycle, TransactionID: txn,
			Message: tandem.IncidentNotCalled, State: tandem.NoticeDelivered, Attempts: 1, Status: 200, Created: at, Ended: at.Add(time.Second),
		},
		tandem.Receiver{AccountID: "page-turner", Kind: tandem.ErrorNotice, Queued: 2, Failures: 1, Reason: "It answered 502, Bad Gateway.", Next: at.Add(time.Minute), Delivered: at},
		signingSecretShape{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
		tandem.NoticeTrial{Delivered: true, Status: 200, Milliseconds: 84},
	}
}

// noticeRoutes are about who is told of errors.
func (a *API) noticeRoutes() []route {
	return slices.Concat(
		in(tandem.AreaReports,
			bind(get, "/v1.0/notices", "listNotices", "List what receivers of error and notification webhooks were told", ordered(table[tandem.Notice](partner(a.listNotices)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/notices/receivers", "listReceivers", "List the receivers of error and notification webhooks, with what waits for each", ordered(partner(a.listReceivers), "yours first", "Queued")),
		),
		in(tandem.AreaSettings,
			bind(post, "/v1.0/settings/webhooksecret", "rotateWebhookSecret", "Get another secret, which signs error and notification webhooks; the one before signs too for a day", manage(partner(a.rotateWebhookSecret))),
			bind(post, "/v1.0/settings/webhooktest", "testWebhook", "Send a test to a receiver of error or notification webhooks", unlogged(partner(a.tryWebhook))),
		),
		in(tandem.AreaAccounts,
			bind(post, "/v1.0/accounts/{id}/webhooksecret", "rotateAccountWebhookSecret", "Get another secret, which signs what an account's own error webhook is told", manage(partner(a.rotateAccountWebhookSecret))),
			bind(post, "/v1.0/accounts/{id}/webhooktest", "testAccountWebhook", "Send a test to an account's own receiver of error webhooks", unlogged(partner(a.tryAccountWebhook))),
			bind(remove, "/v1.0/accounts/{id}/webhooksecret", "deleteAccountWebhookSecret", "Have your own secret sign what an account's own error webhook is told", partner(a.deleteAccountWebhookSecret)),
		),
	)
}
