package connector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one problem of a connector's document.
type Error struct {
	File    string // "" when it was not read from one
	Line    int    // from 1; 0 when not known
	Field   string // such as Methods[2].Parameters[0].TargetType
	Message string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
		if e.Line > 0 {
			fmt.Fprintf(&b, "%d:", e.Line)
		}
		b.WriteByte(' ')
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Errors are all the problems of a document, in order of line.
type Errors []*Error

// Error writes a problem a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find each problem.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// add notes a problem of a field.
func (es *Errors) add(field, format string, args ...any) {
	*es = append(*es, &Error{Field: field, Message: fmt.Sprintf(format, args...)})
}

// asError gives the problems sorted by line, or nil when there are none.
func (es Errors) asError() error {
	if len(es) == 0 {
		return nil
	}
	slices.SortStableFunc(es, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	return es
}
