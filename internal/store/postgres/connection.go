package postgres

import (
	"context"
	"database/sql/driver"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/tandem-ipaas/tandem"
)

// connector makes connections whose errors say when the database is away.
type connector struct {
	driver.Connector
	db *DB
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, c.db.told(ctx, err)
	}
	return &connection{made.(*stdlib.Conn), c.db}, nil
}

// told is err, which says that the database is away if it does not work now,
// whatever it is asked.
func (db *DB) told(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || !db.Unable(err) {
		return err
	}
	return &awayError{err}
}

// awayError is a failure of a database that is away.
type awayError struct{ error }

// Is implements what errors.Is asks for.
func (*awayError) Is(target error) bool { return target == tandem.ErrAway }

// Unwrap gives what the database said.
func (e *awayError) Unwrap() error { return e.error }

// connection is one to PostgreSQL.
type connection struct {
	*stdlib.Conn
	db *DB
}

// BeginTx implements driver.ConnBeginTx.
func (c *connection) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, o)
	return tx, c.db.told(ctx, err)
}

// ExecContext implements driver.ExecerContext.
func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	r, err := c.Conn.ExecContext(ctx, query, args)
	return r, c.db.told(ctx, err)
}

// QueryContext implements driver.QueryerContext.
func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := c.Conn.QueryContext(ctx, query, args)
	if err != nil {
		return nil, c.db.told(ctx, err)
	}
	return &rows{r.(*stdlib.Rows), c.db, ctx}, nil
}

// Ping implements driver.Pinger.
func (c *connection) Ping(ctx context.Context) error { return c.db.told(ctx, c.Conn.Ping(ctx)) }

// rows are what a query found.
type rows struct {
	*stdlib.Rows
	db  *DB
	ctx context.Context // of the query
}

// Next implements driver.Rows.
func (r *rows) Next(dst []driver.Value) error { return r.db.told(r.ctx, r.Rows.Next(dst)) }
