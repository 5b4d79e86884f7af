package limit

import (
	"context"
	"sync"
	"time"
)

// usualCalls are the places on a node that is not told how many it has.
const usualCalls = 512

// slow is how long the calls take, on the average, of an account connector that gets
// nothing of what is kept.
const slow = 2 * time.Second

// inTraffic marks places in the lines of lanes: those in the lines for tokens are
// other numbers.
const inTraffic = 1 << 62

// traffic is the calls that are under way on this node, for so many of which there
// are places.
//
// Of three quarters of them an account connector has at most as many as are free. So
// one whose third party hangs has half of these, the next one half of the rest, and
// of n that have begun together each has one part of n+1. When these are taken, by
// many that hang, the last quarter is kept for those that have next to no calls under
// way, and are not known to be slow.
type traffic struct {
	start time.Time
	all   int
	each  int // that an account connector has at most

	mu    sync.Mutex
	free  int
	lanes map[Key]*lane
}

func newTraffic(all, each int) *traffic {
	if each <= 0 || each > all {
		each = all
	}
	return &traffic{start: time.Now(), all: all, each: each, free: all, lanes: map[Key]*lane{}}
}

func (t *traffic) now() time.Duration { return time.Since(t.start) }

// lane finds or makes that of an account connector. The caller holds t.mu.
func (t *traffic) lane(k Key) *lane {
	l := t.lanes[k]
	if l == nil {
		if len(t.lanes) >= most {
			for k, l := range t.lanes {
				if l.calls == 0 && len(l.here) == 0 {
					delete(t.lanes, k)
				}
			}
		}
		l = &lane{}
		t.lanes[k] = l
	}
	return l
}

// room is how many more places an account connector may have. Each that it takes
// leaves one less.
func (t *traffic) room(l *lane, now time.Duration) int {
	n := (t.free - t.all/4 - l.calls + 1) / 2
	if few := max(1, t.all/100); l.calls < few && l.takes(now) < slow {
		n = max(n, min(few-l.calls, t.free))
	}
	return max(0, min(n, t.each-l.calls))
}

// enter gives a request a place, at once or after a moment, and says when it had
// it. Errors: *Wait; ctx's.
func (t *traffic) enter(ctx context.Context, r *Request) (began time.Duration, err error) {
	place := int64(0)
	if r.Place >= inTraffic {
		place, r.Place = r.Place-inTraffic, 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l, now := t.lane(r.Key), t.now()
	if place == 0 && l.line.empty() && t.room(l, now) > 0 {
		t.begin(l, now)
		return now, nil
	}
	w := &waiter{place: place, turn: make(chan struct{}, 1)}
	stay := moment
	if l.takes(now) < slow {
		stay = slow // to go away and come back would cost more than it spares
	}
	for giveUp := now + stay; ; now = t.now() {
		wait := t.try(l, r.Flow, w, now)
		if wait == 0 {
			t.begin(l, now)
			return now, nil
		}
		if now >= giveUp || now+wait > giveUp {
			r.Place = w.place + inTraffic
			// Who waits for what takes long need not look often.
			wait = max(wait, moment, l.takes(now)/8)
			at := time.Now()
			return 0, &Wait{Until: comeBack(at, at.Add(wait)), Busy: true}
		}
		if err := t.stand(ctx, l, w, giveUp-now); err != nil {
			return 0, err
		}
	}
}

// begin takes a place. The caller holds t.mu.
func (t *traffic) begin(l *lane, now time.Duration) {
	l.begin(now)
	t.free--
	if t.room(l, now) > 0 {
		l.call()
	} else {
		l.line.idle = time.Time{}
	}
}

// try says for how long somebody has to wait; 0: it is his turn.
func (t *traffic) try(l *lane, f Flow, w *waiter, now time.Duration) (wait time.Duration) {
	w.place = l.line.enter(f, w.place)
	rank, room, at := l.line.rank(f, w.place), t.room(l, now), t.start.Add(now)
	ok, idle := l.line.may(rank, room, at, max(patience, l.takes(now)/4))
	switch {
	case ok && rank <= room:
		l.line.serve(w.place)
		return 0
	case ok:
		l.line.skip()
		return 0
	}
	wait = l.after(max(rank-room, 1), now)
	if !idle.IsZero() {
		wait = min(wait, idle.Sub(at))
	}
	return max(wait, 1)
}

// stand waits until it may be somebody's turn, for so long at most. The caller holds
// t.mu, and has it again.
func (t *traffic) stand(ctx context.Context, l *lane, w *waiter, most time.Duration) (err error) {
	l.add(w)
	t.mu.Unlock()
	patience := time.NewTimer(most)
	select {
	case <-w.turn:
	case <-patience.C:
	case <-ctx.Done():
		err = ctx.Err()
	}
	patience.Stop()
	t.mu.Lock()
	l.remove(w)
	if err != nil {
		l.call() // it may have been told meanwhile
	}
	return err
}

// leave gives a place back; made says that there was a call.
func (t *traffic) leave(k Key, began time.Duration, made bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lanes[k]
	l.end(began, t.now(), made)
	t.free++
	l.call()
}
