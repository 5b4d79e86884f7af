package utility

import (
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// tables lists tables and views, for a person to choose from.
func (q *query) tables() (any, *invoke.Error) {
	const text = `SELECT table_schema AS table_schema, table_name AS table_name, table_type AS table_type FROM information_schema.tables
		WHERE table_schema NOT IN ('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys', 'INFORMATION_SCHEMA') ORDER BY 1, 2`
	if q.err != nil {
		return nil, q.err
	}
	rows, more, err := q.read(q.conn, q.options.MaxRows, text)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, row := range rows {
		row := row.(map[string]any)
		schema, name := merge.Text(row["table_schema"]), merge.Text(row["table_name"])
		all = append(all, map[string]any{"Schema": schema, "Name": name, "FullName": schema + "." + name, "Type": merge.Text(row["table_type"])})
	}
	return map[string]any{"Tables": all, "More": more}, nil
}

// Types of fields, as cyclr_data_type tells them.
const (
	textField = 1 + iota
	integerField
	floatField
	booleanField
	timeField
)

// columns describes a table's columns as fields of Rows.
func (q *query) columns() (any, *invoke.Error) {
	schema, table := q.table()
	if q.err != nil {
		return nil, q.err
	}
	of := q.kind.schema
	args := []any{table}
	if schema != "" {
		of = q.kind.mark(2)
		args = append(args, schema)
	}
	rows, _, err := q.read(q.conn, q.options.MaxRows, fmt.Sprintf(`SELECT column_name AS column_name, data_type AS data_type, is_nullable AS is_nullable, column_default AS column_default
		FROM information_schema.columns WHERE table_name = %s AND table_schema = %s ORDER BY ordinal_position`, q.kind.mark(1), of), args...)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, callError(invoke.Permanent, "there is no table %s", table)
	}
	all, rowsOf := []any{}, connector.Location{}.Member("Rows").Each()
	for _, row := range rows {
		row := row.(map[string]any)
		name := merge.Text(row["column_name"])
		all = append(all, map[string]any{
			"Name": name, "Type": merge.Text(row["data_type"]),
			"cyclr_field_location": rowsOf.Member(name).String(),
			"cyclr_display_name":   name,
			"cyclr_data_type":      whole(int64(fieldType(merge.Text(row["data_type"])))),
			"cyclr_is_optional":    merge.Text(row["is_nullable"]) == "YES" || row["column_default"] != nil,
		})
	}
	return map[string]any{"Columns": all}, nil
}

// fieldType is what a column holds, as far as its type's name tells.
func fieldType(name string) int {
	name = strings.ToLower(name)
	for _, t := range []struct {
		words string
		is    int
	}{
		{"interval point", textField}, // have int in their names
		{"bool", booleanField},
		{"int serial", integerField},
		{"numeric decimal real double float money", floatField},
		{"timestamp date", timeField},
	} {
		for word := range strings.FieldsSeq(t.words) {
			if strings.Contains(name, word) {
				return t.is
			}
		}
	}
	if name == "bit" {
		return booleanField
	}
	return textField
}
