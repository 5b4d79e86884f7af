// Package sheet writes tables as CSV (RFC 4180) for people to open in a
// spreadsheet.
//
// Spreadsheets run a cell that begins with =, +, - or @ as a formula, also when
// the text came from a stranger who hopes for just that. Such a cell, unless it is
// a number, gets an apostrophe in front, which spreadsheets take for "this is
// text" and mostly do not show.
package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ContentType is what CSV is called in HTTP.
const ContentType = "text/csv; charset=utf-8"

// Writer writes rows. It buffers: call Flush at the end.
type Writer struct{ csv *csv.Writer }

// New writes to w.
func New(w io.Writer) *Writer {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return &Writer{c}
}

// Write writes a row.
func (w *Writer) Write(cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Guard(c)
	}
	return w.csv.Write(safe)
}

// Flush writes what is buffered, and says what went wrong since New.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// signs begin a formula, in some programs also in their wide forms.
const signs = "=+-@|＝＋－＠"

// Guard makes a cell one that no spreadsheet runs. Some look behind white space.
func Guard(cell string) string {
	first := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000")
	r, size := utf8.DecodeRuneInString(first)
	if size == 0 || !strings.ContainsRune(signs, r) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
