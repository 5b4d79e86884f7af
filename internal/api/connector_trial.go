package api

import (
	"context"
	"encoding/json"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// connectorTrialBody says how a method is tried.
type connectorTrialBody struct {
	AccountConnectorID optional[tandem.AccountConnectorID] `json:"AccountConnectorId,omitzero" doc:"Of the account: another release of the connector, whose credentials and properties are used. Of a draft, only who may manage custom connectors may use those: its scripts see them."`
	Authentication     string                              `json:",omitempty" doc:"Without AccountConnectorId: the way to authenticate, by name; the first, if it is left out."`
	AuthValue          tandem.Secret                       `json:",omitempty" doc:"Without AccountConnectorId: credentials, as for a connector of an account. They are kept nowhere; tokens are not asked for."`
	Properties         map[string]anyText                  `json:",omitempty" doc:"Without AccountConnectorId: values of its properties, by name."`
	Parameters         map[string]any                      `json:",omitempty" doc:"Values by the names of the method's parameters."`
	Fields             map[string]any                      `json:",omitempty" doc:"Values by the ConnectorField of the method's request fields."`
}

// CustomMethodPath names a method of one of the partner's own connectors.
type CustomMethodPath struct {
	CustomConnectorPath
	Method string `path:"method" doc:"Its id, or its MethodUniqueIdentifier."`
}

func (a *API) tryConnector(ctx context.Context, at policy.Place, in *struct {
	CustomMethodPath
	Body connectorTrialBody
},
) (*object[testShape], error) {
	b := in.Body
	if b.AccountConnectorID.Value != 0 {
		if err := a.mayLendCredentials(ctx, at.Partner, in.ID); err != nil {
			return nil, err
		}
	}
	given := tandem.ConnectorTrial{
		Method: in.Method, Installed: b.AccountConnectorID.Value, Parameters: b.Parameters, Fields: b.Fields,
		Authentication: b.Authentication, AuthValue: b.AuthValue, Properties: map[string]string{},
	}
	for name, v := range b.Properties {
		given.Properties[name] = string(v)
	}
	t, err := a.services.ConnectorTrials.Try(ctx, at.Account, in.ID, given)
	if err != nil {
		return nil, err
	}
	return one(showTest(t), nil)
}

// mayLendCredentials keeps the credentials of accounts from the scripts and
// addresses of a draft, unless who asks could make it live.
//
// Errors: NotFound; Forbidden.
func (a *API) mayLendCredentials(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error {
	c, err := a.services.CustomConnectors.Get(ctx, p, id)
	if err != nil || c.State != tandem.ReleaseDraft {
		return err
	}
	return managesCustom(ctx)
}

// scriptBody is a script to try.
type scriptBody struct {
	Script string                     `doc:"JavaScript, of at most 256 KB."`
	Event  string                     `doc:"Whose handler is called, such as after_action. Required."`
	State  map[string]json.RawMessage `json:",omitempty" doc:"What the script sees: globals by name, such as method_response."`
}

// scriptShape is what came of a script.
type scriptShape struct {
	Success bool                       `doc:"Its handler returned."`
	Message string                     `doc:"What went wrong; empty, if nothing did."`
	Line    int                        `doc:"Where it went wrong, from 1; 0, if that is not known."`
	Handled bool                       `doc:"The script has a handler of the event."`
	GoesOn  bool                       `doc:"False: the handler returned false, or failed."`
	Result  bool                       `doc:"Of action_condition: what counts."`
	State   map[string]json.RawMessage `doc:"What the event lets scripts change, as the script left it."`
	Log     []string                   `doc:"What it wrote to the console."`
}

// maxScript is the most bytes of a script to try.
const maxScript = 256 << 10

func (a *API) runScript(ctx context.Context, p tandem.PartnerID, in *struct{ Body scriptBody }) (*object[scriptShape], error) {
	if len(in.Body.Script) > maxScript {
		return nil, tandem.Invalidf("Script", "Script: has at most %d bytes.", maxScript)
	}
	r, err := a.services.ConnectorTrials.RunScript(ctx, p, tandem.ScriptTrial{Script: in.Body.Script, Event: in.Body.Event, State: in.Body.State})
	if err != nil {
		return nil, err
	}
	s := scriptShape{Success: r.Failed == "", Message: r.Failed, Line: r.Line, Handled: r.Handled, GoesOn: r.Go, Result: r.True, State: r.State, Log: list0(r.Log)}
	if s.State == nil {
		s.State = map[string]json.RawMessage{}
	}
	return one(s, nil)
}
