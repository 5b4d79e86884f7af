package cycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Delete implements tandem.Cycles.
func (s *Cycles) Delete(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error {
	c, err := s.store.Cycle(ctx, a, id)
	if err == nil && c.Status != tandem.CyclePaused {
		err = tandem.Conflictf("The cycle is %s.", strings.ToLower(string(c.Status)))
	}
	if err == nil {
		err = s.transactions.Cancel(ctx, a, id)
	}
	if err == nil {
		err = s.store.DeleteCycle(ctx, a, id)
	}
	if err != nil {
		return fmt.Errorf("delete cycle %s: %w", id, err)
	}
	s.forget(id)
	s.changed(a, id)
	s.log.InfoContext(ctx, "cycle deleted", "account", a, "cycle", id)
	return nil
}

// Restore implements tandem.Cycles.
func (s *Cycles) Restore(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error) {
	if err := s.store.RestoreCycle(ctx, a, id); err != nil {
		return nil, fmt.Errorf("restore cycle %s: %w", id, err)
	}
	s.changed(a, id)
	s.log.InfoContext(ctx, "cycle restored", "account", a, "cycle", id)
	return s.Get(ctx, a, id)
}
