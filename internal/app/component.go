package app

import (
	"context"

	"github.com/tandem-ipaas/tandem/internal/lifecycle"
	"github.com/tandem-ipaas/tandem/internal/usage"
)

// components are what works in the background, in the order of starting.
func (a *App) components() []lifecycle.Component {
	all := []lifecycle.Component{
		{Name: "engine", Run: func(ctx context.Context) error { return a.engine.Run(ctx, a.runner) }},
		{Name: "cycles", Run: a.cycles.Run},
		{Name: "timers", Run: a.timers.Run},
		{Name: "barriers", Run: a.barriers.Run},
		{Name: "audit", Run: a.audit.Run}, // what happened here
		{Name: "traffic", Run: a.traffic.Run},
		{Name: "rotation", Run: a.rotate},
	}
	if a.cfg.has(RoleWorker) {
		all = append(all, a.upkeep()...)
	}
	if a.cfg.MetricsListen != "" {
		all = append(all, lifecycle.Component{Name: "metrics", Run: a.serveMetrics})
	}
	if a.listener != nil {
		all = append(all, lifecycle.Component{Name: "server", Run: a.serve})
	}
	return all
}

// upkeep is what workers do besides running transactions.
func (a *App) upkeep() []lifecycle.Component {
	all := []lifecycle.Component{
		{Name: "retention", Run: a.sweep},
		{Name: "sums", Run: func(ctx context.Context) error { return usage.KeepSummed(ctx, a.log, a.store) }},
		{Name: "ledger", Run: func(ctx context.Context) error { return usage.KeepFolded(ctx, a.log, a.store) }},
		{Name: "allowance", Run: usage.NewWatch(a.log, a.store, a.Settings, a.mailer).Run},
		{Name: "teller", Run: a.teller.Run},
		{Name: "notices", Run: a.notices.Run},
		{Name: "rollouts", Run: a.rollouts.Run},
		{Name: "repeats", Run: a.repeats.Run},
	}
	if a.mailer.Ready() {
		all = append(all, lifecycle.Component{Name: "mail", Run: a.mailer.Run})
	}
	return all
}
