package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Owner is what the leases of both engines have in common: the transaction, as
// of its last commit.
type Owner struct {
	Txn journal.Txn
	// Broken says that the journal failed, or is away, and so the slice is not to blame.
	Broken bool

	mu sync.Mutex
}

// Journal commits deltas.
type Journal interface {
	Commit(ctx context.Context, d journal.Delta) (journal.Outcome, error)
}

// Commit completes d, gives its children ids, commits it and takes the
// transaction to where it led.
func (o *Owner) Commit(ctx context.Context, j Journal, ids *IDs, d *journal.Delta) (journal.Outcome, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := &o.Txn
	d.Account, d.Txn, d.Cycle, d.Parent, d.Epoch = t.Account, t.ID, t.Cycle, t.Parent, t.Epoch
	d.Unlogged = d.Unlogged || t.Unlogged
	for i := range d.Children {
		d.Children[i].Parent = t.ID
		ids.Identify(&d.Children[i])
	}
	outcome, err := j.Commit(ctx, *d)
	if err != nil {
		o.Broken = !errors.Is(err, ErrFenced)
		return outcome, err
	}
	t.Status, t.Wake, t.Frontier, t.Suspicion, t.Unlogged = outcome.Status, outcome.Wake, d.Frontier, 0, d.Unlogged
	if t.Items != nil {
		t.Items = append(t.Items, d.Items...)
	}
	for i := range d.Items {
		t.NextSeq = max(t.NextSeq, d.Items[i].Seq+1)
	}
	return outcome, nil
}

// Backoff is how long a transaction waits that failed: first, and twice as long
// with each failure more.
func Backoff(first time.Duration, suspicion int) time.Duration {
	return first << max(0, suspicion/journal.FailureSuspicion-1)
}

// Slice runs a slice. A panic is an error, and so is to be done with a
// transaction that is not at its end.
func (o *Owner) Slice(ctx context.Context, r Runner, l Lease) (y Yield, err error) {
	defer recovered(&err)
	t := o.Txn
	t.Items = slices.Clip(t.Items) // what Commit appends is not seen through it
	y, err = r.Slice(ctx, l, t)
	o.Broken = o.Broken || errors.Is(err, tandem.ErrAway)
	if err == nil && y.Kind == Done && !o.Txn.Status.Final() {
		err = errors.New("the slice is done, and its transaction not at its end")
	}
	if y.Kind == Until && o.Txn.Status == tandem.TransactionWaiting {
		y.Wake = o.Txn.Wake // what it was to wait for may have been over
	}
	return y, err
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// Identify gives a transaction the id and time that it lacks.
func (ids *IDs) Identify(n *journal.NewTxn) {
	if n.ID == 0 {
		n.ID = ids.Next()
	}
	if n.Created.IsZero() {
		n.Created = time.Now()
	}
}

// SetAside ends the transaction, which is poison: it could not be run. What it had yet
// to do is kept with it.
func (o *Owner) SetAside(ctx context.Context, log *slog.Logger, r Runner, l Lease) error {
	spoilt, err := o.spoils(ctx, r)
	if err != nil { // as is likely, where it has no plan
		log.Error("find what a transaction spoils that is set aside", "transaction_id", o.Txn.ID, "account_id", o.Txn.Account, "err", err)
	}
	return l.Commit(ctx, journal.Delta{Status: tandem.TransactionFailed, Frontier: o.Txn.Frontier, Unmatch: true, Arrivals: spoilt, Incidents: []tandem.Incident{{
		IncidentLevel: tandem.OutcomeError,
		ShortMessage:  tandem.IncidentStopped,
		FullMessage:   "The transaction was set aside as poison: it failed again and again without coming further.",
	}}})
}

func (o *Owner) spoils(ctx context.Context, r Runner) (spoilt []journal.Arrival, err error) {
	defer recovered(&err)
	return r.Spoils(ctx, o.Txn)
}
