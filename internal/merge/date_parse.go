package merge

import (
	"strings"
	"time"
)

// Parse reads a date that is written in the format, and nothing else; spaces
// around it do not matter. Without a zone it is UTC, and what the format leaves out
// is the first there is. A format without a year reads nothing. Names of days are
// passed by.
func (f *DateFormat) Parse(s string) (time.Time, bool) {
	r := dateReader{rest: strings.TrimSpace(s), month: 1, day: 1, zone: time.UTC}
	for i, p := range f.parts {
		if p.letter == 0 && i+1 < len(f.parts) && f.parts[i+1].letter == 'F' && !strings.HasPrefix(r.rest, p.literal) {
			p.literal = strings.TrimSuffix(p.literal, ".") // goes with the decimals, of which there are none
		}
		if !r.part(p) {
			return time.Time{}, false
		}
	}
	return r.time()
}

// centuryEnd is the last year that two digits stand for.
const centuryEnd = 2049

// dateReader reads a date from the front of a text.
type dateReader struct {
	rest string

	year, month, day                int
	hour, minute, second, nanos     int
	hasYear, twelve, afternoon, eve bool // eve: an A or P was there
	zone                            *time.Location
}

// part reads one part of a date.
func (r *dateReader) part(p datePart) bool {
	switch p.letter {
	case 0:
		return r.skip(p.literal)
	case 'y':
		return r.years(p.count)
	case 'M':
		if p.count > 2 {
			return r.monthName(p.count == 3)
		}
		return r.number(p.count, &r.month)
	case 'd':
		if p.count > 2 {
			return r.dayName(p.count == 3)
		}
		return r.number(p.count, &r.day)
	case 'H':
		return r.number(p.count, &r.hour)
	case 'h':
		r.twelve = true
		return r.number(p.count, &r.hour)
	case 'm':
		return r.number(p.count, &r.minute)
	case 's':
		return r.number(p.count, &r.second)
	case 't':
		return r.half(p.count)
	case 'f', 'F':
		return r.fraction(p)
	case 'g':
		return r.skip("A.D.")
	}
	return r.offset(p.letter == 'K')
}

func (r *dateReader) skip(literal string) bool {
	rest, ok := strings.CutPrefix(r.rest, literal)
	r.rest = rest
	return ok
}

// digits reads from least to most of them.
func (r *dateReader) digits(least, most int) (value, n int, ok bool) {
	for n < most && n < len(r.rest) && r.rest[n] >= '0' && r.rest[n] <= '9' {
		value = value*10 + int(r.rest[n]-'0')
		n++
	}
	r.rest = r.rest[n:]
	return value, n, n >= least
}

// number reads two digits, or with a single letter one or two.
func (r *dateReader) number(count int, to *int) (ok bool) {
	*to, _, ok = r.digits(min(count, 2), 2)
	return ok
}

func (r *dateReader) years(count int) (ok bool) {
	r.hasYear = true
	if count > 2 {
		r.year, _, ok = r.digits(count, max(count, 4))
		return ok
	}
	r.year, _, ok = r.digits(count, 2)
	r.year += centuryEnd / 100 * 100
	if r.year > centuryEnd {
		r.year -= 100
	}
	return ok
}

func (r *dateReader) monthName(short bool) bool {
	for m := time.January; m <= time.December; m++ {
		if r.name(m.String(), short) {
			r.month = int(m)
			return true
		}
	}
	return false
}

func (r *dateReader) dayName(short bool) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if r.name(d.String(), short) {
			return true
		}
	}
	return false
}

// name reads a name, or its first three letters, in capitals or not.
func (r *dateReader) name(full string, short bool) bool {
	if short {
		full = full[:3]
	}
	if len(r.rest) < len(full) || !strings.EqualFold(r.rest[:len(full)], full) {
		return false
	}
	r.rest = r.rest[len(full):]
	return true
}

// half reads AM or PM, or their first letters.
func (r *dateReader) half(count int) bool {
	for _, text := range []string{"AM", "PM"} {
		text = text[:min(count, 2)]
		if len(r.rest) >= len(text) && strings.EqualFold(r.rest[:len(text)], text) {
			r.rest, r.eve, r.afternoon = r.rest[len(text):], true, text[0] == 'P'
			return true
		}
	}
	return false
}

func (r *dateReader) fraction(p datePart) bool {
	least := p.count
	if p.letter == 'F' {
		least = 0
	}
	value, n, ok := r.digits(least, p.count)
	for ; n < 9; n++ {
		value *= 10
	}
	r.nanos = value
	return ok
}

// offset reads Z, or +02, +2, +02:00 or +0200; nothing, where it may be left out.
func (r *dateReader) offset(optional bool) bool {
	if r.rest == "" {
		return optional
	}
	sign := 1
	switch r.rest[0] {
	case 'Z', 'z':
		r.rest = r.rest[1:]
		return true
	case '+':
	case '-':
		sign = -1
	default:
		return optional
	}
	r.rest = r.rest[1:]
	hours, _, ok := r.digits(1, 2)
	if !ok || hours > 14 {
		return false
	}
	r.rest = strings.TrimPrefix(r.rest, ":")
	minutes, n, _ := r.digits(0, 2)
	r.zone = time.FixedZone("", sign*(hours*3600+minutes*60))
	return (n == 0 || n == 2) && minutes < 60
}

// time is what was read, if it is there in the calendar.
func (r *dateReader) time() (time.Time, bool) {
	if r.twelve && r.eve {
		if r.hour < 1 || r.hour > 12 {
			return time.Time{}, false
		}
		r.hour %= 12
		if r.afternoon {
			r.hour += 12
		}
	}
	t := time.Date(r.year, time.Month(r.month), r.day, r.hour, r.minute, r.second, r.nanos, r.zone)
	fits := t.Year() == r.year && int(t.Month()) == r.month && t.Day() == r.day && t.Hour() == r.hour && t.Minute() == r.minute && t.Second() == r.second
	return t, r.rest == "" && r.hasYear && fits
}
