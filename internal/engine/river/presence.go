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
	conn *pgx.Conn            // nil: not there
	gone map[string]time.Time // since when nodes are not there
}

func newPresence(pool *pgxpool.Pool, node int64) *presence {
	return &presence{pool: pool, node: node, gone: map[string]time.Time{}}
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

// dead lists nodes that have not been there for a while. One look is not
// enough: after an outage of the database some are back before others.
func (p *presence) dead(ctx context.Context, after time.Duration) (all []string, err error) {
	rows, err := p.pool.Query(ctx, goneNodes, kind, presenceLock)
	if err != nil {
		return nil, fmt.Errorf("look for nodes: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look for nodes: %w", err)
	}
	now, was := time.Now(), p.gone
	p.gone = make(map[string]time.Time, len(names))
	for _, n := range names {
		since, known := was[n]
		if !known {
			since = now
		}
		p.gone[n] = since
		if now.Sub(since) >= after {
			all = append(all, n)
		}
	}
	return all, nil
}

// Nodes counts the nodes that work over a database now.
func Nodes(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	err = pool.QueryRow(ctx, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, presenceLock).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count nodes: %w", err)
	}
	return n, nil
}
