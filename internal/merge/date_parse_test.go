package merge

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"dd/MM/yyyy", "01/02/2026", "2026-02-01T00:00:00Z"},
		{"d/M/yy", "1/2/26", "2026-02-01T00:00:00Z"},
		{"d/M/yy", "11/12/99", "1999-12-11T00:00:00Z"},
		{"yyyyMMddHHmm", "202602031405", "2026-02-03T14:05:00Z"},
		{"dddd, d MMMM yyyy h:mm tt", "sunday, 1 FEBRUARY 2026 9:05 pm", "2026-02-01T21:05:00Z"},
		{"d MMM yyyy, h:mm t", "1 Feb 2026, 12:05 A", "2026-02-01T00:05:00Z"},
		{"yyyy-MM-ddTHH:mm:ssK", "2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z"},
		{"yyyy-MM-ddTHH:mm:ssK", "2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z"},
		{"yyyy-MM-ddTHH:mm:ssK", "2026-02-01T10:00:00", "2026-02-01T10:00:00Z"},
		{"yyyy-MM-dd HH:mm zzz", "2026-02-01 10:00 -0530", "2026-02-01T15:30:00Z"},
		{"yyyy-MM-dd HH:mm:ss.FFF", "2026-02-01 10:00:01.5", "2026-02-01T10:00:01.5Z"},
		{"yyyy-MM-dd HH:mm:ss.FFF", "2026-02-01 10:00:01", "2026-02-01T10:00:01Z"},
		{"yyyy-MM-dd HH:mm:ss.fff", "2026-02-01 10:00:01.250", "2026-02-01T10:00:01.25Z"},
		{"u", " 2026-02-01 10:00:01Z ", "2026-02-01T10:00:01Z"},
		{"r", "Sun, 01 Feb 2026 10:00:01 GMT", "2026-02-01T10:00:01Z"},
		{"yyyy 'at' HH", "2026 at 10", "2026-01-01T10:00:00Z"},

		{"dd/MM/yyyy", "2026-02-01", ""},
		{"dd/MM/yyyy", "31/02/2026", ""},
		{"dd/MM/yyyy", "1/2/2026", ""},
		{"dd/MM/yyyy", "01/02/2026 10:00", ""},
		{"dd/MM/yyyy", "", ""},
		{"HH:mm", "10:00", ""}, // of which year?
		{"yyyy-MM-dd HH", "2026-02-01 24", ""},
		{"yyyy-MM-dd hh tt", "2026-02-01 13 PM", ""},
		{"yyyy-MM-dd zz", "2026-02-01 +99", ""},
		{"yyyy-MM-dd zz", "2026-02-01 02", ""},
		{"yyyy-MM-dd HH:mm:ss.fff", "2026-02-01 10:00:01.2", ""},
	} {
		f, err := ParseDateFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := f.Parse(c.text)
		if text := got.UTC().Format(time.RFC3339Nano); ok != (c.want != "") || ok && text != c.want {
			t.Errorf("%s of %q: %s %v, want %s", c.format, c.text, text, ok, c.want)
		}
	}
}

// What a format writes with all that a moment has, it reads.
func FuzzParseDate(f *testing.F) {
	f.Add("dd/MM/yyyy", "01/02/2026", int64(0))
	f.Add("yyyy-MM-ddTHH:mm:ss.ffffffK", "x", int64(1_770_000_000_123_456))
	f.Fuzz(func(t *testing.T, format, text string, micros int64) {
		d, err := ParseDateFormat(format)
		if err != nil {
			return
		}
		d.Parse(text)
		at := time.UnixMicro(micros % (1 << 52)).UTC()
		whole, _ := ParseDateFormat("yyyy-MM-dd HH:mm:ss.ffffff zzz")
		if got, ok := whole.Parse(whole.Format(at)); at.Year() > 0 && at.Year() < 10_000 && (!ok || !got.Equal(at)) {
			t.Errorf("%s was read as %s, %v", at, got, ok)
		}
	})
}
