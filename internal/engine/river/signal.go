package river

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
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
	e.mu.Lock()
	for s := range e.slices {
		if s.Txn.Account == a && s.Txn.Cycle == c {
			s.fence()
		}
	}
	e.mu.Unlock()
	running := func(ctx context.Context) ([]runningJob, error) { return e.running(ctx, a, c) }
	if err := e.quiet(ctx, running); err != nil {
		return fmt.Errorf("wait for the slices of cycle %s: %w", c, err)
	}
	return nil
}

// quiet cancels jobs on other nodes, and waits until none of them runs.
func (e *Engine) quiet(ctx context.Context, all func(context.Context) ([]runningJob, error)) error {
	tick := time.NewTicker(quietPoll)
	defer tick.Stop()
	cancelled := map[int64]bool{}
	for {
		running, err := all(ctx)
		if err != nil || len(running) == 0 {
			return err
		}
		var elsewhere []int64
		for _, j := range running {
			if !cancelled[j.ID] && j.Node != e.name { // here they are stopped already
				elsewhere = append(elsewhere, j.ID)
			}
		}
		if err := e.cancelJobs(ctx, elsewhere, cancelled); err != nil {
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

// runningJob is one that a node has taken and not given back.
type runningJob struct {
	ID   int64
	Node string
}

// running lists those of a cycle.
func (e *Engine) running(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]runningJob, error) {
	rows, err := e.db.Pool().Query(ctx, `SELECT id, attempted_by[cardinality(attempted_by)] FROM river_job WHERE kind = $1 AND state = 'running'
		AND (args->>'account')::bigint = $2 AND args->>'cycle' = $3`, kind, int64(a), string(c))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[runningJob])
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
		err = errors.Join(err, e.cycles.Resume(ctx, a, c))
	}
	return err
}
