package rollout

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
	// ClaimRollout takes the one whose turn it is, until lease. Errors: NotFound
	// (there is none).
	ClaimRollout(ctx context.Context, now, lease time.Time) (tandem.Rollout, error)
	// NextRolloutCycle notes that it is begun with. Errors: NotFound (there is none,
	// or the rollout does not run).
	NextRolloutCycle(ctx context.Context, p tandem.PartnerID, id tandem.RolloutID) (tandem.RolloutCycle, error)
	// SettleRollout notes what became of a cycle that stays as it is. Errors:
	// tandem.ErrSettled.
	SettleRollout(ctx context.Context, end tandem.RolloutEnd) error
	// CancelRollout errors: NotFound, Conflict (it is at its end).
	CancelRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, reason string, at time.Time) error
	// ReleaseRollout gives up a claim: the rollout goes on at next, or is completed.
	ReleaseRollout(ctx context.Context, p tandem.PartnerID, id tandem.RolloutID, now, next time.Time) error
	// ForgetRollouts deletes those that ended before a time.
	ForgetRollouts(ctx context.Context, before time.Time) error
}

// Upgrader upgrades cycles.
type Upgrader interface {
	// RollOut upgrades a cycle, in one commit with end, or finds that there is
	// nothing to do. Errors: those that are the cycle's; Gone (no cycle of the
	// rollout can be upgraded any more); tandem.ErrSettled.
	RollOut(ctx context.Context, r *tandem.Rollout, of tandem.RolloutCycle, end tandem.RolloutEnd) (tandem.RolloutOutcome, error)
}

// How rollouts are worked off.
const (
	turnTime    = 5 * time.Second  // that a rollout has before it is another's turn
	upgradeTime = 30 * time.Second // that a cycle may take
	lease       = time.Minute      // longer than a turn and its last cycle
	longestRest = time.Second
	aloneTime   = 500 * time.Millisecond // that others have who may have ended the process
	putOff      = 15 * time.Second       // after an error that is no cycle's
	poll        = 15 * time.Second
	tidyEvery   = time.Hour
)

// Worker works rollouts off, one cycle at a time.
type Worker struct {
	log      *slog.Logger
	queue    Queue
	upgrader Upgrader
	options  Options
	wake     chan struct{}
}

// Options of [NewWorker].
type Options struct {
	Now func() time.Time // nil: the clock
}

// NewWorker makes a worker.
func NewWorker(log *slog.Logger, queue Queue, upgrader Upgrader, o Options) *Worker {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Worker{log, queue, upgrader, o, make(chan struct{}, 1)}
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
	tidied := time.Time{}
	for {
		if err := w.Flush(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "rollouts stand still", "error", err)
		}
		if now := w.options.Now(); now.Sub(tidied) > tidyEvery {
			tidied = now
			if err := w.queue.ForgetRollouts(ctx, now.Add(-tandem.RolloutKept)); err != nil && ctx.Err() == nil {
				w.log.ErrorContext(ctx, "old rollouts were not deleted", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-time.After(poll):
		}
	}
}

// Flush works until no rollout is due. What is a cycle's fault is no error.
func (w *Worker) Flush(ctx context.Context) error {
	for {
		now := w.options.Now()
		r, err := w.queue.ClaimRollout(ctx, now, now.Add(lease))
		if tandem.ErrorCode(err) == tandem.NotFound {
			return nil
		}
		if err != nil {
			return fmt.Errorf("claim a rollout: %w", err)
		}
		if err := w.turn(ctx, &r); err != nil {
			return err
		}
	}
}

// turn takes a rollout further for a while, and gives it up.
func (w *Worker) turn(ctx context.Context, r *tandem.Rollout) error {
	if r.Trying > 0 {
		rest(ctx, aloneTime)
	}
	err := w.advance(ctx, r)
	now := w.options.Now()
	next := now
	if err != nil && ctx.Err() == nil {
		next = now.Add(putOff)
		w.log.ErrorContext(ctx, "rollout put off", "rollout", r.ID, "error", err)
	}
	// Who stops hands over what is not done.
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), upgradeTime)
	defer cancel()
	return errors.Join(ctx.Err(), w.queue.ReleaseRollout(free, r.Partner, r.ID, now, next))
}

