package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// stepShape is a step.
type stepShape struct {
	ID                  tandem.StepID  `json:"Id"`
	CycleID             tandem.CycleID `json:"CycleId"`
	Name                string
	Description         string
	ActionType          actionType
	Method              *methodName
	AccountConnector    *connectorName
	Decision            *tandem.Decision           `json:",omitempty"`
	StepErrorAction     tandem.StepErrorAction     `json:",omitempty"`
	CollectionSplitType tandem.CollectionSplitType `json:",omitempty"`
	DisplayPositionLeft int
	DisplayPositionTop  int
	WebhookURL          string `json:"WebhookUrl,omitempty" doc:"Of a webhook step: where to send requests."`
}

type methodName struct {
	ID                     int64 `json:"Id"`
	Name                   string
	MethodUniqueIdentifier string
	MethodType             connector.MethodType
}

type connectorName struct {
	ID            tandem.AccountConnectorID `json:"Id"`
	Name          string
	ConnectorID   tandem.ConnectorID `json:"ConnectorId"`
	Authenticated bool
}

func (d *design) show(s *tandem.Step, webhooks map[tandem.StepID]string) stepShape {
	shape := stepShape{
		ID: s.ID, CycleID: d.ID, Name: s.Name, Description: s.Description, ActionType: actionType(s.ActionType), Decision: s.Decision,
		StepErrorAction: s.StepErrorAction, CollectionSplitType: s.CollectionSplitType,
		DisplayPositionLeft: s.DisplayPositionLeft, DisplayPositionTop: s.DisplayPositionTop, WebhookURL: webhooks[s.ID],
	}
	if m := d.method(s); m != nil {
		shape.Method = &methodName{ID: m.ID, Name: m.Name, MethodUniqueIdentifier: m.MethodUniqueIdentifier, MethodType: m.MethodType}
	}
	if in := d.installed[d.Connectors[s.Connector]]; s.Connector != "" && in != nil {
		shape.AccountConnector = &connectorName{ID: in.ID, Name: in.Name, ConnectorID: in.Connector, Authenticated: in.State == tandem.Authenticated}
	}
	return shape
}

// actionType is a kind of step: a name, or its number.
type actionType tandem.ActionType

var actionTypes = map[string]actionType{
	"Action": actionType(tandem.ActionStep), "Webhook": actionType(tandem.WebhookStep), "Decision": actionType(tandem.DecisionStep),
}

