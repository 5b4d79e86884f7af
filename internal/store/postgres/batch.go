package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Batch runs do in one transaction.
func (db *DB) Batch(ctx context.Context, do func(tx bulk.Tx) error) error {
	tx, err := db.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(batch{db, tx}); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

type batch struct {
	db *DB
	tx pgx.Tx
}

// Each implements bulk.Tx.
func (b batch) Each(ctx context.Context, st *bulk.Statement, rows [][]any, got func([]int64)) error {
	if len(rows) == 0 {
		return nil
	}
	args, err := columns(st, rows)
	if err != nil {
		return err
	}
	rs, err := b.tx.Query(ctx, b.db.arrays(st), args...)
	if err != nil {
		return err
	}
	defer rs.Close()
	row := make([]int64, len(rs.FieldDescriptions()))
	dst := make([]any, len(row))
	for i := range row {
		dst[i] = &row[i]
	}
	for rs.Next() {
		if err := rs.Scan(dst...); err != nil {
			return err
		}
		if got != nil {
			got(row)
		}
	}
	return rs.Err()
}

// arrays is st's text, made once.
func (db *DB) arrays(st *bulk.Statement) string {
	if text, ok := db.texts.Load(st); ok {
		return text.(string)
	}
	text, _ := db.texts.LoadOrStore(st, st.Arrays())
	return text.(string)
}

// columns turns rows into an array for each column.
func columns(st *bulk.Statement, rows [][]any) ([]any, error) {
	args := make([]any, len(st.Columns))
	for i, c := range st.Columns {
		switch c.Type {
		case "bigint":
			args[i] = pick[int64](rows, i)
		case "text":
			args[i] = pick[string](rows, i)
		case "bytea":
			args[i] = pick[[]byte](rows, i)
		default:
			return nil, fmt.Errorf("column %s: no arrays of %s", c.Name, c.Type)
		}
	}
	return args, nil
}

func pick[T any](rows [][]any, i int) []T {
	all := make([]T, len(rows))
	for n, row := range rows {
		all[n] = row[i].(T)
	}
	return all
}
