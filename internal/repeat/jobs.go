package repeat

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.RepeatJobs = (*Jobs)(nil)

// Store keeps jobs.
type Store interface {
	// InsertRepeatJob fills in who begins it. Errors: Conflict.
	InsertRepeatJob(ctx context.Context, j *tandem.RepeatJob) error
	// RepeatJob errors: NotFound.
	RepeatJob(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID) (tandem.RepeatJob, error)
	RepeatJobs(ctx context.Context, a tandem.AccountID, of tandem.PageRequest) (tandem.Page[tandem.RepeatJob], error)
	// CancelRepeatJob errors: NotFound, Conflict.
	CancelRepeatJob(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID, at time.Time) error
}

// Checker says what a filter finds.
type Checker interface {
	// Narrow completes a filter. Errors: those of tandem.Repeats.Many that are its.
	Narrow(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter) (tandem.TransactionFilter, error)
}

// Jobs is the service. It is safe for concurrent use.
type Jobs struct {
	store Store
	check Checker
	wake  func()
}

// New makes the service. wake is told that there may be something to do.
func New(store Store, check Checker, wake func()) *Jobs { return &Jobs{store, check, wake} }

// Start implements tandem.RepeatJobs. What comes later is left alone: what fails
// again would else be run again without end.
func (s *Jobs) Start(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter) (*tandem.RepeatJob, error) {
	f, err := s.check.Narrow(ctx, a, do, f)
	if err != nil {
		return nil, fmt.Errorf("%s transactions of account %d: %w", do, a, err)
	}
	now := time.Now()
	if f.Before.IsZero() || f.Before.After(now) {
		f.Before = now
	}
	j := &tandem.RepeatJob{Account: a, ID: tandem.RepeatJobID(tandem.NewGUID()), Action: do, Filter: f, State: tandem.RepeatJobRunning, Created: now}
	if err := s.store.InsertRepeatJob(ctx, j); err != nil {
		return nil, fmt.Errorf("begin to %s transactions of account %d: %w", do, a, err)
	}
	s.wake()
	return s.Get(ctx, a, j.ID)
}

// Get implements tandem.RepeatJobs.
func (s *Jobs) Get(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID) (*tandem.RepeatJob, error) {
	j, err := s.store.RepeatJob(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("read job %s: %w", id, err)
	}
	return &j, nil
}

// List implements tandem.RepeatJobs.
func (s *Jobs) List(ctx context.Context, a tandem.AccountID, of tandem.PageRequest) (tandem.Page[tandem.RepeatJob], error) {
	all, err := s.store.RepeatJobs(ctx, a, of)
	if err != nil {
		return all, fmt.Errorf("list the jobs of account %d: %w", a, err)
	}
	return all, nil
}

// Cancel implements tandem.RepeatJobs.
func (s *Jobs) Cancel(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID) (*tandem.RepeatJob, error) {
	if err := s.store.CancelRepeatJob(ctx, a, id, time.Now()); err != nil {
		return nil, fmt.Errorf("cancel job %s: %w", id, err)
	}
	return s.Get(ctx, a, id)
}
