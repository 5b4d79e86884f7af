package utility

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// maxMarks is how many parameters a statement has at most: SQL Server takes 2,100.
const maxMarks = 2000

// upsert is a statement that writes rows of the same columns. Names are quoted.
type upsert struct {
	table   string
	columns []string
	keys    []string // by which a row is known to be there; none: it is not asked
	rows    string   // (mark, mark), (mark, mark)
}

// others are the columns that are no keys.
func (u *upsert) others() (all []string) {
	for _, c := range u.columns {
		if !slices.Contains(u.keys, c) {
			all = append(all, c)
		}
	}
	return all
}

func (u *upsert) insert() string {
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", u.table, strings.Join(u.columns, ", "), u.rows)
}

// each joins what format makes of each name, which it has as often as it says %[1]s.
func each(names []string, format, separator string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = fmt.Sprintf(format, n)
	}
	return strings.Join(all, separator)
}

func upsertPostgres(u *upsert) string {
	set := "NOTHING"
	if others := u.others(); len(others) > 0 {
		set = "UPDATE SET " + each(others, "%[1]s = excluded.%[1]s", ", ")
	}
	return fmt.Sprintf("%s ON CONFLICT (%s) DO %s", u.insert(), strings.Join(u.keys, ", "), set)
}

// upsertMySQL goes by the keys that the table has; those given are left as they are.
func upsertMySQL(u *upsert) string {
	others := u.others()
	if len(others) == 0 {
		others = u.keys
	}
	return u.insert() + " ON DUPLICATE KEY UPDATE " + each(others, "%[1]s = VALUES(%[1]s)", ", ")
}

func upsertSQLServer(u *upsert) string {
	columns := strings.Join(u.columns, ", ")
	text := fmt.Sprintf("MERGE INTO %s WITH (HOLDLOCK) AS t USING (VALUES %s) AS s (%s) ON %s", u.table, u.rows, columns, each(u.keys, "t.%[1]s = s.%[1]s", " AND "))
	if others := u.others(); len(others) > 0 {
		text += " WHEN MATCHED THEN UPDATE SET " + each(others, "t.%[1]s = s.%[1]s", ", ")
	}
	return text + fmt.Sprintf(" WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s);", columns, each(u.columns, "s.%[1]s", ", "))
}

// insert writes rows to a table: all of them, or none.
func (q *query) insert() (any, *invoke.Error) {
	schema, table := q.table()
	mode, keys := q.choice("Mode", "Insert", "Upsert"), splitList(q.text("KeyColumns"))
	if mode == "Insert" {
		keys = nil
	} else if len(keys) == 0 {
		q.fail("KeyColumns is required to update what is there")
	}
	rows := q.rows()
	if err := q.mayWrite(); err != nil {
		return nil, err
	}
	w := &writer{query: q, table: q.kind.quoted(schema, table), keys: keys}
	err := q.within(false, func(tx *sql.Tx) *invoke.Error { return w.write(tx, rows) })
	if err != nil {
		return nil, err
	}
	return map[string]any{"Rows": whole(int64(len(rows))), "RowsAffected": whole(w.affected)}, nil
}

// table is the one that is named, with a schema if that is: as one of its own, or
// before a dot.
func (q *query) table() (schema, table string) {
	schema, table = q.text("Schema"), q.required("Table")
	if before, after, ok := strings.Cut(table, "."); ok && schema == "" {
		return before, after
	}
	return schema, table
}

func (d *database) quoted(schema, table string) string {
	if schema == "" {
		return d.quote(table)
	}
	return d.quote(schema) + "." + d.quote(table)
}

// rows are those of the request, which may be one.
func (q *query) rows() (all []map[string]any) {
	items, ok := q.member("Rows").([]any)
	if one := q.member("Rows"); !ok && one != nil {
		items = []any{one}
	}
	for i, item := range items {
		row, ok := item.(map[string]any)
		if !ok || len(row) == 0 || len(row) > maxMarks {
			q.fail("Rows[%d] must be an object with a member for each column, and no more than %d", i, maxMarks)
			return nil
		}
		all = append(all, row)
	}
	if len(all) > q.options.MaxRows {
		q.fail("Rows are more than %d", q.options.MaxRows)
	}
	return all
}

// writer writes rows, as many as go into a statement at once.
type writer struct {
	*query
	table    string
	keys     []string
	affected int64
}

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (w *writer) write(tx executor, rows []map[string]any) *invoke.Error {
	for len(rows) > 0 {
		columns := slices.Sorted(maps.Keys(rows[0]))
		n := w.alike(rows, columns)
		if err := w.batch(tx, columns, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// alike is how many of the first rows go into one statement: they have the same
// columns, and none has the key of another.
func (w *writer) alike(rows []map[string]any, columns []string) int {
	known := map[string]bool{}
	for i, row := range rows {
		if i == 0 {
			known[w.key(row)] = true
			continue
		}
		same := len(row) == len(columns)
		for _, c := range columns {
			_, has := row[c]
			same = same && has
		}
		if !same || (i+1)*len(columns) > maxMarks || len(w.keys) > 0 && known[w.key(row)] {
			return i
		}
		known[w.key(row)] = true
	}
	return len(rows)
}

func (w *writer) key(row map[string]any) string {
	var key strings.Builder
	for _, k := range w.keys {
		fmt.Fprintf(&key, "%q ", merge.Text(row[k]))
	}
	return key.String()
}

func (w *writer) batch(tx executor, columns []string, rows []map[string]any) *invoke.Error {
	u := upsert{table: w.table}
	for _, c := range columns {
		u.columns = append(u.columns, w.kind.quote(c))
	}
	for _, k := range w.keys {
		if !slices.Contains(columns, k) {
			return buildError("a row has no %s, which is one of KeyColumns", k)
		}
		u.keys = append(u.keys, w.kind.quote(k))
	}
	var marks strings.Builder
	args := make([]any, 0, len(rows)*len(columns))
	for i, row := range rows {
		for j, c := range columns {
			args = append(args, w.kind.value(row[c]))
			marks.WriteString([]string{", ", ", (", "("}[opening(i, j)])
			marks.WriteString(w.kind.mark(len(args)))
		}
		marks.WriteByte(')')
	}
	u.rows = marks.String()
	text := u.insert()
	if len(u.keys) > 0 {
		text = w.kind.upsert(&u)
	}
	r, err := tx.ExecContext(w.ctx, text, args...)
	if err != nil {
		return w.failed(err)
	}
	n, _ := r.RowsAffected() // the driver counts, or nobody does
	w.affected += n
	return nil
}

// opening is what stands before a mark: 0 within a row, 1 between rows, 2 at the
// beginning.
func opening(row, column int) int {
	switch {
	case column > 0:
		return 0
	case row > 0:
		return 1
	}
	return 2
}
