package merge

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateFormat writes dates in a custom .NET format such as
// yyyy-MM-ddTHH:mm:ssZ, or one of the standard ones o, O, r, R, s and u.
// Names of days and months are English.
type DateFormat struct {
	parts []datePart
	utc   bool
}

// datePart is literal text, or a letter repeated.
type datePart struct {
	letter  byte // 0: literal
	count   int
	literal string
}

const maxDateFormat = 200 // characters

// ParseDateFormat reads a .NET date format.
func ParseDateFormat(s string) (*DateFormat, error) {
	if s == "" {
		return nil, errors.New("the date format is empty")
	}
	if len(s) > maxDateFormat {
		return nil, errors.New("the date format is too long")
	}
	f := &DateFormat{}
	switch s {
	case "o", "O":
		s = "yyyy-MM-ddTHH:mm:ss.fffffffK"
	case "s":
		s = "yyyy-MM-ddTHH:mm:ss"
	case "u":
		s, f.utc = "yyyy-MM-dd HH:mm:ssZ", true
	case "r", "R":
		s, f.utc = "ddd, dd MMM yyyy HH:mm:ss 'GMT'", true
	}
	for i := 0; i < len(s); {
		n, err := f.part(s[i:])
		if err != nil {
			return nil, err
		}
		i += n
	}
	return f, nil
}

// part reads one part at the start of s and returns its length.
func (f *DateFormat) part(s string) (int, error) {
	c := s[0]
	switch {
	case c == '\'' || c == '"':
		end := strings.IndexByte(s[1:], c)
		if end < 0 {
			return 0, errors.New("no closing quote in the date format")
		}
		f.add(s[1 : 1+end])
		return end + 2, nil
	case c == '\\':
		if len(s) < 2 {
			return 0, errors.New("the date format ends in a backslash")
		}
		f.add(s[1:2])
		return 2, nil
	case c == '%':
		return 1, nil
	case strings.IndexByte("dfFghHKmMstyz", c) < 0:
		f.add(s[:1])
		return 1, nil
	}
	n := 1
	for n < len(s) && s[n] == c {
		n++
	}
	if (c == 'f' || c == 'F') && n > 7 {
		return 0, fmt.Errorf("%s: at most 7 decimals of a second", s[:n])
	}
	f.parts = append(f.parts, datePart{letter: c, count: n})
	return n, nil
}

func (f *DateFormat) add(literal string) {
	if last := len(f.parts) - 1; last >= 0 && f.parts[last].letter == 0 {
		f.parts[last].literal += literal
		return
	}
	f.parts = append(f.parts, datePart{literal: literal})
}

// Format writes t.
func (f *DateFormat) Format(t time.Time) string {
	if f.utc {
		t = t.UTC()
	}
	b := make([]byte, 0, 40)
	for _, p := range f.parts {
		b = p.append(b, t)
	}
	return string(b)
}

// append writes one part of a date.
func (p datePart) append(b []byte, t time.Time) []byte {
	switch p.letter {
	case 0:
		return append(b, p.literal...)
	case 'y':
		return p.year(b, t.Year())
	case 'M':
		return p.number(b, int(t.Month()), t.Month().String())
	case 'd':
		return p.number(b, t.Day(), t.Weekday().String())
	case 'H':
		return pad(b, t.Hour(), min(p.count, 2))
	case 'h':
		return pad(b, (t.Hour()+11)%12+1, min(p.count, 2))
	case 'm':
		return pad(b, t.Minute(), min(p.count, 2))
	case 's':
		return pad(b, t.Second(), min(p.count, 2))
	case 't':
		return append(b, t.Format("PM")[:min(p.count, 2)]...)
	case 'f', 'F':
		return p.fraction(b, t.Nanosecond())
	case 'g':
		return append(b, "A.D."...)
	case 'K':
		return t.AppendFormat(b, "Z07:00")
	default: // z
		return t.AppendFormat(b, []string{"-07", "-07", "-07:00"}[min(p.count, 3)-1])
	}
}

func (p datePart) year(b []byte, year int) []byte {
	if p.count <= 2 {
		year %= 100
	}
	return pad(b, year, p.count)
}

// number writes a number, or from three letters on a name.
func (p datePart) number(b []byte, n int, name string) []byte {
	switch {
	case p.count <= 2:
		return pad(b, n, p.count)
	case p.count == 3:
		return append(b, name[:3]...)
	}
	return append(b, name...)
}

// fraction writes decimals of a second; F leaves out the zeros at their end,
// and the point before them if none is left.
func (p datePart) fraction(b []byte, ns int) []byte {
	b = append(b, pad(nil, ns, 9)[:p.count]...)
	if p.letter == 'f' {
		return b
	}
	end := len(b)
	for end > len(b)-p.count && b[end-1] == '0' {
		end--
	}
	if end == len(b)-p.count && end > 0 && b[end-1] == '.' {
		end--
	}
	return b[:end]
}

func pad(b []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for range width - len(s) {
		b = append(b, '0')
	}
	return append(b, s...)
}
