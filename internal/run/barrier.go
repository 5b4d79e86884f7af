package run

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// arrive ends a branch at a Wait All: what comes after it is for the one
// transaction that goes on when all have ended.
func (s *slice) arrive(n *workflow.Node, prev int32) {
	now := time.Now()
	s.record(tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Started: now, Finished: now})
	s.pop()
	s.expect(n, false)
}

// expect opens the barrier at a step; or, if the trigger failed, sees to it that
// nothing goes on from there.
func (s *slice) expect(n *workflow.Node, failed bool) {
	next := successors(n, "", 1)
	if len(next) == 0 {
		return
	}
	s.delta.Arrivals = append(s.delta.Arrivals, journal.Arrival{
		Step: n.ID, Version: s.txn.Version, Frontier: (&frontier{tasks: next}).encode(), Failed: failed,
	})
}

// missed tells all barriers that the trigger failed.
func (s *slice) missed() {
	for _, n := range s.Plan.Barriers {
		s.expect(n, true)
	}
}

// Spoils implements [engine.Runner]: a trigger that is poison has failed.
func (r *Runner) Spoils(ctx context.Context, t journal.Txn) ([]journal.Arrival, error) {
	in, err := r.plans.Plan(ctx, t.Account, t.Cycle, t.Version)
	if err != nil {
		return nil, fmt.Errorf("plan of cycle %s, version %d: %w", t.Cycle, t.Version, err)
	}
	s := &slice{Runner: r, Integration: in, txn: t}
	if s.frontier, err = decodeFrontier(t.Frontier, len(in.Plan.Nodes), int(t.NextSeq)-1); err != nil {
		return nil, err
	}
	if s.triggers() {
		s.missed()
	}
	return s.delta.Arrivals, nil
}

// triggers says that the next task gets the trigger's data, or splits it: what comes
// after it of what is not split is steps.
func (s *slice) triggers() bool {
	if len(s.tasks) == 0 {
		return false
	}
	kind := s.top().kind
	return kind == collect || kind == arrived && s.splits(s.Plan.Trigger)
}

// BarrierStart makes the transaction that goes on from a barrier.
func BarrierStart(b journal.Barrier, at time.Time) journal.NewTxn {
	return journal.NewTxn{
		Account: b.Account, Cycle: b.Cycle, Version: b.Version, Created: at, Frontier: b.Frontier,
		Items: []tandem.StepItem{{Seq: 1, StepID: b.Step, Attempt: 1, Started: b.Opened, Finished: at}},
		Pass:  &journal.Pass{Step: b.Step, Mark: b.Mark},
	}
}
