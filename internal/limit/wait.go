package limit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// ladder is how long the waits after the first are, while a limit goes on.
var ladder = []time.Duration{time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 30 * time.Minute}

const (
	firstWait = time.Minute    // when the answer does not say
	maxWait   = 24 * time.Hour // that a third party may ask for
	// A call that goes first is given up for lost after probeTime, and those
	// behind it look for what became of it every probeLook.
	probeTime = 75 * time.Second
	probeLook = time.Second
	// Calls that waited go on one after the other.
	apart    = 20 * time.Millisecond
	farthest = 30 * time.Second
	// reread is how old what is known of other nodes may be.
	reread = time.Second
)

// waits are the waits of all account connectors that there are.
type waits struct {
	mu      sync.Mutex
	all     map[Key]*wait
	read    time.Time // zero: never
	reading bool
	changes int // by this node: what was read before one is old
}

// wait is one, and until when those who come after it have been told to come.
type wait struct {
	tandem.ConnectorWait
	last time.Time
}

// back is when the next of those who wait is to come.
func (w *wait) back(now time.Time) time.Time {
	at := w.Until
	if w.Probing {
		at = now.Add(probeLook)
	}
	if w.last.Before(at) {
		w.last = at
		return at
	}
	if w.last = w.last.Add(apart); w.last.After(at.Add(farthest)) {
		w.last = at.Add(farthest)
	}
	return w.last
}

// Pass lets one call go. Whoever has it says how the call ended: Refused, Answered
// or Unsent.
type Pass struct {
	limits *Limits
	key    Key
	probe  bool          // it is the one that goes first
	placed bool          // it has a place among the calls that are under way
	began  time.Duration // since when
}

// leave gives the place back.
func (p Pass) leave(made bool) {
	if p.placed {
		p.limits.traffic.leave(p.key, p.began, made)
	}
}

// admit lets a call go unless there is a wait.
func (l *Limits) admit(ctx context.Context, k Key) (Pass, error) {
	p := Pass{limits: l, key: k}
	if err := l.look(ctx); err != nil {
		return p, err
	}
	now := time.Now()
	if until, waits := l.waits.of(k, now); !waits || !until.IsZero() {
		if waits {
			return p, &Wait{Until: until}
		}
		return p, nil
	}
	// It is over: who comes first is the one that is tried.
	_, err := l.change(ctx, k, func(w *tandem.ConnectorWait) {
		if p.probe = !w.Until.IsZero() && !w.Until.After(now); p.probe {
			w.Until, w.Probing = now.Add(probeTime), true
		}
	})
	if err != nil {
		return p, err
	}
	if until, waits := l.waits.of(k, now); waits && !p.probe {
		return p, &Wait{Until: later(until, now)}
	}
	return p, nil
}

// of says whether a call has to wait, and until when; zero: somebody may go first.
func (s *waits) of(k Key, now time.Time) (until time.Time, waits bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.all[k]
	if w == nil {
		return until, false
	}
	if !w.Until.After(now) {
		return until, true
	}
	return w.back(now), true
}

// look reads the waits, if they are not known or may have been changed by others.
// One reads, and the others go by what was known before.
func (l *Limits) look(ctx context.Context) error {
	s := &l.waits
	s.mu.Lock()
	first := s.read.IsZero()
	if s.reading && !first || !first && (!l.options.Shared || time.Since(s.read) < reread) {
		s.mu.Unlock()
		return nil
	}
	s.reading = true
	changes := s.changes
	s.mu.Unlock()
	all, err := l.store.ConnectorWaits(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading = false
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		l.log.ErrorContext(ctx, "read the waits of account connectors", "err", err)
		return nil // by what is known
	}
	if changes == s.changes || first && s.all == nil {
		s.put(all)
	}
	return nil
}

// put replaces what is known. The caller holds s.mu.
func (s *waits) put(all []tandem.ConnectorWait) {
	was := s.all
	s.all, s.read = make(map[Key]*wait, len(all)), time.Now()
	for _, w := range all {
		k := Key{w.Account, w.Connector}
		next := &wait{ConnectorWait: w}
		if old := was[k]; old != nil && old.Until.Equal(w.Until) {
			next.last = old.last
		}
		s.all[k] = next
	}
}

// change changes the wait of an account connector, in the row first. An error is
// logged, and a Wait for whoever asks.
func (l *Limits) change(ctx context.Context, k Key, do func(*tandem.ConnectorWait)) (tandem.ConnectorWait, error) {
	w, err := l.store.ChangeConnectorWait(ctx, k.Account, k.Connector, do)
	if err != nil {
		if ctx.Err() != nil {
			return w, ctx.Err()
		}
		l.log.ErrorContext(ctx, "change the wait of an account connector", "account_id", k.Account, "account_connector_id", k.Connector, "err", err)
		return w, &Wait{Until: time.Now().Add(time.Second)}
	}
	s := &l.waits
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	switch old := s.all[k]; {
	case w.Until.IsZero():
		delete(s.all, k)
	case old != nil && old.Until.Equal(w.Until):
		old.ConnectorWait = w
	case s.all != nil:
		s.all[k] = &wait{ConnectorWait: w}
	}
	return w, nil
}

// Refused says that the answer was a 429, which asked to come again after a time;
// 0: it did not say. It returns when to do so, and whether that is the beginning
// of a wait: of calls that were under way already it is not.
func (p Pass) Refused(ctx context.Context, after time.Duration) (until time.Time, begins bool) {
	p.leave(true)
	now := time.Now()
	after = min(after, maxWait)
	w, err := p.limits.change(context.WithoutCancel(ctx), p.key, func(w *tandem.ConnectorWait) {
		next := now.Add(after)
		switch {
		case w.Until.IsZero() || p.probe:
			begins = true
			if w.Tries > 0 {
				next = now.Add(max(after, ladder[min(w.Tries, len(ladder))-1]))
			} else if after <= 0 {
				next = now.Add(firstWait)
			}
			w.Tries++
			w.Until, w.Probing = next, false
		case !w.Probing && next.After(w.Until):
			w.Until = next
		}
	})
	if wait := (*Wait)(nil); errors.As(err, &wait) {
		return now.Add(max(after, firstWait)), true
	}
	until = w.Until
	if w.Probing {
		until = now.Add(probeLook)
	}
	return until, begins
}

// Answered says that there was any other answer: the limit is over.
func (p Pass) Answered(ctx context.Context) {
	p.leave(true)
	if p.probe {
		_, _ = p.limits.change(context.WithoutCancel(ctx), p.key, func(w *tandem.ConnectorWait) { *w = tandem.ConnectorWait{Account: w.Account, Connector: w.Connector} })
	}
}

// Unsent says that the call was not made after all: another may go first.
func (p Pass) Unsent(ctx context.Context) {
	p.leave(false)
	if p.probe {
		now := time.Now()
		_, _ = p.limits.change(context.WithoutCancel(ctx), p.key, func(w *tandem.ConnectorWait) {
			if w.Probing {
				w.Until, w.Probing = now, false
			}
		})
	}
}
