package api

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// strict turns relaxed JSON, as old clients send it, into JSON: text in single
// quotes, names without any, and a comma after the last item. What is JSON already
// stays as it is; what is neither is refused.
//
// Errors: Invalid.
func strict(text []byte) ([]byte, error) {
	text = withoutMark(text)
	if json.Valid(text) {
		return text, nil
	}
	r := relaxed{in: string(text)}
	out := r.read()
	if !json.Valid(out) {
		return nil, tandem.Invalidf("", "The body is not JSON.")
	}
	return out, nil
}

// relaxed reads token by token. It does not check what follows what: that is left
// to a reader of JSON.
type relaxed struct {
	in  string
	out strings.Builder
}

func (r *relaxed) read() []byte {
	for r.in != "" {
		switch c := r.in[0]; {
		case c == '\'' || c == '"':
			r.quoted(c)
		case c == ',':
			r.comma()
		case isWord(r.in):
			r.word()
		default:
			r.out.WriteByte(c)
			r.in = r.in[1:]
		}
	}
	return []byte(r.out.String())
}

// quoted copies text in quotes of either kind.
func (r *relaxed) quoted(quote byte) {
	r.out.WriteByte('"')
	i := 1
	for ; i < len(r.in) && r.in[i] != quote; i++ {
		switch c := r.in[i]; {
		case c == '\\' && i+1 < len(r.in):
			i++
			if r.in[i] == '\'' {
				r.out.WriteByte('\'') // JSON has no such escape
				continue
			}
			r.out.WriteByte('\\')
			r.out.WriteByte(r.in[i])
		case c == '"':
			r.out.WriteString(`\"`)
		default:
			r.out.WriteByte(c)
		}
	}
	if i >= len(r.in) { // has no end: what was written is not JSON
		r.in = ""
		return
	}
	r.out.WriteByte('"')
	r.in = r.in[i+1:]
}

// comma leaves out one that nothing follows.
func (r *relaxed) comma() {
	rest := strings.TrimLeft(r.in[1:], " \t\r\n")
	if rest == "" || rest[0] != '}' && rest[0] != ']' {
		r.out.WriteByte(',')
	}
	r.in = r.in[1:]
}

func isWord(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return c == '_' || c == '$' || c == '-' || c == '+' || c == '.' || unicode.IsLetter(c) || unicode.IsDigit(c)
}

// word copies a number or a literal, and puts quotes around a name.
func (r *relaxed) word() {
	end := strings.IndexFunc(r.in, func(c rune) bool { return !isWord(string(c)) })
	if end < 0 {
		end = len(r.in)
	}
	word, rest := r.in[:end], strings.TrimLeft(r.in[end:], " \t\r\n")
	if strings.HasPrefix(rest, ":") {
		word = quote(word)
	}
	r.out.WriteString(word)
	r.in = r.in[end:]
}

func quote(s string) string {
	b, _ := json.Marshal(s) // never fails for text
	return string(b)
}
