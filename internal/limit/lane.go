package limit

import (
	"slices"
	"time"
)

// lane is the calls of one account connector that are under way, and who waits for
// a place among them.
type lane struct {
	calls int
	began time.Duration // the sum of when they did, since the traffic's beginning
	usual time.Duration // how long those took that ended lately
	line  line
	here  []*waiter // those who wait where they are, the next one first
}

// waiter is a call that waits where it is. It is told by turn to look again.
type waiter struct {
	place int64
	turn  chan struct{}
}

// begin counts a call.
func (l *lane) begin(at time.Duration) {
	l.calls++
	l.began += at
}

// end takes one out that began at a time. What was not made says nothing of how
// long they take.
func (l *lane) end(began, now time.Duration, made bool) {
	l.calls--
	l.began -= began
	switch took := now - began; {
	case !made:
	case l.usual == 0:
		l.usual = took
	default:
		l.usual += (took - l.usual) / 8
	}
}

// takes is how long calls take, as far as is known: those that have not ended yet
// count by what they have taken, on the average.
func (l *lane) takes(now time.Duration) time.Duration {
	if l.calls == 0 {
		return l.usual
	}
	return max(l.usual, now-l.began/time.Duration(l.calls))
}

// after is how long it takes until n of the calls have ended. Of what is held up by
// others' calls alone nothing is known.
func (l *lane) after(n int, now time.Duration) time.Duration {
	if l.calls == 0 {
		return max(l.usual, time.Second)
	}
	return l.takes(now) * time.Duration(n) / time.Duration(l.calls)
}

// add puts a waiter where he belongs.
func (l *lane) add(w *waiter) {
	i, _ := slices.BinarySearchFunc(l.here, w.place, func(w *waiter, place int64) int {
		if w.place <= place {
			return -1 // of equals whoever comes first
		}
		return 1
	})
	l.here = slices.Insert(l.here, i, w)
}

// remove takes one out.
func (l *lane) remove(w *waiter) {
	if i := slices.Index(l.here, w); i >= 0 {
		l.here = slices.Delete(l.here, i, i+1)
	}
}

// call has the next one look again.
func (l *lane) call() {
	if len(l.here) > 0 {
		select {
		case l.here[0].turn <- struct{}{}:
		default: // he is told already
		}
	}
}
