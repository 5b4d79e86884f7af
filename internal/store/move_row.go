package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// tableReader reads the rows of a table, whole: with what is beside the database,
// and without what concerns one engine only.
type tableReader struct {
	store   *Store
	table   bulk.Table
	rows    *sql.Rows
	sum     sum      // of what was read
	missing []string // blobs that are not there
}

func (s *Store) readTable(ctx context.Context, t bulk.Table) (*tableReader, error) {
	rows, err := s.read().QueryContext(ctx, `SELECT "`+strings.Join(t.Names(), `", "`)+`" FROM "`+t.Name+`"`)
	if err != nil {
		return nil, fmt.Errorf("read table %s: %w", t.Name, err)
	}
	return &tableReader{store: s, table: t, rows: rows}, nil
}

// sumTable reads a table for its sum alone.
func (s *Store) sumTable(ctx context.Context, t bulk.Table) (sum, error) {
	r, err := s.readTable(ctx, t)
	if err != nil {
		return sum{}, err
	}
	defer r.rows.Close()
	for row := []any{}; row != nil; {
		if row, err = r.next(ctx); err != nil {
			return sum{}, err
		}
	}
	return r.sum, nil
}

// next is the next row; nil at the end.
func (r *tableReader) next(ctx context.Context) ([]any, error) {
	if !r.rows.Next() {
		return nil, r.rows.Err()
	}
	row := make([]any, len(r.table.Columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	if err := r.rows.Scan(into...); err != nil {
		return nil, fmt.Errorf("read table %s: %w", r.table.Name, err)
	}
	for i, c := range r.table.Columns {
		var err error
		if row[i], err = value(c, row[i]); err != nil {
			return nil, fmt.Errorf("table %s, row %d, whose first columns are %v: column %s: %w", r.table.Name, r.sum.rows+1, row[:min(i, 2)], c.Name, err)
		}
	}
	if err := r.complete(ctx, row); err != nil {
		return nil, err
	}
	r.sum.add(row)
	return row, nil
}

// value is what a column holds, in the one type that Go has for it. SQLite gives
// what was put in, which may be another.
func value(c bulk.Column, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch c.Type {
	case "bigint":
		if n, ok := v.(int64); ok {
			return n, nil
		}
	case "boolean":
		if n, ok := v.(int64); ok {
			v = n != 0
		}
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case "bytea":
		if s, ok := v.(string); ok {
			v = []byte(s)
		}
		if b, ok := v.([]byte); ok {
			return b, nil
		}
	case "text":
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		if s, ok := v.(string); ok {
			if at := badText(s); at >= 0 {
				return nil, fmt.Errorf("what is at byte %d of %d is no text that every database can keep", at, len(s))
			}
			return s, nil
		}
	}
	return nil, fmt.Errorf("a %T in a column of type %s", v, c.Type)
}

// badText is where a text has what not every database can keep; -1: nowhere.
func badText(s string) int {
	for i, r := range s {
		if _, size := utf8.DecodeRuneInString(s[i:]); r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
	}
	return -1
}

// complete puts a blob into its row, and takes out that an engine has a job for a
// transaction, since the next has none.
func (r *tableReader) complete(ctx context.Context, row []any) error {
	if r.table.Name == "txn" {
		row[column(r.table, "admitted")] = int64(0)
	}
	if r.table.Name != "step_item" || row[column(r.table, "blob")] == int64(0) {
		return nil
	}
	b := blobOf(r.table, row)
	if b.place == notKept || b.place < 0 {
		row[column(r.table, "blob")], row[column(r.table, "data")] = int64(notKept), nil
		return nil
	}
	data, err := r.store.getBlob(ctx, b)
	switch {
	case errors.Is(err, fs.ErrNotExist): // retention deleted it while a copy was made
		r.missing = append(r.missing, "blobs/"+b.name())
	case err != nil:
		return err
	}
	row[column(r.table, "blob")], row[column(r.table, "data")] = int64(inRow), nil
	if data != nil {
		row[column(r.table, "data")] = data
	}
	return nil
}

// shorten is a row as s keeps it: with a blob beside the database if it is long.
func (s *Store) shorten(ctx context.Context, t bulk.Table, row []any) ([]any, error) {
	if t.Name != "step_item" || row[column(t, "blob")] != int64(inRow) {
		return row, nil
	}
	data, _ := row[column(t, "data")].([]byte)
	at, rest, err := s.putBlob(ctx, blobOf(t, row), data)
	if err != nil || at == inRow {
		return row, err
	}
	row = slices.Clone(row)
	row[column(t, "blob")], row[column(t, "data")] = int64(at), rest
	return row, nil
}

// blobOf is whose blob a step item's is.
func blobOf(t bulk.Table, row []any) blob {
	n := func(name string) int64 { return row[column(t, name)].(int64) }
	tail, _ := row[column(t, "data")].([]byte)
	return blob{tandem.AccountID(n("account")), tandem.TransactionID(n("txn")), int32(n("seq")), blobPlace(n("blob")), string(tail)}
}

func column(t bulk.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c bulk.Column) bool { return c.Name == name })
}

// sum tells whether two tables have the same rows, in whatever order: every table
// has a key, so that no two rows are alike, and none cancels another out.
type sum struct {
	rows   int64
	hashes [sha256.Size]byte // of the rows, each bit the parity of theirs
}

func (s *sum) add(row []any) {
	var text []byte
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			text = append(text, 'n')
		case int64:
			text = binary.BigEndian.AppendUint64(append(text, 'i'), uint64(v))
		case bool:
			text = fmt.Appendf(text, "%t", v)
		case string:
			text = append(binary.AppendUvarint(append(text, 's'), uint64(len(v))), v...)
		case []byte:
			text = append(binary.AppendUvarint(append(text, 'b'), uint64(len(v))), v...)
		}
	}
	s.rows++
	for i, b := range sha256.Sum256(text) {
		s.hashes[i] ^= b
	}
}
