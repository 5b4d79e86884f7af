package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// wait is how long the next task waits that has begun to.
type wait struct {
	began time.Time
	until time.Time // zero: it has not
}

// pause does a Delay or a Wait Until: the time is reckoned once, and kept over
// restarts and stops. A wake time says that it is not there yet.
func (s *slice) pause(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	if s.wait.until.IsZero() {
		began := time.Now().Truncate(time.Microsecond) // as the frontier keeps it
		until, err := s.until(ctx, n, prev, began)
		if err != nil {
			return s.notPaused(ctx, n, tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Started: began, Finished: time.Now()}, err)
		}
		s.wait = wait{began, until}
	}
	now := time.Now()
	if s.wait.until.After(now) {
		return s.wait.until, nil
	}
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Started: s.wait.began, Finished: now}
	s.wait = wait{}
	s.pop()
	s.follow(n, "", s.record(item))
	return wake, nil
}

// errTooLong says that a transaction would wait for longer than it is kept.
var errTooLong = errors.New("the transaction would wait for longer than the data of this cycle is kept")

// until is when a step goes on that is reached now.
func (s *slice) until(ctx context.Context, n *workflow.Node, prev int32, now time.Time) (time.Time, error) {
	if n.Kind == tandem.DelayStep {
		return now.Add(n.Delay), nil
	}
	d, err := s.data(ctx, n, prev)
	if err != nil {
		return time.Time{}, err
	}
	at, err := n.Until(d)
	if err != nil || !at.After(now) {
		return now, err
	}
	kept, err := s.records.Kept(ctx, s.txn.Account, s.txn.Cycle)
	if err == nil && at.Sub(now) > kept {
		err = fmt.Errorf("%w: until %s", errTooLong, at.UTC().Format(time.RFC3339))
	}
	return at.Add(time.Microsecond - 1).Truncate(time.Microsecond), err
}

// notPaused deals with an error of a step that waits.
func (s *slice) notPaused(ctx context.Context, n *workflow.Node, item tandem.StepItem, err error) (wake time.Time, _ error) {
	var later *invoke.Later
	if errors.As(err, &later) {
		return later.Until, nil
	}
	short := tandem.IncidentWaitFailed
	switch {
	case errors.Is(err, errTooLong):
		short = tandem.IncidentWaitTooLong
	case errors.Is(err, workflow.ErrDateTime):
		short = tandem.IncidentNotDateTime
	case errors.Is(err, workflow.ErrRequired):
		short = tandem.IncidentWaitMissing
	case !errors.As(err, new(*workflow.MapError)):
		return wake, err
	}
	return wake, s.fail(ctx, n, item, newProblem(short, err.Error()))
}
