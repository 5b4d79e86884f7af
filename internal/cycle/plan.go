package cycle

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// version names a version of a cycle that was activated, so never changes; and
// the connectors that it is compiled with, of which the partner's own may.
type version struct {
	account tandem.AccountID
	cycle   tandem.CycleID
	version int64
	shelf   tandem.Shelf
}

type plan struct {
	plan  *workflow.Plan
	cycle *tandem.Cycle
}

// forget drops a cycle's plans, which carry its name.
func (s *Cycles) forget(id tandem.CycleID) {
	s.plans.Forget(func(v version, _ plan) bool { return v.cycle == id })
}

// Plan gives a version of a cycle, compiled, for the interpreter; and the cycle
// as it was in that version, without its figures. Both are shared: nobody
// changes them.
//
// Errors: NotFound; Invalid, when a connector that it uses has changed so that
// it cannot run any more.
func (s *Cycles) Plan(ctx context.Context, a tandem.AccountID, id tandem.CycleID, v int64) (*workflow.Plan, *tandem.Cycle, error) {
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, nil, fmt.Errorf("plan of cycle %s version %d: %w", id, v, err)
	}
	key := version{a, id, v, shelf}
	if p, ok := s.plans.Get(key); ok {
		return p.plan, p.cycle, nil
	}
	p, err := s.plans.Load(key, func() (plan, error) {
		c, err := s.store.CycleVersion(ctx, a, id, v)
		if err != nil {
			return plan{}, err
		}
		compiled, err := workflow.Compile(&c.Graph, shelf.Resolve)
		return plan{compiled, c}, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("plan of cycle %s version %d: %w", id, v, err)
	}
	return p.plan, p.cycle, nil
}

// StepNames implements tandem.CycleControl.
func (s *Cycles) StepNames(ctx context.Context, a tandem.AccountID, id tandem.CycleID, v int64) (map[tandem.StepID]string, error) {
	c, err := s.store.CycleVersion(ctx, a, id, v)
	if err != nil {
		return nil, fmt.Errorf("names of the steps of cycle %s version %d: %w", id, v, err)
	}
	names := make(map[tandem.StepID]string, len(c.Graph.Steps))
	for _, step := range c.Graph.Steps {
		names[step.ID] = step.Name
	}
	return names, nil
}
