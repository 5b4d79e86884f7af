package script

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// place is where in JavaScript a reference stands.
type place int

const (
	operand  place = iota // where a value may begin
	index                 // behind a value, as in row[Email]
	template              // in the text of a template literal
)

// walker goes through JavaScript as far as it takes to tell code from texts,
// comments and regular expressions. It needs no grammar, only whether a value came
// last: then / divides and [ is an index. Where it is mistaken, something of the
// text is not taken for a reference or something is; as values are never pasted,
// nothing worse comes of it.
type walker struct {
	text  string
	at    int
	value bool   // what came last is a value, or ends one
	open  []byte // braces: { of code, or ` for ${ of a template
	visit func(at int, p place) int
}

// walk calls visit wherever a [ or {{ stands in code or in the text of a template.
// It returns the length of what is not to be looked into, as it is a value.
func walk(text string, visit func(at int, p place) int) {
	w := &walker{text: text, visit: visit}
	for w.at < len(w.text) {
		w.next()
	}
}

// next passes what comes next.
func (w *walker) next() {
	rest := w.text[w.at:]
	c := rest[0]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		w.at++
	case strings.HasPrefix(rest, "//"):
		w.until("\n")
	case strings.HasPrefix(rest, "/*"):
		w.at += 2
		w.until("*/")
	case c == '"' || c == '\'':
		w.quoted(c)
	case c == '`':
		w.at++
		w.template()
	case c == '/' && !w.value:
		w.regexp()
	case isName(c):
		w.name()
	case strings.HasPrefix(rest, "++") || strings.HasPrefix(rest, "--"):
		w.at += 2 // before or behind a value, it stays one
	case strings.HasPrefix(rest, "?."):
		w.at += 2
	case c == '.':
		w.at++ // of a number, a property or a spread
	case c == '[' || strings.HasPrefix(rest, "{{"):
		w.bracket(c)
	default:
		w.sign(c)
	}
}

// until passes everything to the end of what is given.
func (w *walker) until(end string) {
	if i := strings.Index(w.text[w.at:], end); i >= 0 {
		w.at += i + len(end)
		return
	}
	w.at = len(w.text)
}

// quoted passes a text in quotes, which ends with its line at the latest.
func (w *walker) quoted(quote byte) {
	for w.at++; w.at < len(w.text); w.at++ {
		switch w.text[w.at] {
		case '\\':
			w.at++
		case quote, '\n':
			w.at++
			w.value = true
			return
		}
	}
	w.at = len(w.text)
}

// template passes the text of a template, to its end or to code in it.
func (w *walker) template() {
	for w.at < len(w.text) {
		rest := w.text[w.at:]
		switch {
		case rest[0] == '\\':
			w.at += 2
			continue
		case rest[0] == '`':
			w.at++
			w.value = true
			return
		case strings.HasPrefix(rest, "${"):
			w.at += 2
			w.open = append(w.open, '`')
			w.value = false
			return
		case rest[0] == '[' || strings.HasPrefix(rest, "{{"):
			if n := w.visit(w.at, template); n > 0 {
				w.at += n
				continue
			}
		}
		w.at++
	}
	w.at = len(w.text)
}

// regexp passes a regular expression.
func (w *walker) regexp() {
	class := false
	for w.at++; w.at < len(w.text); w.at++ {
		switch c := w.text[w.at]; {
		case c == '\\':
			w.at++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class || c == '\n':
			w.at++
			w.value = true
			return // its flags are passed as a name
		}
	}
	w.at = len(w.text)
}

// operators are the words behind which a value may begin.
var operators = []string{"return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw", "case", "do", "else", "yield", "await"}

// name passes a name, a word of the language or a number.
func (w *walker) name() {
	start := w.at
	for w.at < len(w.text) && isName(w.text[w.at]) {
		w.at++
	}
	property := strings.HasSuffix(w.text[:start], ".")
	w.value = property || !slices.Contains(operators, w.text[start:w.at])
}

// bracket passes a reference, or the bracket alone.
func (w *walker) bracket(c byte) {
	p := operand
	if w.value && c == '[' {
		p = index
	}
	if n := w.visit(w.at, p); n > 0 {
		w.at += n
		w.value = true
		return
	}
	w.sign(c)
}

// sign passes one character of punctuation.
func (w *walker) sign(c byte) {
	switch c {
	case '{':
		w.open = append(w.open, '{')
	case '}':
		last := len(w.open) - 1
		if last >= 0 && w.open[last] == '`' {
			w.open = w.open[:last]
			w.at++
			w.template()
			return
		}
		w.open = w.open[:max(0, last)]
	}
	w.value = c == ')' || c == ']' || c == '}'
	_, size := utf8.DecodeRuneInString(w.text[w.at:])
	w.at += size
}
