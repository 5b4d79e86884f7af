package utility

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// syntax is what has to be known of a database's SQL to tell where in a statement
// a name is a parameter's.
type syntax struct {
	quotes    string // begin names; [ ends in ]
	backslash bool   // takes the meaning of what follows, in texts
	hash      bool   // begins a comment
	dollar    bool   // $tag$ … $tag$ is a text
	nested    bool   // comments can be in comments
}

// bind puts the marks of the database where a statement has @name, if known says
// that this is a parameter, and gives the names in that order. What stands in
// texts, names and comments stays as it is, and so does an @name that nobody knows:
// it is a variable of the database.
func (d *database) bind(text string, known func(name string) bool) (string, []string) {
	var out strings.Builder
	var names []string
	for at := 0; at < len(text); {
		if end := d.syntax.skip(text, at); end > at {
			out.WriteString(text[at:end])
			at = end
			continue
		}
		name := parameter(text, at)
		if name != "" && known(name) {
			names = append(names, name)
			out.WriteString(d.mark(len(names)))
			at += 1 + len(name)
			continue
		}
		if name != "" {
			out.WriteString(text[at : at+1+len(name)])
			at += 1 + len(name)
			continue
		}
		out.WriteByte(text[at])
		at++
	}
	return out.String(), names
}

// parameter is the name after an @ at a place; "" if there is none.
func parameter(text string, at int) string {
	if text[at] != '@' || at > 0 && text[at-1] == '@' {
		return ""
	}
	if r, _ := utf8.DecodeLastRuneInString(text[:at]); at > 0 && isName(r) {
		return ""
	}
	rest := text[at+1:]
	if end := strings.IndexFunc(rest, func(r rune) bool { return !isName(r) }); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

func isName(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// skip is the end of the text, name or comment that begins at a place; at itself
// if none does.
func (s syntax) skip(text string, at int) int {
	rest := text[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "--"), s.hash && c == '#':
		return at + until(rest, "\n")
	case strings.HasPrefix(rest, "/*"):
		return at + s.comment(rest)
	case c == '\'' || c == '"' || strings.IndexByte(s.quotes, c) >= 0:
		backslash := s.backslash && c != '`'
		if c == '\'' && s.dollar { // E'…'
			backslash = at > 0 && (text[at-1]|0x20) == 'e'
		}
		return at + quoted(rest, backslash)
	case s.dollar && c == '$':
		if tag := dollarTag(rest); tag != "" {
			return at + len(tag) + until(rest[len(tag):], tag)
		}
	}
	return at
}

// until is the length of text up to the end of what ends it.
func until(text, end string) int {
	if at := strings.Index(text, end); at >= 0 {
		return at + len(end)
	}
	return len(text)
}

func (s syntax) comment(text string) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch {
		case strings.HasPrefix(text[at:], "/*") && (s.nested || depth == 0):
			depth++
			at++
		case strings.HasPrefix(text[at:], "*/"):
			at++
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
	return len(text)
}

// quoted is the length of a text or name in quotes, which stand in it twice.
func quoted(text string, backslash bool) int {
	end := text[0]
	if end == '[' {
		end = ']'
	}
	for at := 1; at < len(text); at++ {
		switch {
		case backslash && text[at] == '\\':
			at++
		case text[at] == end && at+1 < len(text) && text[at+1] == end:
			at++
		case text[at] == end:
			return at + 1
		}
	}
	return len(text)
}

// dollarTag is $$ or $tag$ at the beginning of text.
func dollarTag(text string) string {
	for at, r := range text[1:] {
		switch {
		case r == '$':
			return text[:at+2]
		case !isName(r) || at == 0 && unicode.IsDigit(r):
			return ""
		}
	}
	return ""
}

// splitList is a list with commas.
func splitList(text string) (all []string) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, item)
		}
	}
	return all
}
