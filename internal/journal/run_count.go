package journal

import "time"

// RunCount is transactions that ended on a day, by about how long they took.
type RunCount struct {
	Day    int64 // see DayOf
	Span   Span
	Runs   int
	Errors int // of these, that failed
}

// DayOf counts days since 1970-01-01, UTC.
func DayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// DayStart is when a day begins.
func DayStart(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }
