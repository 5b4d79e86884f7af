package limit

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Flow is whose calls take turns with those of others: a cycle of an account, or,
// without a cycle, what the account calls on demand.
type Flow struct {
	Account tandem.AccountID
	Cycle   tandem.CycleID
}

// patience is how long tokens lie for those whose turn it is.
const patience = 2 * time.Second

// line is who waits, without a list of them: places are numbers that rise by one
// with each call of a flow, and begin, for a flow that nobody waits of, at the
// place to which the line has come.
type line struct {
	served int64          // the highest place that had its turn
	last   map[Flow]int64 // the last place of each flow, if that is above served
	idle   time.Time      // since when tokens lie that nobody may take; zero: they do not
}

// enter gives a call of a flow its place, or takes note of the one that it has.
func (l *line) enter(f Flow, place int64) int64 {
	if place == 0 {
		place = max(l.served, l.last[f]) + 1
	}
	if len(l.last) == 0 {
		if l.last == nil {
			l.last = map[Flow]int64{}
		}
		l.served = max(l.served, place-1) // nobody known here is before it
	}
	if place > l.served {
		l.last[f] = max(l.last[f], place)
	}
	return place
}

// empty says that nobody waits.
func (l *line) empty() bool {
	for f, last := range l.last {
		if last > l.served {
			return false
		}
		delete(l.last, f)
	}
	return true
}

// rank is how many tokens there must be for a place to have one.
func (l *line) rank(f Flow, place int64) (n int) {
	for other, last := range l.last {
		if last <= l.served {
			delete(l.last, other)
			continue
		}
		upTo := place
		if other != f {
			upTo-- // of equals whoever comes first
		}
		n += int(max(0, min(upTo, last)-l.served))
	}
	return max(n, 1)
}

// may says whether a place may have one of the tokens that there are, which lie for
// so long for others. If not, and there are some, again is when to try again, at the
// latest.
func (l *line) may(rank, tokens int, now time.Time, patience time.Duration) (ok bool, again time.Time) {
	switch {
	case tokens == 0:
		return false, again
	case rank <= tokens:
		return true, again
	case l.idle.IsZero():
		l.idle = now
	}
	again = l.idle.Add(patience)
	return !again.After(now), again
}

// serve lets a place have its turn.
func (l *line) serve(place int64) {
	l.served = max(l.served, place)
	l.idle = time.Time{}
}

// skip gives up one of those who do not come, for somebody else who goes before his
// turn.
func (l *line) skip() { l.served++ }
