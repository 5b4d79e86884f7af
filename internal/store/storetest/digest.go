package storetest

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/store"
)

// Digest is of all rows of all tables, but for those that change by themselves: of
// the queue of the engine for many nodes, of notices, and how far incidents have been
// told of; and those of the logs of changes and of requests, which tell of refusals
// too. The same twice means that nothing has changed.
func Digest(t *testing.T, s *store.Store) string {
	t.Helper()
	db := s.Dialect().Reader()
	sum := sha256.New()
	for _, table := range tables(t, db) {
		if strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "audit") || slices.Contains([]string{"notice", "notice_receiver", "api_call", "webhook_request"}, table) {
			continue
		}
		rows := tableRows(t, db, table)
		if table == "sequence" {
			rows = slices.DeleteFunc(rows, func(row string) bool { return strings.HasPrefix(row, "incident told|") })
		}
		slices.Sort(rows)
		fmt.Fprintln(sum, table, rows)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func tableRows(t *testing.T, db *sql.DB, table string) (all []string) {
	t.Helper()
	rs, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close()
	columns, err := rs.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rs.Next() {
		if err := rs.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		for _, v := range values {
			fmt.Fprintf(&row, "%v|", *v.(*any))
		}
		all = append(all, row.String())
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// tables are those of a SQLite or PostgreSQL database.
func tables(t *testing.T, db *sql.DB) (names []string) {
	t.Helper()
	for _, query := range []string{
		`SELECT name FROM sqlite_master WHERE type = 'table'`,
		`SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`,
	} {
		rs, err := db.QueryContext(t.Context(), query)
		if err != nil {
			continue // the other database's
		}
		defer rs.Close()
		for rs.Next() {
			var name string
			if err := rs.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		if err := rs.Err(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		t.Fatal("no tables were found")
	}
	return names
}