func (w *Worker) advance(ctx context.Context, r *tandem.Rollout) error {
	for until := time.Now().Add(turnTime); time.Now().Before(until); {
		c, err := w.queue.NextRolloutCycle(ctx, r.Partner, r.ID)
		if tandem.ErrorCode(err) == tandem.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		began := time.Now()
		if err := w.try(ctx, r, c); err != nil {
			if errors.Is(err, tandem.ErrSettled) {
				return nil // somebody steers it
			}
			return err
		}
		rest(ctx, min(time.Since(began), longestRest))
	}
	return nil
}

// rest lets others work for a while.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// try upgrades a cycle, or notes why that is not to be. Errors: tandem.ErrSettled;
// others are no cycle's.
func (w *Worker) try(ctx context.Context, r *tandem.Rollout, c tandem.RolloutCycle) error {
	end := tandem.RolloutEnd{Partner: r.Partner, Rollout: r.ID, Place: c.Place, Ended: w.options.Now()}
	switch {
	case c.Deleted:
		end.Outcome = tandem.RolloutGone
	case c.Suspended:
		end.Outcome, end.Reason = tandem.RolloutFailed, "The account is suspended."
	case c.Starts > tandem.MaxStarts:
		w.log.ErrorContext(ctx, "a cycle of a rollout is set aside: the process ended each time that it was upgraded", "rollout", r.ID, "account", c.Account, "cycle", c.Cycle)
		end.Outcome, end.Reason = tandem.RolloutFailed, fmt.Sprintf("It was set aside: %d times the server ended while it upgraded this cycle.", tandem.MaxStarts)
	default:
		came, err := w.upgrade(ctx, r, c, end)
		if came == tandem.RolloutUpgraded && err == nil {
			return nil // and noted
		}
		if tandem.ErrorCode(err) == tandem.Gone {
			return w.end(ctx, r, err)
		}
		end.Outcome = came
		if err != nil {
			end.Outcome = tandem.RolloutFailed
			if end.Reason, err = w.blame(ctx, err); err != nil {
				return err
			}
		}
	}
	return w.queue.SettleRollout(ctx, end)
}

func (w *Worker) upgrade(ctx context.Context, r *tandem.Rollout, c tandem.RolloutCycle, end tandem.RolloutEnd) (tandem.RolloutOutcome, error) {
	ctx, cancel := context.WithTimeout(acting(ctx, r, c), upgradeTime)
	defer cancel()
	end.Outcome = tandem.RolloutUpgraded
	return w.upgrader.RollOut(ctx, r, c, end)
}

// acting is a context for what the one who began a rollout has done to a cycle: the
// audit log names them, as if they had upgraded it by hand.
func acting(ctx context.Context, r *tandem.Rollout, c tandem.RolloutCycle) context.Context {
	return tandem.WithAct(ctx, &tandem.Act{
		Who: r.By, Account: c.Account, Name: "upgradeCycle", Object: fmt.Sprintf("/v1.0/cycles/%s/upgrade", c.Cycle),
		Sent: fmt.Appendf(nil, `{"RolloutId":%q}`, r.ID),
	})
}

// blame is what a cycle is refused for. Errors: what is no cycle's, and may pass.
func (w *Worker) blame(ctx context.Context, err error) (reason string, _ error) {
	var why *tandem.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, tandem.ErrAway), errors.Is(err, tandem.ErrSettled):
		return "", err
	case !errors.As(err, &why) || why.Code == tandem.Internal:
		w.log.ErrorContext(ctx, "a cycle could not be upgraded", "error", err)
		return "Something went wrong that is not the cycle's fault. It can be tried again.", nil
	case why.Code == tandem.Unavailable, why.Code == tandem.RateLimited:
		return "", err
	}
	return why.Message, nil
}

// end ends a rollout of which no cycle can be upgraded any more.
func (w *Worker) end(ctx context.Context, r *tandem.Rollout, why error) error {
	var told *tandem.Error
	errors.As(why, &told)
	err := w.queue.CancelRollout(ctx, r.Partner, r.Template, r.ID, told.Message, w.options.Now())
	if tandem.ErrorCode(err) == tandem.Conflict {
		err = nil
	}
	return err
}
