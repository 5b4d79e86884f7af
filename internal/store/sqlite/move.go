package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Tables describes all tables but SQLite's own.
func (db *DB) Tables(ctx context.Context) (all []bulk.Table, err error) {
	// Of one string each, since a column's type and name have no line end.
	names, err := db.lines(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	for _, name := range names {
		t := bulk.Table{Name: name}
		columns, err := db.lines(ctx, `SELECT name || char(10) || lower(type) FROM pragma_table_info($1) ORDER BY cid`, name)
		if err != nil {
			return nil, fmt.Errorf("describe table %s: %w", name, err)
		}
		for _, c := range columns {
			column, kind, _ := strings.Cut(c, "\n")
			t.Columns = append(t.Columns, bulk.Column{Name: column, Type: kind})
		}
		if t.Needs, err = db.lines(ctx, `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`, name); err != nil {
			return nil, fmt.Errorf("describe the foreign keys of table %s: %w", name, err)
		}
		all = append(all, t)
	}
	return all, nil
}

func (db *DB) lines(ctx context.Context, query string, args ...any) (all []string, err error) {
	rows, err := db.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// copyBatch is how many rows one transaction takes.
const copyBatch = 10_000

// errLast ends a batch that is not whole.
var errLast = errors.New("no more rows")

// Copy puts rows into a table, until next gives nil.
func (db *DB) Copy(ctx context.Context, t bulk.Table, next func() ([]any, error)) error {
	for {
		err := db.copySome(ctx, t, next)
		if errors.Is(err, errLast) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("copy table %s: %w", t.Name, err)
		}
	}
}

// copySome is one transaction of Copy. Errors: errLast, when it was the last.
func (db *DB) copySome(ctx context.Context, t bulk.Table, next func() ([]any, error)) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = insertSome(ctx, tx, t, next)
	if err != nil && !errors.Is(err, errLast) {
		return errors.Join(err, tx.Rollback())
	}
	return errors.Join(err, tx.Commit())
}

func insertSome(ctx context.Context, tx *sql.Tx, t bulk.Table, next func() ([]any, error)) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO "`+t.Name+`" ("`+strings.Join(t.Names(), `", "`)+`") VALUES (?`+strings.Repeat(", ?", len(t.Columns)-1)+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for range copyBatch {
		row, err := next()
		if err != nil {
			return err
		}
		if row == nil {
			return errLast
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return nil
}

// Clear deletes all rows of tables, of which none refers to an earlier one.
func (db *DB) Clear(ctx context.Context, tables []bulk.Table) error {
	for _, t := range tables {
		if _, err := db.writer.ExecContext(ctx, `DELETE FROM "`+t.Name+`"`); err != nil {
			return fmt.Errorf("clear table %s: %w", t.Name, err)
		}
	}
	return nil
}
