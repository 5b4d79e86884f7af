package template

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// RollOut upgrades a cycle of a rollout, unless it is of the release already or not
// there any more. The upgrade is committed together with end, its part of the
// rollout's; who asks says what that is.
//
// Errors: as Upgrade; Gone (the rollout's release is not the live one any more);
// tandem.ErrSettled.
func (s *CycleDesigns) RollOut(ctx context.Context, r *tandem.Rollout, of tandem.RolloutCycle, end tandem.RolloutEnd) (tandem.RolloutOutcome, error) {
	came, err := s.rollOut(ctx, r, of, &end)
	if err != nil {
		return "", fmt.Errorf("upgrade cycle %s for rollout %s: %w", of.Cycle, r.ID, err)
	}
	s.log.InfoContext(ctx, "cycle of a rollout tried", "account", of.Account, "cycle", of.Cycle, "rollout", r.ID, "outcome", came, "lost", len(end.Lost))
	return came, nil
}

func (s *CycleDesigns) rollOut(ctx context.Context, r *tandem.Rollout, of tandem.RolloutCycle, end *tandem.RolloutEnd) (tandem.RolloutOutcome, error) {
	t, err := s.templates.store.Template(ctx, r.Partner, r.Template)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return "", &tandem.Error{Code: tandem.Gone, Message: "The template was deleted.", Err: err}
	case err != nil:
		return "", err
	case !t.Live() || t.Release.ID != r.Release:
		return "", &tandem.Error{Code: tandem.Gone, Message: "The template has another live release by now."}
	}
	c, err := s.cycles.Get(ctx, of.Account, of.Cycle)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return tandem.RolloutGone, nil
	case err != nil:
		return "", err
	case c.TemplateReleaseID == r.Release:
		return tandem.RolloutUnchanged, nil
	}
	_, err = s.upgrade(ctx, c, &t, end)
	return tandem.RolloutUpgraded, err
}
