package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// moment is a time in a query or body: RFC 3339, the same without a zone (UTC),
// a date, or M/D/YYYY; with hours, seconds may be left out, and M/D/YYYY may have
// AM or PM.
type moment struct {
	time.Time
	local bool // the text has no offset: it is read as UTC
}

// momentLayouts take fractions of seconds too.
var momentLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly,
	"1/2/2006", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM",
}

// lostPlus matches what is left of a time's offset in a query that was not escaped.
var lostPlus = regexp.MustCompile(`(:[0-9.]+) ([0-9]{2}:?[0-9]{2})$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *moment) UnmarshalText(b []byte) error {
	text := lostPlus.ReplaceAllString(strings.ToUpper(strings.TrimSpace(string(b))), "$1+$2")
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time, m.local = t.UTC(), !strings.Contains(layout, "Z07")
			return nil
		}
	}
	return fmt.Errorf("%q is not a time: want the form 2026-01-31T12:00:00Z", b)
}

// UnmarshalJSON hides the method of time.Time.
func (m *moment) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		m.Time = time.Time{}
		return nil
	}
	return m.UnmarshalText([]byte(text))
}

// ending is a moment at which something ends: a date alone is that day whole.
type ending struct{ moment }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *ending) UnmarshalText(b []byte) error {
	if err := e.moment.UnmarshalText(b); err != nil {
		return err
	}
	if !strings.Contains(string(b), ":") {
		e.Time = e.AddDate(0, 0, 1)
	}
	return nil
}
