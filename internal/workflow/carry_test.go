package workflow_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// chosen is a mapping that the customer may set.
func chosen(m tandem.Mapping) tandem.Mapping {
	m.IsLaunchVisible = true
	return m
}

// one is a graph of a trigger "in" and a step "out" with the given fields.
func one(fields ...tandem.Mapping) *tandem.Graph {
	return graph([]tandem.Step{step("in", "event"), step("out", "send", fields...)}, edge("in", "out", ""))
}

func TestCarry(t *testing.T) {
	variable := tandem.Mapping{Target: "email", MappingType: tandem.MapVariable, Variable: "X", IsLaunchVisible: true}
	for name, tt := range map[string]struct {
		from, to *tandem.Graph
		want     []tandem.Mapping
		lost     []string // name: reason
	}{
		"a choice":                 {one(chosen(static("email", "mine"))), one(chosen(static("email", "default"))), []tandem.Mapping{chosen(static("email", "mine"))}, nil},
		"no choice was made":       {one(chosen(static("email", ""))), one(chosen(static("email", "default"))), []tandem.Mapping{chosen(static("email", "default"))}, nil},
		"it was not to be chosen":  {one(static("email", "old")), one(chosen(static("email", "default"))), []tandem.Mapping{chosen(static("email", "default"))}, nil},
		"it is not to be chosen":   {one(chosen(static("email", "mine"))), one(static("email", "fixed")), []tandem.Mapping{static("email", "fixed")}, []string{"email: The new release sets it itself."}},
		"nor is it, but the same":  {one(chosen(static("email", "same"))), one(static("email", "same")), []tandem.Mapping{static("email", "same")}, nil},
		"it is gone":               {one(chosen(static("email", "mine"))), one(), nil, []string{"email: The new release does not have it."}},
		"ignored, and gone":        {one(tandem.Mapping{Target: "email", MappingType: tandem.MapIgnore, IsLaunchVisible: true}), one(), nil, nil},
		"a field of a step":        {one(chosen(from("email", "in", "x"))), one(chosen(static("email", ""))), []tandem.Mapping{chosen(from("email", "in", "x"))}, nil},
		"of one that is gone":      {one(chosen(from("email", "other", "x"))), one(chosen(static("email", "default"))), []tandem.Mapping{chosen(static("email", "default"))}, []string{"email: It takes its value from something that the new release does not have."}},
		"a variable that is gone":  {one(variable), one(chosen(static("email", ""))), []tandem.Mapping{chosen(static("email", ""))}, []string{"email: It takes its value from something that the new release does not have."}},
		"a step that is gone":      {one(chosen(static("email", "mine"))), graph([]tandem.Step{step("in", "event")}), nil, []string{"email: The new release does not have it."}},
		"another step's is others": {graph([]tandem.Step{step("in", "event"), step("old", "send", chosen(static("email", "mine")))}), one(chosen(static("email", "default"))), []tandem.Mapping{chosen(static("email", "default"))}, []string{"email: The new release does not have it."}},
	} {
		t.Run(name, func(t *testing.T) {
			var lost []string
			for _, l := range workflow.Carry(tt.from, tt.to) {
				lost = append(lost, l.Name+": "+l.Reason)
			}
			var got []tandem.Mapping
			for _, s := range tt.to.Steps {
				got = append(got, s.Fields...)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mappings: -want +got\n%s", diff)
			}
			if diff := cmp.Diff(tt.lost, lost); diff != "" {
				t.Errorf("lost: -want +got\n%s", diff)
			}
		})
	}
}

func TestCarryVariables(t *testing.T) {
	v := func(name, value string, visible bool) tandem.Variable {
		return tandem.Variable{SystemName: name, Value: value, IsLaunchVisible: visible}
	}
	from := &tandem.Graph{Variables: []tandem.Variable{
		v("kept", "mine", true), v("empty", "", true), v("gone", "x", true), v("fixed", "x", true), v("same", "x", true), v("own", "old", false),
	}}
	to := &tandem.Graph{Variables: []tandem.Variable{
		v("kept", "d", true), v("empty", "d", true), v("fixed", "d", false), v("same", "x", false), v("own", "d", true), v("new", "d", true),
	}}
	var lost []string
	for _, l := range workflow.Carry(from, to) {
		lost = append(lost, l.Name)
	}
	if diff := cmp.Diff([]string{"gone", "fixed"}, lost); diff != "" {
		t.Errorf("lost: -want +got\n%s", diff)
	}
	want := []tandem.Variable{v("kept", "mine", true), v("empty", "d", true), v("fixed", "d", false), v("same", "x", false), v("own", "d", true), v("new", "d", true)}
	if diff := cmp.Diff(want, to.Variables); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What comes of a graph under other ids is the same graph, and the original is
// as it was.
func TestRenew(t *testing.T) {
	g := one(from("email", "in", "x"))
	g.Steps = append(g.Steps, tandem.Step{ID: "ask", Name: "Ask", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{
		Groups: [][]tandem.Rule{{{Left: from("", "in", "x"), Condition: tandem.Exists, Right: from("", "gone", "x")}}},
	}})
	before, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[tandem.StepID]tandem.StepID{"in": "kept"}
	out := workflow.Renew(*g, ids)
	if after, err := json.Marshal(g); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the original changed: %v, %s", err, cmp.Diff(string(before), string(after)))
	}
	if out.Steps[0].ID != "kept" || out.Steps[1].ID != ids["out"] || ids["out"] == "out" || ids["ask"] == "" {
		t.Errorf("ids %v of %+v", ids, out.Steps)
	}
	if e := out.Edges[0]; e.HeadStepID != "kept" || e.TailStepID != ids["out"] || e.ID == g.Edges[0].ID {
		t.Errorf("edge %+v", e)
	}
	rule := out.Steps[2].Decision.Groups[0][0]
	if out.Steps[1].Fields[0].SourceStepID != "kept" || rule.Left.SourceStepID != "kept" || rule.Right.SourceStepID != "" {
		t.Errorf("sources of %+v and %+v", out.Steps[1].Fields, rule)
	}
	if again := workflow.Renew(*g, ids); again.Steps[1].ID != out.Steps[1].ID {
		t.Error("the same ids gave other ones")
	}
}
