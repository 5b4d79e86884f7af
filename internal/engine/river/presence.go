package river

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// presenceLock is the first half of the locks that nodes hold while they live;
// the second is the node's number.
const presenceLock = 0x74616e64

// nodeName is what jobs say of the node that took them.
func nodeName(node int64) string { return fmt.Sprintf("node-%d", node) }

// goneNodes lists those that have running jobs, and no lock.
const goneNodes = `SELECT DISTINCT attempted_by[cardinality(attempted_by)] FROM river_job WHERE kind = $1 AND state = 'running'
	EXCEPT SELECT 'node-' || objid FROM pg_locks
		WHERE locktype = 'advisory' AND classid = $2 AND objsubid = 2 AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// presence tells other nodes that this one lives: a connection of its own holds
// a lock, of which PostgreSQL lets go when the process ends, however it does.
type presence struct {
	pool *pgxpool.Pool
	node int64
	conn *pgx.Conn       // nil: not there
	gone lasting[string] // nodes with jobs that are not there
}

func newPresence(pool *pgxpool.Pool, node int64) *presence {
	return &presence{pool: pool, node: node}
}

// keep takes the lock, anew if the connection was lost.
func (p *presence) keep(ctx context.Context) (err error) {
	if p.conn != nil {
		if p.conn.Ping(ctx) == nil {
			return nil
		}
		_ = p.leave(ctx) // it is lost already
	}
	if p.conn, err = pgx.ConnectConfig(ctx, p.pool.Config().ConnConfig); err != nil {
		p.conn = nil
		return fmt.Errorf("connect, to tell that this node lives: %w", err)
	}
	// Shared, since numbers of nodes come again after many starts.
	if _, err = p.conn.Exec(ctx, `SELECT pg_advisory_lock_shared($1, $2)`, presenceLock, int32(p.node)); err != nil {
		return errors.Join(fmt.Errorf("tell that this node lives: %w", err), p.leave(ctx))
	}
	return nil
}

func (p *presence) leave(ctx context.Context) error {
	if p.conn == nil {
		return nil
	}
	err := p.conn.Close(ctx)
	p.conn = nil
	return err
}

// Enter tells others that this node lives, as Run does later on, unless allowed
// refuses it, which is asked when they can know.
func (e *Engine) Enter(ctx context.Context, allowed func(context.Context) error) error {
	err := e.here.keep(ctx)
	if err == nil {
		err = allowed(ctx)
	}
	if err != nil {
		err = errors.Join(err, e.here.leave(context.WithoutCancel(ctx)))
	}
	return err
}

// chores are what there is to do that nobody tells a node of.
type chores struct {
	Due   bool     // something waited until now
	Ready bool     // something could be admitted, if its account has room
	Late  bool     // jobs have run for too long
	Gone  []string // nodes that have jobs, and are not there
}

// findChores is one statement, since a node that has nothing to do does nothing else.
const findChores = `SELECT EXISTS (SELECT 1 FROM txn WHERE status = 1 AND wake_at <= $3), EXISTS (SELECT 1 FROM txn WHERE status = 0 AND admitted = 0),
	EXISTS (SELECT 1 FROM river_job WHERE kind = $1 AND state = 'running' AND attempted_at < now() - $4 * interval '1 microsecond'), ARRAY(` + goneNodes + `)`

// look finds chores by the connection that tells that this node lives, anew if it was
// lost. Jobs are late after rescue.
func (p *presence) look(ctx context.Context, rescue time.Duration) (c chores, err error) {
	for range 2 {
		if p.conn == nil {
			if err := p.keep(ctx); err != nil {
				return c, err
			}
		}
		err = p.conn.QueryRow(ctx, findChores, kind, presenceLock, time.Now().UnixMicro(), rescue.Microseconds()).Scan(&c.Due, &c.Ready, &c.Late, &c.Gone)
		if err == nil {
			return c, nil
		}
		_ = p.leave(ctx) // it is lost already
	}
	return c, fmt.Errorf("look for what is due: %w", err)
}

// chores wakes what is due, has jobs run again that were lost, exchanges with other
// nodes what is late, and says whether there is something to admit.
func (e *Engine) chores(ctx context.Context) (ready bool, err error) {
	c, err := e.here.look(ctx, e.o.Rescue)
	if err != nil {
		return false, err
	}
	if c.Due {
		err = e.db.WakeDue(ctx, time.Now())
	}
	// After an outage of the database some nodes are back before others.
	if dead := e.here.gone.look(c.Gone, e.o.Lost); c.Late || len(dead) > 0 {
		err = errors.Join(err, e.rescue(ctx, dead))
	}
	if c.Ready {
		_, cancelErr := e.cycles.CancelDeleted(ctx, time.Now().Add(-onItsWay)) // whoever can go on is admitted next
		err = errors.Join(err, cancelErr)
	}
	return c.Due || c.Ready, errors.Join(err, e.giveBack(ctx), e.exchangeLate(ctx))
}

// onItsWay is how much later than its acceptance a transaction may be committed.
const onItsWay = time.Minute

// Nodes counts the nodes that work over a database now.
func Nodes(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	err = pool.QueryRow(ctx, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, presenceLock).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count nodes: %w", err)
	}
	return n, nil
}
