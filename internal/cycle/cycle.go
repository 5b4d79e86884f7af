package cycle

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var (
	_ tandem.Cycles       = (*Cycles)(nil)
	_ tandem.CycleControl = (*Cycles)(nil)
)

// Limits of what people type.
const (
	maxTags = 50
)

// maxPlans bounds the compiled plans in memory.
const maxPlans = 5_000

// Cycles is the service. It is safe for concurrent use.
type Cycles struct {
	log          *slog.Logger
	store        Store
	states       StateStore
	hooks        HookStore
	library      Library
	connections  Connections
	transactions Transactions
	caller       Caller
	scripts      Scripts                                                    // nil: there are none
	keepSecret   func(context.Context, tandem.Webhook, tandem.Secret) error // nil: nobody does
	webhookURL   string                                                     // before the key
	changed      func(tandem.AccountID, tandem.CycleID)
	settleEvery  time.Duration
	ending       chan struct{} // a cycle began to end
	stopping     sync.WaitGroup
	plans        *cache.Cache[version, plan]
}

// Options of [New].
type Options struct {
	// Changed is told of every cycle that was started or stopped, as soon as
	// that is committed.
	Changed func(tandem.AccountID, tandem.CycleID)
	// KeepSecret keeps what a third party says that it signs a webhook's requests
	// with; nil: nobody does.
	KeepSecret func(ctx context.Context, w tandem.Webhook, secret tandem.Secret) error
	// Scripts evaluates the inline scripts of webhook steps; nil: those are errors.
	Scripts Scripts
	// SettleEvery is how often [Cycles.Run] looks whether cycles that are
	// ending have ended; default 1 s.
	SettleEvery time.Duration
}

// New makes the service. serviceURL is where browsers and third parties reach
// this installation.
func New(log *slog.Logger, store Store, states StateStore, hooks HookStore, library Library, connections Connections,
	transactions Transactions, caller Caller, serviceURL string, o Options,
) *Cycles {
	if o.Changed == nil {
		o.Changed = func(tandem.AccountID, tandem.CycleID) {}
	}
	return &Cycles{
		log: log, store: store, states: states, hooks: hooks, library: library, connections: connections, transactions: transactions, caller: caller, scripts: o.Scripts, keepSecret: o.KeepSecret,
		webhookURL: strings.TrimSuffix(serviceURL, "/") + "/api/webhook/",
		changed:    o.Changed, settleEvery: cmp.Or(o.SettleEvery, time.Second), ending: make(chan struct{}, 1),
		plans: cache.New[version, plan](maxPlans, 0),
	}
}

// Create implements tandem.Cycles.
func (s *Cycles) Create(ctx context.Context, a tandem.AccountID, u tandem.CycleUpdate) (*tandem.Cycle, error) {
	c := &tandem.Cycle{Account: a}
	apply(c, u)
	return c, s.Add(ctx, c)
}

// Add puts a cycle into its account, paused, and fills in what is new: its version
// and time, and its id, unless it has one. Its steps have ids of their own already.
//
// Errors: Invalid.
func (s *Cycles) Add(ctx context.Context, c *tandem.Cycle) error {
	if err := s.check(ctx, c); err != nil {
		return fmt.Errorf("add cycle: %w", err)
	}
	c.ID = cmp.Or(c.ID, tandem.CycleID(tandem.NewGUID()))
	c.Version, c.Revision, c.Status, c.Created = 1, 1, tandem.CyclePaused, time.Now().UTC().Truncate(time.Microsecond)
	if err := s.store.InsertCycle(ctx, c); err != nil {
		return fmt.Errorf("add cycle: %w", err)
	}
	return nil
}

// Get implements tandem.Cycles.
func (s *Cycles) Get(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error) {
	c, err := s.store.Cycle(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("get cycle %s: %w", id, err)
	}
	return c, nil
}

// List implements tandem.Cycles.
func (s *Cycles) List(ctx context.Context, a tandem.AccountID, f tandem.CycleFilter) (tandem.Page[tandem.Cycle], error) {
	page, err := s.store.Cycles(ctx, a, f)
	if err != nil {
		return page, fmt.Errorf("list cycles of account %d: %w", a, err)
	}
	return page, nil
}

// Update implements tandem.Cycles.
func (s *Cycles) Update(ctx context.Context, a tandem.AccountID, id tandem.CycleID, u tandem.CycleUpdate) (*tandem.Cycle, error) {
	return s.Edit(ctx, a, id, func(c *tandem.Cycle) error { apply(c, u); return nil })
}

