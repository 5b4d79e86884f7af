package api

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// MethodPath names a method of an installed connector.
type MethodPath struct {
	AccountConnectorPath
	Method string `path:"method" doc:"Its id, or its MethodUniqueIdentifier."`
}

// methodBody is what a method is called with. Old clients send it with single
// quotes and bare names, so handlers read it themselves.
type methodBody struct {
	Parameters map[string]any `json:",omitempty" doc:"Values by parameter id."`
	Fields     map[string]any `json:",omitempty" doc:"Values by request field id."`
}

type methodInput struct {
	MethodPath
	RawBody []byte `contentType:"application/json"`
}

// readInput reads what a method is called with; nothing is nothing.
func readInput(body []byte) (m tandem.MethodInput, err error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return m, nil
	}
	text, err := strict(body)
	if err != nil {
		return m, err
	}
	var b methodBody
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&b); err != nil {
		return m, &tandem.Error{Code: tandem.Invalid, Message: "The body must be an object with Parameters and Fields, each an object of ids and values.", Err: err}
	}
	if m.Parameters, err = byNumber("Parameters", b.Parameters); err == nil {
		m.Fields, err = byNumber("Fields", b.Fields)
	}
	return m, err
}

func byNumber(what string, values map[string]any) (map[int64]any, error) {
	all := make(map[int64]any, len(values))
	for name, v := range values {
		id, err := strconv.ParseInt(strings.TrimSpace(name), 10, 64)
		if err != nil {
			return nil, tandem.Invalidf(what+"."+name, "%s: %q is not an integer", what, name)
		}
		all[id] = v
	}
	return all, nil
}

// callMethod answers with what the third party did, as JSON.
func (a *API) callMethod(ctx context.Context, at policy.Place, in *methodInput) (*object[json.RawMessage], error) {
	given, err := readInput(in.RawBody)
	if err != nil {
		return nil, err
	}
	body, err := a.services.Demand.Call(ctx, at.Account, in.ID, in.Method, given)
	return one(asJSON(body), err)
}

// getMethodResult is for programs: what a browser gets, another page may have made
// it get, and a method may write.
func (a *API) getMethodResult(ctx context.Context, at policy.Place, in *MethodPath) (*object[json.RawMessage], error) {
	if who := tandem.ActOf(ctx).Who; who.ConsoleUser != 0 || who.User != 0 {
		return nil, &tandem.Error{Code: tandem.Forbidden, Message: "From a browser, use POST."}
	}
	return a.callMethod(ctx, at, &methodInput{MethodPath: *in})
}

// asJSON is a body as it is, if it is JSON; else as text.
func asJSON(body []byte) json.RawMessage {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return json.RawMessage("null")
	case json.Valid(body):
		return body
	}
	return json.RawMessage(quote(string(body)))
}

// testShape is a request that was made to try a method.
type testShape struct {
	Success    bool
	StatusCode int           `doc:"Of the response; 0 if there was none."`
	Request    *requestShape `doc:"Credentials removed."`
	Response   *responseShape
	Incidents  []testIncident
}

type testIncident struct {
	IncidentLevel tandem.Outcome
	ShortMessage  string
	FullMessage   string
}

func (a *API) testMethod(ctx context.Context, at policy.Place, in *methodInput) (*object[testShape], error) {
	given, err := readInput(in.RawBody)
	if err != nil {
		return nil, err
	}
	t, err := a.services.Demand.Test(ctx, at.Account, in.ID, in.Method, given)
	if err != nil {
		return nil, err
	}
	return one(showTest(t), nil)
}

func showTest(t tandem.MethodTest) testShape {
	s := testShape{Success: t.Success, StatusCode: t.StatusCode, Request: showRequest(t.Request), Response: showResponse(t.Response), Incidents: []testIncident{}}
	switch {
	case !t.Success:
		s.Incidents = append(s.Incidents, testIncident{tandem.OutcomeError, t.Short, t.Message})
	case t.Message != "":
		s.Incidents = append(s.Incidents, testIncident{tandem.OutcomeWarning, tandem.IncidentNotCalled, t.Message})
	}
	return s
}

// choiceShape is one choice of a lookup.
type choiceShape struct {
	Name  string `doc:"For people."`
	Value string
}

// TriggerPath names a trigger of an installed connector.
type TriggerPath struct {
	AccountConnectorPath
	TriggerID int64 `path:"triggerId"`
}

type lookupInput struct {
	TriggerPath
	RawBody []byte `contentType:"application/json"`
}

// lookUp takes what was chosen before as parameters of the trigger's method.
func (a *API) lookUp(ctx context.Context, at policy.Place, in *lookupInput) (*object[[]choiceShape], error) {
	given, err := readInput(in.RawBody)
	if err != nil {
		return nil, err
	}
	return a.choices(ctx, at, in.ID, in.TriggerID, given)
}

func (a *API) choices(ctx context.Context, at policy.Place, id tandem.AccountConnectorID, trigger int64, given tandem.MethodInput) (*object[[]choiceShape], error) {
	found, err := a.services.Demand.Lookup(ctx, at.Account, id, trigger, given)
	if err != nil {
		return nil, err
	}
	all := []choiceShape{}
	for _, c := range found {
		all = append(all, choiceShape{Name: c.Label, Value: c.Value})
	}
	return one(all, nil)
}

// lookUpParameter looks up the choices of a step's parameter.
func (a *API) lookUpParameter(ctx context.Context, at policy.Place, in *struct {
	StepTargetPath
	Body struct {
		TriggerID optional[int64] `json:"TriggerId" doc:"One of the parameter's Triggers."`
	}
},
) (*object[[]choiceShape], error) {
	d, s, t, err := a.findTarget(ctx, at, in.StepTargetPath, parameterSide)
	if err != nil {
		return nil, err
	}
	for _, trigger := range t.parameter.Triggers {
		if trigger.ID == in.Body.TriggerID.Value {
			return a.choices(ctx, at, d.Connectors[s.Connector], trigger.ID, d.chosenBefore(s, trigger))
		}
	}
	return nil, tandem.NotFoundf("Trigger %d could not be found.", in.Body.TriggerID.Value)
}

// chosenBefore is what a step has for the parameters of a trigger's method: those of
// the same name, and those that the same trigger fills.
func (d *design) chosenBefore(s *tandem.Step, t connector.Trigger) tandem.MethodInput {
	in := tandem.MethodInput{Parameters: map[int64]any{}}
	l, m := d.library[s.Connector], d.method(s)
	of := findMethod(l, func(m *connector.Method) bool {
		return m.Name == t.Method || strings.EqualFold(m.MethodUniqueIdentifier, t.Method)
	})
	if of == nil {
		return in
	}
	for _, p := range of.Parameters {
		for _, own := range m.Parameters {
			if own.Name != p.Name && (p.Trigger == "" || own.Trigger != p.Trigger) {
				continue
			}
			i := slices.IndexFunc(s.Parameters, func(m tandem.Mapping) bool { return m.Target == own.Name && chosen(m.MappingType) && m.Value != "" })
			if i >= 0 && !p.Hidden {
				in.Parameters[p.ID] = s.Parameters[i].Value
			}
		}
	}
	return in
}
