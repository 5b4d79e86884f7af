package run_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// world is a journal in memory, an engine of one thread over it that can crash,
// and a third party that is an HTTP server.
type world struct {
	tb      testing.TB
	in      *run.Integration
	options run.Options
	server  *httptest.Server

	mu      sync.Mutex
	effects []effect                        // requests that the third party got
	answer  func(path, body string) reply   // nil: 200 {"ok":true}
	limit   func(place int64) time.Duration // that a call has to wait for; nil: no limit

	txns      []*txn
	incidents []tandem.Incident
	meter     map[string]journal.Count
	lastRuns  map[tandem.StepID]time.Time
	arrivals  []journal.Arrival
	matches   map[tandem.TransactionID][]journal.Match
	answers   []journal.Answer
	stopped   []string
	held      []int // after how many commits the cycle was
	commits   int
	crashAt   int // the commit after which the process dies; 0: none
}

type effect struct{ Path, Body, Key string }

type reply struct {
	status     int
	body, next string
	message    string // of a status that is an error
	retryAfter time.Duration
	never      bool // comes: the caller has to go away

	condition *bool
	warning   string
	lastRun   time.Time
}

type txn struct {
	journal.Txn
	items    []tandem.StepItem
	children int // not at their end
}

var errCrash = errors.New("crash")

// newWorld runs a graph whose connector has the methods that the steps name.
func newWorld(tb testing.TB, g *tandem.Graph, methods ...connector.Method) *world {
	w := &world{tb: tb, meter: map[string]journal.Count{}, lastRuns: map[tandem.StepID]time.Time{}, matches: map[tandem.TransactionID][]journal.Match{}}
	c := &connector.Connector{Name: "Test", Methods: methods}
	g.Connectors = []tandem.ConnectorRef{{Ref: "c"}}
	p, err := workflow.Compile(g, func(_ tandem.ConnectorRef, id string) (*connector.Connector, *connector.Method, error) {
		for i := range methods {
			if methods[i].MethodUniqueIdentifier == id {
				return c, &methods[i], nil
			}
		}
		return nil, nil, tandem.NotFoundf("no method %s", id)
	})
	if err != nil {
		tb.Fatal(err)
	}
	w.in = &run.Integration{Name: "The cycle", Plan: p, Connectors: map[string]tandem.AccountConnectorID{"c": 3}}
	return w
}

// serve makes calls go out over HTTP.
func (w *world) serve() {
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		a := w.effect(effect{r.URL.Path, string(b), r.Header.Get("Idempotency-Key")})
		if a.never {
			<-r.Context().Done()
			return
		}
		rw.Header().Set("X-Next", a.next)
		rw.WriteHeader(a.status)
		_, _ = io.WriteString(rw, a.body)
	}))
	w.tb.Cleanup(w.server.Close)
}

// effect is what the third party does.
func (w *world) effect(e effect) reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.effects = append(w.effects, e)
	a := reply{body: `{"ok":true}`}
	if w.answer != nil {
		a = w.answer(e.Path, e.Body)
	}
	if a.status == 0 {
		a.status = 200
	}
	return a
}

// Call implements run.Invoker. The path is the method and its page.
func (w *world) Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	if a != 1 || id != 3 || c.Connector == nil {
		w.tb.Errorf("call with account %d, connector %d", a, id)
	}
	if w.limit != nil {
		if wait := w.limit(c.Origin.Place); wait > 0 {
			return invoke.Result{}, &invoke.Later{Until: time.Now().Add(wait), Place: 7}
		}
	}
	if o := c.Origin; o.Account != 1 || o.Connector != 3 || o.Cycle != "cycle" || o.Step == "" || o.Transaction == 0 || o.Mode != invoke.Running {
		w.tb.Errorf("call with origin %+v", o)
	}
	path := "/" + c.Method.MethodUniqueIdentifier + c.Page
	var body []byte
	if c.Body != nil {
		body, _ = json.Marshal(c.Body)
	}
	answer, err := w.exchange(ctx, path, body, c.IdempotencyKey)
	if err != nil {
		return invoke.Result{}, err
	}
	out := invoke.Result{Request: &tandem.Exchange{Method: c.Method.HTTPMethod, URL: path, Body: body}, Response: &tandem.Exchange{Status: answer.status, Body: []byte(answer.body)}, Next: answer.next, Condition: answer.condition, Warning: answer.warning, LastRun: answer.lastRun}
	switch {
	case answer.status == 429:
		return out, &invoke.Later{Until: time.Now().Add(answer.retryAfter), Met: &invoke.Error{Kind: invoke.RateLimited, Short: tandem.IncidentNotCalled, Detail: "429 Too Many Requests"}}
	case answer.status == 401:
		return out, &invoke.Error{Kind: invoke.Auth, Short: tandem.IncidentNotAuthenticated, Detail: "401 Unauthorized"}
	case answer.status >= 400:
		return out, &invoke.Error{Kind: invoke.Permanent, Short: tandem.IncidentNotCalled, Detail: cmp.Or(answer.message, "answered "+strconv.Itoa(answer.status))}
	}
	return out, nil
}

