// Package postgres is what is particular to PostgreSQL: one pool, which the
// engine for many nodes shares.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// uniqueViolation is PostgreSQL's code for a second row with the same key.
const uniqueViolation = "23505"

// DB is a database that other nodes may use too.
type DB struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// Open connects to the database at url.
func Open(ctx context.Context, url string) (*DB, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PostgreSQL does not answer: %w", err)
	}
	return &DB{pool: pool, db: stdlib.OpenDBFromPool(pool)}, nil
}

// Name implements store.Dialect.
func (*DB) Name() string { return "postgres" }

// Writer is the pool.
func (db *DB) Writer() *sql.DB { return db.db }

// Reader is the pool too.
func (db *DB) Reader() *sql.DB { return db.db }

// Pool is the pool, for what database/sql does not offer.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Schema is the text as it is.
func (*DB) Schema(text string) string { return text }

// Duplicate says that err is a violation of a unique key.
func (*DB) Duplicate(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == uniqueViolation
}

// Close closes the pool.
func (db *DB) Close() error {
	err := db.db.Close()
	db.pool.Close()
	return err
}
