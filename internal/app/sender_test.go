package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/limit"
	"github.com/tandem-ipaas/tandem/internal/outage"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// strict is a third party that lets so many requests go in a time, and answers the
// others 429.
type strict struct {
	*httptest.Server
	requests int
	span     time.Duration
	after    string // Retry-After

	mu      sync.Mutex
	at      []time.Time
	refused int
}

func newStrict(t *testing.T, requests int, span time.Duration, after string) *strict {
	s := &strict{requests: requests, span: span, after: after}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *strict) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.at = slices.DeleteFunc(s.at, func(at time.Time) bool { return now.Sub(at) >= s.span })
	if len(s.at) >= s.requests {
		s.refused++
		w.Header().Set("Retry-After", s.after)
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	s.at = append(s.at, now)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"ok":true}`))
}

func (s *strict) refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// call is a transaction's of a cycle.
func (s *strict) call(cycle tandem.CycleID, limits ...connector.RateLimit) invoke.Call {
	m := connector.Method{MethodUniqueIdentifier: "m", Name: "M", MethodType: connector.Action, HTTPMethod: "GET", Endpoint: s.URL, ResponseDataType: connector.JSONBody}
	c := &connector.Connector{Name: "C", RateLimits: limits, Methods: []connector.Method{m}}
	return invoke.Call{Connector: c, Method: &c.Methods[0], Origin: invoke.Origin{Account: 1, Connector: 2, Cycle: cycle, Transaction: 1}}
}

func newSender(t *testing.T, s *store.Store, shared bool) *sender {
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	return &sender{caller: invoke.New(client, invoke.Options{}), limits: limit.New(slog.New(slog.DiscardHandler), s, limit.Options{Shared: shared}), machine: outage.New(slog.New(slog.DiscardHandler), "open connections")}
}

// finish makes a call as a transaction does, which comes again when it has to wait.
func finish(ctx context.Context, t *testing.T, s *sender, c invoke.Call) (met int) {
	for {
		_, err := s.send(ctx, 1, limit.Key{Account: 1, Connector: 2}, c)
		var later *invoke.Later
		if err == nil || !errors.As(err, &later) {
			if err != nil {
				t.Error(err)
			}
			return met
		}
		if c.Origin.Place = later.Place; later.Met != nil {
			met++
		}
		time.Sleep(time.Until(later.Until))
	}
}

// A third party that counts strictly never sees one request more than its limit,
// however many nodes call it.
func TestDeclaredLimitsHold(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			db, shared := open(t), name == "postgres"
			// A second shorter: on a busy machine, what goes in time may come that much later than the next.
			party := newStrict(t, 10, 2*time.Second, "60")
			nodes := []*sender{newSender(t, db, shared), newSender(t, db, shared)}
			if !shared {
				nodes = nodes[:1]
			}
			var wg sync.WaitGroup
			began := time.Now()
			for i := range 30 {
				wg.Go(func() {
					finish(t.Context(), t, nodes[i%len(nodes)], party.call(tandem.CycleID(rune('a'+i%3)), connector.RateLimit{Requests: 10, Seconds: 3}))
				})
			}
			wg.Wait()
			if took := time.Since(began); party.refusals() > 0 || took > time.Minute {
				t.Errorf("%d of 30 calls were refused, which took %s", party.refusals(), took)
			}
		})
	}
}

// A 429 makes all wait, on all nodes and after a restart, and costs one request
// each time.
func TestRefusedCallsWait(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			db, shared := open(t), name == "postgres"
			party := newStrict(t, 1, 4900*time.Millisecond, "5")
			here := newSender(t, db, shared)
			finish(t.Context(), t, here, party.call("c")) // the only one that is let go
			_, err := here.send(t.Context(), 1, limit.Key{Account: 1, Connector: 2}, party.call("c"))
			var later *invoke.Later
			if !errors.As(err, &later) || later.Met == nil || time.Until(later.Until) > 5*time.Second {
				t.Fatalf("refused: %v", err)
			}
			there := newSender(t, db, shared) // another node, or the process after this one
			_, err = there.send(t.Context(), 1, limit.Key{Account: 1, Connector: 2}, party.call("c"))
			if !errors.As(err, &later) || later.Met != nil || party.refusals() != 1 {
				t.Fatalf("another call: %v, and %d refused", err, party.refusals())
			}
			if _, err := there.send(t.Context(), 1, limit.Key{Account: 1, Connector: 3}, party.call("c")); !errors.As(err, &later) || later.Met == nil {
				t.Errorf("another account connector: %v", err)
			}
			began := time.Now()
			if met := finish(t.Context(), t, there, party.call("c")); met != 0 || time.Since(began) > time.Minute {
				t.Errorf("after the wait %d were refused, in %s", met, time.Since(began))
			}
			waits, err := db.ConnectorWaits(t.Context())
			if err != nil || len(waits) != 1 || waits[0].Connector != 3 {
				t.Errorf("waits %+v, %v", waits, err)
			}
		})
	}
}

// That this machine cannot run a script now is nothing that the third party said:
// the call waits a moment, and others of the account connector do not.
func TestScriptsThatCannotRunNow(t *testing.T) {
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{Command: []string{"/nowhere"}})
	defer pool.Close() //nolint:errcheck // it has no workers
	db, party := storetest.SQLite(t), newStrict(t, 1, time.Minute, "60")
	s := newSender(t, db, false)
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer client.Close()
	s.caller = invoke.New(client, invoke.Options{Scripts: pool})
	c := party.call("c")
	c.Script = "function before_action() { return true; }"
	key := limit.Key{Account: 1, Connector: 2}
	var later *invoke.Later
	if _, err := s.send(t.Context(), 1, key, c); !errors.As(err, &later) || later.Met != nil || time.Until(later.Until) > exhaustedWait {
		t.Errorf("a transaction's: %v", err)
	}
	c.Origin.Transaction = 0
	if _, err := s.send(t.Context(), 1, key, c); tandem.ErrorCode(err) != tandem.Unavailable {
		t.Errorf("on demand: %v", err)
	}
	if finish(t.Context(), t, s, party.call("c")); party.refusals() > 0 {
		t.Error("a call without a script was refused")
	}
	if waits, err := db.ConnectorWaits(t.Context()); err != nil || len(waits) > 0 {
		t.Errorf("waits %+v, %v", waits, err)
	}
}

// Who asks on demand waits for as long as its context lets it, and is told
// otherwise.
func TestOnDemandWaits(t *testing.T) {
	party := newStrict(t, 1, 900*time.Millisecond, "1")
	s := newSender(t, storetest.SQLite(t), false)
	c := party.call("")
	c.Origin.Transaction = 0
	for range 2 { // the second meets the limit, waits, and goes
		if _, err := s.send(t.Context(), 1, limit.Key{Account: 1, Connector: 2}, c); err != nil {
			t.Error(err)
		}
	}
	if party.refusals() != 1 {
		t.Errorf("%d refused", party.refusals())
	}
	slow := party.call("", connector.RateLimit{Requests: 1, Seconds: 9})
	slow.Origin.Transaction = 0
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := s.send(ctx, 1, limit.Key{Account: 1, Connector: 4}, slow)
	var e *tandem.Error
	if !errors.As(err, &e) || e.Code != tandem.RateLimited || e.RetryAfter <= 0 {
		t.Errorf("with too little time: %v", err)
	}
}
