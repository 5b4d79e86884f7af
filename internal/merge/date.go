package merge

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateFunctions are those of dates.
func dateFunctions() []function {
	return []function{
		{
			name: "date", arguments: ":format[:zone]", doc: "A date in a .NET format, and in an IANA time zone if one is given.", minArgs: 1, maxArgs: 8, bind: bindDate,
			examples: []example{{"{{Created | date:yyyy-MM-dd}}", "2026-07-01"}, {"{{Created | date:HH:mm:Europe/London}}", "10:05"}, {"{{Created | date:'d MMM yyyy, h:mm tt'}}", "1 Jul 2026, 9:05 AM"}},
		},
		{
			name: "shift", arguments: ":amount:unit", doc: "A date so much later, or earlier: years, months, weeks, days, hours, minutes or seconds.", minArgs: 2, maxArgs: 2, bind: bindShift,
			examples: []example{{`{{Created | shift:-1:months}}`, `2026-06-01T09:05:03Z`}, {`{{Created | shift:90:minutes | date:HH:mm}}`, `10:35`}},
		},
		{
			name: "startof", arguments: ":unit[:zone]", doc: "The first moment of its year, month, week (Monday), day or hour.", minArgs: 1, maxArgs: 2, bind: bindStartOf,
			examples: []example{{`{{Created | startof:month}}`, `2026-07-01T00:00:00Z`}, {`{{Created | startof:day:Asia/Tokyo}}`, `2026-07-01T00:00:00+09:00`}},
		},
		{
			name: "timestamp", doc: "Whole seconds since 1970.", bind: bindTimestamp,
			examples: []example{{`{{Created | timestamp}}`, `1782896703`}},
		},
		{
			name: "milliseconds", doc: "Whole milliseconds since 1970.", bind: bindMilliseconds,
			examples: []example{{`{{Created | milliseconds}}`, `1782896703000`}},
		},
	}
}

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
	return dated(func(t time.Time) (any, error) {
		if zone != nil {
			t = t.In(zone)
		}
		return format.Format(t), nil
	}), nil
}

// dated makes a function of one date; an empty text stays as it is.
func dated(f func(time.Time) (any, error)) apply {
	return func(v any) (any, error) {
		if v == "" {
			return v, nil
		}
		t, ok := Date(v)
		if !ok {
			return nil, errors.New("the value is not a date")
		}
		return f(t)
	}
}

// maxShift bounds how far a date is moved, in the smallest unit that it is for.
const maxShift = 1_000_000_000

func bindShift(args []string) (apply, error) {
	n, err := strconv.Atoi(args[0])
	if err != nil || n > maxShift || n < -maxShift {
		return nil, errors.New("the amount is not a whole number")
	}
	clock := map[string]time.Duration{"hour": time.Hour, "minute": time.Minute, "second": time.Second}
	calendar := map[string][3]int{"year": {n}, "month": {0, n}, "week": {0, 0, 7 * n}, "day": {0, 0, n}}
	unit := strings.TrimSuffix(args[1], "s")
	by, days := calendar[unit]
	if !days && clock[unit] == 0 {
		return nil, errors.New("the unit is not years, months, weeks, days, hours, minutes or seconds")
	}
	return dated(func(t time.Time) (any, error) {
		if days {
			t = t.AddDate(by[0], by[1], by[2])
		} else {
			t = t.Add(time.Duration(n) * clock[unit])
		}
		if y := t.Year(); y < 0 || y > 9999 {
			return nil, errTooLarge
		}
		return t, nil
	}), nil
}

func bindStartOf(args []string) (apply, error) {
	var zone *time.Location
	if len(args) > 1 {
		var err error
		if zone, err = time.LoadLocation(args[1]); err != nil || args[1] == "Local" {
			return nil, errors.New("there is no time zone " + strconv.Quote(args[1]))
		}
	}
	starts := map[string]func(time.Time) time.Time{
		"year":  func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, t.Location()) },
		"month": func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location()) },
		"week": func(t time.Time) time.Time {
			return time.Date(t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
		},
		"day": func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) },
		"hour": func(t time.Time) time.Time {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, t.Location())
		},
	}
	start := starts[args[0]]
	if start == nil {
		return nil, errors.New("the unit is not year, month, week, day or hour")
	}
	return dated(func(t time.Time) (any, error) {
		if zone != nil {
			t = t.In(zone)
		}
		return start(t), nil
	}), nil
}

func bindTimestamp([]string) (apply, error) {
	return dated(func(t time.Time) (any, error) { return json.Number(strconv.FormatInt(t.Unix(), 10)), nil }), nil
}

func bindMilliseconds([]string) (apply, error) {
	return dated(func(t time.Time) (any, error) { return json.Number(strconv.FormatInt(t.UnixMilli(), 10)), nil }), nil
}
