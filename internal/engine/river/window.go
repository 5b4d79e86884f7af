package river

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Slices that run for longTime are long; which these are is looked for again after
// longLook.
const (
	longTime = 2 * time.Second
	longLook = time.Second
)

// long is how many long slices accounts have, on all nodes.
type long struct {
	of   map[tandem.AccountID]int
	read time.Time
}

// longSlices counts those of jobs that have not ended, and those of one node.
const longSlices = `SELECT t.account, count(*), count(*) FILTER (WHERE attempted_by[cardinality(attempted_by)] = $3) FROM river_job
	CROSS JOIN jsonb_array_elements(args->'txns') AS own JOIN txn t ON t.account = (args->>'account')::bigint AND t.id = (own->>'id')::bigint
	WHERE kind = $1 AND state = 'running' AND attempted_at < now() - $2 * interval '1 microsecond' AND t.status + 0 < 10 AND t.admitted = 1 GROUP BY 1`

// longRunning counts the long slices of accounts, as of a second ago at most: there
// are none when half of this node's workers have long slices. It does not look if
// there are no accounts.
func (e *Engine) longRunning(ctx context.Context, of []tandem.AccountID) (map[tandem.AccountID]int, error) {
	if len(of) == 0 || time.Since(e.long.read) < longLook {
		return e.long.of, nil
	}
	rows, _ := e.db.Pool().Query(ctx, longSlices, kind, longTime.Microseconds(), e.name) // its error is the rows', too
	type count struct {
		Account   tandem.AccountID
		All, Here int
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[count])
	if err != nil {
		return nil, fmt.Errorf("count what runs for long: %w", err)
	}
	e.long = long{of: make(map[tandem.AccountID]int, len(all)), read: time.Now()}
	here := 0
	for _, c := range all {
		e.long.of[c.Account] = c.All
		here += c.Here
	}
	if here >= e.o.Workers/2 {
		e.long.of = nil
	}
	return e.long.of, nil
}

// windows are how many slices of accounts may be jobs at once. What runs for long
// waits for a third party, and does not keep the account's other transactions out.
func (e *Engine) windows(ctx context.Context, of []tandem.AccountID) ([]journal.Window, error) {
	var all []journal.Window
	var serial []tandem.AccountID
	long, err := e.longRunning(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, a := range of {
		room := e.o.Window + long[a]
		limit := 0
		if e.o.Limit != nil {
			var err error
			if limit, err = e.o.Limit(ctx, a); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
				return nil, err
			}
		}
		switch {
		case limit == 1:
			serial = append(serial, a)
		case limit > 0:
			all = append(all, journal.Window{Account: a, Room: min(limit, room)})
		default:
			all = append(all, journal.Window{Account: a, Room: room})
		}
	}
	turns, err := e.turns(ctx, serial)
	return append(all, turns...), err
}

// turns are the windows of accounts of which one transaction runs after the other:
// that of the one whose turn it is.
func (e *Engine) turns(ctx context.Context, of []tandem.AccountID) (all []journal.Window, err error) {
	if len(of) > 0 {
		of, err = e.db.Idle(ctx, of)
	}
	for _, a := range of {
		next, err := e.journal.Next(ctx, a)
		if err != nil {
			return nil, err
		}
		if next != 0 {
			all = append(all, journal.Window{Account: a, Room: 1, Only: next})
		}
	}
	return all, err
}
