package limit

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Key is an account connector, with the account that owns it.
type Key struct {
	Account   tandem.AccountID
	Connector tandem.AccountConnectorID
}

// Store keeps what outlives the process, and what nodes share.
type Store interface {
	// ChangeTokens changes what is kept of an account connector's tokens, nil
	// when nothing is yet, while nobody else does.
	ChangeTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func([]byte) ([]byte, error)) error
	// ConnectorWaits lists all waits there are.
	ConnectorWaits(ctx context.Context) ([]tandem.ConnectorWait, error)
	// ChangeConnectorWait does the same to its wait, which is zero but for its
	// key if there is none, and which there is none of once it is over: Until is
	// zero. It returns what holds then.
	ChangeConnectorWait(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.ConnectorWait)) (tandem.ConnectorWait, error)
}

// Options are the settings of Limits.
type Options struct {
	Shared bool // other processes use the same database
	Calls  int  // that are under way on this node; 512
	Each   int  // those of an account connector at most; 0: as many as are free
}

// moment is how long a request waits where it stands; who has to wait for longer
// comes again.
const moment = 200 * time.Millisecond

// longestInMemory is the longest window of which a process that has the database
// to itself remembers nothing when it ends.
const longestInMemory = 10 * time.Second

// Limits are those of all account connectors, as this node knows them. They are
// safe for concurrent use.
type Limits struct {
	log     *slog.Logger
	store   Store
	options Options
	node    string
	started time.Time

	mu    sync.Mutex
	gates map[Key]*gate

	waits   waits
	traffic *traffic
}

// New makes Limits. It reads nothing before it is asked.
func New(log *slog.Logger, store Store, o Options) *Limits {
	return &Limits{log: log, store: store, options: o, node: tandem.NewGUID(), started: time.Now(), gates: map[Key]*gate{}, traffic: newTraffic(cmp.Or(o.Calls, usualCalls), o.Each)}
}

// Request is a call that is to be made.
type Request struct {
	Key         Key
	Flow        Flow
	Limits      []connector.RateLimit // of the connector
	Method      string                // MethodUniqueIdentifier
	MethodLimit *connector.RateLimit  // nil: none of its own
	Place       int64                 // of the Wait before; 0: it is new
	Patient     bool                  // wait here for as long as the context lets it
}

// Wait says that a request is to come again.
type Wait struct {
	Until time.Time
	Place int64
	Busy  bool // for other calls to end, and not for a limit
}

func (w *Wait) Error() string {
	if w.Busy {
		return "too many calls are under way to the same third party"
	}
	return "the limit lets the call go at " + w.Until.UTC().Format(time.RFC3339)
}

// Take lets a request go, at once or after a moment.
//
// Errors: *Wait; ctx's.
func (l *Limits) Take(ctx context.Context, r Request) (Pass, error) {
	for {
		p, err := l.admit(ctx, r.Key)
		if err == nil {
			if err = l.enter(ctx, &p, &r); err != nil {
				p.Unsent(ctx)
			}
		}
		wait, ok := err.(*Wait) //nolint:errorlint // it is our own, not wrapped
		if !ok {
			return p, err
		}
		wait.Place = r.Place
		if !r.Patient || !l.sleepUntil(ctx, wait.Until) {
			return Pass{}, wait
		}
	}
}

// enter gets a request a place, and then the tokens that it needs.
func (l *Limits) enter(ctx context.Context, p *Pass, r *Request) (err error) {
	if p.began, err = l.traffic.enter(ctx, r); err != nil {
		return err
	}
	p.placed = true
	if len(r.Limits) > 0 || r.MethodLimit != nil {
		r.Place, err = l.turn(ctx, r)
	}
	return err
}

// sleepUntil waits, unless the context would end before.
func (l *Limits) sleepUntil(ctx context.Context, at time.Time) bool {
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(at) {
		return false
	}
	return sleep(ctx, time.Until(at)) == nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn takes a token of each limit, when it is the request's turn. The place is
// what it has in the line.
func (l *Limits) turn(ctx context.Context, r *Request) (place int64, err error) {
	g, place, giveUp := l.gate(r.Key), r.Place, time.Now().Add(moment)
	for {
		now := time.Now()
		at, entered, err := l.try(ctx, g, r, place, now)
		place = entered
		if err != nil || at.IsZero() {
			return place, err
		}
		if at.After(giveUp) {
			return place, &Wait{Until: comeBack(now, at)}
		}
		if err := sleep(ctx, at.Sub(now)); err != nil {
			return place, err
		}
	}
}

// try takes tokens, or says when to try again.
func (l *Limits) try(ctx context.Context, g *gate, r *Request, place int64, now time.Time) (again time.Time, _ int64, err error) {
	if err := g.enter(ctx); err != nil {
		return again, place, err
	}
	defer g.leave()
	g.used = now
	buckets, line := l.of(g, r), g.line(r)
	place = line.enter(r.Flow, place)
	rank := line.rank(r.Flow, place)
	if err := l.fill(ctx, r.Key, buckets, rank, now); err != nil {
		if ctx.Err() != nil {
			return again, place, ctx.Err()
		}
		// Whoever waits is not lost for that.
		l.log.ErrorContext(ctx, "take tokens", "account_connector_id", r.Key.Connector, "err", err)
		return again, place, &Wait{Until: now.Add(time.Second)}
	}
	ok, idle := line.may(rank, tokens(buckets, now), now, patience)
	if ok {
		for _, b := range buckets {
			b.take(now)
		}
		line.serve(place)
		return again, place, nil
	}
	if again = when(buckets, now, rank); !idle.IsZero() && idle.Before(again) {
		again = idle
	}
	return later(again, now), place, nil
}

// later is a time that is not now, so that whoever waits for it does not spin.
func later(at, now time.Time) time.Time {
	if soonest := now.Add(5 * time.Millisecond); at.Before(soonest) {
		return soonest
	}
	return at
}

// The bounds of how long somebody waits before looking whether it is his turn
// sooner than was thought.
const (
	soon = 2 * time.Second
	long = 5 * time.Minute
)

// comeBack is when to come again who can go at a time, as things stand.
func comeBack(now, at time.Time) time.Time {
	wait := at.Sub(now)
	if wait > soon {
		wait = min(max(wait/2, soon), long)
	}
	return now.Add(wait)
}

// most is how many account connectors are remembered at once.
const most = 10_000

// gate finds or makes the gate of an account connector.
func (l *Limits) gate(k Key) *gate {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.gates[k]
	if g == nil {
		l.forget(time.Now())
		g = newGate()
		g.used = time.Now()
		l.gates[k] = g
	}
	return g
}

// forget makes room: what was not used for longer than its windows is as good as
// new.
func (l *Limits) forget(now time.Time) {
	if len(l.gates) < most {
		return
	}
	for k, g := range l.gates {
		select {
		case g.lock <- struct{}{}:
			if now.Sub(g.used) > g.span+longestLease {
				delete(l.gates, k)
			}
			<-g.lock
		default: // in use
		}
	}
}
