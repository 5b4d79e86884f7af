package api

import (
	"context"
	"slices"
	"strconv"
	"strings"

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
	Delay               *tandem.Delay              `json:",omitempty" doc:"Of a Delay: how long it waits."`
	Until               *tandem.Mapping            `json:",omitempty" doc:"Of a WaitUntil: the date-time that it waits for."`
	Match               *tandem.Match              `json:",omitempty" doc:"Of a Webhook that is not the first step: which requests are for which transactions."`
	Answer              *answerShape               `json:",omitempty" doc:"Of a SynchronousResponse: what the caller of the webhook gets."`
	Script              string                     `json:",omitempty"`
	StepErrorAction     tandem.StepErrorAction     `json:",omitempty"`
	Retries             int                        `json:",omitempty" doc:"With Retry."`
	CollectionSplitType tandem.CollectionSplitType `json:",omitempty"`
	DisplayPositionLeft int
	DisplayPositionTop  int
	UpdateAvailable     *updateShape `doc:"A newer release of the connector of the step; null: it is of the newest."`
	WebhookURL          string       `json:"WebhookUrl,omitempty" doc:"Of a webhook step: where to send requests."`
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
		ID: s.ID, CycleID: d.ID, Name: s.Name, Description: s.Description, ActionType: actionType(s.ActionType), Decision: s.Decision, Delay: s.Delay, Until: s.Until, Match: s.Match, Answer: showAnswer(s), Script: s.Script,
		StepErrorAction: s.StepErrorAction, Retries: s.Retries, CollectionSplitType: s.CollectionSplitType,
		DisplayPositionLeft: s.DisplayPositionLeft, DisplayPositionTop: s.DisplayPositionTop, WebhookURL: webhooks[s.ID],
	}
	if d.shelf != nil {
		shape.UpdateAvailable = updateOf(d.shelf, d.library[s.Connector])
	}
	if m := d.method(s); m != nil {
		shape.Method = &methodName{ID: m.ID, Name: m.Name, MethodUniqueIdentifier: m.MethodUniqueIdentifier, MethodType: m.MethodType}
	}
	if in := d.installed[d.Connectors[s.Connector]]; s.Connector != "" && in != nil {
		shape.AccountConnector = &connectorName{ID: in.ID, Name: in.Name, ConnectorID: in.Connector, Authenticated: in.State == tandem.Authenticated}
	}
	return shape
}

func (a *API) listSteps(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Slicing
	Filter string `query:"filter" doc:"action: only steps that call a method."`
},
) (*list[stepShape], error) {
	if in.Filter != "" && !strings.EqualFold(in.Filter, "action") {
		return nil, tandem.Invalidf("filter", "filter: %q is not known: want action", in.Filter)
	}
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
	return whole(in.Slicing, steps, nil)
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
},
) (*object[stepShape], error) {
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
	if err := in.Body.wrongAnswer(&s); err != nil {
		return nil, err
	}
	if s.Name == "" {
		s.Name = s.ActionType.String()
	}
	c, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
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
},
) (*object[stepShape], error) {
	d, err := a.design(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	was, err := d.step(in.StepID.Value)
	if err != nil {
		return nil, err
	}
	k, err := a.call(ctx, at, &in.Body, call{library: d.withCopies(was.Connector)})
	if err != nil {
		return nil, err
	}
	c, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		s, err := findStep(c, in.StepID.Value)
		if err != nil {
			return err
		}
		in.Body.apply(s)
		if err := in.Body.wrongAnswer(s); err != nil {
			return err
		}
		k.put(c, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.shownStep(ctx, at, c, in.StepID.Value)
}

func (a *API) deleteStep(ctx context.Context, at policy.Place, in *CycleStepPath) (*empty, error) {
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
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

func (a *API) listStepPrerequisites(ctx context.Context, at policy.Place, in *struct {
	StepPath
	Slicing
},
) (*list[tandem.Prerequisite], error) {
	d, step, err := a.designOfStep(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	missing, err := a.services.Control.Prerequisites(ctx, at.Account, d.ID)
	calls := strconv.FormatInt(int64(d.Connectors[step.Connector]), 10)
	own := []tandem.Prerequisite{}
	for _, p := range missing {
		if step.Connector != "" && p.ObjectType == tandem.ObjectAccountConnector && p.ObjectID == calls {
			p.StepID = step.ID // of all steps that call it, the first is named
		}
		if p.StepID == step.ID && p.ObjectType != tandem.ObjectCycle {
			own = append(own, p)
		}
	}
	return whole(in.Slicing, own, err)
}
