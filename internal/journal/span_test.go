package journal_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem/internal/journal"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]journal.Span{
		-time.Second: 0, 0: 0, time.Millisecond: 0, time.Millisecond + 1000: 1, 2 * time.Millisecond: 4, 3 * time.Millisecond: 7, 1024 * time.Millisecond: 40,
	} {
		if got := journal.SpanOf(d); got != want {
			t.Errorf("%v is of span %d, want %d", d, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(int64(time.Millisecond)+1, int64(40*24*time.Hour)).Draw(t, "duration"))
		s := journal.SpanOf(d)
		if most := s.Longest(); most < d-time.Microsecond || float64(most) > 1.1893*float64(d) {
			t.Fatalf("%v is said to be %v", d, most)
		}
		if less := (s - 1).Longest(); less > d+time.Microsecond {
			t.Fatalf("%v is in the span before %d, too", d, s)
		}
	})
}
