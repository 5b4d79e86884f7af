package limit

import "time"

// bucket is one limit of an account connector on this node.
type bucket struct {
	rate   rate
	memory *share // nil: in the row

	view  window // as of the last lease, without what is held here
	stock int    // tokens held here
	good  time.Time
	used  window    // of those held, not yet told
	ahead int       // how many more than are asked for are worth taking
	asked time.Time // before which it is of no use to ask again: others hold some
}

// The bounds of how long tokens are held.
const (
	shortestLease = 250 * time.Millisecond
	longestLease  = 10 * time.Second
)

// hold is how long tokens are held: an eighth of the window.
func (r rate) hold() time.Duration { return min(max(r.span/8, shortestLease), longestLease) }

// expire gives up what was held for too long.
func (b *bucket) expire(now time.Time) {
	if b.stock > 0 && !now.Before(b.good) {
		b.stock, b.ahead = 0, b.used.sum()
	}
}

// take takes a token of those held.
func (b *bucket) take(now time.Time) {
	b.stock--
	b.used = b.used.take(b.rate, now, 1)
}

// when is when there will be n tokens for this node.
func (b *bucket) when(now time.Time, n int) time.Time {
	if n <= b.stock {
		return now
	}
	w := b.view
	for _, t := range b.used {
		w = w.take(b.rate, time.UnixMicro(t.At), t.N)
	}
	if b.stock > 0 {
		w = w.take(b.rate, now, b.stock)
	}
	at := w.until(b.rate, now, n-b.stock)
	if at.Before(b.asked) {
		return b.asked
	}
	return at
}

// free is how many tokens there are for this node's turns: those held, and, where
// there are some, those that seem to be free beside.
func (b *bucket) free(now time.Time) int {
	if b.stock == 0 {
		return 0
	}
	return max(b.stock, b.rate.requests-b.view.prune(b.rate, now).sum()-b.used.prune(b.rate, now).sum())
}

// want is how many tokens to ask for when n are needed, now or soon. Nobody holds
// many more than the limit lets go in the time that they are held, for what is not
// used is lost to the others until then.
func (b *bucket) want(now time.Time, n int) int {
	if b.memory != nil {
		return n // asking again costs nothing
	}
	part := max(int(int64(b.rate.requests)*int64(b.rate.hold())/int64(b.rate.span)), 1)
	if now.Before(b.good) {
		b.ahead = min(2*b.ahead+1, part) // they did not last
	}
	return min(n, part) + min(b.ahead, part)
}

// lease takes tokens from where they are shared.
func (b *bucket) lease(s *share, node string, want int, now time.Time) {
	until := now.Add(b.rate.hold())
	b.stock = s.lease(b.rate, node, b.used, want, now, until)
	b.view, b.used, b.good = s.seen(b.rate, node), nil, until
	if b.asked = (time.Time{}); b.memory == nil && b.stock < want {
		b.asked = now.Add(shortestLease / 4)
	}
}
