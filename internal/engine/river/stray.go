package river

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// strays are jobs that the database says run on this node, and do not: the answer of
// the fetch that took them was lost with a connection, or what came of them. River
// takes them for lost after Options.Rescue, as it has to where the node may run them.
type strays struct {
	until time.Time      // there may be some, and they are looked for
	found lasting[int64] // those that there may be
}

// doubtTime is for how long after the last trouble with the database strays are looked
// for. River tries for less to write down how a job ended.
const doubtTime = time.Minute

// doubt says that this node may have been cut off from the database.
func (e *Engine) doubt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.strays.until = time.Now().Add(doubtTime)
}

// takenJobs are those that the database says run on a node.
const takenJobs = `SELECT id FROM river_job WHERE kind = $1 AND state = 'running' AND attempted_by[cardinality(attempted_by)] = $2`

// replaceJobs makes others of jobs, in their places, since River may yet write down of
// these how they ended.
const replaceJobs = `WITH gone AS (DELETE FROM river_job WHERE id = ANY($1) AND state = 'running' AND attempted_by[cardinality(attempted_by)] = $2 RETURNING *)
	INSERT INTO river_job (state, attempt, max_attempts, created_at, scheduled_at, priority, args, attempted_by, kind, queue, tags)
	SELECT 'available', attempt, max_attempts, created_at, scheduled_at, priority, args, attempted_by, kind, queue, tags FROM gone`

// giveBack has strays run again, on whatever node. One look is not enough: between
// its fetch and its begin, and its end and the record of that, a job looks like one. If
// it was none after all, of the two one is fenced.
func (e *Engine) giveBack(ctx context.Context) error {
	e.mu.Lock()
	looking := time.Now().Before(e.strays.until)
	e.mu.Unlock()
	if !looking {
		e.strays.found = nil
		return nil
	}
	rows, _ := e.db.Pool().Query(ctx, takenJobs, kind, e.name) // its error is the rows', too
	taken, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("look for own jobs: %w", err)
	}
	over := e.notHere(taken)
	if len(over) == 0 {
		return nil
	}
	if _, err := e.db.Pool().Exec(ctx, replaceJobs, over, e.name); err != nil {
		return fmt.Errorf("give %d jobs back: %w", len(over), err)
	}
	e.log.InfoContext(ctx, "gave jobs back that were cut off", "jobs", len(over))
	return nil
}

// notHere are those of taken jobs that have not been at work here for a while.
func (e *Engine) notHere(taken []int64) (over []int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	taken = slices.DeleteFunc(taken, func(id int64) bool { return e.jobs[id] > 0 })
	return e.strays.found.look(taken, e.o.Lost)
}

// begin and end say which jobs are at work here.
func (e *Engine) begin(job int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.jobs[job]++
}

func (e *Engine) end(job int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.jobs[job]--; e.jobs[job] == 0 {
		delete(e.jobs, job)
	}
}
