package workflow_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// A step's own policy comes before the cycle's, retries included.
func TestErrorPolicyOfSteps(t *testing.T) {
	for _, tt := range []struct {
		step        tandem.StepErrorAction
		own         int
		cycle       tandem.StepErrorAction
		of          int
		want        tandem.StepErrorAction
		wantRetries int
	}{
		{"", 0, "", 0, tandem.StopTransaction, 0},
		{"", 4, tandem.RetryStep, 2, tandem.RetryStep, 2},
		{tandem.RetryStep, 5, tandem.RetryStep, 2, tandem.RetryStep, 5},
		{tandem.RetryStep, 1, tandem.IgnoreError, 0, tandem.RetryStep, 1},
		{tandem.StopTransaction, 3, tandem.RetryStep, 2, tandem.StopTransaction, 0},
	} {
		g := soundGraph()
		g.StepErrorAction, g.Retries = tt.cycle, tt.of
		g.Steps[0].StepErrorAction, g.Steps[0].Retries = tt.step, tt.own
		g.Steps[1].Decision.Groups[0][0].Left = tandem.Mapping{MappingType: tandem.MapStatic, Value: "x"}
		if err := workflow.Validate(g, hooks); err != nil {
			t.Fatal(err)
		}
		p, err := workflow.Compile(g, hooks)
		if err != nil {
			t.Fatal(err)
		}
		if n := p.Trigger; n.OnError != tt.want || n.Retries != tt.wantRetries {
			t.Errorf("%+v: %s, %d", tt, n.OnError, n.Retries)
		}
	}
}
