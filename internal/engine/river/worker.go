package river

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// jobSlices is how many slices a job has at most, unless there are few workers.
const jobSlices = 8

// jobArgs are a job's: transactions of a cycle, of each of which it is a slice. They
// share a job so that what River does for one is done once for all of them.
type jobArgs struct {
	Account tandem.AccountID `json:"account"`
	Cycle   tandem.CycleID   `json:"cycle"`
	Txns    []owned          `json:"txns"`
}

// owned is a transaction that is a job's since its admission.
type owned struct {
	ID    int64 `json:"id"`
	Epoch int64 `json:"epoch"`
}

// Kind implements river.JobArgs.
func (jobArgs) Kind() string { return kind }

// atOnce retries a job at once: it failed only if not even its failure could
// be recorded, or its node died.
type atOnce struct{}

// NextRetry implements river.ClientRetryPolicy.
func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(time.Second) }

// worker runs jobs.
type worker struct {
	river.WorkerDefaults[jobArgs]
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

// Work implements river.Worker: one slice of each transaction, all at once. They are
// entered before they are read: who stops them finds them here, or what is read says
// that they are stopped.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	w.e.begin(job.ID)
	defer w.e.end(job.ID)
	slices, ctxs := make([]*slice, len(job.Args.Txns)), make([]context.Context, len(job.Args.Txns))
	for i, t := range job.Args.Txns {
		slices[i], ctxs[i] = w.e.enter(ctx, journal.Txn{Account: job.Args.Account, Cycle: job.Args.Cycle, ID: tandem.TransactionID(t.ID), Epoch: t.Epoch})
	}
	take, err := w.e.taker(ctx, job)
	errs := make([]error, len(slices))
	var wg sync.WaitGroup
	for i, s := range slices {
		wg.Go(func() {
			defer w.e.leave(s)
			if errs[i] = err; err == nil {
				errs[i] = ignoreFenced(w.run(ctxs[i], s, take))
			}
		})
	}
	wg.Wait()
	if err = errors.Join(errs...); err != nil {
		w.e.doubt()
	}
	return err
}

// taker is what takes over a job's transactions. At its first attempt the job owns
// them by their admission, and they need but be read; after that somebody else may
// have owned them, and they are claimed.
func (e *Engine) taker(ctx context.Context, job *river.Job[jobArgs]) (func(context.Context, journal.Txn) (journal.Txn, error), error) {
	if job.Attempt > 1 {
		return func(ctx context.Context, t journal.Txn) (journal.Txn, error) {
			return e.journal.Claim(ctx, t.Account, t.ID, t.Epoch, t.Epoch+int64(job.Attempt)-1)
		}, nil
	}
	ids := make([]tandem.TransactionID, len(job.Args.Txns))
	for i, t := range job.Args.Txns {
		ids[i] = tandem.TransactionID(t.ID)
	}
	all, err := e.journal.Admitted(ctx, job.Args.Account, ids)
	return func(_ context.Context, t journal.Txn) (journal.Txn, error) {
		for _, own := range all {
			if own.ID == t.ID && own.Epoch == t.Epoch {
				return own, nil
			}
		}
		return t, engine.ErrFenced
	}, err
}

// run runs one slice of one transaction, unless somebody else has it now, or it is at
// its end.
func (w *worker) run(ctx context.Context, s *slice, take func(context.Context, journal.Txn) (journal.Txn, error)) error {
	t, err := take(ctx, s.Txn)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if t.Epoch == 1 && t.Parent == 0 {
		w.e.door.Begins(t.Account, t.ID)
	}
	if s.Txn = t; t.Suspicion > journal.Poisonous {
		return s.SetAside(ctx, w.e.log, w.runner, s)
	}
	y, err := s.Slice(ctx, w.runner, s)
	return w.e.settle(ctx, s, y, err)
}

// enter begins a slice of a transaction.
func (e *Engine) enter(ctx context.Context, t journal.Txn) (*slice, context.Context) {
	ctx, stop := context.WithCancelCause(ctx)
	s := &slice{Owner: engine.Owner{Txn: t}, e: e, stop: stop}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.slices[s] = t
	return s, ctx
}

// leave ends a slice, which makes room in its account's window.
func (e *Engine) leave(s *slice) {
	s.stop(nil)
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
	case errors.Is(err, engine.ErrFenced), errors.Is(why, errFenced):
		return nil // there is nothing to give up; a job that another node cancelled may have others
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
