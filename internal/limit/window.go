package limit

import (
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
)

// rate is a declared limit: so many requests in any time so long.
type rate struct {
	requests int
	span     time.Duration
}

func rateOf(l connector.RateLimit) rate {
	return rate{max(l.Requests, 1), time.Duration(max(l.Seconds, 1)) * time.Second}
}

// cells is in how many parts a window is divided whose tokens are too many to
// remember each of them.
const cells = 64

// window is the tokens that were taken and are not back yet, oldest first.
type window []taken

// taken is tokens that were taken at a time, in microseconds.
type taken struct {
	At int64
	N  int
}

// prune forgets what is back.
func (w window) prune(r rate, now time.Time) window {
	from := now.Add(-r.span).UnixMicro()
	i := 0
	for i < len(w) && w[i].At <= from {
		i++
	}
	return w[i:]
}

// sum is how many tokens were taken.
func (w window) sum() (n int) {
	for _, t := range w {
		n += t.N
	}
	return n
}

// take notes n more. Of many they are noted at the end of their cell, and so
// come back a little late, never early.
func (w window) take(r rate, at time.Time, n int) window {
	us := at.UnixMicro()
	if r.requests > cells {
		cell := max(r.span.Microseconds()/cells, 1)
		us = (us + cell - 1) / cell * cell
	}
	i := len(w)
	for i > 0 && w[i-1].At > us {
		i--
	}
	if i > 0 && w[i-1].At == us {
		w = slices.Clone(w)
		w[i-1].N += n
		return w
	}
	return slices.Insert(slices.Clip(w), i, taken{us, n})
}

// until is when there will be n free tokens, if nobody else takes one, counting
// those that are free now.
func (w window) until(r rate, now time.Time, n int) time.Time {
	w = w.prune(r, now)
	free := r.requests - w.sum()
	if n <= free {
		return now
	}
	// Each round of the window brings as many tokens as there are in all.
	rounds := (n - 1) / r.requests
	if n -= rounds * r.requests; n <= free {
		return now.Add(time.Duration(rounds) * r.span)
	}
	n -= max(free, 0)
	if free < 0 {
		n -= free // the limit was lowered: more is taken than there is
	}
	for _, t := range w {
		if n -= t.N; n <= 0 {
			return time.UnixMicro(t.At).Add(time.Duration(rounds+1) * r.span)
		}
	}
	return now.Add(time.Duration(rounds+1) * r.span)
}
