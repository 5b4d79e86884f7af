package template

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var _ tandem.CycleDesigns = (*CycleDesigns)(nil)

// MovableCycles are cycles whose design can be replaced.
type MovableCycles interface {
	// Edit errors: NotFound, Invalid, Conflict (running), and what edit returns.
	Edit(ctx context.Context, a tandem.AccountID, id tandem.CycleID, edit func(*tandem.Cycle) error) (*tandem.Cycle, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error)
	// Move changes a cycle's design in one commit, also while it runs; see
	// there when it may. Errors: NotFound, Conflict, Invalid, and what move
	// returns.
	Move(ctx context.Context, a tandem.AccountID, id tandem.CycleID, move func(*tandem.Cycle) error) (*tandem.Cycle, error)
	// TryMove tells what the cycle would lack after Move that it does not lack
	// now, and why Move would refuse. Errors: NotFound.
	TryMove(ctx context.Context, a tandem.AccountID, id tandem.CycleID, move func(*tandem.Cycle) error) (lacks []tandem.Prerequisite, refusal string, err error)
}

// InstalledCycles finds the cycles that templates were made into.
type InstalledCycles interface {
	// InstalledCycles errors: NotFound, Invalid (OrderBy).
	InstalledCycles(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, f tandem.InstalledFilter) (tandem.Page[tandem.InstalledCycle], error)
}

// CycleDesigns is the service that takes installed cycles to the next release, or to
// a design of their own, and back to the library. It is safe for concurrent use.
type CycleDesigns struct {
	log       *slog.Logger
	templates *Templates
	releases  *Releases
	cycles    MovableCycles
	installed InstalledCycles
}

// NewCycleDesigns makes the service.
func NewCycleDesigns(log *slog.Logger, templates *Templates, releases *Releases, cycles MovableCycles, installed InstalledCycles) *CycleDesigns {
	return &CycleDesigns{log: log, templates: templates, releases: releases, cycles: cycles, installed: installed}
}

// Upgrade implements tandem.CycleDesigns. A cycle that is on the live release
// stays as it is.
func (s *CycleDesigns) Upgrade(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID) (*tandem.Upgrade, error) {
	c, t, err := s.next(ctx, p, a, id)
	var up *tandem.Upgrade
	if err == nil {
		up, err = s.upgrade(ctx, c, t, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("upgrade cycle %s: %w", id, err)
	}
	s.log.InfoContext(ctx, "cycle upgraded", "account", a, "cycle", id, "release", up.Cycle.TemplateReleaseID, "version", up.Cycle.Version, "lost", len(up.Lost))
	return up, nil
}

// upgrade moves c to the live release of t; in the same commit comes a part of a
// rollout to its end, if there is one.
func (s *CycleDesigns) upgrade(ctx context.Context, c *tandem.Cycle, t *tandem.Template, settles *tandem.RolloutEnd) (*tandem.Upgrade, error) {
	up := &tandem.Upgrade{Cycle: c, Lost: []tandem.Lost{}}
	if t.Release.ID == c.TemplateReleaseID {
		return up, nil
	}
	// Nothing is installed for a cycle that runs: what is new would have no
	// credentials, and so could not take it over.
	how := using
	if c.Status == tandem.CyclePaused {
		how = installing
	}
	found, err := s.templates.bind(ctx, c.Account, lacking(t, c), how)
	if err != nil {
		return nil, err
	}
	up.Cycle, err = s.cycles.Move(ctx, c.Account, c.ID, func(c *tandem.Cycle) error {
		up.Lost = move(c, &t.Release, found)
		if settles != nil {
			settles.Lost = up.Lost
			c.Settles = settles
		}
		return nil
	})
	return up, err
}

// next finds a cycle, and the template whose live release is its next one.
func (s *CycleDesigns) next(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, *tandem.Template, error) {
	c, err := s.cycles.Get(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	t, err := s.live(ctx, p, c)
	return c, t, err
}

// lacking is t with only those connectors that c does not have already.
func lacking(t *tandem.Template, c *tandem.Cycle) *tandem.Template {
	missing := *t
	missing.Release.Graph.Connectors = unbound(t.Release.Graph.Connectors, keep(c, t.Release.Graph.Connectors))
	return &missing
}

// live finds the template that c was made of, with its live release.
func (s *CycleDesigns) live(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle) (*tandem.Template, error) {
	if c.TemplateID == "" {
		return nil, tandem.Invalidf("", "The cycle was not made from a template.")
	}
	t, err := s.templates.store.Template(ctx, p, c.TemplateID)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, tandem.Invalidf("", "The template that the cycle was made from was deleted. While it is in the recycle bin, it can be restored.")
	}
	if err == nil && !t.Live() {
		return nil, tandem.Invalidf("", "The template that the cycle was made from has no live release any more.")
	}
	return &t, err
}

// move puts a release into c, and gives what was lost. found are the account
// connectors for what is new in it.
func move(c *tandem.Cycle, to *tandem.Release, found map[string]tandem.AccountConnectorID) []tandem.Lost {
	lost := []tandem.Lost{}
	ids := map[tandem.StepID]tandem.StepID{}
	for _, step := range c.Graph.Steps {
		if step.Origin == "" {
			lost = append(lost, tandem.Lost{StepID: step.ID, StepName: step.Name, Reason: "It was added in the account; the template does not have it."})
			continue
		}
		ids[step.Origin] = step.ID
	}
	g := fresh(to.Graph, ids)
	lost = append(lost, workflow.Carry(&c.Graph, &g)...)
	bound := keep(c, to.Graph.Connectors)
	for ref, id := range found {
		if bound[ref] == 0 {
			bound[ref] = id
		}
	}
	c.Graph, c.Connectors, c.TemplateReleaseID = g, bound, to.ID
	retain(c, to.Retention)
	return lost
}

// retain takes over what a release says of retention.
func retain(c *tandem.Cycle, r tandem.Retention) {
	if r.Success != nil {
		c.Retention.Success = r.Success
	}
	if r.Errored != nil {
		c.Retention.Errored = r.Errored
	}
}

// sameRelease says that two refs are to the same one. A partner's own may have
// been renamed between.
func sameRelease(a, b tandem.ConnectorRef) bool {
	return a.Version == b.Version && strings.EqualFold(a.UniqueIdentifier, b.UniqueIdentifier) && (a.UniqueIdentifier != "" || strings.EqualFold(a.Name, b.Name))
}

// keep gives the connectors of a cycle that another graph can use: of the same
// release, under the same name, or under one that the graph does not have.
func keep(c *tandem.Cycle, refs []tandem.ConnectorRef) map[string]tandem.AccountConnectorID {
	names := map[string]bool{}
	for _, ref := range refs {
		names[ref.Ref] = true
	}
	kept := map[string]tandem.AccountConnectorID{}
	for _, ref := range refs {
		for _, old := range c.Graph.Connectors {
			id := c.Connectors[old.Ref]
			same := id != 0 && sameRelease(old, ref)
			if same && (old.Ref == ref.Ref || !names[old.Ref] && kept[ref.Ref] == 0) {
				kept[ref.Ref] = id
			}
		}
	}
	return kept
}
