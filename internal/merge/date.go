package merge

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateLayouts are the texts that are taken for dates, most usual first.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "20060102",
	"2006-01-02T15:04:05.999999999Z0700", time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC,
}

// millisecondsFrom is where a number of seconds would be in the year 5138, and
// one of milliseconds is in 1973.
const millisecondsFrom = 100_000_000_000

// Date reads a value as a date: a time, a text in ISO 8601 or RFC 1123, or a
// number of seconds or milliseconds since 1970. Without a zone it is UTC.
func Date(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		return parseDate(strings.TrimSpace(v))
	case json.Number:
		n, err := v.Int64()
		return unixDate(n), err == nil
	case int:
		return unixDate(int64(v)), true
	case int64:
		return unixDate(v), true
	case float64:
		return unixDate(int64(v)), true
	}
	return time.Time{}, false
}

func unixDate(n int64) time.Time {
	if n >= millisecondsFrom || n <= -millisecondsFrom {
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

func parseDate(s string) (time.Time, bool) {
	if len(s) < len("20060102") {
		return time.Time{}, false
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// zoneName tells Europe/London from dd/MM.
var zoneName = regexp.MustCompile(`^[A-Z][a-z]+(/[A-Za-z_+-][A-Za-z0-9_+-]*)+$`)

// bindDate's last argument is a zone if it names one; what is before it is the
// format, whose own colons were taken for separators.
func bindDate(args []string) (apply, error) {
	var zone *time.Location
	if last := args[len(args)-1]; len(args) > 1 && (last == "UTC" || zoneName.MatchString(last)) {
		var err error
		if zone, err = time.LoadLocation(last); err != nil {
			return nil, errors.New("there is no time zone " + strconv.Quote(last))
		}
		args = args[:len(args)-1]
	}
	format, err := ParseDateFormat(strings.Join(args, ":"))
	if err != nil {
		return nil, err
	}
	return func(v any) (any, error) {
		if v == "" {
			return v, nil
		}
		t, ok := Date(v)
		if !ok {
			return nil, errors.New("the value is not a date")
		}
		if zone != nil {
			t = t.In(zone)
		}
		return format.Format(t), nil
	}, nil
}
