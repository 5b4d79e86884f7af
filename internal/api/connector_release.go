package api

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// connectorReleaseShape is a release of one of the partner's own connectors.
type connectorReleaseShape struct {
	ID            tandem.ConnectorID `json:"Id"`
	Version       string
	ReleaseStatus tandem.ReleaseState         `doc:"Draft, Live or Deprecated."`
	CreatedOnUTC  time.Time                   `json:"CreatedOnUtc"`
	Installed     int                         `doc:"How many connectors of accounts are of this release."`
	Promotions    []tandem.ConnectorPromotion `doc:"When it went live, newest first: once as Major, and then each time that a Minor one took its place."`
}

func showConnectorRelease(c *tandem.ConnectorRelease) connectorReleaseShape {
	return connectorReleaseShape{
		ID: c.ID, Version: c.Version, ReleaseStatus: c.State, CreatedOnUTC: c.Created, Installed: c.Installed, Promotions: list0(c.Promotions),
	}
}

func (a *API) listConnectorReleases(ctx context.Context, at policy.Place, in *struct {
	CustomConnectorPath
	Slicing
},
) (*list[connectorReleaseShape], error) {
	found, err := a.services.ConnectorReleases.List(ctx, at.Partner, in.ID)
	all := make([]connectorReleaseShape, len(found))
	for i := range found {
		all[i] = showConnectorRelease(&found[i])
	}
	return whole(in.Slicing, all, err)
}

func (a *API) draftConnector(ctx context.Context, at policy.Place, in *CustomConnectorPath) (*object[customConnectorShape], error) {
	return a.customConnector(a.services.ConnectorReleases.Draft(ctx, at.Partner, in.ID))
}

// promoteConnectorBody says how a draft goes live.
type promoteConnectorBody struct {
	Kind  tandem.PromotionKind `doc:"Minor: it takes the place of the live release, whose users move at once. Major: beside it, and that is Deprecated. Required."`
	Notes string               `json:",omitempty" doc:"What is new, for people."`
}

func (a *API) promoteConnector(ctx context.Context, at policy.Place, in *struct {
	CustomConnectorPath
	Body promoteConnectorBody
},
) (*object[customConnectorShape], error) {
	return a.customConnector(a.services.ConnectorReleases.Promote(ctx, at.Partner, in.ID, in.Body.Kind, in.Body.Notes))
}

// updateShape is a newer release than the one that is in use.
type updateShape struct {
	ConnectorID  tandem.ConnectorID `json:"ConnectorId" doc:"Change the connector of the account to this one, to move it and all its steps."`
	Version      string
	ReleaseNotes string
}

// updateOf is what c could be moved to; nil if it is of the newest release.
func updateOf(shelf tandem.Shelf, c *tandem.LibraryConnector) *updateShape {
	if c == nil {
		return nil
	}
	next := shelf.Newer(c)
	if next == nil {
		return nil
	}
	return &updateShape{next.ID, next.Version, next.ReleaseNotes}
}
