package api

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// offerShape is a code for another partner.
type offerShape struct {
	Code         string    `doc:"To be accepted by another partner, once. It is shown here only."`
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
}

func (a *API) offerRelease(ctx context.Context, p tandem.PartnerID, in *ReleasePath) (*object[offerShape], error) {
	o, err := a.services.Offers.Offer(ctx, p, in.ID.Value, in.ReleaseID.Value)
	if err != nil {
		return nil, err
	}
	return &object[offerShape]{offerShape{string(o.Code), o.Expires}}, nil
}

func (a *API) withdrawRelease(ctx context.Context, p tandem.PartnerID, in *ReleasePath) (*empty, error) {
	return done(a.services.Offers.Withdraw(ctx, p, in.ID.Value, in.ReleaseID.Value))
}

// acceptBody says what to accept, and where it goes.
type acceptBody struct {
	Code     tandem.Secret                   `doc:"That another partner gave you."`
	FolderID optional[guid[tandem.FolderID]] `json:"FolderId,omitzero" doc:"Default: in no folder."`
	Draft    optional[bool]                  `json:",omitzero" doc:"As a draft that is not published, for someone to look at first. Else it is live and published, for which console users need Manage."`
}

func (a *API) acceptTemplate(ctx context.Context, p tandem.PartnerID, in *struct{ Body acceptBody }) (*object[templateShape], error) {
	how, err := a.importing(ctx, p, in.Body.Draft.Value, "FolderId", string(in.Body.FolderID.Value.Value))
	if err != nil {
		return nil, err
	}
	t, err := a.services.Offers.Accept(ctx, p, in.Body.Code, how)
	return a.template(ctx, t, err)
}
