package limit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
)

// gate is the declared limits of one account connector on this node. Whoever has
// its lock may use it.
type gate struct {
	lock    chan struct{}
	buckets map[string]*bucket // by place in the definition, or method
	lines   map[string]*line   // by method, if that has a limit of its own
	used    time.Time
	span    time.Duration // the longest of its windows
}

func newGate() *gate {
	return &gate{lock: make(chan struct{}, 1), buckets: map[string]*bucket{}, lines: map[string]*line{}}
}

// enter takes the lock.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() { <-g.lock }

// named is a limit with its name in the row.
type named struct {
	name string
	*bucket
}

// of gives the buckets that a request needs a token of each of.
func (l *Limits) of(g *gate, r *Request) []named {
	all := make([]named, 0, len(r.Limits)+1)
	add := func(name string, limit connector.RateLimit) {
		b := g.buckets[name]
		if b == nil {
			b = &bucket{}
			g.buckets[name] = b
		}
		if b.rate = rateOf(limit); b.rate.span > longestInMemory || l.options.Shared {
			b.memory = nil
		} else if b.memory == nil {
			b.memory = &share{Taken: window{{l.started.UnixMicro(), b.rate.requests}}}
			b.view = b.memory.Taken
		}
		g.span = max(g.span, b.rate.span)
		all = append(all, named{name, b})
	}
	for i, limit := range r.Limits {
		add(strconv.Itoa(i), limit)
	}
	if r.MethodLimit != nil {
		add(r.Method, *r.MethodLimit)
	}
	return all
}

// line is where a request waits.
func (g *gate) line(r *Request) *line {
	name := ""
	if r.MethodLimit != nil {
		name = r.Method
	}
	if g.lines[name] == nil {
		g.lines[name] = &line{}
	}
	return g.lines[name]
}

// fill gets tokens where there are fewer than n and may be more.
func (l *Limits) fill(ctx context.Context, k Key, buckets []named, n int, now time.Time) error {
	var ask []named
	for _, b := range buckets {
		b.expire(now)
		if b.free(now) >= min(n, b.rate.requests) || b.when(now, b.stock+1).After(now) {
			continue
		}
		if b.memory != nil {
			b.lease(b.memory, l.node, b.want(now, n), now)
			continue
		}
		ask = append(ask, b)
	}
	if len(ask) == 0 {
		return nil
	}
	err := l.store.ChangeTokens(ctx, k.Account, k.Connector, func(row []byte) ([]byte, error) {
		shares := map[string]*share{}
		if len(row) > 0 {
			if err := json.Unmarshal(row, &shares); err != nil {
				return nil, err
			}
		}
		for _, b := range ask {
			if shares[b.name] == nil {
				shares[b.name] = &share{}
			}
			b.lease(shares[b.name], l.node, b.want(now, n), now)
		}
		return json.Marshal(shares)
	})
	if err != nil {
		for _, b := range ask {
			b.stock = 0 // what came of it is not known
		}
		return fmt.Errorf("take tokens of account connector %d: %w", k.Connector, err)
	}
	return nil
}

// tokens is for how many requests there are tokens.
func tokens(buckets []named, now time.Time) int {
	n := buckets[0].free(now)
	for _, b := range buckets[1:] {
		n = min(n, b.free(now))
	}
	return n
}

// when is when there will be tokens for n requests.
func when(buckets []named, now time.Time, n int) (at time.Time) {
	for _, b := range buckets {
		if t := b.when(now, n); t.After(at) {
			at = t
		}
	}
	return at
}
