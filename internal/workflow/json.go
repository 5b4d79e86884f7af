package workflow

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep a document may be nested, as in encoding/json.
const maxDepth = 10000

// parseJSON reads one JSON value as encoding/json would, with json.Number for
// numbers, in a third of the time: texts, names and numbers are parts of one
// copy of the body. It is on the path of every transaction.
func parseJSON(body []byte) (doc any, ok bool) {
	p := jsonParser{text: string(body)}
	doc = p.value(0)
	p.space()
	return doc, !p.failed && p.pos == len(p.text)
}

type jsonParser struct {
	text   string
	pos    int
	failed bool
}

// fail ends the parsing: there is nothing after it to read.
func (p *jsonParser) fail() any {
	p.failed, p.pos = true, len(p.text)
	return nil
}

func (p *jsonParser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\n', '\t', '\r':
			p.pos++
		default:
			return
		}
	}
}

// next takes the next byte that is not space if it is c.
func (p *jsonParser) next(c byte) bool {
	p.space()
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) any {
	p.space()
	if p.pos == len(p.text) {
		return p.fail()
	}
	switch c := p.text[p.pos]; {
	case (c == '{' || c == '[') && depth == maxDepth:
		return p.fail()
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '"':
		return p.string()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	switch rest := p.text[p.pos:]; {
	case strings.HasPrefix(rest, "true"):
		p.pos += 4
		return true
	case strings.HasPrefix(rest, "false"):
		p.pos += 5
		return false
	case strings.HasPrefix(rest, "null"):
		p.pos += 4
		return nil
	}
	return p.fail()
}

func (p *jsonParser) object(depth int) any {
	p.pos++
	m := map[string]any{}
	if p.next('}') {
		return m
	}
	for !p.failed {
		if p.space(); p.pos == len(p.text) || p.text[p.pos] != '"' {
			return p.fail()
		}
		name := p.string()
		if !p.next(':') {
			return p.fail()
		}
		m[name] = p.value(depth + 1)
		if p.next('}') {
			return m
		}
		if !p.next(',') {
			return p.fail()
		}
	}
	return nil
}

func (p *jsonParser) list(depth int) any {
	p.pos++
	l := []any{}
	if p.next(']') {
		return l
	}
	for !p.failed {
		l = append(l, p.value(depth+1))
		if p.next(']') {
			return l
		}
		if !p.next(',') {
			return p.fail()
		}
	}
	return nil
}

// string reads a text, with encoding/json where it is not plain.
func (p *jsonParser) string() string {
	start, plain := p.pos, true
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			token := p.text[start:p.pos]
			if plain || !strings.Contains(token, `\`) && utf8.ValidString(token) {
				return token[1 : len(token)-1]
			}
			var s string
			if json.Unmarshal([]byte(token), &s) != nil {
				p.fail()
			}
			return s
		case c == '\\':
			plain = false
			p.pos++
		case c < ' ':
			p.fail()
			return ""
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	p.fail()
	return ""
}

func (p *jsonParser) number() any {
	start := p.pos
	if p.text[p.pos] == '-' {
		p.pos++
	}
	if p.pos < len(p.text) && p.text[p.pos] == '0' {
		p.pos++
	} else if !p.digits() {
		return p.fail()
	}
	if p.pos < len(p.text) && p.text[p.pos] == '.' {
		p.pos++
		if !p.digits() {
			return p.fail()
		}
	}
	if p.pos < len(p.text) && (p.text[p.pos] == 'e' || p.text[p.pos] == 'E') {
		p.pos++
		if p.pos < len(p.text) && (p.text[p.pos] == '+' || p.text[p.pos] == '-') {
			p.pos++
		}
		if !p.digits() {
			return p.fail()
		}
	}
	return json.Number(p.text[start:p.pos])
}

// digits takes one or more.
func (p *jsonParser) digits() bool {
	start := p.pos
	for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > start
}
