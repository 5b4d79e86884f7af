package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// designShape is what a cycle does, as a whole.
type designShape struct {
	CycleID           tandem.CycleID `json:"CycleId"`
	Name              string
	Status            tandem.CycleStatus `doc:"Only the design of a Paused cycle can be changed."`
	Revision          int64              `doc:"Counts changes of the design. Send it with a change, to be refused if there was another one since."`
	Graph             *tandem.Graph
	AccountConnectors []boundConnector `doc:"Those that its connectors are, as far as they are known."`
}

// boundConnector is which account connector one of a graph's is.
type boundConnector struct {
	Ref                string                    `doc:"Its name in the graph."`
	AccountConnectorID tandem.AccountConnectorID `json:"AccountConnectorId"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *boundConnector) UnmarshalJSON(data []byte) error {
	type plain boundConnector
	return lenient(data, (*plain)(b))
}

// revisedDesign is a design that says which revision it is.
type revisedDesign struct {
	ETag string `header:"ETag"`
	Body designShape
}

// shownDesign shows the design of c, unless err.
func (a *API) shownDesign(ctx context.Context, at policy.Place, c *tandem.Cycle, err error) (*revisedDesign, error) {
	if err != nil {
		return nil, err
	}
	d, err := a.designOf(ctx, at, c)
	if err != nil {
		return nil, err
	}
	bound := []boundConnector{}
	for ref, id := range c.Connectors {
		bound = append(bound, boundConnector{ref, id})
	}
	slices.SortFunc(bound, func(x, y boundConnector) int { return cmp.Compare(x.Ref, y.Ref) })
	return &revisedDesign{etag(c.Revision), designShape{
		CycleID: c.ID, Name: c.Name, Status: d.Status, Revision: c.Revision, Graph: &c.Graph, AccountConnectors: bound,
	}}, nil
}

func (a *API) getCycleDesign(ctx context.Context, at policy.Place, in *CyclePath) (*revisedDesign, error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	return a.shownDesign(ctx, at, c, err)
}

// designBody replaces a cycle's design.
type designBody struct {
	Revision          optional[int64]  `json:",omitzero" doc:"That the change is of; or send If-Match. If the design has been changed since: 409."`
	Graph             graphBody        `doc:"As a whole, in place of the one that it has."`
	AccountConnectors []boundConnector `json:",omitempty" doc:"One that is not named keeps what it has, or gets one that the account has or inherits."`
}

func (a *API) updateCycleDesign(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	RevisionMatch
	Body designBody
},
) (*revisedDesign, error) {
	revision, err := in.revision(in.Body.Revision)
	if err != nil {
		return nil, err
	}
	d := tandem.CycleDesign{Graph: in.Body.Graph.Graph, Connectors: map[string]tandem.AccountConnectorID{}, Revision: revision}
	for _, b := range in.Body.AccountConnectors {
		d.Connectors[b.Ref] = b.AccountConnectorID
	}
	c, err := a.services.Designs.Redesign(ctx, at.Partner, at.Account, in.ID.Value, d)
	return a.shownDesign(ctx, at, c, err)
}

func exampleDesign() designShape {
	t := exampleTemplate()
	return designShape{
		CycleID: exampleCycle, Name: t.Name, Status: tandem.CyclePaused, Revision: 4, Graph: &t.Graph, AccountConnectors: []boundConnector{{"crm", 1}},
	}
}
