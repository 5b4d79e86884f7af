package utility

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// maxCells bounds the values of an answer, which take more memory than they take
// of the wire.
const maxCells = 1_000_000

type rowsQuerier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// read gives the first rows that a statement has, and whether it has more.
func (q *query) read(from rowsQuerier, limit int, text string, args ...any) (all []any, more bool, _ *invoke.Error) {
	rows, err := from.QueryContext(q.ctx, text, args...)
	if err != nil {
		return nil, false, q.failed(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, false, q.failed(err)
	}
	names := columnNames(types)
	values, into := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		into[i] = &values[i]
	}
	all = []any{}
	for rows.Next() {
		if len(all) == limit {
			return all, true, nil
		}
		if (len(all)+1)*len(types) > maxCells {
			return nil, false, formatError("the answer has more than %d values: ask for fewer rows or columns", maxCells)
		}
		if err := rows.Scan(into...); err != nil {
			return nil, false, q.failed(err)
		}
		row := make(map[string]any, len(types))
		for i, v := range values {
			row[names[i]] = cell(v, types[i].DatabaseTypeName())
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, false, q.failed(err)
	}
	return all, false, nil
}

// columnNames are those of an answer, each once.
func columnNames(types []*sql.ColumnType) []string {
	names, seen := make([]string, len(types)), map[string]bool{}
	for i, t := range types {
		name := t.Name()
		if name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		for n, first := 2, name; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", first, n)
		}
		names[i], seen[name] = name, true
	}
	return names
}

// cell is a value of a row as a document has it: numbers with all their digits,
// times in UTC, JSON as what it says, bytes in base64.
func cell(v any, kind string) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case int64:
		return whole(v)
	case uint64:
		return json.Number(strconv.FormatUint(v, 10))
	case float32:
		return float(float64(v), 32)
	case float64:
		return float(v, 64)
	case time.Time:
		return timeCell(v, kind)
	case string:
		return textCell(v, kind)
	case []byte:
		return bytesCell(v, kind)
	}
	return fmt.Sprint(v)
}

func float(f float64, bits int) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Sprint(f) // is no number in JSON
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, bits))
}

func timeCell(t time.Time, kind string) string {
	switch kind {
	case "DATE":
		return t.Format(time.DateOnly)
	case "TIME":
		return t.Format("15:04:05.999999999")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func textCell(s, kind string) any {
	switch kind {
	case "NUMERIC", "DECIMAL", "MONEY", "SMALLMONEY":
		if json.Valid([]byte(s)) {
			return json.Number(s)
		}
	case "JSON", "JSONB":
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var doc any
		if d.Decode(&doc) == nil {
			return doc
		}
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

func bytesCell(b []byte, kind string) any {
	switch kind {
	case "UNIQUEIDENTIFIER":
		var id mssql.UniqueIdentifier
		if id.Scan(b) == nil {
			return id.String()
		}
	case "BYTEA", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "BINARY", "VARBINARY", "IMAGE", "BIT", "GEOMETRY", "TIMESTAMP":
		return base64.StdEncoding.EncodeToString(b)
	}
	return textCell(string(bytes.ToValidUTF8(b, []byte("\ufffd"))), kind)
}
