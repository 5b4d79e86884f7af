package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// slice is a transaction while it runs.
type slice struct {
	*Runner
	*Integration
	frontier
	lease engine.Lease
	txn   journal.Txn
	past  map[int32]past
	seq   int32 // of the next item
	began time.Time
	steps int

	dividing dividing

	delta  journal.Delta // what is not yet committed
	called bool          // with the result of a call in it
	failed bool
	left   []byte // of one that failed: what it had yet to do
	hold   func() // holds the cycle, which has been stopped; nil: it has not
}

// run does tasks until there are none, or the slice has to end.
func (s *slice) run(ctx context.Context) (engine.Yield, error) {
	for len(s.tasks) > 0 {
		if ctx.Err() != nil || s.steps >= s.options.Steps || time.Since(s.began) >= s.options.Time {
			return engine.Yield{Kind: engine.Ready}, s.settle(ctx)
		}
		s.steps++
		wake, err := s.do(ctx)
		if err != nil {
			return engine.Yield{}, err
		}
		if !wake.IsZero() {
			s.delta.Wake = wake
			return engine.Yield{Kind: engine.Until, Wake: wake}, s.commit(ctx, tandem.TransactionWaiting)
		}
	}
	return s.end(ctx)
}

// do does the next task. A wake time says that it has to wait until then.
func (s *slice) do(ctx context.Context) (wake time.Time, err error) {
	t := *s.top()
	switch t.kind {
	case arrived:
		return wake, s.divide(ctx, s.Plan.Trigger, t)
	case divide:
		return wake, s.divide(ctx, s.Plan.Nodes[t.node], t)
	case collect:
		return s.call(ctx, s.Plan.Trigger, 0)
	case matched:
		return wake, s.matched(ctx, t)
	case perform:
		return s.perform(ctx, s.Plan.Nodes[t.node], t.prev)
	}
	return wake, errFrontier
}

// perform runs a step.
func (s *slice) perform(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	switch n.Kind {
	case tandem.DecisionStep:
		return s.decide(ctx, n, prev)
	case tandem.DelayStep, tandem.WaitUntilStep:
		return s.pause(ctx, n, prev)
	case tandem.WaitAllStep:
		s.arrive(n, prev)
		return wake, nil
	case tandem.WebhookStep:
		return s.await(ctx, n, prev)
	case tandem.SynchronousResponseStep:
		return s.answer(ctx, n, prev)
	}
	return s.call(ctx, n, prev)
}

// end finishes the transaction, after its children if it has some.
func (s *slice) end(ctx context.Context) (engine.Yield, error) {
	if s.failed {
		if s.hold != nil {
			defer s.hold() // which fences all that the cycle has under way
		}
		return engine.Yield{Kind: engine.Done}, s.commit(ctx, tandem.TransactionFailed)
	}
	if y, ok, err := s.rest(ctx); ok || err != nil {
		return y, err
	}
	if s.parent || s.held() { // requests made children, perhaps
		return engine.Yield{Kind: engine.Children}, s.commit(ctx, tandem.TransactionSplit)
	}
	return engine.Yield{Kind: engine.Done}, s.commit(ctx, tandem.TransactionCompleted)
}

// settle makes the result of a call durable.
func (s *slice) settle(ctx context.Context) error {
	if !s.called {
		return nil
	}
	return s.commit(ctx, tandem.TransactionQueued)
}

// commit writes what has happened since the last one. A slice that is stopped
// still records what it did.
func (s *slice) commit(ctx context.Context, status tandem.TransactionStatus) error {
	d := s.delta
	d.Account, d.Txn, d.Cycle, d.Parent, d.Epoch = s.txn.Account, s.txn.ID, s.txn.Cycle, s.txn.Parent, s.txn.Epoch
	d.Status, d.Unlogged = status, s.Plan.OmitRequests
	ends := status.Final() || status == tandem.TransactionSplit // with the last of its children
	if d.Frontier = s.left; !ends {
		d.Frontier = s.encode()
	}
	d.Unmatch = ends && s.held()
	if err := s.lease.Commit(context.WithoutCancel(ctx), d); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if len(d.Arrivals) > 0 && s.options.Arrived != nil {
		s.options.Arrived()
	}
	if s.Plan.Answers {
		s.tell(&d)
	}
	s.delta, s.called = journal.Delta{}, false
	return nil
}

// record adds an item to the delta, and its data to what later steps see.
func (s *slice) record(item tandem.StepItem) int32 {
	item.Seq = s.seq
	s.seq++
	if s.Plan.OmitRequests {
		item.Request = nil
	}
	s.delta.Items = append(s.delta.Items, item)
	s.remember(&item)
	return item.Seq
}

// follow goes on with the steps that an exit leads to, "" the only one, the first
// edge's first.
func (s *slice) follow(n *workflow.Node, exit tandem.EdgeType, seq int32) {
	s.push(successors(n, exit, seq)...)
}

func successors(n *workflow.Node, exit tandem.EdgeType, seq int32) []task {
	next := n.Next(cmp.Or(exit, tandem.ForwardEdge))
	tasks := make([]task, len(next))
	for i, tail := range next {
		tasks[len(next)-1-i] = task{kind: perform, node: tail.Index, prev: seq}
	}
	return slices.Clip(tasks)
}

// decide takes one exit of a decision.
func (s *slice) decide(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, _ error) {
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Exit: tandem.FalseEdge, Started: time.Now()}
	d, err := s.data(ctx, n, prev)
	yes := false
	if err == nil {
		yes, err = n.Decide(d)
	}
	item.Finished = time.Now()
	if err != nil {
		return s.undecided(ctx, n, item, err)
	}
	if yes {
		item.Exit = tandem.TrueEdge
	}
	s.pop()
	s.follow(n, item.Exit, s.record(item))
	return wake, nil
}

// undecided deals with an error of a decision.
func (s *slice) undecided(ctx context.Context, n *workflow.Node, item tandem.StepItem, err error) (wake time.Time, _ error) {
	var later *invoke.Later
	var mapping *workflow.MapError
	switch {
	case errors.As(err, &later):
		return later.Until, nil
	case errors.As(err, &mapping):
		return wake, s.fail(ctx, n, item, mappingProblem(err))
	}
	return wake, err
}
