package utility

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// database is what differs between the kinds of databases.
type database struct {
	name      string
	port      int
	readOnly  bool // has transactions that only read
	connector func(s *session, to target) (driver.Connector, error)
	failed    func(err error) *invoke.Error // nil: the database did not say it
	syntax    syntax
	mark      func(n int) string // of the n-th parameter, from 1
	value     func(v any) any    // of a document, as the driver takes it
	prepare   func(timeout time.Duration) []string
	schema    string // the one that is meant where none is named, as SQL
	upsert    func(u *upsert) string
}

var databases = []*database{
	{
		name: "postgresql", port: 5432, readOnly: true, connector: postgres, failed: postgresFailed,
		syntax: syntax{quotes: `"`, dollar: true, nested: true}, mark: func(n int) string { return "$" + strconv.Itoa(n) },
		value: postgresValue,
		prepare: func(d time.Duration) []string {
			return []string{fmt.Sprintf("SET statement_timeout = %d", d.Milliseconds())}
		},
		schema: "current_schema()", upsert: upsertPostgres,
	},
	{
		name: "mysql", port: 3306, readOnly: true, connector: mySQL, failed: mySQLFailed,
		syntax: syntax{quotes: "`", backslash: true, hash: true}, mark: func(int) string { return "?" },
		value: mySQLValue,
		prepare: func(d time.Duration) []string { // MySQL's way, and MariaDB's
			return []string{fmt.Sprintf("SET SESSION max_execution_time = %d", d.Milliseconds()), fmt.Sprintf("SET SESSION max_statement_time = %g", d.Seconds())}
		},
		schema: "DATABASE()", upsert: upsertMySQL,
	},
	{
		name: "sqlserver", port: 1433, connector: sqlServer, failed: sqlServerFailed,
		syntax: syntax{quotes: `"[`, nested: true}, mark: func(n int) string { return "@p" + strconv.Itoa(n) },
		value:   sqlServerValue,
		prepare: func(time.Duration) []string { return nil }, // the driver cancels when its time is over
		schema:  "SCHEMA_NAME()", upsert: upsertSQLServer,
	},
}

// quote makes a name of a table or column part of a statement, whatever it is.
func (d *database) quote(name string) string {
	open := d.syntax.quotes[len(d.syntax.quotes)-1:]
	end := open
	if open == "[" {
		end = "]"
	}
	return open + strings.ReplaceAll(name, end, end+end) + end
}

// postgresValue is text, whose type PostgreSQL knows from where it stands.
func postgresValue(v any) any {
	if v == nil {
		return nil
	}
	return merge.Text(v)
}

// mySQLValue is a number or a truth as it is; times, which MySQL does not take as
// JSON writes them, as times.
func mySQLValue(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case json.Number:
		return number(v)
	case string:
		if len(v) >= len("2006-01-02T15:04:05Z") {
			if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return t.UTC()
			}
		}
	}
	return merge.Text(v)
}

func sqlServerValue(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case json.Number:
		return number(v)
	}
	return merge.Text(v)
}

// number is a whole number, or else text: nothing is rounded.
func number(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	return n.String()
}
