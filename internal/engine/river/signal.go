package river

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// quietPoll is how often a signal looks whether slices have ended.
const quietPoll = 20 * time.Millisecond

// SignalCycle implements engine.Engine. After Hold and Cancel no slice of the
// cycle runs, on any node.
func (e *Engine) SignalCycle(ctx context.Context, a tandem.AccountID, c tandem.CycleID, s engine.Signal) error {
	defer e.admitSoon()
	switch s {
	case engine.Hold:
		return e.hold(ctx, a, c)
	case engine.Resume:
		return e.cycles.Resume(ctx, a, c)
	case engine.Cancel:
		return e.cancel(ctx, a, c)
	case engine.Expire:
		_, err := e.cycles.ExpireHold(ctx, a, c)
		return err
	case engine.Close:
		_, err := e.cycles.Unmatch(ctx, a, c) // they are due, and found as such
		return err
	}
	return fmt.Errorf("signal cycle %s: no signal %d", c, s)
}

func (e *Engine) hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	if err := e.cycles.Hold(ctx, a, c); err != nil {
		return err
	}
	here := func(t journal.Txn) bool { return t.Account == a && t.Cycle == c }
	if err := e.quiet(ctx, here, `(args->>'account')::bigint = $3 AND args->>'cycle' = $4`, int64(a), string(c)); err != nil {
		return fmt.Errorf("wait for the slices of cycle %s: %w", c, err)
	}
	return nil
}

// quiet stops slices on this node, and cancels the jobs on others that fulfil a
// condition on args, which begin with $3; and waits until none of them runs.
func (e *Engine) quiet(ctx context.Context, here func(journal.Txn) bool, there string, args ...any) error {
	tick := time.NewTicker(quietPoll)
	defer tick.Stop()
	args = append([]any{kind, e.name}, args...)
	for cancelled := map[int64]bool{}; ; {
		left := e.stop(here)
		rows, err := e.db.Pool().Query(ctx, `SELECT id FROM river_job WHERE kind = $1 AND state = 'running'
			AND attempted_by[cardinality(attempted_by)] <> $2 AND `+there, args...)
		if err != nil {
			return err
		}
		jobs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || left+len(jobs) == 0 {
			return err
		}
		jobs = slices.DeleteFunc(jobs, func(id int64) bool { return cancelled[id] })
		if err := e.cancelJobs(ctx, jobs, cancelled); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// cancelJobs has other nodes stop jobs, and notes which. It tells them in one commit:
// those that tell something wait for each other. A job that somebody is writing to is
// left for the next look.
func (e *Engine) cancelJobs(ctx context.Context, jobs []int64, cancelled map[int64]bool) error {
	if len(jobs) == 0 {
		return nil
	}
	return pgx.BeginFunc(ctx, e.db.Pool(), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM river_job WHERE id = ANY($1) AND state = 'running' FOR UPDATE SKIP LOCKED`, jobs)
		if err != nil {
			return err
		}
		free, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		for _, id := range free {
			if err == nil {
				_, err = e.client.JobCancelTx(ctx, tx, id)
			}
			cancelled[id] = true
		}
		return err
	})
}

// stop stops slices on this node, and says how many have yet to end.
func (e *Engine) stop(of func(journal.Txn) bool) (left int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for s, t := range e.slices {
		if of(t) {
			s.stop(errFenced)
			left++
		}
	}
	return left
}

func (e *Engine) cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	was, err := e.cycles.Held(ctx, a, c)
	if err != nil {
		return err
	}
	if err := e.hold(ctx, a, c); err != nil {
		return err
	}
	_, err = e.cycles.Cancel(ctx, a, c)
	if !was {
		return errors.Join(err, e.cycles.Resume(ctx, a, c))
	}
	if err == nil { // what was on its way in when the cycle was stopped
		_, err = e.cycles.Cancel(ctx, a, c)
	}
	return err
}
