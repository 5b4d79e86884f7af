package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// describeTables gives each table with its columns, in order, and the tables that
// its foreign keys refer to.
const describeTables = `SELECT t.relname,
	ARRAY(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum),
	ARRAY(SELECT format_type(atttypid, NULL) FROM pg_attribute a WHERE a.attrelid = t.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum),
	ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint c JOIN pg_class f ON f.oid = c.confrelid WHERE c.conrelid = t.oid AND contype = 'f')
	FROM pg_class t WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace ORDER BY relname`

// Tables describes all tables of the schema that is searched first.
func (db *DB) Tables(ctx context.Context) ([]bulk.Table, error) {
	rows, err := db.pool.Query(ctx, describeTables)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (t bulk.Table, err error) {
		var names, kinds []string
		err = r.Scan(&t.Name, &names, &kinds, &t.Needs)
		for i, name := range names {
			t.Columns = append(t.Columns, bulk.Column{Name: name, Type: kinds[i]})
		}
		return t, err
	})
}

// Copy puts rows into a table, until next gives nil, and has the planner know it.
func (db *DB) Copy(ctx context.Context, t bulk.Table, next func() ([]any, error)) error {
	name := pgx.Identifier{t.Name}
	if _, err := db.pool.CopyFrom(ctx, name, t.Names(), pgx.CopyFromFunc(next)); err != nil {
		return fmt.Errorf("copy table %s: %w", t.Name, err)
	}
	if _, err := db.pool.Exec(ctx, `ANALYZE `+name.Sanitize()); err != nil {
		return fmt.Errorf("analyze table %s: %w", t.Name, err)
	}
	return nil
}

// Clear deletes all rows of tables, of which none refers to an earlier one.
func (db *DB) Clear(ctx context.Context, tables []bulk.Table) error {
	for _, t := range tables {
		if _, err := db.pool.Exec(ctx, `TRUNCATE `+pgx.Identifier{t.Name}.Sanitize()+` CASCADE`); err != nil {
			return fmt.Errorf("clear table %s: %w", t.Name, err)
		}
	}
	return nil
}
