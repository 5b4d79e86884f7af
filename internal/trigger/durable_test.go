package trigger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// plant is a real store and engine, with a cycle whose transactions end at
// once.
type plant struct {
	store  *store.Store
	engine engine.Engine
	cycle  *tandem.Cycle
	ran    atomic.Int64
}

// Spoils implements engine.Runner.
func (*plant) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

// Slice implements engine.Runner.
func (p *plant) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	err := l.Commit(ctx, journal.Delta{Account: t.Account, Txn: t.ID, Cycle: t.Cycle, Epoch: t.Epoch, Status: tandem.TransactionCompleted})
	p.ran.Add(1)
	return engine.Yield{Kind: engine.Done}, err
}

// kept is the store as the intake has it.
type kept struct{ *store.Store }

func (k kept) Items(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) ([]tandem.StepItem, error) {
	return k.Transactions().Items(ctx, a, id)
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	return newPlantOn(t, storetest.SQLite(t))
}

func newPlantOn(t *testing.T, s *store.Store) *plant {
	t.Helper()
	ctx, p := t.Context(), &plant{store: s}
	partner, err := p.store.CreatePartner(ctx, "p", tandem.ConsoleUser{Email: "a@b.test"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	a := &tandem.Account{Partner: partner, APIID: "a", Name: "a", Timezone: "UTC", Enabled: true}
	if err := p.store.CreateAccount(ctx, a, func(tandem.AccountID) ([]byte, error) { return []byte{1}, nil }); err != nil {
		t.Fatal(err)
	}
	p.cycle = &tandem.Cycle{Account: a.ID, ID: tandem.CycleID(tandem.NewGUID()), Version: 1, Name: "c", Status: tandem.CyclePaused}
	p.cycle.Graph.Steps = []tandem.Step{{ID: tandem.StepID(tandem.NewGUID()), ActionType: tandem.WebhookStep}}
	if err := p.store.InsertCycle(ctx, p.cycle); err != nil {
		t.Fatal(err)
	}
	if p.engine, err = local.New(ctx, slog.New(slog.DiscardHandler), p.store, p.store, local.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- p.engine.Run(ctx, p) }()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *plant) change(t *testing.T, do func(*tandem.Cycle)) {
	t.Helper()
	_, err := p.store.ChangeCycle(t.Context(), p.cycle.Account, p.cycle.ID, func(c *tandem.Cycle) error { do(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// serve starts the cycle and gives its webhook's handler and address.
func (p *plant) serve(t *testing.T) (*trigger.Intake, string) {
	t.Helper()
	p.change(t, func(c *tandem.Cycle) { c.Status = tandem.CycleRunning })
	all, err := p.store.Webhooks(t.Context(), p.cycle.Account, p.cycle.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	in := trigger.NewIntake(slog.New(slog.DiscardHandler), kept{p.store}, p.engine, start, trigger.IntakeOptions{})
	server := httptest.NewServer(in)
	t.Cleanup(server.Close)
	return in, server.URL + trigger.Path + all[0].Key
}

// post gives the status and the transaction of the answer.
func post(t *testing.T, url, event string) (int, tandem.TransactionID) {
	t.Helper()
	resp, body := send(t, "POST", url, `{"a":1}`, "Content-Type", "application/json", "Idempotency-Key", event)
	if resp.StatusCode != 200 {
		return resp.StatusCode, 0
	}
	return resp.StatusCode, transactionOf(t, body)
}

// transactionOf is the one that an answer tells of.
func transactionOf(t *testing.T, body string) tandem.TransactionID {
	t.Helper()
	var answer struct{ TransactionID tandem.TransactionID }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Errorf("%s: %v", body, err)
	}
	return answer.TransactionID
}

func TestEveryAnsweredRequestIsATransaction(t *testing.T) {
	p := newPlant(t)
	_, url := p.serve(t)
	const events, times = 20, 3
	var wait sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]map[tandem.TransactionID]bool{}
	for i := range events * times {
		wait.Go(func() {
			event := fmt.Sprint("event ", i%events)
			status, id := post(t, url, event)
			if status != 200 {
				t.Errorf("%s: %d", event, status)
			}
			mu.Lock()
			defer mu.Unlock()
			if ids[event] == nil {
				ids[event] = map[tandem.TransactionID]bool{}
			}
			ids[event][id] = true
		})
	}
	wait.Wait()
	for event, of := range ids {
		if len(of) != 1 {
			t.Errorf("%s, sent %d times, made %d transactions", event, times, len(of))
		}
		for id := range of {
			if _, err := p.store.Transactions().Get(t.Context(), p.cycle.Account, id); err != nil {
				t.Errorf("%s: %v", event, err)
			}
		}
	}
	page, err := p.store.Transactions().List(t.Context(), p.cycle.Account, tandem.TransactionFilter{})
	if err != nil || page.Total != events {
		t.Errorf("%d transactions, %v, want %d", page.Total, err, events)
	}
}

// A request that was let in on what was known before a stop waits, held.
func TestLateRequestIsHeld(t *testing.T) {
	p := newPlant(t)
	_, url := p.serve(t)
	if status, _ := post(t, url, "1"); status != 200 {
		t.Fatal(status)
	}
	p.change(t, func(c *tandem.Cycle) { c.Status = tandem.CyclePaused })
	if err := p.engine.SignalCycle(t.Context(), p.cycle.Account, p.cycle.ID, engine.Hold); err != nil {
		t.Fatal(err)
	}
	ran := p.ran.Load()
	status, id := post(t, url, "2") // nobody told the handler
	if status != 200 {
		t.Fatalf("%d: the handler knows of the stop, and nothing is tested", status)
	}
	if got, err := p.store.Transactions().Get(t.Context(), p.cycle.Account, id); err != nil || got.Status.Final() || p.ran.Load() != ran {
		t.Errorf("%+v, %v: it ran after the stop", got, err)
	}
	p.change(t, func(c *tandem.Cycle) { c.Status = tandem.CycleRunning })
	if err := p.engine.SignalCycle(t.Context(), p.cycle.Account, p.cycle.ID, engine.Resume); err != nil {
		t.Fatal(err)
	}
	p.ended(t, id)
}

// ended waits until a transaction is at its end.
func (p *plant) ended(t *testing.T, id tandem.TransactionID) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		got, err := p.store.Transactions().Get(ctx, p.cycle.Account, id)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status.Final() {
			return
		}
	}
}

func TestTimersOnARealStore(t *testing.T) {
	p := newPlant(t)
	p.change(t, func(c *tandem.Cycle) { c.Status, c.RunOnce, c.StartTime = tandem.CycleRunning, true, time.Now() })
	fired := make(chan struct{}, 9)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var nodes sync.WaitGroup
	for range 2 {
		timers := trigger.NewTimers(slog.New(slog.DiscardHandler), p.store, p.engine, func(t tandem.Timer, at time.Time) journal.NewTxn {
			return journal.NewTxn{Account: t.Account, Cycle: t.Cycle, Version: t.Version, Created: at}
		}, trigger.TimersOptions{RanOnce: func() { fired <- struct{}{} }})
		nodes.Go(func() {
			if err := timers.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	select {
	case <-fired:
	case <-ctx.Done():
		t.Fatal("it never fired")
	}
	cancel()
	nodes.Wait()
	page, err := p.store.Transactions().List(t.Context(), p.cycle.Account, tandem.TransactionFilter{})
	if err != nil || page.Total != 1 {
		t.Fatalf("%d transactions, %v, want one", page.Total, err)
	}
	p.ended(t, page.Rows[0].ID)
	if left, err := p.store.SettleCycles(t.Context()); left != 0 || err != nil {
		t.Errorf("%d are ending, %v", left, err)
	}
	if c, err := p.store.Cycle(t.Context(), p.cycle.Account, p.cycle.ID); err != nil || c.Status != tandem.CyclePaused {
		t.Errorf("%+v, %v, want it paused after its one run", c, err)
	}
}
