package api

import (
	"context"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type edgeBody struct {
	HeadStepID guid[tandem.StepID] `json:"HeadStepId" doc:"The step that it leaves."`
	TailStepID guid[tandem.StepID] `json:"TailStepId" doc:"The step that it leads to."`
	EdgeType   tandem.EdgeType     `json:",omitempty" doc:"Forward (default); of a decision: True or False."`
}

func (a *API) listEdges(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Slicing
},
) (*list[tandem.Edge], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return whole(in.Slicing, c.Graph.Edges, nil)
}

func (a *API) createEdge(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body edgeBody
},
) (*object[tandem.Edge], error) {
	edge := tandem.Edge{
		ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: in.Body.HeadStepID.Value, TailStepID: in.Body.TailStepID.Value, EdgeType: spelled(in.Body.EdgeType, tandem.ForwardEdge, tandem.TrueEdge, tandem.FalseEdge),
	}
	if edge.EdgeType == "" {
		edge.EdgeType = tandem.ForwardEdge
	}
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		c.Graph.Edges = append(c.Graph.Edges, edge)
		return nil
	})
	return one(edge, err)
}

func (a *API) getEdge(ctx context.Context, at policy.Place, in *CycleEdgePath) (*object[tandem.Edge], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	i, err := findEdge(c, in.EdgeID.Value)
	if err != nil {
		return nil, err
	}
	return one(c.Graph.Edges[i], nil)
}

func findEdge(c *tandem.Cycle, id tandem.EdgeID) (int, error) {
	i := slices.IndexFunc(c.Graph.Edges, func(e tandem.Edge) bool { return e.ID == id })
	if i < 0 {
		return 0, tandem.NotFoundf("Edge %s could not be found.", id)
	}
	return i, nil
}

func (a *API) deleteEdge(ctx context.Context, at policy.Place, in *CycleEdgePath) (*empty, error) {
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		i, err := findEdge(c, in.EdgeID.Value)
		if err != nil {
			return err
		}
		c.Graph.Edges = slices.Delete(c.Graph.Edges, i, i+1)
		return nil
	})
	return done(err)
}
