package cycle

import (
	"cmp"
	"context"
	"fmt"
	"maps"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Copy implements tandem.Cycles. What is copied of an installed template is an
// installation of it too, which can be upgraded by itself.
func (s *Cycles) Copy(ctx context.Context, a tandem.AccountID, id tandem.CycleID, name string) (*tandem.Cycle, error) {
	of, err := s.store.Cycle(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("copy cycle %s: %w", id, err)
	}
	c := &tandem.Cycle{
		Account: a, Name: cmp.Or(name, copyName(of.Name)), Description: of.Description, Tags: of.Tags, Shareable: of.Shareable,
		Graph: workflow.Renew(of.Graph, map[tandem.StepID]tandem.StepID{}), Connectors: maps.Clone(of.Connectors),
		TemplateID: of.TemplateID, TemplateReleaseID: of.TemplateReleaseID, Retention: of.Retention, Interval: of.Interval,
	}
	if err := s.Add(ctx, c); err != nil {
		return nil, fmt.Errorf("copy cycle %s: %w", id, err)
	}
	return c, nil
}

// copyName is the name of a copy, no longer than any other.
func copyName(of string) string {
	name := []rune("Copy of " + of)
	return string(name[:min(len(name), tandem.MaxName)])
}
