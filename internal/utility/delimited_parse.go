package utility

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// maxWidth bounds how wide a table is.
const maxWidth = 2000

// parse makes rows of a file, or of a text.
func (d *delimited) parse(ctx context.Context, o invoke.Operation) (any, error) {
	in := &input{Operation: &o}
	delimiter, charset := in.separator(), in.charset()
	p := parser{header: in.yes("Header", true), trim: in.yes("Trim", false), skip: in.number("SkipRows", 0, 0, 1000), limit: in.number("Limit", min(10_000, d.options.MaxRows), 1, d.options.MaxRows)}
	lazy := in.yes("LazyQuotes", true)
	content := in.member("File")
	if content == nil {
		content = in.member("Text")
	}
	if in.err != nil {
		return nil, in.err
	}
	a, failed := attached(ctx, d.files.Of(o.Account), content)
	if failed != nil {
		return nil, failed
	}
	if a == nil {
		return nil, buildError("File or Text is required")
	}
	r, err := a.Open(ctx)
	if err != nil {
		return nil, notKept(ctx, err)
	}
	defer r.Close()
	text := bufio.NewReaderSize(decoded(&capped{r, d.options.MaxText}, charset), 64<<10)
	if delimiter == 0 {
		head, _ := text.Peek(16 << 10) // an error comes again
		delimiter = guess(string(head))
	}
	p.csv = csv.NewReader(text)
	p.csv.Comma, p.csv.LazyQuotes, p.csv.FieldsPerRecord, p.csv.ReuseRecord = delimiter, lazy, -1, true
	if failed := p.read(); failed != nil {
		return nil, failed
	}
	return map[string]any{"Rows": p.rows, "Columns": p.named(), "More": p.more}, nil
}

// decoded is a text in UTF-8, whatever it was in. A byte order mark tells it, and
// is left out.
func decoded(r io.Reader, charset encoding.Encoding) io.Reader {
	fallback := encoding.Nop.NewDecoder()
	if charset != nil {
		fallback = charset.NewDecoder()
	}
	return transform.NewReader(r, unicode.BOMOverride(fallback))
}

// errTooLong is for a text that is too long to be read into a document.
var errTooLong = errors.New("the text is too long")

// capped fails once it has read more than there is room for.
type capped struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// parser reads rows.
type parser struct {
	csv         *csv.Reader
	header      bool
	trim        bool
	skip, limit int

	columns []string
	rows    []any
	more    bool
}

func (p *parser) read() *invoke.Error {
	p.rows = []any{}
	first, cells := p.header, 0
	for {
		record, err := p.csv.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			return formatError("%v", errTooLong)
		case err != nil:
			return formatError("the table: %v", err)
		case len(record) > maxWidth:
			return formatError("the table has more than %d columns", maxWidth)
		}
		if p.skip > 0 {
			p.skip--
			continue
		}
		if first {
			p.name(record)
			first = false
			continue
		}
		if len(p.rows) == p.limit {
			p.more = true
			return nil
		}
		if cells += len(record); cells > maxCells {
			return formatError("the table has more than %d cells", maxCells)
		}
		p.rows = append(p.rows, p.row(record))
	}
}

// name takes the names of columns. Each is there once, and none is empty.
func (p *parser) name(record []string) {
	seen := map[string]bool{}
	for i, name := range record {
		if name = strings.TrimSpace(strings.ToValidUTF8(name, "\ufffd")); name == "" {
			name = fmt.Sprintf("Column%d", i+1)
		}
		for n, begin := 2, name; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", begin, n)
		}
		seen[name] = true
		p.columns = append(p.columns, name)
	}
}

func (p *parser) row(record []string) map[string]any {
	for i := len(p.columns); i < len(record); i++ {
		p.columns = append(p.columns, p.unused(i+1))
	}
	row := make(map[string]any, len(record))
	for i, cell := range record {
		if cell = strings.ToValidUTF8(cell, "\ufffd"); p.trim {
			cell = strings.TrimSpace(cell)
		}
		row[p.columns[i]] = cell
	}
	return row
}

// unused is a name for a column that has none.
func (p *parser) unused(n int) string {
	name := fmt.Sprintf("Column%d", n)
	for _, c := range p.columns {
		if c == name {
			return name + "_"
		}
	}
	return name
}

func (p *parser) named() []any {
	all := []any{}
	for _, c := range p.columns {
		all = append(all, c)
	}
	return all
}
