package engine

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func TestIDsRise(t *testing.T) {
	now := time.UnixMilli(tandem.EpochMillis).Add(1000 * time.Hour)
	ids := NewIDs(5, 0)
	ids.now = func() time.Time { return now }
	last := ids.Next()
	if ms := int64(last) >> 22; ms != now.UnixMilli()-tandem.EpochMillis {
		t.Errorf("the first id has millisecond %d", ms)
	}
	rises := func(when string, n int) {
		t.Helper()
		for range n {
			id := ids.Next()
			if id <= last || int64(id)>>12&1023 != 5 {
				t.Fatalf("%s: %x after %x", when, int64(id), int64(last))
			}
			last = id
		}
	}
	rises("within a millisecond, and ahead of the clock", 10_000)
	now = now.Add(-time.Hour)
	rises("the clock set back", 10)
	now = now.Add(2 * time.Hour)
	rises("the clock set forward", 10)
	if ms := int64(last) >> 22; ms != now.UnixMilli()-tandem.EpochMillis {
		t.Errorf("the clock is not followed: millisecond %d", ms)
	}
	last = tandem.TransactionID(int64(last) + 1<<40)
	ids = NewIDs(5, last)
	ids.now = func() time.Time { return now }
	rises("after a restart with the clock behind", 10)
}

func TestIDsOfNodesDiffer(t *testing.T) {
	now := func() time.Time { return time.UnixMilli(tandem.EpochMillis + 1) }
	seen := map[tandem.TransactionID]bool{}
	for node := range int64(3) {
		ids := NewIDs(node, 0)
		ids.now = now
		for range 5000 {
			id := ids.Next()
			if seen[id] {
				t.Fatalf("%x twice", int64(id))
			}
			seen[id] = true
		}
	}
}
