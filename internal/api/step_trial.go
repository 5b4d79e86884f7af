package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// stepTrialBody is a step as it is tried.
type stepTrialBody struct {
	Method     string         `doc:"Its id, or its MethodUniqueIdentifier."`
	Script     string         `json:",omitempty" doc:"The step's own, beside the connector's and the method's."`
	Parameters map[string]any `json:",omitempty" doc:"Values in place of the step's mappings, by the names of parameters."`
	Fields     map[string]any `json:",omitempty" doc:"The same by the ConnectorField of request fields, also of those that the method does not declare."`
}

func (a *API) testStep(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body stepTrialBody
},
) (*object[testShape], error) {
	t, err := a.services.Demand.TestStep(ctx, at.Account, in.ID, tandem.StepTrial(in.Body))
	if err != nil {
		return nil, err
	}
	return one(showTest(t), nil)
}
