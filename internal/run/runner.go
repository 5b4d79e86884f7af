package run

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Runner runs transactions. It is safe for concurrent use.
type Runner struct {
	log     *slog.Logger
	plans   Plans
	records Records
	invoker Invoker
	stopper Stopper
	options Options
}

var _ engine.Runner = (*Runner)(nil)

// Options are the settings of a Runner.
type Options struct {
	// A slice ends after so many steps, or so much time. Default 100, 5 s.
	Steps int
	Time  time.Duration
	// Children is how many are made in one commit. Default 500.
	Children int
	// Pages is how many bytes of pages are made one document. Default 64 MiB.
	Pages int
	// RetryUnit is what the waits of a step that is tried again are counted in.
	// Default a minute.
	RetryUnit time.Duration
	// Scripts evaluates inline scripts; nil: they fail.
	Scripts Scripts
	// Answered is told that there is something to tell who called a webhook, or
	// nothing any more; nil: nobody is.
	Answered func(journal.Caller)
	// Arrived is told that a barrier may have opened; nil: nobody is.
	Arrived func()
}

// New makes a Runner.
func New(log *slog.Logger, plans Plans, records Records, invoker Invoker, stopper Stopper, o Options) *Runner {
	o.Steps = cmp.Or(o.Steps, 100)
	o.Time = cmp.Or(o.Time, 5*time.Second)
	o.Children = cmp.Or(o.Children, 500)
	o.Pages = cmp.Or(o.Pages, 64<<20)
	o.RetryUnit = cmp.Or(o.RetryUnit, time.Minute)
	return &Runner{log: log, plans: plans, records: records, invoker: invoker, stopper: stopper, options: o}
}

// Slice implements [engine.Runner].
func (r *Runner) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	if t.Status.Final() {
		return engine.Yield{Kind: engine.Done}, nil
	}
	s, err := r.slice(ctx, l, t)
	if err == nil {
		var y engine.Yield
		if y, err = s.run(ctx); err == nil {
			return y, nil
		}
	}
	if ctx.Err() != nil {
		return engine.Yield{Kind: engine.Ready}, nil
	}
	return engine.Yield{}, fmt.Errorf("run transaction %s of account %d: %w", t.ID, t.Account, err)
}

// slice takes up a transaction from its last delta.
func (r *Runner) slice(ctx context.Context, l engine.Lease, t journal.Txn) (*slice, error) {
	in, err := r.plans.Plan(ctx, t.Account, t.Cycle, t.Version)
	if err != nil {
		return nil, fmt.Errorf("plan of cycle %s, version %d: %w", t.Cycle, t.Version, err)
	}
	s := &slice{Runner: r, Integration: in, lease: l, txn: t, seq: max(t.NextSeq, 1), began: time.Now()}
	s.frontier, err = decodeFrontier(t.Frontier, len(in.Plan.Nodes), int(s.seq)-1)
	if err != nil {
		return nil, err
	}
	items := t.Items
	if items == nil && s.seq > 1 && len(s.tasks) > 0 {
		if items, err = r.records.Items(ctx, t.Account, t.ID); err != nil {
			return nil, fmt.Errorf("read step items: %w", err)
		}
	}
	s.past = make(map[int32]past, len(items)+2)
	for i := range items {
		s.remember(&items[i])
	}
	return s, nil
}

// past is an item that has been recorded, with its output.
type past struct {
	item   *tandem.StepItem
	output *workflow.Output // nil: of a step that calls nothing
}

// remember makes an item's data available to the steps after it.
func (s *slice) remember(item *tandem.StepItem) {
	p := past{item: item}
	if n := s.Plan.Node(item.StepID); n != nil && n.Kind.Calls() {
		var body []byte
		if item.Response != nil && (item.Outcome == tandem.OutcomeSuccess || excused(item)) {
			body = item.Response.Body
		}
		p.output = workflow.NewOutput(item.StepID, body)
	}
	s.past[item.Seq] = p
}

// data is what a step after item prev can use.
func (s *slice) data(ctx context.Context, n *workflow.Node, prev int32) (*workflow.Data, error) {
	d := &workflow.Data{}
	for seq := prev; seq > 0; {
		p, ok := s.past[seq]
		if !ok || p.item.Prev >= seq {
			return nil, fmt.Errorf("step item %d is not recorded", seq)
		}
		if p.output != nil {
			d.Outputs = append(d.Outputs, p.output)
		}
		seq = p.item.Prev
	}
	if n.UsesLastRun {
		var err error
		if d.LastRun, err = s.records.LastRun(ctx, s.txn.Account, s.txn.Cycle, n.ID); err != nil {
			return nil, fmt.Errorf("read last run of step %s: %w", n.ID, err)
		}
	}
	return d, s.evaluate(ctx, n, d)
}

// evaluate has the step's inline scripts evaluated.
func (s *slice) evaluate(ctx context.Context, n *workflow.Node, d *workflow.Data) error {
	all, err := n.Inline(d)
	if err != nil || len(all) == 0 || s.options.Scripts == nil {
		return err
	}
	d.Inline, err = s.options.Scripts.Inline(ctx, s.txn.Account, all)
	return err
}
