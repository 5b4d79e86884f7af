package cycle

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// Suspend holds what is pending in the running cycles of an account that was
// just suspended, and returns when none of it sends. The cycles keep their
// status: with their account's it says that nothing starts or goes on.
func (s *Cycles) Suspend(ctx context.Context, a tandem.AccountID) error {
	return s.eachActive(ctx, a, s.transactions.Hold)
}

// Resume lets the running cycles of an account that is not suspended any more
// go on.
func (s *Cycles) Resume(ctx context.Context, a tandem.AccountID) error {
	return s.eachActive(ctx, a, s.resume)
}

// eachActive is for all cycles of an account that are not paused.
func (s *Cycles) eachActive(ctx context.Context, a tandem.AccountID, do func(context.Context, tandem.AccountID, tandem.CycleID) error) error {
	ids, err := s.store.ActiveCycles(ctx, a)
	if err != nil {
		return fmt.Errorf("active cycles of account %d: %w", a, err)
	}
	for _, id := range ids { // first all, so that nothing more is taken in
		s.changed(a, id)
	}
	for _, id := range ids {
		if err := do(ctx, a, id); err != nil {
			return fmt.Errorf("cycle %s of account %d: %w", id, a, err)
		}
	}
	return nil
}

// stopped says whether a cycle must not run.
func (s *Cycles) stopped(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (bool, error) {
	c, err := s.store.Cycle(ctx, a, id)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return false, nil // there is nothing to stop
	case err != nil || c.Status == tandem.CyclePaused:
		return true, err
	}
	return s.states.Suspended(ctx, a)
}

// suspend holds what was left over when accounts were suspended: by a process
// that ended before it could, or by a node that had not heard of it yet.
func (s *Cycles) suspend(ctx context.Context) error {
	left, err := s.states.SuspendedCycles(ctx)
	if err != nil {
		return err
	}
	for _, c := range left {
		if err := s.transactions.Hold(ctx, c.Account, c.ID); err != nil {
			return err
		}
	}
	return nil
}
