// Package postgres is what is particular to PostgreSQL: one pool, which the
// engine for many nodes shares.
package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// uniqueViolation is PostgreSQL's code for a second row with the same key.
const uniqueViolation = "23505"

// minConns is how many connections a node may use at least: the journal, the
// engine's own few, and readers.
const minConns = 16

// connectTime is how long it may take to connect, unless the URL says otherwise.
const connectTime = 10 * time.Second

// alive finds out within half a minute that the other end of a connection has gone
// without a word.
var alive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// session is what each connection begins with. PostgreSQL is to end transactions, and
// let go of their locks, in which a node does nothing for so long: it hangs, or was
// stopped, and all others wait for it. And it is to go by indexes, of which each of our
// statements has one: a plan is kept for as long as the connection, and one made while
// a table was small, or before it was looked at, would read all of it for ever after.
const session = `SET idle_in_transaction_session_timeout = '10s'; SET enable_seqscan = off; SET jit = off`

// DB is a database that other nodes may use too.
type DB struct {
	pool  *pgxpool.Pool
	db    *sql.DB
	texts sync.Map // *bulk.Statement to its text
}

// Open connects to the database at url.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = max(config.MaxConns, minConns)
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, connectTime)
	config.ConnConfig.DialFunc = (&net.Dialer{KeepAliveConfig: alive}).DialContext
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, session)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PostgreSQL does not answer: %w", err)
	}
	db := &DB{pool: pool}
	db.db = sql.OpenDB(connector{stdlib.GetPoolConnector(pool), db})
	db.db.SetMaxIdleConns(0) // the pool keeps them
	return db, nil
}

// Name implements store.Dialect.
func (*DB) Name() string { return "postgres" }

// Writer is the pool.
func (db *DB) Writer() *sql.DB { return db.db }

// Reader is the pool too.
func (db *DB) Reader() *sql.DB { return db.db }

// Pool is the pool, for what database/sql does not offer.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Duplicate says that err is a violation of a unique key.
func (*DB) Duplicate(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == uniqueViolation
}

// dataErrors are the classes of codes for errors that lie in what a statement
// was given: data exceptions, constraints, and deadlocks, which one alone
// cannot meet.
var dataErrors = map[string]bool{"22": true, "23": true, "40": true}

// Refused says that err lies in what a statement was given, and not in the
// state of the database: another statement may succeed.
func (*DB) Refused(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && dataErrors[e.Code[:2]]
}

// passing are the classes of codes for errors that lie in the state of the
// database: connections, deadlocks, a full disk or memory, a shutdown, the system.
var passing = map[string]bool{"08": true, "40": true, "53": true, "57": true, "58": true}

// away are codes that a server gives which is not, or not yet, the primary, or has
// ended a transaction that was idle for too long, and for what comes after that.
var away = map[string]bool{"25006": true, "25P03": true, "25P02": true}

// Unable says that the database cannot write at the moment: see passing; or it
// cannot be reached.
func (*DB) Unable(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return passing[e.Code[:2]] || away[e.Code]
	}
	var unreachable *pgconn.ConnectError
	var broken net.Error
	return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) &&
		(errors.As(err, &unreachable) || errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err))
}

// Close closes the pool.
func (db *DB) Close() error {
	err := db.db.Close()
	db.pool.Close()
	return err
}
