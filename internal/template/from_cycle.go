package template

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// ToTemplate implements tandem.CycleDesigns. In a draft of the template that the
// cycle was made from, steps are those of the template again, so that what is
// installed of it can be upgraded.
func (s *CycleDesigns) ToTemplate(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, to tandem.CycleToTemplate) (*tandem.TemplateOfCycle, error) {
	out, err := s.toTemplate(ctx, p, a, id, to)
	if err != nil {
		return nil, fmt.Errorf("copy cycle %s to a template: %w", id, err)
	}
	s.log.InfoContext(ctx, "cycle copied to a template", "account", a, "cycle", id, "template", out.Template.ID, "lost", len(out.Lost))
	return out, nil
}

func (s *CycleDesigns) toTemplate(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.CycleID, to tandem.CycleToTemplate) (*tandem.TemplateOfCycle, error) {
	c, err := s.cycles.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	ids := map[tandem.StepID]tandem.StepID{}
	if c.TemplateID == to.Template {
		for _, step := range c.Graph.Steps {
			ids[step.ID] = step.Origin
		}
	}
	defaults, err := s.defaults(ctx, p, c)
	if err != nil {
		return nil, err
	}
	shelf, err := s.templates.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	d := tandem.Design{Graph: workflow.Renew(c.Graph, ids), Retention: c.Retention}
	lost := strip(shelf, &d.Graph, defaults)
	t, err := s.put(ctx, p, c, to, d)
	return &tandem.TemplateOfCycle{Template: t, Lost: lost}, err
}

// put makes a template or a draft of d.
func (s *CycleDesigns) put(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle, to tandem.CycleToTemplate, d tandem.Design) (*tandem.Template, error) {
	if to.Template == "" {
		return s.templates.Create(ctx, p, tandem.TemplateUpdate{
			Name: tandem.Some(cmp.Or(to.Name, c.Name)), Description: tandem.Some(cmp.Or(to.Description, c.Description)),
			Tags: tandem.Some(c.Tags), Folder: tandem.Some(to.Folder),
		}, d)
	}
	_, err := s.releases.Draft(ctx, p, to.Template, d)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, tandem.Invalidf("TemplateId", "Template with provided ID could not be found.")
	}
	if err != nil {
		return nil, err
	}
	return s.templates.Get(ctx, p, to.Template)
}

// defaults is the graph that c was installed with; an empty one if it is not to
// be had any more.
func (s *CycleDesigns) defaults(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle) (*tandem.Graph, error) {
	if c.TemplateID == "" {
		return &tandem.Graph{}, nil
	}
	r, err := s.releases.store.TemplateRelease(ctx, p, c.TemplateID, c.TemplateReleaseID)
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = nil
	}
	return &r.Graph, err
}
