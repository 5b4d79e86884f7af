package run

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// repeatBatch is how many transactions one commit makes, or ends.
const repeatBatch = 50

// repeatSource is where those of many that are run again are known from: what is
// asked for twice at once is done once.
const repeatSource = "repeat"

// Submitter makes transactions, and ends them.
type Submitter interface {
	// Submit errors: journal.ErrBusy.
	Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error)
	// Drop cancels those that are pending, with all that they were split into.
	Drop(ctx context.Context, a tandem.AccountID, ids ...tandem.TransactionID) error
}

// History is how transactions ended.
type History interface {
	// Load errors: NotFound.
	Load(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (journal.Txn, error)
	// Repeatable lists those that f finds, whose Status is set, the oldest first,
	// without those that were run again already.
	Repeatable(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error)
	// Droppable lists those that f finds that are not at their end.
	Droppable(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error)
}

// CycleReader reads cycles.
type CycleReader interface {
	// Get errors: NotFound.
	Get(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error)
}

// Repeater implements tandem.Repeats.
type Repeater struct {
	engine  Submitter
	plans   Plans
	cycles  CycleReader
	history History
	records tandem.Transactions
}

var _ tandem.Repeats = (*Repeater)(nil)

// NewRepeater makes a Repeater.
func NewRepeater(e Submitter, p Plans, c CycleReader, h History, t tandem.Transactions) *Repeater {
	return &Repeater{engine: e, plans: p, cycles: c, history: h, records: t}
}

// Retry implements tandem.Repeats.
func (r *Repeater) Retry(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (*tandem.Transaction, error) {
	return r.one(ctx, a, id, tandem.RetryTransaction)
}

// Resume implements tandem.Repeats.
func (r *Repeater) Resume(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (*tandem.Transaction, error) {
	return r.one(ctx, a, id, tandem.ResumeTransaction)
}

func (r *Repeater) one(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, do tandem.RepeatAction) (*tandem.Transaction, error) {
	again, err := r.again(ctx, a, id, do)
	if err == nil {
		var ids []tandem.TransactionID
		if ids, err = r.engine.Submit(ctx, again); err == nil {
			return r.records.Get(ctx, a, ids[0])
		}
	}
	return nil, fmt.Errorf("%s transaction %s: %w", do, id, err)
}

// Drop implements tandem.Repeats.
func (r *Repeater) Drop(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (*tandem.Transaction, error) {
	t, err := r.records.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if t.Status.Final() {
		return nil, tandem.Conflictf("The transaction is at its end: it is %s.", t.Status)
	}
	if err := r.engine.Drop(ctx, a, id); err != nil {
		return nil, fmt.Errorf("drop transaction %s: %w", id, err)
	}
	return r.records.Get(ctx, a, id)
}

// again makes the transaction that runs another again, on the cycle as it is now,
// or else, if that is too different, as it was then.
func (r *Repeater) again(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, do tandem.RepeatAction) (journal.NewTxn, error) {
	t, err := r.records.Get(ctx, a, id)
	if err != nil {
		return journal.NewTxn{}, err
	}
	if !t.Status.Final() {
		return journal.NewTxn{}, tandem.Conflictf("The transaction is not at its end: it is %s.", t.Status)
	}
	c, err := r.cycles.Get(ctx, a, t.CycleID)
	if err != nil {
		return journal.NewTxn{}, err
	}
	if err := running(c); err != nil {
		return journal.NewTxn{}, err
	}
	now, err := r.plans.Plan(ctx, a, c.ID, c.Version)
	if err != nil {
		return journal.NewTxn{}, err
	}
	then, err := r.plans.Plan(ctx, a, c.ID, t.Version)
	if err != nil {
		return journal.NewTxn{}, err
	}
	make, err := r.maker(ctx, a, t, do, then)
	if err != nil {
		return journal.NewTxn{}, err
	}
	again, err := make(now, c.Version)
	if errors.Is(err, errMoved) {
		again, err = make(then, t.Version)
	}
	again.Repeats = id
	return again, err
}

func running(c *tandem.Cycle) error {
	if c.Status != tandem.CycleRunning {
		return tandem.Conflictf("The cycle does not run: it is %s. Start it first.", c.Status)
	}
	return nil
}

// maker reads what a transaction is made anew of, and gives what makes it.
func (r *Repeater) maker(ctx context.Context, a tandem.AccountID, t *tandem.Transaction, do tandem.RepeatAction, then *Integration) (func(*Integration, int64) (journal.NewTxn, error), error) {
	e := &Ended{Transaction: *t, Account: a}
	var err error
	if do == tandem.ResumeTransaction {
		var last journal.Txn
		if last, err = r.history.Load(ctx, a, t.ID); err != nil {
			return nil, err
		}
		e.Frontier = last.Frontier
		e.Items, err = r.records.Items(ctx, a, t.ID)
		return func(on *Integration, version int64) (journal.NewTxn, error) {
			return Resume(e, then.Plan, on.Plan, version)
		}, err
	}
	first, err := r.origin(ctx, a, t)
	if err != nil {
		return nil, err
	}
	e.Transaction = *first
	e.Items, err = r.records.Items(ctx, a, first.ID)
	return func(on *Integration, version int64) (journal.NewTxn, error) { return Retry(e, on.Plan, version) }, err
}

// origin is the transaction that the data of one came in with: what repeats
// another has copies.
func (r *Repeater) origin(ctx context.Context, a tandem.AccountID, t *tandem.Transaction) (*tandem.Transaction, error) {
	for t.RepeatOf != 0 {
		before, err := r.records.Get(ctx, a, t.RepeatOf)
		if tandem.ErrorCode(err) == tandem.NotFound {
			return nil, tandem.Conflictf("The transaction that this one repeats is not kept any more.")
		}
		if err != nil {
			return nil, err
		}
		t = before
	}
	return t, nil
}

// Many implements tandem.Repeats.
func (r *Repeater) Many(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter) (done tandem.Repeated, err error) {
	for left := tandem.MaxRepeats; left > 0; left -= repeatBatch {
		ids, err := r.Find(ctx, a, do, f, repeatBatch)
		if err == nil && len(ids) > 0 {
			var did tandem.Repeated
			did, err = r.Each(ctx, a, do, f, ids)
			done.Done, done.Skipped = done.Done+did.Done, done.Skipped+did.Skipped
		}
		if err != nil {
			return done, err
		}
		if len(ids) < repeatBatch {
			return done, nil
		}
		f.Past = int64(ids[len(ids)-1])
	}
	done.Next = tandem.TransactionID(f.Past)
	return done, nil
}

// Find lists the first n that Many would come to. Errors: as Many.
func (r *Repeater) Find(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error) {
	f, err := r.Narrow(ctx, a, do, f)
	if err != nil {
		return nil, err
	}
	if do == tandem.DropTransaction {
		return r.history.Droppable(ctx, a, f, n)
	}
	return r.history.Repeatable(ctx, a, f, n)
}

// Each does the same to those that Find has listed, in one commit. Who calls it again
// for the same ones, as it is not known whether it did, is told as if nothing had been
// done before, and nothing is done twice. Errors: as Many.
func (r *Repeater) Each(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, ids []tandem.TransactionID) (done tandem.Repeated, err error) {
	if f, err = r.Narrow(ctx, a, do, f); err != nil {
		return done, err
	}
	if err := r.batch(ctx, a, do, f, ids, &done); err != nil {
		return done, fmt.Errorf("%s transactions of account %d: %w", do, a, err)
	}
	return done, nil
}

// Narrow completes and checks what is looked for. Errors: those of Many.
func (r *Repeater) Narrow(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter) (tandem.TransactionFilter, error) {
	if f.Cycle != "" {
		c, err := r.cycles.Get(ctx, a, f.Cycle)
		if err == nil && do != tandem.DropTransaction {
			err = running(c)
		}
		if err != nil {
			return f, err
		}
	}
	if f.Status == nil && do != tandem.DropTransaction {
		f.Status = new(tandem.TransactionFailed)
	}
	if f.Status != nil && f.Status.Final() == (do == tandem.DropTransaction) {
		return f, tandem.Invalidf("Status", "Status: %s is not one that can be chosen to %s", f.Status, do)
	}
	return f, nil
}

// batch does the same to a few of those that f finds. What cannot be run again does
// not keep the others from it.
func (r *Repeater) batch(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, ids []tandem.TransactionID, done *tandem.Repeated) error {
	if do == tandem.DropTransaction {
		err := r.engine.Drop(ctx, a, ids...)
		if err == nil {
			done.Done += len(ids)
		}
		return err
	}
	var made []journal.NewTxn
	for _, id := range ids {
		var again journal.NewTxn
		var err error
		if do == tandem.RetryTransaction {
			err = r.remade(ctx, a, id, *f.Status)
		}
		if err == nil {
			again, err = r.again(ctx, a, id, do)
		}
		switch code := tandem.ErrorCode(err); {
		case err == nil:
			again.Trigger, again.Key = repeatSource, strconv.FormatInt(int64(id), 10)
			made = append(made, again)
		case ctx.Err() != nil, errors.Is(err, tandem.ErrAway), code == tandem.Unavailable, code == tandem.RateLimited:
			return err
		default:
			done.Skipped++
		}
	}
	if len(made) == 0 {
		return nil
	}
	if _, err := r.engine.Submit(ctx, made...); err != nil {
		return err
	}
	done.Done += len(made)
	return nil
}

// remade is a Conflict if a transaction is part of what another was split into that
// ended with the same status, and so is run again from where its parts are made.
func (r *Repeater) remade(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, status tandem.TransactionStatus) error {
	t, err := r.records.Get(ctx, a, id)
	for err == nil && t.ParentID != 0 {
		if t, err = r.records.Get(ctx, a, t.ParentID); err == nil && t.Status == status {
			return tandem.Conflictf("Transaction %s, which it is a part of, is run again.", t.ID)
		}
	}
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil // what it was a part of is not kept any more
	}
	return err
}