// MarshalText implements encoding.TextMarshaler.
func (t actionType) MarshalText() ([]byte, error) {
	for name, n := range actionTypes {
		if n == t {
			return []byte(name), nil
		}
	}
	return nil, fmt.Errorf("action type %d has no name", t)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *actionType) UnmarshalText(b []byte) error {
	for name, n := range actionTypes {
		if text := string(b); strings.EqualFold(name, text) || strconv.Itoa(int(n)) == text {
			*t = n
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of step: want Action (1), Webhook (2) or Decision (3)", b)
}

// UnmarshalJSON takes a number too.
func (t *actionType) UnmarshalJSON(b []byte) error {
	return t.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

// reference names something by its id, its GUID, or an object that has either.
type reference string

// UnmarshalJSON implements json.Unmarshaler.
func (r *reference) UnmarshalJSON(b []byte) error {
	var object struct {
		ID                     *reference `json:"Id"`
		MethodUniqueIdentifier *reference
	}
	if b[0] != '{' {
		*r = reference(strings.Trim(string(b), `"`))
		if *r == "null" {
			*r = ""
		}
		return nil
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	for _, part := range []*reference{object.ID, object.MethodUniqueIdentifier} {
		if part != nil && *part != "" {
			*r = *part
		}
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (reference) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeInteger}, {Type: huma.TypeString}, {
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{"Id": {Type: huma.TypeInteger}},
	}}}
}

type stepBody struct {
	Name                optional[string]                     `json:",omitzero"`
	Description         optional[string]                     `json:",omitzero"`
	ActionType          optional[actionType]                 `json:",omitzero" doc:"Action (1), Webhook (2) or Decision (3)."`
	AccountConnector    reference                            `json:",omitempty" doc:"Its Id, or an object with it."`
	AccountConnectorID  reference                            `json:"AccountConnectorId,omitempty" doc:"The same."`
	Method              reference                            `json:",omitempty" doc:"Its Id or MethodUniqueIdentifier, or an object with one."`
	MethodID            reference                            `json:"MethodId,omitempty" doc:"The same."`
	Decision            optional[*tandem.Decision]           `json:",omitzero"`
	StepErrorAction     optional[tandem.StepErrorAction]     `json:",omitzero"`
	CollectionSplitType optional[tandem.CollectionSplitType] `json:",omitzero"`
	DisplayPositionLeft optional[int]                        `json:",omitzero"`
	DisplayPositionTop  optional[int]                        `json:",omitzero"`
}

func (b *stepBody) apply(s *tandem.Step) {
	kind := actionType(s.ActionType)
	b.ActionType.Apply(&kind)
	s.ActionType = tandem.ActionType(kind)
	b.Name.Apply(&s.Name)
	b.Description.Apply(&s.Description)
	b.Decision.Apply(&s.Decision)
	b.StepErrorAction.Apply(&s.StepErrorAction)
	b.CollectionSplitType.Apply(&s.CollectionSplitType)
	b.DisplayPositionLeft.Apply(&s.DisplayPositionLeft)
	b.DisplayPositionTop.Apply(&s.DisplayPositionTop)
}

// call is what a step shall call.
type call struct {
	installed *tandem.AccountConnector
	library   *tandem.LibraryConnector
	method    *connector.Method
}

// call finds what a body names; now is what the step has of it already.
func (a *API) call(ctx context.Context, at policy.Place, b *stepBody, now call) (call, error) {
	if id := cmp.Or(b.AccountConnector, b.AccountConnectorID); id != "" {
		n, _ := strconv.ParseInt(string(id), 10, 64) // what is no number is no id
		in, err := a.services.Connectors.Get(ctx, at.Account, tandem.AccountConnectorID(n))
		if tandem.ErrorCode(err) == tandem.NotFound {
			return now, tandem.Invalidf("AccountConnector", "AccountConnector: %s could not be found", id)
		}
		if err != nil {
			return now, err
		}
		l, err := a.services.Library.Get(ctx, at.Partner, in.Connector)
		if err != nil {
			return now, err
		}
		now.installed, now.library = in, l
	}
	id := cmp.Or(b.Method, b.MethodID)
	if id == "" {
		return now, nil
	}
	if now.library == nil {
		return now, tandem.Invalidf("AccountConnector", "AccountConnector: is needed with a Method")
	}
	now.method = findMethod(now.library, func(m *connector.Method) bool {
		return strconv.FormatInt(m.ID, 10) == string(id) || strings.EqualFold(m.MethodUniqueIdentifier, string(id))
	})
	if now.method == nil {
		return now, tandem.Invalidf("Method", "Method: %s could not be found in connector %s", id, now.library.Name)
	}
	return now, nil
}

// put makes s call what was found.
func (k call) put(c *tandem.Cycle, s *tandem.Step) {
	if k.installed != nil {
		s.Connector = ref(c, k.installed, k.library)
	}
	if k.method != nil {
		s.Method = k.method.MethodUniqueIdentifier
	}
}

type CycleStepPath struct {
	CyclePath
	StepID guid[tandem.StepID] `path:"stepId"`
}

type StepPath struct {
	ID guid[tandem.StepID] `path:"id"`
}

func (a *API) listSteps(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Filter string `query:"filter" enum:"action" doc:"action: only steps that call a method."`
}) (*object[[]stepShape], error) {
	d, err := a.design(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	webhooks, err := a.services.Control.WebhookURLs(ctx, at.Account, d.ID)
	if err != nil {
		return nil, err
	}
	steps := []stepShape{}
	for i := range d.Graph.Steps {
		if s := &d.Graph.Steps[i]; in.Filter == "" || s.ActionType == tandem.ActionStep {
			steps = append(steps, d.show(s, webhooks))
		}
	}
	return one(steps, nil)
}

// shownStep shows one step of a cycle, as it is now.
func (a *API) shownStep(ctx context.Context, at policy.Place, c *tandem.Cycle, id tandem.StepID) (*object[stepShape], error) {
	d, err := a.designOf(ctx, at, c)
	if err != nil {
		return nil, err
	}
	s, err := d.step(id)
	if err != nil {
		return nil, err
	}
	webhooks, err := a.services.Control.WebhookURLs(ctx, at.Account, c.ID)
	if err != nil {
		return nil, err
	}
	return one(d.show(s, webhooks), nil)
}

func (a *API) createStep(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body stepBody
}) (*object[stepShape], error) {
	if !in.Body.ActionType.Set {
		return nil, tandem.Invalidf("ActionType", "ActionType is required")
	}
	k, err := a.call(ctx, at, &in.Body, call{})
	if err != nil {
		return nil, err
	}
	s := tandem.Step{ID: tandem.StepID(tandem.NewGUID())}
	if k.method != nil {
		s.Name = k.method.Name
	}
	in.Body.apply(&s)
	c, err := a.services.Cycles.Edit(ctx, at.Account, in.ID.Value, func(c *tandem.Cycle) error {
		s := s
		k.put(c, &s)
		c.Graph.Steps = append(c.Graph.Steps, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.shownStep(ctx, at, c, s.ID)
}

func (a *API) getCycleStep(ctx context.Context, at policy.Place, in *CycleStepPath) (*object[stepShape], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.shownStep(ctx, at, c, in.StepID.Value)
}

func (a *API) updateStep(ctx context.Context, at policy.Place, in *struct {
	CycleStepPath
	Body stepBody
}) (*object[stepShape], error) {
	d, err := a.design(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	was, err := d.step(in.StepID.Value)
	if err != nil {
		return nil, err
	}
	k, err := a.call(ctx, at, &in.Body, call{library: d.library[was.Connector]})
	if err != nil {
		return nil, err
	}
	c, err := a.services.Cycles.Edit(ctx, at.Account, in.ID.Value, func(c *tandem.Cycle) error {
		s, err := findStep(c, in.StepID.Value)
		if err != nil {
			return err
		}
		in.Body.apply(s)
		k.put(c, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.shownStep(ctx, at, c, in.StepID.Value)
}

func (a *API) deleteStep(ctx context.Context, at policy.Place, in *CycleStepPath) (*empty, error) {
	_, err := a.services.Cycles.Edit(ctx, at.Account, in.ID.Value, func(c *tandem.Cycle) error {
		id := in.StepID.Value
		if _, err := findStep(c, id); err != nil {
			return err
		}
		c.Graph.Steps = slices.DeleteFunc(c.Graph.Steps, func(s tandem.Step) bool { return s.ID == id })
		c.Graph.Edges = slices.DeleteFunc(c.Graph.Edges, func(e tandem.Edge) bool { return e.HeadStepID == id || e.TailStepID == id })
		return nil
	})
	return done(err)
}

func (a *API) getStep(ctx context.Context, at policy.Place, in *StepPath) (*object[stepShape], error) {
	d, s, err := a.designOfStep(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.shownStep(ctx, at, d.Cycle, s.ID)
}

func (a *API) listStepPrerequisites(ctx context.Context, at policy.Place, in *StepPath) (*object[[]tandem.Prerequisite], error) {
	cycle, err := a.services.Control.CycleOfStep(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	missing, err := a.services.Control.Prerequisites(ctx, at.Account, cycle)
	own := slices.DeleteFunc(missing, func(p tandem.Prerequisite) bool {
		return p.StepID != in.ID.Value && p.ObjectID != string(in.ID.Value)
	})
	return one(list0(own), err)
}
