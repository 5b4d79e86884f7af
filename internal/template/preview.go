package template

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// Installed implements tandem.CycleDesigns.
func (s *CycleDesigns) Installed(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, f tandem.InstalledFilter) (tandem.Page[tandem.InstalledCycle], error) {
	page, err := s.installed.InstalledCycles(ctx, p, id, f)
	if err != nil {
		return page, fmt.Errorf("list what is installed of template %s: %w", id, err)
	}
	return page, nil
}

// Preview implements tandem.CycleDesigns. Nothing changes for a cycle that is on
// the live release.
func (s *CycleDesigns) Preview(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID) (*tandem.UpgradePreview, error) {
	seen, err := s.preview(ctx, p, a, id)
	if err != nil {
		return nil, fmt.Errorf("preview the upgrade of cycle %s: %w", id, err)
	}
	return seen, nil
}

func (s *CycleDesigns) preview(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID) (*tandem.UpgradePreview, error) {
	c, t, err := s.next(ctx, p, a, id)
	if err != nil {
		return nil, err
	}
	seen := &tandem.UpgradePreview{Lost: []tandem.Lost{}, Prerequisites: []tandem.Prerequisite{}}
	if t.Release.ID == c.TemplateReleaseID {
		return seen, nil
	}
	found, err := s.templates.bind(ctx, a, lacking(t, c), looking)
	if err != nil {
		return nil, err
	}
	seen.Prerequisites, seen.Refusal, err = s.cycles.TryMove(ctx, a, id, func(c *tandem.Cycle) error {
		seen.Lost = move(c, &t.Release, found)
		return nil
	})
	return seen, err
}
