package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// maxLaunches is how many cycles may start each other.
const maxLaunches = 10

// launches starts cycles for steps of others.
type launches struct {
	store  *store.Store
	engine engine.Engine
}

// Launch implements utility.Cycles.
func (l launches) Launch(ctx context.Context, in utility.Launch) (tandem.TransactionID, error) {
	c, err := l.find(ctx, in.Account, in.Cycle)
	if err != nil {
		return 0, err
	}
	depth, err := l.store.StartDepth(ctx, in.Account, in.From)
	if err != nil {
		return 0, err
	}
	if depth++; depth > maxLaunches {
		return 0, tandem.Conflictf("The cycle %q is not started: cycles may start each other %d deep, and perhaps these go round.", c.Name, maxLaunches)
	}
	n, err := l.transaction(ctx, c, in.Data)
	if err != nil {
		return 0, err
	}
	n.Trigger, n.Key = store.StartedAt(depth), in.Once
	ids, err := l.engine.Submit(ctx, n)
	if err != nil {
		return 0, fmt.Errorf("start cycle %s: %w", c.ID, err)
	}
	return ids[0], nil
}

// find finds a running cycle by its id, or by the name that it alone has.
func (l launches) find(ctx context.Context, a tandem.AccountID, name string) (*tandem.Cycle, error) {
	c, err := l.named(ctx, a, name)
	if err != nil {
		return nil, err
	}
	suspended, err := l.store.Suspended(ctx, a)
	if err == nil && (suspended || c.Status != tandem.CycleRunning) {
		err = tandem.Conflictf("The cycle %q is not running.", c.Name)
	}
	return c, err
}

func (l launches) named(ctx context.Context, a tandem.AccountID, name string) (*tandem.Cycle, error) {
	if id, err := tandem.ParseGUID("Cycle", name); err == nil {
		return l.store.Cycle(ctx, a, tandem.CycleID(id))
	}
	all, err := l.Named(ctx, a, name)
	if err != nil {
		return nil, err
	}
	var found *tandem.Cycle
	for i := range all {
		switch {
		case all[i].Name != name:
		case found != nil:
			return nil, tandem.Invalidf("Cycle", "Cycle: there is more than one cycle %q: give its id", name)
		default:
			found = &all[i]
		}
	}
	if found == nil {
		return nil, tandem.NotFoundf("There is no cycle %q.", name)
	}
	return found, nil
}

// Named implements utility.Cycles.
func (l launches) Named(ctx context.Context, a tandem.AccountID, part string) ([]tandem.Cycle, error) {
	page, err := l.store.Cycles(ctx, a, tandem.CycleFilter{Query: part, PageRequest: tandem.PageRequest{Page: 1, PageSize: tandem.MaxPageSize}})
	return page.Rows, err
}

// transaction is one of a cycle, that begins as if its webhook had got the data,
// or its timer were due.
func (l launches) transaction(ctx context.Context, c *tandem.Cycle, data any) (journal.NewTxn, error) {
	hooks, err := l.store.Webhooks(ctx, c.Account, c.ID)
	if err != nil {
		return journal.NewTxn{}, err
	}
	at := time.Now()
	if len(hooks) == 0 {
		return run.TimerStart(run.Firing{Account: c.Account, Cycle: c.ID, Version: c.Version, At: at}), nil
	}
	body, err := json.Marshal(data)
	if err != nil {
		return journal.NewTxn{}, tandem.Invalidf("Data", "Data: cannot be written as JSON")
	}
	return startByWebhook(hooks[0], at, tandem.Exchange{Body: body}), nil
}
