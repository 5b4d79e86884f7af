package repeat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Queue is where the worker finds what to do.
type Queue interface {
	// ClaimRepeatJob takes the one whose turn it is, until lease. Errors: NotFound
	// (there is none).
	ClaimRepeatJob(ctx context.Context, now, lease time.Time) (tandem.RepeatJob, error)
	// SaveRepeatJob notes how far a job is, and reads whether it still runs. Errors:
	// NotFound (another has it, or nobody).
	SaveRepeatJob(ctx context.Context, j *tandem.RepeatJob) error
	// ReleaseRepeatJob gives up a claim: the job goes on at next.
	ReleaseRepeatJob(ctx context.Context, j *tandem.RepeatJob, next time.Time) error
}

// Repeater does the same to some.
type Repeater interface {
	// Find lists the first n that it is to be done to. Errors: those of
	// tandem.Repeats.Many.
	Find(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error)
	// Each does it to those. What was done already is counted, and not done again.
	// Errors: those of tandem.Repeats.Many.
	Each(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, ids []tandem.TransactionID) (tandem.Repeated, error)
}

// How jobs are worked off.
const (
	partSize = 100              // transactions, after which it is noted how far the job is
	partTime = 30 * time.Second // that a part may take
	turnTime = 5 * time.Second  // that a job has before it is another's turn
	saveTime = 10 * time.Second
	alone    = time.Second     // that others have who may have ended the process: transactions, then rollouts
	lease    = time.Minute     // longer than a turn, its last part and what is noted of it
	putOff   = 5 * time.Second // after an error that may pass
	poll     = 15 * time.Second
)

// Worker works jobs off, one part after the other.
type Worker struct {
	log      *slog.Logger
	queue    Queue
	repeater Repeater
	wake     chan struct{}
}

// NewWorker makes a worker.
func NewWorker(log *slog.Logger, queue Queue, repeater Repeater) *Worker {
	return &Worker{log, queue, repeater, make(chan struct{}, 1)}
}

// Wake says that there may be something to do.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // it is awake
	}
}

// Run works until ctx is done.
func (w *Worker) Run(ctx context.Context) error {
	for {
		if err := w.Flush(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "what is done to many transactions stands still", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-time.After(poll):
		}
	}
}

// Flush works until no job is due.
func (w *Worker) Flush(ctx context.Context) error {
	for {
		now := time.Now()
		j, err := w.queue.ClaimRepeatJob(ctx, now, now.Add(lease))
		if tandem.ErrorCode(err) == tandem.NotFound {
			return nil
		}
		if err != nil {
			return fmt.Errorf("claim a job: %w", err)
		}
		if err := w.turn(ctx, &j); err != nil {
			return err
		}
	}
}

// turn takes a job further for a while, and gives it up.
func (w *Worker) turn(ctx context.Context, j *tandem.RepeatJob) error {
	if len(j.Doing) > 0 && j.Starts > 0 {
		pause(ctx, alone)
	}
	next := time.Now()
	err := w.begin(ctx, j)
	for until := next.Add(turnTime); err == nil && j.State == tandem.RepeatJobRunning && time.Now().Before(until); {
		err = w.part(ctx, j)
	}
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil // somebody else has it by now
	}
	if err != nil && ctx.Err() == nil {
		next = time.Now().Add(putOff)
		w.log.WarnContext(ctx, "what is done to many transactions is put off", "job", j.ID, "account", j.Account, "error", err)
		time.AfterFunc(putOff, w.Wake) // earlier than it would look again
	}
	j.Starts-- // no process has ended at what it is at
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	return errors.Join(ctx.Err(), w.queue.ReleaseRepeatJob(free, j, next))
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// begin notes that a job is begun with, before anything is done. What it is at already
// was left by a process that ended, or that put it off. Errors: as part.
func (w *Worker) begin(ctx context.Context, j *tandem.RepeatJob) error {
	var err error
	switch {
	case len(j.Doing) == 0:
		err = w.pass(ctx, j, 0)
	case j.Starts >= tandem.MaxStarts:
		w.log.ErrorContext(ctx, "a transaction is set aside: the process ended each time that this was done", "do", j.Action, "transaction_id", j.Doing[0], "job", j.ID, "account", j.Account)
		j.Reason = fmt.Sprintf("Transaction %s was set aside: %d times the server ended while it came to it.", j.Doing[0], tandem.MaxStarts)
		j.Skipped++
		err = w.pass(ctx, j, 1)
	default:
		j.Starts++
	}
	return w.save(ctx, j, err)
}

// pass takes a job past the first n of those that it is at, and finds more when none
// is left. Errors: as Find.
func (w *Worker) pass(ctx context.Context, j *tandem.RepeatJob, n int) (err error) {
	if n > 0 {
		j.Filter.Past, j.Doing = int64(j.Doing[n-1]), j.Doing[n:]
	}
	if len(j.Doing) > 0 {
		j.Starts = 2 // it was among those that were begun with together, and is now
		return nil
	}
	if j.Doing, err = w.repeater.Find(ctx, j.Account, j.Action, j.Filter, partSize); err == nil && len(j.Doing) == 0 {
		j.State, j.Ended = tandem.RepeatJobCompleted, time.Now()
	}
	j.Starts = 1
	return err
}

// part takes a job one part further, and notes that. Errors: what may pass;
// NotFound (the job is another's).
func (w *Worker) part(ctx context.Context, j *tandem.RepeatJob) error {
	during, cancel := context.WithTimeout(ctx, partTime)
	defer cancel()
	ids := j.Doing
	if j.Starts > 1 {
		ids = ids[:1] // one of them may have ended a process
	}
	did, err := w.repeater.Each(during, j.Account, j.Action, j.Filter, ids)
	if err == nil {
		j.Done, j.Skipped = j.Done+did.Done, j.Skipped+did.Skipped
		err = w.pass(during, j, len(ids))
	}
	return w.save(ctx, j, err)
}

// save notes how far a job is, and what it cannot go on for. Errors: err, if it may
// pass; NotFound (the job is another's).
func (w *Worker) save(ctx context.Context, j *tandem.RepeatJob, err error) error {
	if reason, final := refused(err); final {
		j.State, j.Reason, j.Ended, err = tandem.RepeatJobFailed, reason, time.Now(), nil
	}
	// Who stops notes what is done.
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	if saved := w.queue.SaveRepeatJob(free, j); saved != nil {
		return saved
	}
	if err != nil {
		return fmt.Errorf("take a job further: %w", err)
	}
	return nil
}

// refused is why a job cannot go on, if trying again would not help.
func refused(err error) (reason string, final bool) {
	var why *tandem.Error
	if !errors.As(err, &why) || errors.Is(err, tandem.ErrAway) {
		return "", false
	}
	switch why.Code {
	case tandem.Conflict, tandem.NotFound, tandem.Invalid:
		return why.Message, true
	}
	return "", false
}
