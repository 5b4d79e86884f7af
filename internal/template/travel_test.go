package template_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
)

// texts are what people write, and what JSON has to escape.
var texts = rapid.OneOf(rapid.SampledFrom([]string{"", "a", "<&>", "\u2028", "é", "{{Mood}}", `"\`, "\t\n", " "}), rapid.StringMatching(`[^\x00]{0,20}`))

// designs draws a sound graph of the connectors of the library and of the
// partner's own.
func designs(own *tandem.LibraryConnector) *rapid.Generator[tandem.Graph] {
	return rapid.Custom(func(t *rapid.T) tandem.Graph {
		g := tandem.Graph{
			Connectors: []tandem.ConnectorRef{
				{Ref: "crm", Name: "bookshelf crm", Version: "1.0", Installation: rapid.SampledFrom([]tandem.Installation{"", tandem.ExistingConnector, tandem.FreshConnector}).Draw(t, "installation")},
				{Ref: "own", Name: own.Name, Version: own.Version},
			},
			StepErrorAction: rapid.SampledFrom([]tandem.StepErrorAction{"", tandem.IgnoreError}).Draw(t, "error action"), OmitRequests: rapid.Bool().Draw(t, "omit"),
			Steps: rapid.SliceOfN(rapid.Just(tandem.Step{}), 1, 5).Draw(t, "steps"), Edges: []tandem.Edge{},
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "variables") {
			g.Variables = append(g.Variables, tandem.Variable{SystemName: []string{"Mood", "mood", "é"}[i], DisplayName: texts.Draw(t, "name"), Value: texts.Draw(t, "value"), IsLaunchVisible: rapid.Bool().Draw(t, "visible")})
		}
		for i := range g.Steps {
			g.Steps[i] = drawnStep(t, g.Steps[:i], own)
			if i > 0 {
				edge := tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: g.Steps[i-1].ID, TailStepID: g.Steps[i].ID, EdgeType: tandem.ForwardEdge}
				if g.Steps[i-1].ActionType == tandem.DecisionStep {
					edge.EdgeType = tandem.TrueEdge
				}
				g.Edges = append(g.Edges, edge)
			}
		}
		return g
	})
}

func drawnStep(t *rapid.T, before []tandem.Step, own *tandem.LibraryConnector) tandem.Step {
	s := tandem.Step{ID: tandem.StepID(tandem.NewGUID()), Name: texts.Draw(t, "step"), Description: texts.Draw(t, "description"), DisplayPositionTop: rapid.Int().Draw(t, "top")}
	if rapid.Bool().Draw(t, "decides") {
		s.ActionType = tandem.DecisionStep
		s.Decision = &tandem.Decision{Groups: [][]tandem.Rule{{{Left: drawnMapping(t, "", before), Condition: tandem.Equals, Right: drawnMapping(t, "", before)}}}}
		return s
	}
	s.ActionType = tandem.ActionStep
	if rapid.Bool().Draw(t, "chosen") {
		s.Connector, s.Method = "own", own.Methods[0].MethodUniqueIdentifier
	}
	for _, target := range []string{"Company", "AppKey", "x"}[:rapid.IntRange(0, 3).Draw(t, "parameters")] {
		s.Parameters = append(s.Parameters, drawnMapping(t, target, before))
	}
	for _, target := range []string{"a", "a.b", "[c].d"}[:rapid.IntRange(0, 3).Draw(t, "fields")] {
		s.Fields = append(s.Fields, drawnMapping(t, target, before))
	}
	return s
}

func drawnMapping(t *rapid.T, target string, before []tandem.Step) tandem.Mapping {
	m := tandem.Mapping{Target: target, IsLaunchVisible: rapid.Bool().Draw(t, "visible"), LaunchName: texts.Draw(t, "launch name")}
	m.MappingType = rapid.SampledFrom([]tandem.MappingType{"", tandem.MapIgnore, tandem.MapStatic, tandem.MapList, tandem.MapStep, tandem.MapVariable, tandem.MapTrigger}).Draw(t, "type")
	switch m.MappingType {
	case tandem.MapStep:
		if len(before) > 0 {
			m.SourceStepID, m.SourceField = rapid.SampledFrom(before).Draw(t, "source").ID, texts.Draw(t, "field")
		}
	case tandem.MapVariable:
		m.Variable = rapid.SampledFrom([]string{"Mood", "gone"}).Draw(t, "variable")
	case tandem.MapStatic, tandem.MapList, tandem.MapTrigger:
		m.Value, m.ValueName = texts.Draw(t, "value"), texts.Draw(t, "value name")
	}
	return m
}

// Whatever the design, a release gives the same bytes each time, and the same
// wherever it went, and what is not a secret arrives.
func TestSameReleaseSameBytes(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.ledger(t)
	other := w.another(t)
	own, err := w.shelf(t).Release(tandem.ConnectorRef{Name: "Ledger", Version: "2.1"})
	if err != nil {
		t.Fatal(err)
	}
	out := func(t *rapid.T, p tandem.PartnerID, f tandem.TemplateFile) (tandem.TemplateFile, string) {
		made, err := w.Import(ctx, p, f, tandem.TemplateImport{Draft: true})
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for range 2 {
			if f, err = w.Export(ctx, p, made.ID, made.DraftID); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
		if texts[0] != texts[1] {
			t.Fatalf("exported twice: %s", cmp.Diff(texts[0], texts[1]))
		}
		var read tandem.TemplateFile
		if err := json.Unmarshal([]byte(texts[0]), &read); err != nil {
			t.Fatal(err)
		}
		return read, texts[0]
	}
	rapid.Check(t, func(t *rapid.T) {
		in := tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "x" + texts.Draw(t, "name") + "x", Description: texts.Draw(t, "description"), Graph: designs(own).Draw(t, "graph")}
		first, here := out(t, w.partner, in)
		second, there := out(t, other, first)
		if here != there {
			t.Fatalf("-here +there\n%s", cmp.Diff(here, there))
		}
		if _, back := out(t, w.partner, second); here != back {
			t.Fatalf("-here +back\n%s", cmp.Diff(here, back))
		}
		if diff := cmp.Diff(in.Graph.Edges, first.Graph.Edges); diff != "" || len(first.Graph.Steps) != len(in.Graph.Steps) {
			t.Fatalf("-in +out\n%s", diff)
		}
		for i, s := range in.Graph.Steps {
			if diff := cmp.Diff(s.Fields, first.Graph.Steps[i].Fields); diff != "" || s.Name != first.Graph.Steps[i].Name {
				t.Fatalf("step %d: -in +out\n%s", i, diff)
			}
		}
	})
}
