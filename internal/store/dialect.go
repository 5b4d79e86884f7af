package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Dialect is what differs between the databases.
type Dialect interface {
	// Name is sqlite or postgres.
	Name() string
	// Writer is where transactions that write begin; on SQLite they are
	// IMMEDIATE and take turns.
	Writer() *sql.DB
	// Reader is where everything is read that no transaction writes.
	Reader() *sql.DB
	// Batch runs do in one transaction for statements on many rows.
	Batch(ctx context.Context, do func(tx bulk.Tx) error) error
	// Duplicate says that err is a violation of a unique key.
	Duplicate(err error) bool
	// Refused says that err lies in what a statement was given, and not in
	// the state of the database.
	Refused(err error) bool
	// Unable says that the database cannot write at the moment, whatever it
	// is given: later it may.
	Unable(err error) bool
	Close() error
}
