package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// required adds variables: one that has its value, and one that must get one.
func required(g *tandem.Graph) *tandem.Graph {
	g.Variables = append(g.Variables, tandem.Variable{SystemName: "Size", Value: "1", IsLaunchRequired: true}, tandem.Variable{SystemName: "Colour", IsLaunchRequired: true})
	return g
}

func TestCheck(t *testing.T) {
	decision := func(id string, rules ...tandem.Rule) tandem.Step {
		s := tandem.Step{ID: tandem.StepID(id), Name: "Step " + id, ActionType: tandem.DecisionStep}
		if rules != nil {
			s.Decision = &tandem.Decision{Groups: [][]tandem.Rule{rules}}
		}
		return s
	}
	good := step("out", "send", static("email", "x"))
	note := tandem.Step{ID: "note", Name: "Note", ActionType: tandem.AnnotationStep}
	tests := []struct {
		name string
		g    *tandem.Graph
		want []string // "code object id"
	}{
		{"good", graph([]tandem.Step{step("in", "event"), good}, edge("in", "out", "")), nil},
		{"empty", graph(nil), []string{"10 Cycle "}},
		{"one step", graph([]tandem.Step{step("in", "event")}), []string{"10 Cycle "}},
		{"two triggers", graph([]tandem.Step{step("in", "event"), step("in2", "event"), good}, edge("in", "out", ""), edge("in2", "out", "")), []string{"11 Cycle "}},
		{"not connected", graph([]tandem.Step{step("in", "event"), good}), []string{"11 Cycle "}},
		{"loop", graph([]tandem.Step{step("in", "event"), step("a", "page"), step("b", "page")}, edge("in", "a", ""), edge("a", "b", ""), edge("b", "a", "")), []string{"11 Cycle "}},
		{
			"no mappings", graph([]tandem.Step{step("in", "event"), {ID: "out", Name: "Out", ActionType: 1, Connector: "shop", Method: "send"}}, edge("in", "out", "")),
			[]string{"40 Parameter 7", "41 Field 9"},
		},
		{"empty text", graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", ""))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"bad merge field", graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", "{{x"))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"step after", graph([]tandem.Step{step("in", "event"), step("out", "send", from("email", "out", "x"))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"unknown variable", graph([]tandem.Step{step("in", "event"), step("out", "send", tandem.Mapping{Target: "email", MappingType: tandem.MapVariable, Variable: "X"})}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"unknown method", graph([]tandem.Step{step("in", "event"), step("out", "gone")}, edge("in", "out", "")), []string{"0 Step out"}},
		{"unknown parameter", graph([]tandem.Step{step("in", "event"), {ID: "out", Name: "Out", ActionType: 1, Connector: "shop", Method: "page", Parameters: []tandem.Mapping{static("Nope", "1")}}}, edge("in", "out", "")), []string{"0 Cycle "}},
		{"no criteria", graph([]tandem.Step{step("in", "event"), decision("d"), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), []string{"31 Step d"}},
		{"no operands", graph([]tandem.Step{step("in", "event"), decision("d", tandem.Rule{Condition: tandem.Equals}), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), []string{"50 Step d", "51 Step d"}},
		{"one operand", graph([]tandem.Step{step("in", "event"), decision("d", tandem.Rule{Condition: tandem.Exists, Left: static("", "{{x}}")}), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), nil},
		{"no method yet", graph([]tandem.Step{step("in", "event"), {ID: "out", Name: "Out", ActionType: 1}}, edge("in", "out", "")), []string{"30 Step out"}},
		{"webhook in the middle", graph([]tandem.Step{step("in", "event"), step("mid", "event"), good}, edge("in", "mid", ""), edge("mid", "out", "")), []string{"43 Step mid"}},
		{"delay", graph([]tandem.Step{step("in", "event"), {ID: "wait", Name: "Wait", ActionType: tandem.DelayStep}, good}, edge("in", "wait", ""), edge("wait", "out", "")), []string{"32 Step wait"}},
		{"annotation", graph([]tandem.Step{note, step("in", "event"), good}, edge("in", "out", "")), nil},
		{"annotations do not count", graph([]tandem.Step{step("in", "event"), note}), []string{"10 Cycle "}},
		{"no choice of a lookup", graph([]tandem.Step{step("in", "event"), step("out", "send", tandem.Mapping{Target: "email", MappingType: tandem.MapTrigger, ValueName: "x"})}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"a choice to be made", required(graph([]tandem.Step{step("in", "event"), good}, edge("in", "out", ""))), []string{"30 Variable Colour"}},
		{"a choice that is optional otherwise", graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", "x"), tandem.Mapping{Target: "custom", MappingType: tandem.MapStatic, IsLaunchRequired: true})}, edge("in", "out", "")), []string{"41 Field custom"}},
		{"wrong exit", graph([]tandem.Step{step("in", "event"), good}, edge("in", "out", tandem.TrueEdge)), []string{"0 Cycle "}},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range workflow.Check(tt.g, resolve) {
			got = append(got, fmt.Sprintf("%d %s %s", p.ReasonCode, p.ObjectType, p.ObjectID))
			if p.Reason == "" {
				t.Errorf("%s: no reason", tt.name)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
	visible := tandem.Mapping{Target: "email", MappingType: tandem.MapStatic, IsLaunchVisible: true}
	asks := required(graph([]tandem.Step{step("in", "event"), step("out", "send", visible)}, edge("in", "out", "")))
	asks.Variables[len(asks.Variables)-1].IsLaunchVisible = true
	if found := workflow.CheckTemplate(asks, resolve); len(found) != 0 || len(workflow.Check(asks, resolve)) != 2 {
		t.Errorf("of a template whose customers are asked: %+v", found)
	}
	loop := tests[5].g
	if _, err := workflow.Compile(loop, resolve); err == nil || !strings.Contains(err.Error(), "Step a, Step b") {
		t.Errorf("loop: %v", err)
	}
}