// Edit implements tandem.Cycles.
func (s *Cycles) Edit(ctx context.Context, a tandem.AccountID, id tandem.CycleID, edit func(*tandem.Cycle) error) (*tandem.Cycle, error) {
	c, err := s.store.ChangeCycle(ctx, a, id, func(c *tandem.Cycle) error {
		if err := c.Changeable(); err != nil {
			return err
		}
		was := *c
		if err := edit(c); err != nil {
			return err
		}
		c.Account, c.ID, c.Version, c.Revision, c.Status, c.Created = was.Account, was.ID, was.Version, was.Revision, was.Status, was.Created
		return s.check(ctx, c)
	})
	if err != nil {
		return nil, fmt.Errorf("edit cycle %s: %w", id, err)
	}
	s.forget(id)
	return c, nil
}

// apply makes the changes of an update.
func apply(c *tandem.Cycle, u tandem.CycleUpdate) {
	u.Name.Apply(&c.Name)
	u.Description.Apply(&c.Description)
	u.Tags.Apply(&c.Tags)
	u.Shareable.Apply(&c.Shareable)
	c.Graph.StepErrorAction = errorAction(c.Graph.StepErrorAction, u)
	if u.Retries.Apply(&c.Graph.Retries); c.Graph.StepErrorAction != tandem.RetryStep && !u.Retries.Set {
		c.Graph.Retries = 0
	}
	u.CollectionSplitType.Apply(&c.Graph.CollectionSplitType)
	if u.LogStepDataRequests.Set {
		c.Graph.OmitRequests = !u.LogStepDataRequests.Null && !u.LogStepDataRequests.Value
	}
	u.StepDataSuccessRetentionHours.ApplyPointer(&c.Retention.Success)
	u.StepDataErroredRetentionHours.ApplyPointer(&c.Retention.Errored)
}

// errorAction is what an update makes of a cycle's. Of its two words for it the
// one that says something new counts: clients send back all that they have read.
func errorAction(was tandem.StepErrorAction, u tandem.CycleUpdate) tandem.StepErrorAction {
	now := was
	u.StepErrorAction.Apply(&now)
	other := cmp.Or(now, tandem.StopTransaction) != cmp.Or(was, tandem.StopTransaction)
	goOn := u.ContinueOnStepError
	switch {
	case other, !goOn.Set, goOn.Null, goOn.Value == (was == tandem.IgnoreError):
		return now
	case goOn.Value:
		return tandem.IgnoreError
	}
	return tandem.StopTransaction
}

// check refuses a cycle that is not sound, and drops what nothing refers to.
func (s *Cycles) check(ctx context.Context, c *tandem.Cycle) error {
	if err := tandem.CheckName(&c.Name); err != nil {
		return err
	}
	if len(c.Tags) > maxTags {
		return tandem.Invalidf("Tags", "Tags: there may be at most %d", maxTags)
	}
	if c.Tags == nil {
		c.Tags = []string{}
	}
	if err := c.Retention.Check(); err != nil {
		return err
	}
	shelf, err := s.library.AccountShelf(ctx, c.Account)
	if err != nil {
		return err
	}
	if err := workflow.Validate(&c.Graph, shelf.Resolve); err != nil {
		return err
	}
	return s.checkConnectors(ctx, shelf, c)
}

// checkConnectors makes sure that each connector of the graph is one that the
// account may use, of the release that the graph was made for.
func (s *Cycles) checkConnectors(ctx context.Context, shelf tandem.Shelf, c *tandem.Cycle) error {
	kept := map[string]tandem.AccountConnectorID{}
	if len(c.Graph.Connectors) > 0 {
		usable, err := s.connections.List(ctx, c.Account)
		if err != nil {
			return err
		}
		for _, ref := range c.Graph.Connectors {
			id, ok := c.Connectors[ref.Ref]
			if !ok {
				continue // the prerequisites ask for it
			}
			if err := checkConnector(shelf, ref, id, usable); err != nil {
				return err
			}
			kept[ref.Ref] = id
		}
	}
	c.Connectors = kept
	return nil
}

func checkConnector(shelf tandem.Shelf, ref tandem.ConnectorRef, id tandem.AccountConnectorID, usable []tandem.AccountConnector) error {
	i := slices.IndexFunc(usable, func(u tandem.AccountConnector) bool { return u.ID == id })
	if i < 0 {
		return tandem.Invalidf("AccountConnector", "Account connector %d could not be found.", id)
	}
	lc, err := shelf.Connector(usable[i].Connector)
	if err != nil {
		return err
	}
	if release, err := shelf.Release(ref); err != nil || release.ID != lc.ID {
		return tandem.Invalidf("AccountConnector", "Account connector %d is of %s %s, and the cycle was made for %s %s.", id, lc.Name, lc.Version, ref.Name, ref.Version)
	}
	return nil
}
