package embed

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// subject is an integration that a customer sets up: a template, before it is
// installed, or a cycle.
type subject struct {
	key         string // of its fields in forms; the same for a template and what is made of it
	title       string
	description string
	graph       *tandem.Graph
	parts       []part
	interval    int // minutes
}

// part is a connector of a subject.
type part struct {
	key       string // of its fields in forms; the same for all that share it
	library   *tandem.LibraryConnector
	installed *tandem.AccountConnector // nil: it will be
}

// offered is a template as a subject, for an account that has installed what is
// in all.
func (e *Embed) offered(ctx context.Context, t *tandem.Template, all []tandem.AccountConnector) (*subject, error) {
	s := &subject{key: string(t.ID), title: t.Name, description: t.Description, graph: &t.Release.Graph}
	for i, ref := range s.graph.Connectors {
		lc, err := e.release(ctx, t.Partner, ref)
		if err != nil {
			return nil, err
		}
		p := part{key: fmt.Sprintf("connector.%d", lc.ID), library: lc}
		fresh := ref.Installation == tandem.FreshConnector
		if p.installed = ref.Choose(all, lc.ID); fresh && p.installed == nil {
			p.key = fmt.Sprintf("connector.%s.%d", t.ID, i)
		}
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// made is a cycle as a subject.
func (e *Embed) made(ctx context.Context, p tandem.PartnerID, c *tandem.Cycle, all []tandem.AccountConnector) (*subject, error) {
	s := &subject{key: cmp.Or(string(c.TemplateID), string(c.ID)), title: c.Name, description: c.Description, graph: &c.Graph, interval: c.Interval}
	for i, ref := range s.graph.Connectors {
		lc, err := e.release(ctx, p, ref)
		if err != nil {
			return nil, err
		}
		k := part{key: fmt.Sprintf("connector.%d", lc.ID), library: lc}
		if ref.Installation == tandem.FreshConnector {
			k.key = fmt.Sprintf("connector.%s.%d", s.key, i)
		}
		if at := slices.IndexFunc(all, func(a tandem.AccountConnector) bool { return a.ID == c.Connectors[ref.Ref] }); at >= 0 {
			k.installed = &all[at]
		}
		s.parts = append(s.parts, k)
	}
	return s, nil
}

func (e *Embed) release(ctx context.Context, p tandem.PartnerID, ref tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	shelf, err := e.services.Library.Shelf(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("connector of an integration: %w", err)
	}
	l, err := shelf.Release(ref)
	if err != nil {
		return nil, tandem.Invalidf("", "The connector %s %s is not there any more.", ref.Name, ref.Version)
	}
	return l, nil
}

// timed says that it runs by the clock, not when it is called.
func (s *subject) timed() bool {
	for _, step := range s.graph.Steps {
		first := !slices.ContainsFunc(s.graph.Edges, func(e tandem.Edge) bool { return e.TailStepID == step.ID })
		if first && step.ActionType != tandem.AnnotationStep {
			return step.ActionType != tandem.WebhookStep
		}
	}
	return false
}

// part is the one that a step uses; nil if it uses none.
func (s *subject) part(step *tandem.Step) *part {
	i := slices.IndexFunc(s.graph.Connectors, func(ref tandem.ConnectorRef) bool { return ref.Ref == step.Connector })
	if i < 0 {
		return nil
	}
	return &s.parts[i]
}
