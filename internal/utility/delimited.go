package utility

import (
	"cmp"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// DelimitedOptions are limits. The zero value is the default of each.
type DelimitedOptions struct {
	MaxText int64 // bytes that are read of a text; default 64 MiB
	MaxRows int   // that a text is made of, or into; default 100,000
}

// delimited has the operations on tables that are text: CSV and its like.
type delimited struct {
	files   Files
	options DelimitedOptions
}

// Delimited gives the operations on tables that are text: delimited.create and
// delimited.parse.
func Delimited(f Files, o DelimitedOptions) map[string]invoke.BuiltIn {
	o.MaxText = cmp.Or(o.MaxText, 64<<20)
	o.MaxRows = cmp.Or(o.MaxRows, 100_000)
	d := &delimited{f, o}
	return map[string]invoke.BuiltIn{"delimited.create": d.create, "delimited.parse": d.parse}
}

// delimiters by the names that they may have in place of themselves.
var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', `\t`: '\t', "pipe": '|', "space": ' '}

// separator is what stands between cells; 0 if it is to be found out.
func (in *input) separator() rune {
	s := in.text("Delimiter") // which may be a tab or space
	if s == "" {
		return ','
	}
	name := strings.ToLower(strings.TrimSpace(s))
	if name == "auto" {
		return 0
	}
	if r, ok := delimiters[name]; ok {
		return r
	}
	r, size := utf8.DecodeRuneInString(s)
	if size != len(s) || r == '"' || r == '\r' || r == '\n' || r == utf8.RuneError || r == '\ufeff' {
		in.fail("Delimiter must be one character, or one of Comma, Semicolon, Tab, Pipe")
	}
	return r
}

// charset is how a text is encoded; nil: UTF-8.
func (in *input) charset() encoding.Encoding {
	name := strings.TrimSpace(in.text("Charset"))
	if name == "" || strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		in.fail("Charset %.40q is not known; there are utf-8, windows-1252, utf-16le and many more", name)
	}
	return e
}

// guess is the delimiter that a text has most of in its first line, outside of
// quotes.
func guess(head string) rune {
	best, most := ',', 0
	for _, r := range []rune{',', ';', '\t', '|'} {
		reader := csv.NewReader(strings.NewReader(head))
		reader.Comma, reader.LazyQuotes = r, true
		if record, err := reader.Read(); err == nil && len(record) > most {
			best, most = r, len(record)
		}
	}
	return best
}