func (w *world) exchange(ctx context.Context, path string, body []byte, key string) (reply, error) {
	if w.server == nil {
		return w.effect(effect{path, string(body), key}), nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Idempotency-Key", key)
	res, err := w.server.Client().Do(r)
	if err != nil {
		return reply{}, &invoke.Error{Kind: invoke.Transient, Short: tandem.IncidentNotCalled, Detail: err.Error()}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return reply{status: res.StatusCode, body: string(b), next: res.Header.Get("X-Next")}, err
}

// Plan implements run.Plans.
func (w *world) Plan(context.Context, tandem.AccountID, tandem.CycleID, int64) (*run.Integration, error) {
	return w.in, nil
}

// Items implements run.Records.
func (w *world) Items(_ context.Context, _ tandem.AccountID, id tandem.TransactionID) ([]tandem.StepItem, error) {
	return w.txn(id).items, nil
}

// LastRun implements run.Records.
func (w *world) LastRun(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, s tandem.StepID) (time.Time, error) {
	return w.lastRuns[s], nil
}

// Kept implements run.Records.
func (w *world) Kept(context.Context, tandem.AccountID, tandem.CycleID) (time.Duration, error) {
	return 31 * 24 * time.Hour, nil
}

// Awaits implements run.Records.
func (w *world) Awaits(_ context.Context, _ tandem.AccountID, id tandem.TransactionID) (until time.Time, err error) {
	for _, m := range w.matches[id] {
		if m.Until.After(until) {
			until = m.Until
		}
	}
	return until, nil
}

// Stop implements run.Stopper.
func (w *world) Stop(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, reason string) (func(), error) {
	w.stopped = append(w.stopped, reason)
	return func() { w.held = append(w.held, w.commits) }, nil
}

func (w *world) txn(id tandem.TransactionID) *txn { return w.txns[id-1] }

func (w *world) submit(n journal.NewTxn) *txn {
	t := &txn{items: n.Items, Txn: journal.Txn{
		ID: tandem.TransactionID(len(w.txns) + 1), Account: n.Account, Cycle: n.Cycle, Version: n.Version,
		Parent: n.Parent, Created: n.Created, Frontier: n.Frontier, NextSeq: int32(len(n.Items)) + 1, Unlogged: n.Unlogged,
	}}
	w.txns = append(w.txns, t)
	w.count(n.Meter)
	return t
}

func (w *world) count(counts []journal.Count) {
	for _, c := range counts {
		sum := w.meter[c.Method]
		sum.Succeeded += c.Succeeded
		sum.Failed += c.Failed
		w.meter[c.Method] = sum
	}
}

// lease commits to the world.
type lease struct{ w *world }

func (l lease) Commit(ctx context.Context, d journal.Delta) error {
	w := l.w
	if ctx.Err() != nil || d.Account != 1 || d.Cycle != "cycle" {
		w.tb.Errorf("commit: %v, account %d, cycle %s", ctx.Err(), d.Account, d.Cycle)
	}
	t := w.txn(d.Txn)
	for _, item := range d.Items {
		if item.Seq != t.NextSeq {
			w.tb.Errorf("item %d comes after %d", item.Seq, t.NextSeq-1)
		}
		t.items = append(t.items, item)
		t.NextSeq++
	}
	t.Status, t.Frontier, t.Wake = d.Status, d.Frontier, d.Wake
	t.children += len(d.Children)
	for _, c := range d.Children {
		w.submit(c)
	}
	w.count(d.Meter)
	w.incidents = append(w.incidents, d.Incidents...)
	w.arrivals = append(w.arrivals, d.Arrivals...)
	w.answers = append(w.answers, d.Answers...)
	if len(d.Matches) > 0 {
		w.matches[d.Txn] = append(w.matches[d.Txn], d.Matches...)
	}
	if d.Unmatch {
		delete(w.matches, d.Txn)
	}
	for _, l := range d.LastRuns {
		w.lastRuns[l.Step] = l.At
	}
	if d.Status.Final() && d.Parent != 0 {
		w.txn(d.Parent).children--
		w.settle(w.txn(d.Parent))
	}
	w.settle(t)
	if w.commits++; w.commits == w.crashAt {
		return errCrash
	}
	return nil
}

// settle ends what was split with the last of its children, and what it is a part of.
func (w *world) settle(t *txn) {
	if t.Status != tandem.TransactionSplit || t.children > 0 {
		return
	}
	if t.Status = tandem.TransactionCompleted; t.Parent != 0 {
		w.txn(t.Parent).children--
		w.settle(w.txn(t.Parent))
	}
}

func (w *world) runner() *run.Runner {
	return run.New(slog.New(slog.DiscardHandler), w, w, w, w, w.options)
}

// slice runs one slice of a transaction.
func (w *world) slice(ctx context.Context, t *txn) (engine.Yield, error) {
	copied := t.Txn
	return w.runner().Slice(ctx, lease{w}, copied)
}

// run runs all transactions to their ends, starting again after a crash.
func (w *world) run(ctx context.Context) {
	w.tb.Helper()
	for busy, slices := true, 0; busy; {
		busy = false
		for i := 0; i < len(w.txns); i++ {
			t := w.txns[i]
			if t.Status.Final() || t.Status == tandem.TransactionSplit {
				continue
			}
			busy = true
			if slices++; slices > 10_000 {
				w.tb.Fatal("no end")
			}
			if wait := time.Until(t.Wake); wait > 0 {
				time.Sleep(wait) // in a bubble
			}
			y, err := w.slice(ctx, t)
			if err != nil && !errors.Is(err, errCrash) {
				w.tb.Fatal(err)
			}
			if err != nil {
				i-- // children get their ids in the same order as without a crash
				continue
			}
			if y.Kind != engine.Children && (y.Kind == engine.Done) != t.Status.Final() {
				w.tb.Errorf("yield %v with status %v", y.Kind, t.Status)
			}
		}
	}
}

// firing is a trigger going off.
func (w *world) firing() run.Firing {
	return run.Firing{Account: 1, Cycle: "cycle", Version: 1, Step: w.in.Plan.Trigger.ID, Method: w.in.Plan.Trigger.Method.MethodUniqueIdentifier, At: time.Now(), OmitRequests: w.in.Plan.OmitRequests}
}

func (w *world) webhook(body string) *txn {
	return w.submit(run.WebhookStart(w.firing(), tandem.Exchange{Method: "POST", URL: "/api/webhook/k", Body: []byte(body)}))
}

// story is all that happened, without times and without how it was cut up.
func (w *world) story() map[string]any {
	states := map[string]any{}
	for _, t := range w.txns {
		var items []string
		for _, i := range t.items {
			body := ""
			if i.Response != nil {
				body = string(i.Response.Body)
			}
			items = append(items, fmt.Sprintf("%d<%d %s %s%s %q tasks %d", i.Seq, i.Prev, i.StepID, i.Outcome, i.Exit, body, i.Tasks))
		}
		states[fmt.Sprintf("transaction %d of %d", t.ID, t.Parent)] = []any{t.Status.String(), items}
	}
	// An effect that was repeated has the key that it had before.
	effects := map[string]effect{}
	for _, e := range w.effects {
		if was, ok := effects[e.Key]; ok && was != e {
			w.tb.Errorf("one key for %v and %v", was, e)
		}
		effects[e.Key] = e
	}
	var incidents []string
	for _, i := range w.incidents {
		incidents = append(incidents, fmt.Sprintf("%s %s %s: %s", i.IncidentLevel, i.StepName, i.ShortMessage, i.FullMessage))
	}
	return map[string]any{"transactions": states, "effects": effects, "meter": maps.Clone(w.meter), "incidents": incidents, "ran": len(w.lastRuns)}
}

// tasks are what a transaction's items count.
func (t *txn) tasks() (n int) {
	for _, i := range t.items {
		n += i.Tasks
	}
	return n
}

// lost is the lease of a process that dies before its commit.
type lost struct{}

func (lost) Commit(context.Context, journal.Delta) error { return errCrash }
