package rollout

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Rollouts = (*Rollouts)(nil)

// Store keeps rollouts.
type Store interface {
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	// InsertRollout fills in who begins it. Errors: Invalid, Conflict.
	InsertRollout(ctx context.Context, r *tandem.Rollout, plan tandem.RolloutPlan) error
	// Rollout errors: NotFound.
	Rollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (tandem.Rollout, error)
	Rollouts(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, of tandem.PageRequest) (tandem.Page[tandem.Rollout], error)
	RolloutCycles(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, f tandem.RolloutFilter) (tandem.Page[tandem.RolloutCycle], error)
	// ContinueRollout errors: NotFound, Conflict.
	ContinueRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) error
	// CancelRollout errors: NotFound, Conflict.
	CancelRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, reason string, at time.Time) error
	// RetryRollout errors: NotFound, Conflict.
	RetryRollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) error
}

// Rollouts is the service. It is safe for concurrent use.
type Rollouts struct {
	store Store
	wake  func()
}

// New makes the service. wake is told that there may be something to do.
func New(store Store, wake func()) *Rollouts { return &Rollouts{store, wake} }

// Start implements tandem.Rollouts.
func (s *Rollouts) Start(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, plan tandem.RolloutPlan) (*tandem.Rollout, error) {
	r, err := s.start(ctx, p, id, plan)
	if err != nil {
		return nil, fmt.Errorf("start a rollout of template %s: %w", id, err)
	}
	s.wake()
	return s.Get(ctx, p, id, r.ID)
}

func (s *Rollouts) start(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, plan tandem.RolloutPlan) (*tandem.Rollout, error) {
	t, err := s.store.Template(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if err := check(&t, plan); err != nil {
		return nil, err
	}
	r := &tandem.Rollout{
		Partner: p, Template: id, ID: tandem.RolloutID(tandem.NewGUID()), Release: t.Release.ID, Version: t.Release.Version,
		State: tandem.RolloutRunning, First: plan.First, MaxFailures: plan.MaxFailures, Created: time.Now(),
	}
	return r, s.store.InsertRollout(ctx, r, plan)
}

// check errors: Invalid.
func check(t *tandem.Template, plan tandem.RolloutPlan) error {
	seen := map[tandem.CycleID]bool{}
	for _, id := range plan.Cycles {
		if seen[id] {
			return tandem.Invalidf("Cycles", "Cycles: %s is there twice.", id)
		}
		seen[id] = true
	}
	switch {
	case !t.Live():
		return tandem.Invalidf("", "The template has no live release.")
	case plan.Release != "" && plan.Release != t.Release.ID:
		return tandem.Invalidf("ReleaseId", "ReleaseId: %s is not the live release of the template.", plan.Release)
	case plan.Cycles != nil && plan.From != "":
		return tandem.Invalidf("FromReleaseId", "FromReleaseId: give either cycles or the release that they are of.")
	case plan.Cycles != nil && len(plan.Cycles) == 0:
		return tandem.Invalidf("Cycles", "Cycles: there is none; leave it out for all that can be upgraded.")
	case len(plan.Cycles) > tandem.MaxRolloutCycles:
		return tandem.Invalidf("Cycles", "Cycles: there are %d, and there may be %d.", len(plan.Cycles), tandem.MaxRolloutCycles)
	case plan.First < 0:
		return tandem.Invalidf("First", "First: want 0 or more.")
	case plan.MaxFailures < 0:
		return tandem.Invalidf("MaxFailures", "MaxFailures: want 0 or more.")
	}
	return nil
}

// Get implements tandem.Rollouts.
func (s *Rollouts) Get(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (*tandem.Rollout, error) {
	r, err := s.store.Rollout(ctx, p, t, id)
	if err != nil {
		return nil, fmt.Errorf("read rollout %s: %w", id, err)
	}
	return &r, nil
}

// List implements tandem.Rollouts.
func (s *Rollouts) List(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, of tandem.PageRequest) (tandem.Page[tandem.Rollout], error) {
	all, err := s.store.Rollouts(ctx, p, t, of)
	if err != nil {
		return all, fmt.Errorf("list the rollouts of template %s: %w", t, err)
	}
	return all, nil
}

// Cycles implements tandem.Rollouts.
func (s *Rollouts) Cycles(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, f tandem.RolloutFilter) (tandem.Page[tandem.RolloutCycle], error) {
	all, err := s.store.RolloutCycles(ctx, p, t, id, f)
	if err != nil {
		return all, fmt.Errorf("list the cycles of rollout %s: %w", id, err)
	}
	return all, nil
}

// Continue implements tandem.Rollouts.
func (s *Rollouts) Continue(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (*tandem.Rollout, error) {
	if err := s.store.ContinueRollout(ctx, p, t, id); err != nil {
		return nil, fmt.Errorf("continue rollout %s: %w", id, err)
	}
	s.wake()
	return s.Get(ctx, p, t, id)
}

// Cancel implements tandem.Rollouts.
func (s *Rollouts) Cancel(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (*tandem.Rollout, error) {
	if err := s.store.CancelRollout(ctx, p, t, id, "", time.Now()); err != nil {
		return nil, fmt.Errorf("cancel rollout %s: %w", id, err)
	}
	return s.Get(ctx, p, t, id)
}

// Retry implements tandem.Rollouts.
func (s *Rollouts) Retry(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (*tandem.Rollout, error) {
	r, err := s.Get(ctx, p, t, id)
	if err != nil {
		return nil, err
	}
	of, err := s.store.Template(ctx, p, t)
	if err == nil && of.Release.ID != r.Release {
		err = tandem.Conflictf("The template has another live release by now: start another rollout.")
	}
	if err == nil {
		err = s.store.RetryRollout(ctx, p, t, id)
	}
	if err != nil {
		return nil, fmt.Errorf("retry rollout %s: %w", id, err)
	}
	s.wake()
	return s.Get(ctx, p, t, id)
}
