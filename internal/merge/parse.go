package merge

import (
	"fmt"
	"strings"
)

// formatOption makes a date format of the rest of a field.
const formatOption = " format="

// Parse reads a text with merge fields.
//
// Errors: *SyntaxError.
func Parse(text string) (*Template, error) {
	p := parser{text: text}
	t := &Template{text: text}
	for p.pos < len(text) {
		open := strings.Index(text[p.pos:], "{{")
		if open < 0 {
			break
		}
		open += p.pos
		// Of three braces the first is text: {"Total":{{{Total}}}}.
		for strings.HasPrefix(text[open+1:], "{{") {
			open++
		}
		if open > p.pos {
			t.parts = append(t.parts, part{literal: text[p.pos:open]})
		}
		p.pos = open
		f, err := p.field()
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, part{field: f})
	}
	if p.pos < len(text) {
		t.parts = append(t.parts, part{literal: text[p.pos:]})
	}
	return t, nil
}

type parser struct {
	text string
	pos  int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &SyntaxError{Text: p.text, Offset: at, Reason: fmt.Sprintf(format, args...)}
}

// field reads {{Name format=F | function:argument}}.
func (p *parser) field() (*field, error) {
	open := p.pos
	p.pos += len("{{")
	name := p.name()
	f := &field{}
	if head, format, ok := strings.Cut(name, formatOption); ok {
		name = head
		c, err := bind("date", []string{strings.TrimSpace(format)})
		if err != nil {
			return nil, p.fail(open, "format: %v", err)
		}
		f.calls = append(f.calls, c)
	}
	if f.name = strings.TrimSpace(name); f.name == "" {
		return nil, p.fail(open, "no name after {{")
	}
	for p.skip("|") {
		c, err := p.call()
		if err != nil {
			return nil, err
		}
		f.calls = append(f.calls, c)
	}
	if !p.skip("}}") {
		return nil, p.fail(open, "no }} at the end of %s", f.name)
	}
	return f, nil
}

// name reads up to | or }}, passing over quoted names such as ['a|b'].
func (p *parser) name() string {
	start := p.pos
	for p.pos < len(p.text) && !p.at("|") && !p.at("}}") {
		if p.at("['") {
			if end := strings.Index(p.text[p.pos:], "']"); end > 0 {
				p.pos += end
			}
		}
		p.pos++
	}
	return p.text[start:p.pos]
}

// call reads function:argument:argument.
func (p *parser) call() (call, error) {
	p.spaces()
	start := p.pos
	for p.pos < len(p.text) && !p.ends() && p.text[p.pos] != ' ' {
		p.pos++
	}
	name := p.text[start:p.pos]
	if name == "" {
		return call{}, p.fail(start, "no function after |")
	}
	var args []string
	for p.spaces(); p.skip(":"); p.spaces() {
		arg, err := p.argument()
		if err != nil {
			return call{}, err
		}
		args = append(args, arg)
	}
	if !p.ends() && p.pos < len(p.text) {
		return call{}, p.fail(p.pos, "%s: arguments begin with a colon", name)
	}
	c, err := bind(name, args)
	if err != nil {
		return call{}, p.fail(start, "%v", err)
	}
	return c, nil
}

func (p *parser) argument() (string, error) {
	p.spaces()
	if p.at("'") || p.at(`"`) {
		return p.quoted()
	}
	start := p.pos
	for p.pos < len(p.text) && !p.ends() {
		p.pos++
	}
	return strings.TrimSpace(p.text[start:p.pos]), nil
}

// quoted reads an argument between quotes, where a doubled quote is one.
func (p *parser) quoted() (string, error) {
	start, quote := p.pos, p.text[p.pos:p.pos+1]
	var b strings.Builder
	for p.pos++; ; p.pos++ {
		end := strings.Index(p.text[p.pos:], quote)
		if end < 0 {
			return "", p.fail(start, "no closing quote")
		}
		b.WriteString(p.text[p.pos : p.pos+end])
		p.pos += end + 1
		if !p.at(quote) {
			return b.String(), nil
		}
		b.WriteString(quote)
	}
}

func (p *parser) at(s string) bool { return strings.HasPrefix(p.text[p.pos:], s) }

// ends says that an argument or a function's name can go no further.
func (p *parser) ends() bool { return p.at(":") || p.at("|") || p.at("}}") }

func (p *parser) skip(s string) bool {
	if !p.at(s) {
		return false
	}
	p.pos += len(s)
	return true
}

func (p *parser) spaces() {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
}

// bind finds a function and gives it its arguments.
func bind(name string, args []string) (call, error) {
	for i := range functions {
		f := &functions[i]
		if f.name != name {
			continue
		}
		if len(args) < f.minArgs || len(args) > f.maxArgs {
			return call{}, fmt.Errorf("%s takes %s", name, f.arity())
		}
		a, err := f.bind(args)
		if err != nil {
			return call{}, fmt.Errorf("%s: %w", name, err)
		}
		return call{function: f, apply: a}, nil
	}
	return call{}, fmt.Errorf("there is no function %q", name)
}
