package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// stepTrialBody is a step as it is tried.
type stepTrialBody struct {
	Method                string             `doc:"Its id, or its MethodUniqueIdentifier."`
	Script                string             `json:",omitempty" doc:"The step's own, beside the connector's and the method's."`
	Parameters            map[string]any     `json:",omitempty" doc:"Values in place of the step's mappings, by the names of parameters."`
	Fields                map[string]any     `json:",omitempty" doc:"The same by the ConnectorField of request fields, also of those that the method does not declare."`
	Variables             map[string]anyText `json:",omitempty" doc:"Values of the cycle's variables, by SystemName, which scripts see as cycle_variables."`
	LastSuccessfulRunDate optional[moment]   `json:",omitzero" doc:"When the step last ran without error, as the test is to see it. Left out: it never has. A test changes nothing of it."`
}

func (b *stepTrialBody) trial() tandem.StepTrial {
	t := tandem.StepTrial{
		Method: b.Method, Script: b.Script, Parameters: b.Parameters, Fields: b.Fields,
		Variables: make(map[string]string, len(b.Variables)), LastRun: b.LastSuccessfulRunDate.Value.Time,
	}
	for name, v := range b.Variables {
		t.Variables[name] = string(v)
	}
	return t
}

func (a *API) testStep(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body stepTrialBody
},
) (*object[testShape], error) {
	t, err := a.services.Demand.TestStep(ctx, at.Account, in.ID, in.Body.trial())
	if err != nil {
		return nil, err
	}
	return one(showTest(t), nil)
}
