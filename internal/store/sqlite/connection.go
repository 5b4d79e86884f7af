package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// connection is one to SQLite, with the statements that it has prepared: those of
// batches, and of all else the last used. They end with it, whoever closes it: also
// database/sql does, when a statement was interrupted. Of a connection that is closed
// before its statements SQLite keeps everything, for good.
type connection struct {
	driverConn
	statements map[*bulk.Statement]*statement
	kept       kept
}

// driverConn is all that database/sql asks a connection of the driver for.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Close implements driver.Conn.
func (c *connection) Close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.stmt.Close())
	}
	clear(c.statements)
	for _, e := range c.kept.of {
		errs = append(errs, e.Value.(*prepared).stmt.Close())
	}
	clear(c.kept.of)
	c.kept.order.Init()
	return errors.Join(append(errs, c.driverConn.Close())...)
}

// connector makes connections.
type connector struct{ driver.Connector }

func newConnector(dsn string) (connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return connector{c}, err
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{driverConn: made.(driverConn), statements: map[*bulk.Statement]*statement{}, kept: kept{of: map[string]*list.Element{}}}, nil
}
