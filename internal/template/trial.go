package template

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.TemplateTrials = (*Trials)(nil)

// TestTag is the tag that a test cycle begins with.
const TestTag = "Test"

// TestCycles are cycles that are begun anew.
type TestCycles interface {
	Cycles
	// Delete cancels what is pending of a paused cycle. Errors: NotFound, Conflict
	// (running).
	Delete(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error
	// Restore brings a deleted cycle back, paused. Errors: NotFound.
	Restore(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error)
	// Deactivate errors: NotFound.
	Deactivate(ctx context.Context, a tandem.AccountID, id tandem.CycleID, finish bool) (*tandem.Cycle, error)
	// Edit errors: NotFound, Invalid, Conflict (running), and what edit returns.
	Edit(ctx context.Context, a tandem.AccountID, id tandem.CycleID, edit func(*tandem.Cycle) error) (*tandem.Cycle, error)
}

// Trials is the service that runs releases in test cycles. It is safe for concurrent
// use.
type Trials struct {
	log       *slog.Logger
	templates *Templates
	releases  ReleaseStore
	cycles    TestCycles
}

// NewTrials makes the service; t finds connectors.
func NewTrials(log *slog.Logger, t *Templates, releases ReleaseStore, cycles TestCycles) *Trials {
	return &Trials{log: log, templates: t, releases: releases, cycles: cycles}
}

// testCycle is the id of an account's test cycle of a template: it needs no column to
// be found by, and there cannot be two.
func testCycle(a tandem.AccountID, id tandem.TemplateID) tandem.CycleID {
	return tandem.CycleID(tandem.KeyGUID(fmt.Sprintf("test of template %s in account %d", id, a)))
}

// Try implements tandem.TemplateTrials.
func (s *Trials) Try(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TemplateID, release tandem.ReleaseID) (*tandem.Cycle, error) {
	c, err := s.try(ctx, p, a, id, release)
	if err != nil {
		return nil, fmt.Errorf("try release %s of template %s in account %d: %w", release, id, a, err)
	}
	s.log.InfoContext(ctx, "release put into a test cycle", "account", a, "template", id, "release", release, "cycle", c.ID)
	return c, nil
}

func (s *Trials) try(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TemplateID, release tandem.ReleaseID) (*tandem.Cycle, error) {
	t, err := s.releases.Template(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if t.Release, err = s.releases.TemplateRelease(ctx, p, id, release); err != nil {
		return nil, err
	}
	// Connectors are looked for before anything changes.
	found, err := s.templates.bind(ctx, a, &t, using)
	if err != nil {
		return nil, err
	}
	c, err := s.cleared(ctx, a, &t)
	if err != nil {
		return nil, err
	}
	return s.cycles.Edit(ctx, a, c, func(c *tandem.Cycle) error {
		move(c, &t.Release, found)
		c.TemplateReleaseID = "" // or it would be one of the template's installations
		return nil
	})
}

// cleared is the test cycle, paused, with nothing pending; a new one if there is none.
func (s *Trials) cleared(ctx context.Context, a tandem.AccountID, t *tandem.Template) (tandem.CycleID, error) {
	id := testCycle(a, t.ID)
	_, err := s.cycles.Deactivate(ctx, a, id, false)
	if err == nil {
		// What is pending is cancelled, or it would go on with the next run.
		err = s.cycles.Delete(ctx, a, id)
	}
	if err == nil || tandem.ErrorCode(err) == tandem.NotFound {
		_, err = s.cycles.Restore(ctx, a, id)
	}
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = s.cycles.Add(ctx, &tandem.Cycle{
			Account: a, ID: id, Name: testName(t.Name), Tags: []string{TestTag},
			Graph: tandem.Graph{Steps: []tandem.Step{}, Edges: []tandem.Edge{}}, Connectors: map[string]tandem.AccountConnectorID{},
		})
	}
	return id, err
}

// testName is the name of a template's test cycle, within what a name may have.
func testName(of string) string {
	const suffix = " (test)"
	all := []rune(of)
	return string(all[:min(len(all), tandem.MaxName-len(suffix))]) + suffix
}
