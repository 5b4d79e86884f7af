package journal

import (
	"math"
	"time"
)

// Span is about how long something took: at most 2^(n/4) milliseconds, and more than
// the span before it. Counts by span add up, which percentiles do not.
type Span int64

// SpanOf is the span of a duration.
func SpanOf(d time.Duration) Span {
	if d <= time.Millisecond {
		return 0
	}
	return Span(math.Ceil(4*math.Log2(float64(d)/float64(time.Millisecond)) - 1e-9))
}

// Longest is the longest duration of the span.
func (s Span) Longest() time.Duration {
	return time.Duration(math.Exp2(float64(s)/4) * float64(time.Millisecond))
}
