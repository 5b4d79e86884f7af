package workflow

import (
	"encoding/json"
	"errors"
	"slices"
)

// ErrNotList says that there is no list where a step's response should have one.
var ErrNotList = errors.New("the step's response has something else where its list should be")

// List is the list to split in a body, read item by item: no document is made of
// it, however long it is.
type List struct {
	before, after []byte // of the body, around the list
	items         scanner
}

// Next gives the next item as JSON, a part of the body; nil: there are no more.
func (l *List) Next() []byte {
	if l.Empty() {
		return nil
	}
	s := &l.items
	start := s.pos
	s.value(0)
	item := s.text[start:s.pos:s.pos]
	s.next(',')
	return item
}

// Empty says that there are no more.
func (l *List) Empty() bool {
	l.items.space()
	return l.items.pos == len(l.items.text)
}

// Rest is how many bytes of the body are around the list: each Document has them.
func (l *List) Rest() int { return len(l.before) + len(l.after) }

// Document is the body with an item in the place of the list.
func (l *List) Document(item []byte) []byte { return slices.Concat(l.before, item, l.after) }

// List finds the list in the body of a response of the step's; nil: there is none,
// and it goes on as it is. A page without its list is an empty page.
//
// Errors: ErrSplit, ErrNotList.
func (n *Node) List(body []byte) (*List, error) {
	if n.list.ambiguous {
		return nil, ErrSplit
	}
	f := finder{scanner: scanner{text: body}, path: n.list.path, only: !n.list.known}
	if !f.document() {
		return n.noList(len(f.path) == 0 || f.start == f.end)
	}
	value := body[f.start:f.end]
	switch {
	case len(value) > 0 && value[0] == '[' && f.whole:
		inner := value[1 : len(value)-1]
		return &List{before: body[:f.start], after: body[f.end:], items: scanner{text: inner}}, nil
	case len(value) > 0 && value[0] == '{':
		return nil, nil // one item, perhaps, and not a list of them
	}
	return n.noList(f.blank())
}

// noList is what becomes of a body without its list; blank says that nothing else is
// in its place.
func (n *Node) noList(blank bool) (*List, error) {
	switch {
	case n.list.known && !blank:
		return nil, ErrNotList
	case n.list.paged:
		return &List{}, nil
	}
	return nil, nil
}

// finder looks for the value at a path of members. Of members with the same name
// the last counts.
type finder struct {
	scanner
	path []string
	only bool // there is no path: it is the document, or its only member, if that is a list

	start, end int  // of the value, or of what is on the way to it
	whole      bool // it is the value
}

// document goes through all of it; false: it is no JSON, or empty.
func (f *finder) document() bool {
	f.space()
	if f.pos == len(f.text) {
		return false
	}
	if f.only {
		f.path = f.member()
	}
	f.find(f.path, 0)
	f.space()
	if f.failed || f.pos < len(f.text) {
		f.start, f.end = 0, len(f.text)
		return false
	}
	return true
}

// member is the path to the only member of an object; none otherwise.
func (f *finder) member() []string {
	s := f.scanner
	if !s.next('{') || s.next('}') {
		return nil
	}
	for only := s.name(); !s.failed; {
		s.next(':')
		s.value(1)
		if s.next('}') {
			return []string{only}
		}
		if s.next(','); s.name() != only {
			break
		}
	}
	return nil
}

// find notes where the value at a path is, and goes past all of the one here.
func (f *finder) find(path []string, depth int) {
	f.space()
	start := f.pos
	if len(path) == 0 || !f.next('{') || depth == maxDepth {
		f.value(depth)
		f.start, f.end, f.whole = start, f.pos, len(path) == 0
		return
	}
	f.start, f.end, f.whole = f.pos, f.pos, false // it may not be there
	if f.next('}') {
		return
	}
	for !f.failed {
		name := f.name()
		if !f.next(':') {
			f.fail()
		}
		if name == path[0] {
			f.find(path[1:], depth+1)
		} else {
			f.value(depth + 1)
		}
		if f.next('}') {
			return
		}
		if !f.next(',') {
			f.fail()
		}
	}
}

// blank says that nothing is in the place of the value: null, a text without
// anything, or, on the way to it, an empty list.
func (f *finder) blank() bool {
	value := f.text[f.start:f.end]
	if len(value) == 0 {
		return true
	}
	switch doc, _ := parseJSON(value[:min(len(value), 1<<10)]); doc := doc.(type) {
	case nil:
		return value[0] == 'n'
	case string:
		return isEmpty(doc)
	case []any:
		return len(doc) == 0
	}
	return false
}

// scanner goes through JSON without making anything of it.
type scanner struct {
	text   []byte
	pos    int
	failed bool
}

func (s *scanner) fail() { s.failed, s.pos = true, len(s.text) }

func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\n', '\t', '\r':
			s.pos++
		default:
			return
		}
	}
}

// next takes the next byte that is not space if it is c.
func (s *scanner) next(c byte) bool {
	s.space()
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// name takes the name of a member.
func (s *scanner) name() string {
	s.space()
	start := s.pos
	if s.pos == len(s.text) || s.text[s.pos] != '"' {
		s.fail()
		return ""
	}
	if plain := s.string(); plain && !s.failed {
		return string(s.text[start+1 : s.pos-1])
	}
	var name string
	if s.failed || json.Unmarshal(s.text[start:s.pos], &name) != nil {
		s.fail()
	}
	return name
}

func (s *scanner) value(depth int) {
	s.space()
	if s.pos == len(s.text) {
		s.fail()
		return
	}
	switch c := s.text[s.pos]; {
	case (c == '{' || c == '[') && depth == maxDepth:
		s.fail()
	case c == '{':
		s.pos++
		s.members(depth)
	case c == '[':
		s.pos++
		s.entries(depth)
	case c == '"':
		s.string()
	default:
		s.scalar()
	}
}

func (s *scanner) members(depth int) {
	if s.next('}') {
		return
	}
	for !s.failed {
		if s.space(); s.pos == len(s.text) || s.text[s.pos] != '"' {
			s.fail()
			return
		}
		if s.string(); !s.next(':') {
			s.fail()
			return
		}
		s.value(depth + 1)
		if s.next('}') {
			return
		}
		if !s.next(',') {
			s.fail()
		}
	}
}

func (s *scanner) entries(depth int) {
	if s.next(']') {
		return
	}
	for !s.failed {
		s.value(depth + 1)
		if s.next(']') {
			return
		}
		if !s.next(',') {
			s.fail()
		}
	}
}

// string goes past a text; plain: it means what it says.
func (s *scanner) string() (plain bool) {
	plain = true
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return plain
		case c == '\\':
			plain = false
			s.escape()
		case c < ' ':
			s.fail()
		case c >= 0x80:
			plain = false // it may be no UTF-8
		}
	}
	s.fail()
	return false
}

// escape goes to the last byte of what a backslash begins.
func (s *scanner) escape() {
	s.pos++
	if s.pos == len(s.text) {
		return
	}
	switch s.text[s.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
	case 'u':
		for range 4 {
			s.pos++
			if s.pos == len(s.text) || !isHex(s.text[s.pos]) {
				s.fail()
				return
			}
		}
	default:
		s.fail()
	}
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// scalar goes past a number or a word.
func (s *scanner) scalar() {
	start := s.pos
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
			s.pos++
			continue
		}
		break
	}
	if !json.Valid(s.text[start:s.pos]) {
		s.fail()
	}
}
