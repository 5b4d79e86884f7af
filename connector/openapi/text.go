package openapi

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long texts may be, in bytes.
const (
	maxName        = 200
	maxDescription = 2000
	maxHint        = 1000 // of a parameter, or of a default
	maxFieldHint   = 400
)

// line makes one line of a text that names something.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	return cut(strings.Join(strings.Fields(s), " "), maxName)
}

// cut shortens a text to so many bytes.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most-len("…")]
	for !utf8.ValidString(s) && len(s) > 0 {
		s = s[:len(s)-1]
	}
	return strings.TrimSpace(s) + "…"
}

// short is a piece of the document as a message quotes it.
func short(s string) string { return cut(line(s), maxName) }

var (
	unseen  = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->`)
	markup  = regexp.MustCompile(`(?i)</?(a|abbr|b|blockquote|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul|script|style|iframe|object|svg)\b[^<>]*>`)
	breaks  = regexp.MustCompile(`(?i)</(p|div|h[1-6]|li|tr|pre|ul|ol|table|blockquote)\s*>|<br\s*/?>`)
	vacancy = regexp.MustCompile(`\n{3,}`)
)

// prose makes a description readable: it is text, of which HTML is no part.
func (im *importer) prose(s string, at place, most int) string {
	if breaks.MatchString(s) || markup.MatchString(s) {
		s = html.UnescapeString(markup.ReplaceAllString(breaks.ReplaceAllString(unseen.ReplaceAllString(s, ""), "\n"), ""))
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	s = vacancy.ReplaceAllString(strings.TrimSpace(s), "\n\n")
	if len(s) > most {
		im.notes.tally(at, fmt.Sprintf("a description is longer than %d bytes, and is cut", most))
	}
	return cut(s, most)
}

// sentence puts a hint after a description.
func sentence(description, hint string) string {
	if description == "" {
		return hint
	}
	return description + "\n\n" + hint
}

// plain is a single value as text; ok is false of lists and objects.
func plain(v any) (s string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	case int, int64, uint64:
		return fmt.Sprint(v), true
	}
	return "", false
}

// usable says that a text is taken as it is where it is a parameter's or field's
// Default: that it is no merge field, no script and no variable of ours.
func usable(s string) bool {
	return !strings.Contains(s, "{{") && !strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "CYCLR_") && len(s) <= maxHint
}

func unescapePercent(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// unique gives name, or else the first of the others, or a number after it, that
// is not taken, and takes it.
func unique(taken map[string]bool, name string, others ...string) string {
	for _, try := range append([]string{name}, others...) {
		if try != "" && !taken[try] {
			taken[try] = true
			return try
		}
	}
	for i := 2; ; i++ {
		if try := name + " " + strconv.Itoa(i); !taken[try] {
			taken[try] = true
			return try
		}
	}
}
