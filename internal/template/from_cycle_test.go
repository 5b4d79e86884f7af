package template_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/template"
)

// secretive is the library, whose connectors all have one more parameter: a
// secret that a step may set.
type secretive struct{ *catalog.Library }

func (l secretive) Shelf(ctx context.Context, p tandem.PartnerID) (tandem.Shelf, error) {
	s, err := l.Library.Shelf(ctx, p)
	return secretShelf{s}, err
}

type secretShelf struct{ tandem.Shelf }

func (s secretShelf) Release(ref tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	l, err := s.Shelf.Release(ref)
	if err != nil {
		return nil, err
	}
	with, c := *l, *l.Connector
	c.Parameters = append(slices.Clone(c.Parameters), connector.Parameter{Name: "Token", TargetType: connector.HTTPHeader, Sensitive: true, Optional: true})
	with.Connector = &c
	return &with, nil
}

// cycleOf is the only cycle.
type cycleOf struct{ *tandem.Cycle }

func (c cycleOf) Get(context.Context, tandem.AccountID, tandem.CycleID) (*tandem.Cycle, error) {
	return c.Cycle, nil
}

func (c cycleOf) Edit(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, edit func(*tandem.Cycle) error) (*tandem.Cycle, error) {
	return c.Cycle, edit(c.Cycle)
}

func (c cycleOf) Move(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, move func(*tandem.Cycle) error) (*tandem.Cycle, error) {
	return c.Cycle, move(c.Cycle)
}

func (c cycleOf) TryMove(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, move func(*tandem.Cycle) error) ([]tandem.Prerequisite, string, error) {
	moved := *c.Cycle
	return nil, "", move(&moved)
}

// No secret leaves the account, whichever way it came into a step.
func TestSecretsStayInTheAccount(t *testing.T) {
	w := newWorld(t)
	const secret = "hunter2"
	g := sample(t, "new-contact.json").Graph
	variable := func(name string) {
		g.Variables = append(g.Variables, tandem.Variable{SystemName: name, DisplayName: name, Value: secret})
	}
	variable("Mapped")
	variable("Merged")
	g.Variables = append(g.Variables, tandem.Variable{SystemName: "Plain", DisplayName: "Plain", Value: "plain"})
	caller := g.Steps[len(g.Steps)-1]
	if caller.ActionType != tandem.ActionStep {
		t.Fatalf("step %+v", caller)
	}
	for i, m := range []tandem.Mapping{
		{MappingType: tandem.MapStatic, Value: secret},
		{MappingType: tandem.MapStatic, Value: "Bearer {{merged}}"},
		{MappingType: tandem.MapVariable, Variable: "Mapped"},
		{MappingType: tandem.MapTrigger, Value: secret, ValueName: secret},
	} {
		s := caller
		s.ID, s.Name = tandem.StepID(tandem.NewGUID()), string(rune('A'+i))
		m.Target = "Token"
		s.Parameters = append(slices.Clone(s.Parameters), m)
		g.Steps = append(g.Steps, s)
	}
	log, library := slog.New(slog.DiscardHandler), secretive{w.library}
	templates, releases := template.New(log, w.db, library, &w.customer, &w.customer), template.NewReleases(log, w.db, library)
	designs := template.NewCycleDesigns(log, templates, releases, cycleOf{&tandem.Cycle{Name: "Cycle", Graph: g}}, nil)
	made, err := designs.ToTemplate(t.Context(), w.partner, account, "", tandem.CycleToTemplate{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(made.Template.Release)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(kept), secret) || !strings.Contains(string(kept), `"plain"`) || made.Template.Name != "Cycle" {
		t.Errorf("the template: %s", kept)
	}
	var lost []string
	for _, l := range made.Lost {
		if l.Reason != "It is a secret of the account." {
			continue
		}
		lost = append(lost, l.StepName+"/"+l.Name)
	}
	if diff := cmp.Diff([]string{"A/Token", "B/Token", "D/Token", "/Mapped", "/Merged"}, lost); diff != "" {
		t.Errorf("lost: -want +got\n%s", diff)
	}
}

// A release keeps the connectors that it can use, whatever it calls them.
func TestUpgradeBinds(t *testing.T) {
	w := newWorld(t)
	first := sample(t, "new-contact.json")
	tm := w.add(t, first)
	installed, err := w.Templates.Install(t.Context(), w.partner, account, tm.ID)
	if err != nil {
		t.Fatal(err)
	}
	installed.Status = tandem.CyclePaused
	was := installed.Connectors
	draft, err := w.releases.Draft(t.Context(), w.partner, tm.ID, tandem.Design{Graph: first.Graph})
	if err != nil {
		t.Fatal(err)
	}
	hours := 5
	_, err = w.releases.Edit(t.Context(), w.partner, tm.ID, draft.ID, 0, func(r *tandem.Release) {
		r.Retention.Errored = &hours
		g := &r.Graph
		g.Connectors[0].Ref = "customers"
		for i := range g.Steps {
			if g.Steps[i].Connector == "crm" {
				g.Steps[i].Connector = "customers"
			}
		}
		g.Connectors = append(g.Connectors, tandem.ConnectorRef{Ref: "another", Name: "Postbag", Version: "1.0", Installation: tandem.FreshConnector})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.releases.Promote(t.Context(), w.partner, tm.ID, draft.ID, tandem.Promotion{}); err != nil {
		t.Fatal(err)
	}
	designs := template.NewCycleDesigns(w.log, w.Templates, w.releases, cycleOf{installed}, nil)
	up, err := designs.Upgrade(t.Context(), w.partner, account, installed.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := up.Cycle.Connectors
	if len(got) != 3 || got["customers"] != was["crm"] || got["mailing"] != was["mailing"] || got["another"] == 0 {
		t.Errorf("connectors %v, were %v", got, was)
	}
	if up.Cycle.TemplateReleaseID != draft.ID || up.Cycle.Retention.Errored == nil || *up.Cycle.Retention.Errored != hours || len(up.Lost) != 0 {
		t.Errorf("%+v, lost %v", up.Cycle, up.Lost)
	}
	for i, s := range up.Cycle.Graph.Steps {
		if s.Origin != first.Graph.Steps[i].ID {
			t.Errorf("step %q is of %s", s.Name, s.Origin)
		}
	}
}
