// Package bulk is statements that run for many rows at once, written once for
// both databases.
//
// A statement names the rows that it is given as a table:
//
//	UPDATE timer SET next_at = each.next
//	FROM each(account bigint, cycle text, was bigint, next bigint)
//	WHERE timer.account = each.account AND timer.cycle = each.cycle AND timer.next_at = each.was
//	RETURNING each.ordinal
//
// On PostgreSQL the rows travel as one array for each column, and each is
// unnest of these. On SQLite the statement runs once for each row, each.next
// is a parameter, and there is no table. each.ordinal counts the rows from 1.
// What RETURNING or SELECT gives is whole numbers only.
package bulk

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Tx is one database transaction.
type Tx interface {
	// Each runs st for rows, whose values are int64, string or []byte. If got
	// is not nil, it is called with each row that comes back; the slice is
	// reused. Otherwise st may run, and fail, later, before what follows it.
	Each(ctx context.Context, st *Statement, rows [][]any, got func(row []int64)) error
}

// Column is a column of each.
type Column struct{ Name, Type string }

// Statement is a parsed statement.
type Statement struct {
	Columns []Column

	text    string
	ordinal bool
	changed bool
}

// returnsOrdinal is how a statement ends that only tells which rows changed
// something.
const returnsOrdinal = "RETURNING each.ordinal"

var (
	table  = regexp.MustCompile(`(FROM|,)\s+each\(([^)]*)\)`)
	column = regexp.MustCompile(`\beach\.(\w+|\*)`)
)

// MustParse parses a statement that is written in the program; it panics if
// that has no each, or names a column that each has not.
func MustParse(text string) *Statement {
	m := table.FindStringSubmatch(text)
	if m == nil {
		panic(fmt.Sprintf("bulk: no each(…) in %q", text))
	}
	st := &Statement{text: text, changed: strings.HasSuffix(text, returnsOrdinal)}
	for c := range strings.SplitSeq(m[2], ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(c), " ")
		st.Columns = append(st.Columns, Column{name, typ})
	}
	for _, m := range column.FindAllStringSubmatch(text, -1) {
		st.ordinal = st.ordinal || m[1] == "ordinal"
		if m[1] != "*" && m[1] != "ordinal" && st.index(m[1]) < 0 {
			panic(fmt.Sprintf("bulk: each has no column %q in %q", m[1], text))
		}
	}
	return st
}

func (st *Statement) index(name string) int {
	for i, c := range st.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// Arrays is the statement with an array for each column.
func (st *Statement) Arrays() string {
	var names, arrays []string
	for i, c := range st.Columns {
		names = append(names, c.Name)
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, c.Type))
	}
	ordinality := ""
	if st.ordinal {
		names, ordinality = append(names, "ordinal"), " WITH ORDINALITY"
	}
	unnest := fmt.Sprintf("${1} unnest(%s)%s AS each(%s)", escape(strings.Join(arrays, ", ")), ordinality, strings.Join(names, ", "))
	return table.ReplaceAllString(st.text, unnest)
}

// escape keeps the parameters' dollars in a replacement.
func escape(s string) string { return strings.ReplaceAll(s, "$", "$$") }

// Changed says that the statement returns only the ordinals of rows that
// changed something.
func (st *Statement) Changed() bool { return st.changed }

// Single is the statement with parameters instead of the table, and for each
// parameter, in order, the index of its column; the one after the last column
// is the ordinal. If it is Changed it returns nothing: whether it changed
// something is then known without, and faster.
func (st *Statement) Single() (text string, columns []int) {
	parameter := func(i int) string {
		columns = append(columns, i)
		return "?"
	}
	text = st.text
	if st.changed {
		text = strings.TrimSuffix(text, returnsOrdinal)
	}
	text = column.ReplaceAllStringFunc(table.ReplaceAllString(text, ""), func(m string) string {
		switch name := m[len("each."):]; name {
		case "*":
			all := make([]string, len(st.Columns))
			for i := range all {
				all[i] = parameter(i)
			}
			return strings.Join(all, ", ")
		case "ordinal":
			return parameter(len(st.Columns))
		default:
			return parameter(st.index(name))
		}
	})
	return text, columns
}
