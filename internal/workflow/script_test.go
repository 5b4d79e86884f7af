package workflow_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// A step has the exits True and False when a script of its may choose one.
func TestScriptsGiveExits(t *testing.T) {
	const chooses = "function action_condition() { return true }"
	for _, tt := range []struct {
		script string
		exit   tandem.EdgeType
		ok     bool
	}{
		{chooses, tandem.TrueEdge, true},
		{chooses, tandem.FalseEdge, true},
		{chooses, tandem.ForwardEdge, true},
		{"", tandem.TrueEdge, false},
		{"", tandem.ForwardEdge, true},
		{"function my_action_condition() {}; action_conditions()", tandem.TrueEdge, false},
		{"exports['action_condition'] = f", tandem.TrueEdge, true},
	} {
		choose := step("choose", "send", static("email", "x"))
		choose.Script = tt.script
		g := graph([]tandem.Step{step("in", "event"), choose, step("out", "none")}, edge("in", "choose", ""), edge("choose", "out", tt.exit))
		p, err := workflow.Compile(g, resolve)
		if (err == nil) != tt.ok {
			t.Errorf("compile with %q, exit %s: %v", tt.script, tt.exit, err)
		}
		if err == nil && (p.Node("choose").Conditional != strings.Contains(tt.script, "action_condition") || p.Node("choose").Script != tt.script) {
			t.Errorf("%q: %+v", tt.script, p.Node("choose"))
		}
	}
}

func TestWhatScriptsUse(t *testing.T) {
	s := step("s", "page")
	s.Script = "function before_action() { method_request = last_successful_run_date } function after_action_paging() {}"
	out := step("out", "send", from("email", "s", "[rows].id"), static("age", "{{Step s::total}} {{nearest}}"))
	g := graph([]tandem.Step{step("in", "event"), s, out}, edge("in", "s", ""), edge("s", "out", ""))
	g.Variables = []tandem.Variable{{SystemName: "Region", Value: "north"}}
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	n := p.Node("s")
	if !n.UsesLastRun || !n.Gathers || n.Conditional || p.Node("out").UsesLastRun || p.Node("out").Gathers {
		t.Errorf("%+v", n)
	}
	if got := strings.Join(n.FieldsInUse, " "); got != "[rows].id total" || p.Variables["Region"] != "north" {
		t.Errorf("in use %q, variables %v", got, p.Variables)
	}
}

func TestScriptsAreBounded(t *testing.T) {
	for size, ok := range map[int]bool{tandem.MaxStepScript: true, tandem.MaxStepScript + 1: false} {
		s := step(tandem.NewGUID(), "send")
		s.Script = strings.Repeat("x", size)
		g := graph([]tandem.Step{s})
		g.Connectors = []tandem.ConnectorRef{{Ref: "shop"}}
		err := workflow.Validate(g, resolve)
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "Steps[0].Script") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}
