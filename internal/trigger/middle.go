package trigger

import (
	"context"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// MatchStart makes the transaction of a request for one that is held at a webhook,
// whose items are given.
type MatchStart func(w tandem.Webhook, at time.Time, held journal.Held, items []tandem.StepItem, request tandem.Exchange) (journal.NewTxn, error)

// looks are the waits before it is looked for a transaction that a request is for:
// an application may send it before the step is at its end that caused it.
var looks = []time.Duration{0, 200 * time.Millisecond, 800 * time.Millisecond}

// errUnmatched says that a request is for no transaction.
var errUnmatched = errors.New("trigger: no transaction waits for the request")

// match makes the transaction of a request for one that is held.
//
// Errors: errUnmatched.
func (in *Intake) match(ctx context.Context, h hook, event string, request tandem.Exchange) (id tandem.TransactionID, err error) {
	key := h.RequestKey(workflow.ParseDocument(request.Body))
	if key == (workflow.Key{}) {
		in.note(ctx, h, 0, tandem.IncidentNoWebhookData, "A request has no value in the field by which it is known what it is for.")
		return 0, errUnmatched
	}
	for _, wait := range looks {
		if err := pause(ctx, wait); err != nil {
			return 0, err
		}
		if id, err = in.matchNow(ctx, h, key.Hash, event, request); !errors.Is(err, errUnmatched) {
			return id, err
		}
	}
	in.log.InfoContext(ctx, "webhook matches no transaction", "account", h.Account, "cycle", h.Cycle, "step", h.Step)
	return 0, errUnmatched
}

// matchNow errors: errUnmatched, also when what was found has ended since.
func (in *Intake) matchNow(ctx context.Context, h hook, hash, event string, request tandem.Exchange) (tandem.TransactionID, error) {
	now := time.Now()
	held, err := in.store.Match(ctx, h.Account, h.Cycle, h.Step, hash, now)
	var items []tandem.StepItem
	if err == nil {
		items, err = in.store.Items(ctx, h.Account, held.ID)
	}
	var n journal.NewTxn
	if err == nil {
		n, err = in.matchStart(h.Webhook, now, held, items, request)
	}
	var id tandem.TransactionID
	if err == nil {
		id, err = in.begin(ctx, h, event, len(request.Body), n)
	}
	if tandem.ErrorCode(err) == tandem.NotFound || err == nil && id == 0 {
		err = errUnmatched
	}
	return id, err
}

func pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
