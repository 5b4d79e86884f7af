package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

type partnerBody struct {
	Name string `doc:"Required. Colleagues read it, and people who are invited; customers do not."`
}

func (a *API) getPartner(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[tandem.Partner], error) {
	return one(a.services.Settings.Partner(ctx, p))
}

func (a *API) updatePartner(ctx context.Context, p tandem.PartnerID, in *struct{ Body partnerBody }) (*object[tandem.Partner], error) {
	return one(a.services.Settings.Rename(ctx, p, in.Body.Name))
}
