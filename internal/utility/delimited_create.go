package utility

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/sheet"
)

// table is rows that are to be text.
type table struct {
	columns   []string
	rows      []map[string]any
	delimiter rune
	always    bool // every cell is in quotes
	header    bool
	guarded   bool // spreadsheets run no cell
	end       string
}

// create makes a file of rows.
func (d *delimited) create(ctx context.Context, o invoke.Operation) (any, error) {
	in := &input{Operation: &o}
	t := table{
		delimiter: in.separator(), always: in.choice("Quote", "WhenNeeded", "Always") == "Always", header: in.yes("Header", true),
		guarded: in.yes("GuardFormulas", true), end: "\r\n",
	}
	if in.choice("LineEnd", "CRLF", "LF") == "LF" {
		t.end = "\n"
	}
	if t.delimiter == 0 {
		t.delimiter = ','
	}
	t.rows, t.columns = in.table(d.options.MaxRows)
	charset, mark := in.charset(), in.yes("ByteOrderMark", false)
	if in.err != nil {
		return nil, in.err
	}
	file, err := d.write(ctx, &o, cmp.Or(in.written("FileName"), "table.csv"), &t, charset, mark)
	if err != nil {
		return nil, notKept(ctx, err)
	}
	return map[string]any{"File": file.Document(), "Rows": whole(int64(len(t.rows)))}, nil
}

// table is the rows of the request, and their columns: in the order that is
// given, or else in that of the alphabet.
func (in *input) table(most int) (rows []map[string]any, columns []string) {
	items, ok := in.member("Rows").([]any)
	if one := in.member("Rows"); !ok && one != nil {
		items = []any{one}
	}
	if len(items) > most {
		in.fail("Rows are more than %d", most)
		return nil, nil
	}
	all := map[string]bool{}
	for i, item := range items {
		row, ok := item.(map[string]any)
		if !ok {
			in.fail("Rows[%d] must be an object with a member for each column", i)
			return nil, nil
		}
		for name := range row {
			all[name] = true
		}
		rows = append(rows, row)
	}
	if columns = splitList(in.text("Columns")); len(columns) == 0 {
		columns = slices.Sorted(maps.Keys(all))
	}
	return rows, columns
}

// write streams the table into a file.
func (d *delimited) write(ctx context.Context, o *invoke.Operation, name string, t *table, charset encoding.Encoding, mark bool) (body.File, error) {
	r, w := io.Pipe()
	kind := "text/csv"
	if t.delimiter == '\t' {
		kind = "text/tab-separated-values"
	}
	kind += "; charset=utf-8"
	var to io.WriteCloser = w
	if charset != nil {
		kind = strings.Replace(kind, "utf-8", strings.ToLower(strings.TrimSpace(o.Parameters["Charset"])), 1)
		to = transform.NewWriter(w, encoding.ReplaceUnsupported(charset.NewEncoder()))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := t.write(to, mark)
		if e := to.Close(); err == nil && charset != nil {
			err = e
		}
		w.CloseWithError(err)
	}()
	file, err := d.files.Of(o.Account).Create(ctx, name, kind, r)
	r.CloseWithError(io.ErrClosedPipe) // the writer ends, if it has not
	<-done
	return file, err
}

func (t *table) write(to io.Writer, mark bool) error {
	w := bufio.NewWriterSize(to, 64<<10)
	if mark {
		if _, err := w.WriteString("\ufeff"); err != nil {
			return err
		}
	}
	if t.header {
		if err := t.writeRow(w, t.columns); err != nil {
			return err
		}
	}
	cells := make([]string, len(t.columns))
	for _, row := range t.rows {
		for i, name := range t.columns {
			cells[i] = merge.Text(row[name])
		}
		if err := t.writeRow(w, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (t *table) writeRow(w *bufio.Writer, cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			_, _ = w.WriteRune(t.delimiter) // the last write has the error
		}
		if t.guarded {
			cell = sheet.Guard(cell)
		}
		if t.always || t.special(cell, len(cells)) {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		_, _ = w.WriteString(cell)
	}
	if _, err := w.WriteString(t.end); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// special says that a cell needs quotes: without them it would be read as
// something else. A line of nothing would be no row.
func (t *table) special(cell string, cells int) bool {
	return strings.ContainsRune(cell, t.delimiter) || strings.ContainsAny(cell, "\"\r\n") ||
		strings.HasPrefix(cell, " ") || strings.HasPrefix(cell, "\t") || cell == "" && cells == 1
}
