package cycle

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Activate implements tandem.CycleControl.
func (s *Cycles) Activate(ctx context.Context, a tandem.AccountID, id tandem.CycleID, how tandem.Activation) (*tandem.Cycle, error) {
	c, err := s.activate(ctx, a, id, how)
	if err != nil {
		return nil, fmt.Errorf("activate cycle %s: %w", id, err)
	}
	s.log.InfoContext(ctx, "cycle activated", "account", a, "cycle", id, "version", c.Version)
	return c, nil
}

func (s *Cycles) activate(ctx context.Context, a tandem.AccountID, id tandem.CycleID, how tandem.Activation) (*tandem.Cycle, error) {
	checked, err := s.store.Cycle(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if checked.Status == tandem.CycleRunning {
		return nil, tandem.Conflictf("The cycle is running.")
	}
	if err := s.refuse(ctx, checked, "The cycle cannot be activated"); err != nil {
		return nil, err
	}
	zone, err := s.states.Zone(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := schedule(checked, how, time.Now().UTC(), zone); err != nil {
		return nil, err
	}
	installed, err := s.install(ctx, checked)
	if err != nil {
		return nil, err
	}
	c, err := s.store.ChangeCycle(ctx, a, id, func(c *tandem.Cycle) error {
		if c.Status == tandem.CycleRunning || c.Version != checked.Version {
			return tandem.Conflictf("The cycle was changed or started meanwhile.")
		}
		c.Status, c.StopReason = tandem.CycleRunning, ""
		c.Interval, c.StartTime, c.RunOnce, c.Clock = checked.Interval, checked.StartTime, checked.RunOnce, checked.Clock
		return nil
	})
	// From here on the request's end must not leave things half done.
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		s.uninstall(ctx, checked, installed)
		return nil, err
	}
	for _, w := range installed {
		if err := s.hooks.SetWebhookRemote(ctx, w, w.Remote); err != nil {
			return nil, err
		}
	}
	s.announce(c)
	return c, s.resume(ctx, a, id)
}

// resume lets what was held go on, unless the cycle was stopped, or its account
// suspended, meanwhile: then whoever comes last here or in quiet leaves it held.
func (s *Cycles) resume(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error {
	if err := s.transactions.Resume(ctx, a, id); err != nil {
		return err
	}
	if stopped, err := s.stopped(ctx, a, id); err != nil || !stopped {
		return err
	}
	return s.transactions.Hold(ctx, a, id)
}

// announce tells what waits for cycles to start, stop or end.
func (s *Cycles) announce(c *tandem.Cycle) {
	s.changed(c.Account, c.ID)
	if c.Status == tandem.CycleFinishing {
		s.Settle()
	}
}

// trigger finds the step that nothing leads to; nil if there is none.
func trigger(g *tandem.Graph) *tandem.Step {
	for i := range g.Steps {
		if g.Steps[i].ActionType == tandem.AnnotationStep {
			continue
		}
		if !slices.ContainsFunc(g.Edges, func(e tandem.Edge) bool { return e.TailStepID == g.Steps[i].ID }) {
			return &g.Steps[i]
		}
	}
	return nil
}

// Deactivate implements tandem.CycleControl.
func (s *Cycles) Deactivate(ctx context.Context, a tandem.AccountID, id tandem.CycleID, finish bool) (*tandem.Cycle, error) {
	to := tandem.CyclePaused
	if finish {
		to = tandem.CycleFinishing
	}
	c, err := s.stop(ctx, a, id, to)
	if err != nil {
		return nil, fmt.Errorf("deactivate cycle %s: %w", id, err)
	}
	return c, nil
}

// Halt stops all cycles of an account at once.
func (s *Cycles) Halt(ctx context.Context, a tandem.AccountID) error {
	ids, err := s.store.ActiveCycles(ctx, a)
	if err != nil {
		return fmt.Errorf("halt account %d: %w", a, err)
	}
	for _, id := range ids {
		if _, err := s.Deactivate(ctx, a, id, false); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
			return fmt.Errorf("halt account %d: %w", a, err)
		}
	}
	return nil
}

// Stop pauses a cycle because of an error in one of its steps. It is for the
// interpreter, within a slice of that cycle: when it returns, the cycle is paused,
// and no transaction of it comes in any more. Once the slice has recorded why, hold
// has what runs now held soon after.
func (s *Cycles) Stop(ctx context.Context, a tandem.AccountID, id tandem.CycleID, reason string) (hold func(), err error) {
	c, was, err := s.leave(ctx, a, id, tandem.CyclePaused, reason)
	if err != nil {
		return nil, fmt.Errorf("stop cycle %s: %w", id, err)
	}
	ctx = context.WithoutCancel(ctx)
	return func() {
		s.stopping.Go(func() {
			if err := s.quiet(ctx, c, was); err != nil {
				s.log.ErrorContext(ctx, "stopped cycle could not be held", "account", a, "cycle", id, "error", err)
			}
		})
	}, nil
}

// stop takes a cycle out of service, if it is in.
func (s *Cycles) stop(ctx context.Context, a tandem.AccountID, id tandem.CycleID, to tandem.CycleStatus) (*tandem.Cycle, error) {
	c, was, err := s.leave(ctx, a, id, to, "")
	if err != nil {
		return nil, err
	}
	return c, s.quiet(context.WithoutCancel(ctx), c, was)
}

// leave makes a cycle take nothing in any more, and says what it was before.
func (s *Cycles) leave(ctx context.Context, a tandem.AccountID, id tandem.CycleID, to tandem.CycleStatus, reason string) (c *tandem.Cycle, was tandem.CycleStatus, err error) {
	c, err = s.store.ChangeCycle(ctx, a, id, func(c *tandem.Cycle) error {
		if was = c.Status; was != tandem.CyclePaused {
			c.Status, c.StopReason = to, reason
		}
		return nil
	})
	if err == nil && was != c.Status {
		s.announce(c)
		s.log.InfoContext(ctx, "cycle stopped", "account", a, "cycle", id, "status", c.Status, "reason", reason)
	}
	return c, was, err
}

// quiet sees to it that a cycle that took its leave sends nothing, and gets
// nothing sent. It holds one that was paused before too: an earlier stop may
// have been cut off.
func (s *Cycles) quiet(ctx context.Context, c *tandem.Cycle, was tandem.CycleStatus) error {
	if c.Status == tandem.CyclePaused {
		if err := s.transactions.Hold(ctx, c.Account, c.ID); err != nil {
			return err
		}
	}
	if was != tandem.CycleRunning {
		return nil
	}
	return s.uninstallAll(ctx, c)
}

// CycleOfStep implements tandem.CycleControl.
func (s *Cycles) CycleOfStep(ctx context.Context, a tandem.AccountID, id tandem.StepID) (tandem.CycleID, error) {
	c, err := s.hooks.CycleOfStep(ctx, a, id)
	if err != nil {
		return "", fmt.Errorf("find the cycle of step %s: %w", id, err)
	}
	return c, nil
}

// Run puts right what is not yet as it should be, until ctx is done: it pauses
// cycles that have ended, and lets those go on that were started by a process
// that ended before it could.
func (s *Cycles) Run(ctx context.Context) error {
	const look = time.Minute // at what other nodes left behind
	defer s.stopping.Wait()
	for {
		wait := s.settleEvery
		left, err := s.settle(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.log.ErrorContext(ctx, "states of cycles could not be put right", "error", err)
		case left == 0:
			wait = look
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.ending:
		case <-time.After(wait):
		}
	}
}

func (s *Cycles) settle(ctx context.Context) (left int, err error) {
	held, err := s.states.StartedCycles(ctx)
	if err != nil {
		return 0, err
	}
	for _, c := range held {
		if err := s.resume(ctx, c.Account, c.ID); err != nil {
			return 0, err
		}
	}
	if err := s.suspend(ctx); err != nil {
		return 0, err
	}
	awaiting, err := s.states.AwaitingCycles(ctx)
	if err != nil {
		return 0, err
	}
	for _, c := range awaiting {
		if err := s.transactions.Close(ctx, c.Account, c.ID); err != nil {
			return 0, err
		}
	}
	return s.states.SettleCycles(ctx)
}

// Settle makes Run look at once whether cycles have ended.
func (s *Cycles) Settle() {
	select {
	case s.ending <- struct{}{}:
	default:
	}
}
