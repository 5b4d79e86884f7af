package local

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// SignalCycle implements engine.Engine. After Hold and Cancel no slice of the
// cycle runs.
func (e *Engine) SignalCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID, s engine.Signal) error {
	key := journal.Cycle{Account: a, ID: id}
	switch s {
	case engine.Hold:
		return e.hold(ctx, key)
	case engine.Resume:
		return e.resume(ctx, key)
	case engine.Cancel:
		return e.cancel(ctx, key)
	case engine.Expire:
		// What is held is in the journal only, so there is nothing to stop.
		return e.free(ctx, key, e.cycles.ExpireHold)
	case engine.Close:
		return e.free(ctx, key, e.cycles.Unmatch)
	}
	return fmt.Errorf("signal cycle %s: no signal %d", id, s)
}

// free does what lets transactions go on, and queues these. No signal reads them back
// meanwhile, which would queue them, too.
func (e *Engine) free(ctx context.Context, key journal.Cycle, do func(context.Context, tandem.AccountID, tandem.CycleID) ([]tandem.TransactionID, error)) error {
	e.intake.RLock()
	defer e.intake.RUnlock()
	woken, err := do(ctx, key.Account, key.ID)
	e.wake(ctx, key.Account, woken)
	return err
}

func (e *Engine) hold(ctx context.Context, key journal.Cycle) error {
	if _, err := e.quiet(ctx, key); err != nil {
		return err
	}
	return e.cycles.Hold(ctx, key.Account, key.ID)
}

// quiet keeps slices of a cycle from beginning, stops those that run, waits
// for their end and forgets what waits. It returns whether the cycle was held
// before.
func (e *Engine) quiet(ctx context.Context, key journal.Cycle) (was bool, err error) {
	e.mu.Lock()
	c := e.queue.cycle(key)
	was, c.held = c.held, true
	e.queue.drop(c)
	for _, s := range c.slices {
		s.stop()
	}
	if len(c.slices) > 0 && c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	e.mu.Unlock()
	if idle == nil {
		return was, nil
	}
	select {
	case <-idle:
		return was, nil
	case <-ctx.Done():
		return was, fmt.Errorf("wait for the slices of cycle %s: %w", key.ID, ctx.Err())
	}
}

func (e *Engine) resume(ctx context.Context, key journal.Cycle) error {
	e.intake.Lock()
	defer e.intake.Unlock()
	if err := e.cycles.Resume(ctx, key.Account, key.ID); err != nil {
		return err
	}
	return e.reload(ctx, key)
}

// reload lets a cycle go on with what the journal has. The caller holds
// e.intake.
func (e *Engine) reload(ctx context.Context, key journal.Cycle) error {
	e.mu.Lock()
	c := e.queue.cycle(key)
	was := c.held
	c.held = false
	e.mu.Unlock()
	if !was {
		return nil
	}
	err := e.recover(ctx, key, false)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		c.held = true
		e.queue.drop(c)
		return fmt.Errorf("resume cycle %s: %w", key.ID, err)
	}
	e.dispatch()
	return nil
}

func (e *Engine) cancel(ctx context.Context, key journal.Cycle) error {
	was, err := e.quiet(ctx, key)
	if err != nil {
		return err
	}
	e.intake.Lock()
	defer e.intake.Unlock()
	woken, err := e.cycles.Cancel(ctx, key.Account, key.ID)
	if !was {
		// Without an error nothing is pending, and this only lets it go on.
		if reloadErr := e.reload(ctx, key); err == nil {
			err = reloadErr
		}
	}
	e.wake(ctx, key.Account, woken)
	return err
}
