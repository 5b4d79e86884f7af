package river

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// sliceArgs are a job's.
type sliceArgs struct {
	Account tandem.AccountID `json:"account"`
	Txn     int64            `json:"txn"`
	Cycle   tandem.CycleID   `json:"cycle"`
	Epoch   int64            `json:"epoch"` // at which it was admitted
}

// Kind implements river.JobArgs.
func (sliceArgs) Kind() string { return kind }

// atOnce retries a job at once: it failed only if not even its failure could
// be recorded, or its node died.
type atOnce struct{}

// NextRetry implements river.ClientRetryPolicy.
func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(time.Second) }

// worker runs jobs.
type worker struct {
	river.WorkerDefaults[sliceArgs]
	e      *Engine
	runner engine.Runner
}

// slice is a transaction that runs on this node, and its lease.
type slice struct {
	engine.Owner
	e    *Engine
	stop context.CancelCauseFunc
}

// errFenced is why a slice is stopped whose transaction has no owner any more.
var errFenced = errors.New("the transaction was held or cancelled")

func (s *slice) fence() { s.stop(errFenced) }

// Work implements river.Worker: one slice of one transaction.
func (w *worker) Work(ctx context.Context, job *river.Job[sliceArgs]) error {
	e, args := w.e, job.Args
	e.begin(job.ID)
	defer e.end(job.ID)
	t, err := e.journal.Claim(ctx, args.Account, tandem.TransactionID(args.Txn), args.Epoch, args.Epoch+int64(job.Attempt))
	if errors.Is(err, engine.ErrFenced) || tandem.ErrorCode(err) == tandem.NotFound {
		return nil
	}
	if err != nil {
		e.doubt()
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s := &slice{Owner: engine.Owner{Txn: t}, e: e, stop: stop}
	e.enter(s)
	defer e.leave(s)
	if t.Suspicion > journal.Poisonous {
		return ignoreFenced(s.SetAside(ctx, e.log, w.runner, s))
	}
	y, err := s.Slice(ctx, w.runner, s)
	if err = ignoreFenced(e.settle(ctx, s, y, err)); err != nil {
		e.doubt()
	}
	return err
}

func (e *Engine) enter(s *slice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.slices[s] = true
}

// leave ends a slice, which makes room in its account's window.
func (e *Engine) leave(s *slice) {
	e.mu.Lock()
	delete(e.slices, s)
	e.mu.Unlock()
	e.admitSoon()
}

// settle does what the end of a slice asks for.
func (e *Engine) settle(ctx context.Context, s *slice, y engine.Yield, err error) error {
	stopped, why := ctx.Err() != nil, context.Cause(ctx)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), roundTime)
	defer cancel()
	t := s.Txn
	switch {
	case errors.Is(err, engine.ErrFenced), why == errFenced, errors.Is(why, rivertype.ErrJobCancelledRemotely):
		return nil // there is nothing to give up
	case stopped || s.Broken:
		t.Suspicion = 0 // it is not to blame
		return e.journal.Release(ctx, t, time.Time{})
	case err != nil:
		return e.failed(ctx, s, err)
	case y.Kind == engine.Ready, y.Kind == engine.Children && t.Status == tandem.TransactionQueued:
		return e.journal.Release(ctx, t, time.Time{})
	case y.Kind == engine.Until && t.Status != tandem.TransactionWaiting:
		return e.journal.Release(ctx, t, y.Wake)
	}
	return nil
}

// failed has the transaction tried again later, or sets it aside.
func (e *Engine) failed(ctx context.Context, s *slice, err error) error {
	t := s.Txn
	t.Suspicion = max(t.Suspicion, journal.LossSuspicion) + journal.FailureSuspicion - journal.LossSuspicion // the claim was for a loss
	e.log.Error("run a transaction", "transaction_id", t.ID, "account_id", t.Account, "cycle_id", t.Cycle, "suspicion", t.Suspicion, "err", err)
	if t.Suspicion >= journal.Poisonous {
		return s.SetAside(ctx, e.log, e.worker.runner, s)
	}
	return e.journal.Release(ctx, t, time.Now().Add(engine.Backoff(e.o.Retry, t.Suspicion)))
}

// Commit implements engine.Lease.
func (s *slice) Commit(ctx context.Context, d journal.Delta) error {
	o, err := s.Owner.Commit(ctx, s.e.journal, s.e.ids, &d)
	if err == nil && (len(d.Children) > 0 || len(o.Woken) > 0) {
		s.e.admitSoon()
	}
	return err
}

func ignoreFenced(err error) error {
	if errors.Is(err, engine.ErrFenced) {
		return nil
	}
	return err
}
