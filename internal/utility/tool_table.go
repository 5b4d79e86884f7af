package utility

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"
)

// lookUp finds a value in a table of lines such as gb = United Kingdom.
func lookUp(in *input) (map[string]any, error) {
	value, table := strings.TrimSpace(in.long("Value")), in.long("Table")
	same := func(a, b string) bool { return a == b }
	if in.yes("IgnoreCase", false) {
		same = strings.EqualFold
	}
	for line := range strings.Lines(table) {
		from, to, ok := strings.Cut(line, "=")
		if ok && same(strings.TrimSpace(from), value) {
			return map[string]any{"Found": true, "Result": strings.TrimSpace(to)}, nil
		}
	}
	return map[string]any{"Found": false, "Result": in.written("Otherwise")}, nil
}

// parseCSV gives an object for each row, by the names in the first, or by Column1,
// Column2 …
func parseCSV(in *input) (map[string]any, error) {
	text := strings.TrimPrefix(in.long("Text"), "\ufeff")
	p := parser{header: in.yes("Header", true), limit: maxRows, csv: csv.NewReader(strings.NewReader(text))}
	delimiter := in.separator()
	if delimiter == 0 {
		delimiter = guess(text[:min(len(text), 16<<10)])
	}
	p.csv.Comma, p.csv.LazyQuotes, p.csv.FieldsPerRecord, p.csv.ReuseRecord = delimiter, true, -1, true
	if in.err != nil {
		return nil, in.err
	}
	if failed := p.read(); failed != nil {
		return nil, failed
	}
	if p.more {
		return nil, buildError("Text has more than %d rows", maxRows)
	}
	return map[string]any{"Rows": p.rows, "Columns": p.named(), "Count": whole(int64(len(p.rows)))}, nil
}

// buildCSV writes rows, whose cells no spreadsheet takes for formulas.
func buildCSV(in *input) (map[string]any, error) {
	t := table{delimiter: cmp.Or(in.separator(), ','), header: in.yes("Header", true), guarded: true, end: "\r\n"}
	t.rows, t.columns = in.table(maxRows)
	if in.err != nil {
		return nil, in.err
	}
	var b bounded
	if err := t.write(&b, false); err != nil {
		return nil, buildError("the table cannot be written: %v", err)
	}
	return map[string]any{"Text": b.String(), "Count": whole(int64(len(t.rows)))}, nil
}

// bounded is a text that gets no longer than a tool may make it.
type bounded struct{ strings.Builder }

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxToolText {
		return 0, fmt.Errorf("it has more than %d bytes", maxToolText)
	}
	return b.Builder.Write(p)
}
