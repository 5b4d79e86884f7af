package notice

import (
	"context"
	"log/slog"

	"github.com/tandem-ipaas/tandem"
)

// Bounds of the notices that are queued at once.
const (
	tellBatch = 500     // incidents
	tellBytes = 4 << 20 // of payloads, and the last one more
)

// Incidents is where incidents are read, and notices of them queued.
type Incidents interface {
	// Untold lists the first n that nobody has been told of, which are behind from
	// and up to to.
	Untold(ctx context.Context, n int) (all []tandem.AccountIncident, from, to int64, err error)
	// Item errors: NotFound.
	Item(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, seq int32) (tandem.StepItem, error)
	// NoticeRoom is how many more notices may wait for a receiver: own, or the
	// partner's.
	NoticeRoom(ctx context.Context, p tandem.PartnerID, own tandem.AccountID) (int, error)
	// Tell queues notices of those up to to, unless another has done so.
	Tell(ctx context.Context, from, to int64, notices []tandem.Notice) (done bool, err error)
	// IncidentsCame has something when there may be more, put in on this node.
	IncidentsCame() <-chan struct{}
}

// Accounts say whom an account's incidents are told to.
type Accounts interface {
	// AnyAccount errors: NotFound.
	AnyAccount(ctx context.Context, id tandem.AccountID) (*tandem.Account, error)
}

// Steps finds the steps of a version of a cycle. Errors: NotFound.
type Steps func(ctx context.Context, a tandem.AccountID, c tandem.CycleID, version int64) (map[tandem.StepID]Step, error)

// Teller makes notices of incidents.
type Teller struct {
	log       *slog.Logger
	incidents Incidents
	accounts  Accounts
	limits    tandem.Limits
	steps     Steps
}

// NewTeller makes a Teller.
func NewTeller(log *slog.Logger, i Incidents, a Accounts, l tandem.Limits, s Steps) *Teller {
	return &Teller{log: log, incidents: i, accounts: a, limits: l, steps: s}
}

// Run makes notices until ctx is done: of what comes here at once, of what other nodes
// keep now and then.
func (t *Teller) Run(ctx context.Context) error {
	for {
		if err := t.Flush(ctx); err != nil && ctx.Err() == nil {
			t.log.ErrorContext(ctx, "incidents were not told of", "error", err)
		}
		if !rest(ctx, t.incidents.IncidentsCame(), nil) {
			return nil
		}
	}
}

// Flush makes notices of all that there is.
func (t *Teller) Flush(ctx context.Context) error {
	for {
		all, from, to, err := t.incidents.Untold(ctx, tellBatch)
		if err != nil || len(all) == 0 {
			return err
		}
		b := t.newBatch()
		for i := 0; i < len(all) && b.bytes < tellBytes; i++ {
			if err := b.add(ctx, &all[i]); err != nil {
				return err
			}
			to = int64(all[i].ID)
		}
		if _, err := t.incidents.Tell(ctx, from, to, b.notices); err != nil {
			return err
		}
	}
}

// receiver is who is told of an account's incidents.
type receiver struct {
	account  *tandem.Account
	own      tandem.AccountID // whose own it is; 0: the partner's
	warnings bool
}

// receiver finds it; nil: nobody is told.
func (t *Teller) receiver(ctx context.Context, id tandem.AccountID) (*receiver, error) {
	in, err := t.limits.Of(ctx, id)
	if err != nil || in.ErrorWebhookURL == "" {
		return nil, err
	}
	a, err := t.accounts.AnyAccount(ctx, id)
	if err != nil {
		return nil, err
	}
	to := &receiver{account: a, warnings: in.ErrorWebhookWarnings}
	if in.ErrorWebhookOwn {
		to.own = id
	}
	return to, nil
}
