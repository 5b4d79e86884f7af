package app

import (
	"cmp"
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/limit"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// shared says that other nodes may use the same database.
func (a *App) shared() bool { return a.cfg.Database != "" }

// newEngine is the engine for the database.
func (a *App) newEngine(ctx context.Context) (engine.Engine, error) {
	crashed, err := a.watchCrashes()
	if err != nil {
		return nil, err
	}
	if db, ok := a.store.Dialect().(river.Database); ok {
		return river.New(ctx, a.log, a.store, a.store, db, river.Options{Timeout: a.cfg.SliceTimeout, Limit: a.limit, Idle: !a.cfg.has(RoleWorker)})
	}
	return local.New(ctx, a.log, a.store, a.store, local.Options{Crashed: crashed, Limit: a.limit})
}

// callLimits bounds the calls that are under way on this node: they take half of the
// engine's workers at most. On PostgreSQL an account connector takes no more than
// three quarters of what an account may have of them at once.
func (a *App) callLimits() limit.Options {
	o := limit.Options{Calls: local.Workers / 2, Each: a.cfg.ConnectorCalls, Shared: a.shared()}
	if o.Shared {
		o.Calls, o.Each = river.Workers/2, cmp.Or(o.Each, river.Window*3/4)
	}
	return o
}

// enter has other processes see that this node is there, before it takes anything in.
func (a *App) enter(ctx context.Context) error {
	if e, ok := a.engine.(*river.Engine); ok {
		return e.Enter(ctx, a.store.Unmoved)
	}
	return nil
}

// limit is the engine's, which is made before the services.
func (a *App) limit(ctx context.Context, id tandem.AccountID) (int, error) {
	return a.limits.ConcurrentLimit(ctx, id)
}

// signals tells the engine about a cycle's transactions.
type signals struct{ engine engine.Engine }

func (s signals) Hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	return s.engine.SignalCycle(ctx, a, c, engine.Hold)
}

func (s signals) Resume(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	return s.engine.SignalCycle(ctx, a, c, engine.Resume)
}

func (s signals) Cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	return s.engine.SignalCycle(ctx, a, c, engine.Cancel)
}

func (s signals) Close(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	return s.engine.SignalCycle(ctx, a, c, engine.Close)
}

// plans gives the interpreter what to run.
type plans struct{ cycles *cycle.Cycles }

func (p plans) Plan(ctx context.Context, a tandem.AccountID, c tandem.CycleID, version int64) (*run.Integration, error) {
	plan, of, err := p.cycles.Plan(ctx, a, c, version)
	if err != nil {
		return nil, err
	}
	return &run.Integration{Name: of.Name, Plan: plan, Connectors: of.Connectors}, nil
}

// startByWebhook makes the transaction of a request.
func startByWebhook(w tandem.Webhook, at time.Time, request tandem.Exchange) journal.NewTxn {
	return run.WebhookStart(firing(w, at), request)
}

func firing(w tandem.Webhook, at time.Time) run.Firing {
	return run.Firing{Account: w.Account, Cycle: w.Cycle, Version: w.Version, Step: w.Step, Method: w.Method, Connector: w.Connector, At: at, OmitRequests: w.OmitRequests}
}

// startByTimer makes the transaction of a cycle that is due.
func startByTimer(t tandem.Timer, at time.Time) journal.NewTxn {
	return run.TimerStart(run.Firing{Account: t.Account, Cycle: t.Cycle, Version: t.Version, At: at})
}
