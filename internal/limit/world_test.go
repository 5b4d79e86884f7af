package limit_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/limit"
)

// rowsOf is a database that nodes share.
type rowsOf struct {
	mu      sync.Mutex
	tokens  map[limit.Key][]byte
	waits   map[limit.Key]tandem.ConnectorWait
	queries int
	fails   error
}

func newRows() *rowsOf {
	return &rowsOf{tokens: map[limit.Key][]byte{}, waits: map[limit.Key]tandem.ConnectorWait{}}
}

func (r *rowsOf) ChangeTokens(_ context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func([]byte) ([]byte, error)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.queries++; r.fails != nil {
		return r.fails
	}
	k := limit.Key{Account: a, Connector: id}
	state, err := change(r.tokens[k])
	if err == nil {
		r.tokens[k] = state
	}
	return err
}

func (r *rowsOf) ConnectorWaits(context.Context) (all []tandem.ConnectorWait, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries++
	for _, w := range r.waits {
		all = append(all, w)
	}
	return all, r.fails
}

func (r *rowsOf) ChangeConnectorWait(_ context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.ConnectorWait)) (tandem.ConnectorWait, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.queries++; r.fails != nil {
		return tandem.ConnectorWait{}, r.fails
	}
	k := limit.Key{Account: a, Connector: id}
	w := r.waits[k]
	w.Account, w.Connector = a, id
	change(&w)
	if w.Until.IsZero() {
		delete(r.waits, k)
		return w, nil
	}
	w.Until = w.Until.Truncate(time.Microsecond)
	r.waits[k] = w
	return w, nil
}

func (r *rowsOf) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queries
}

func node(r *rowsOf, shared bool) *limit.Limits {
	return limit.New(slog.New(slog.DiscardHandler), r, limit.Options{Shared: shared})
}

// party notes when calls come.
type party struct {
	mu sync.Mutex
	at []time.Time
	by []string
}

func (p *party) call(who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.by = append(p.at, time.Now()), append(p.by, who)
}

// most is the most calls in any time so long.
func (p *party) most(span time.Duration) (n int) {
	slices.SortFunc(p.at, time.Time.Compare)
	for i, from := 0, 0; i < len(p.at); i++ {
		for p.at[i].Sub(p.at[from]) >= span {
			from++
		}
		n = max(n, i-from+1)
	}
	return n
}

// transaction calls as a transaction does: it comes again when it is told to, and
// has an answer when call returns. It returns how often it came.
func transaction(ctx context.Context, t *testing.T, nodes func() *limit.Limits, r limit.Request, call func()) (times int) {
	for {
		times++
		p, err := nodes().Take(ctx, r)
		wait, waits := err.(*limit.Wait) //nolint:errorlint // nothing wraps it
		if !waits {
			if err != nil {
				t.Error(err)
				return times
			}
			call()
			p.Answered(ctx)
			return times
		}
		r.Place = wait.Place
		time.Sleep(time.Until(wait.Until))
	}
}

func one(l *limit.Limits) func() *limit.Limits { return func() *limit.Limits { return l } }

var key = limit.Key{Account: 1, Connector: 2}

func request(cycle string, limits ...connector.RateLimit) limit.Request {
	return limit.Request{Key: key, Flow: limit.Flow{Account: 1, Cycle: tandem.CycleID(cycle)}, Limits: limits, Method: "m"}
}
