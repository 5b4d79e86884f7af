package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// What the paths of requests name.
type (
	// MarketplacePath names a marketplace.
	MarketplacePath struct {
		ID tandem.MarketplaceID `path:"id"`
	}

	// PackagePath names a package in one.
	PackagePath struct {
		MarketplacePath
		PackageID tandem.PackageID `path:"packageId"`
	}
)

// marketplaceBody is of a marketplace; on PUT, what is left out stays.
type marketplaceBody struct {
	Name        optional[string] `json:",omitzero" doc:"Required."`
	Description optional[string] `json:",omitzero"`
}

func (b *marketplaceBody) update() tandem.MarketplaceUpdate {
	return tandem.MarketplaceUpdate{Name: b.Name.Optional, Description: b.Description.Optional}
}

// packageBody is of a package; on PUT, what is left out stays.
type packageBody struct {
	Name        optional[string]                           `json:",omitzero" doc:"Required."`
	Description optional[string]                           `json:",omitzero"`
	TemplateIDs optional[several[guid[tandem.TemplateID]]] `json:"TemplateIds,omitzero" doc:"Required. Installed together."`
	Order       optional[int]                              `json:",omitzero" doc:"Place in the marketplace; equal ones by name."`
}

func (b *packageBody) update() tandem.PackageUpdate {
	u := tandem.PackageUpdate{Name: b.Name.Optional, Description: b.Description.Optional, Order: b.Order.Optional}
	u.Templates.Set, u.Templates.Null = b.TemplateIDs.Set, b.TemplateIDs.Null
	for _, id := range b.TemplateIDs.Value {
		u.Templates.Value = append(u.Templates.Value, id.Value)
	}
	return u
}

func (a *API) listMarketplaces(ctx context.Context, by policy.Reader, in *struct {
	Paging
	Query string `query:"query" doc:"Part of the name or description."`
},
) (*list[tandem.Marketplace], error) {
	found, err := a.services.Marketplaces.List(ctx, by.Partner, tandem.Search{PageRequest: in.request(), Query: in.Query})
	return page(in.request(), found, err, same)
}

func (a *API) createMarketplace(ctx context.Context, p tandem.PartnerID, in *struct{ Body marketplaceBody }) (*object[*tandem.Marketplace], error) {
	return one(a.services.Marketplaces.Put(ctx, p, 0, in.Body.update()))
}

func (a *API) getMarketplace(ctx context.Context, p tandem.PartnerID, in *MarketplacePath) (*object[*tandem.Marketplace], error) {
	return one(a.services.Marketplaces.Get(ctx, p, in.ID))
}

func (a *API) updateMarketplace(ctx context.Context, p tandem.PartnerID, in *struct {
	MarketplacePath
	Body marketplaceBody
},
) (*object[*tandem.Marketplace], error) {
	if _, err := a.services.Marketplaces.Get(ctx, p, in.ID); err != nil {
		return nil, err // 0 is not there either
	}
	return one(a.services.Marketplaces.Put(ctx, p, in.ID, in.Body.update()))
}

func (a *API) deleteMarketplace(ctx context.Context, p tandem.PartnerID, in *MarketplacePath) (*empty, error) {
	return done(a.services.Marketplaces.Delete(ctx, p, in.ID))
}

func (a *API) listPackages(ctx context.Context, p tandem.PartnerID, in *struct {
	MarketplacePath
	Paging
},
) (*list[tandem.Package], error) {
	all, err := a.services.Marketplaces.Packages(ctx, p, in.ID)
	return sliced(in.request(), all, err)
}

func (a *API) createPackage(ctx context.Context, p tandem.PartnerID, in *struct {
	MarketplacePath
	Body packageBody
},
) (*object[*tandem.Package], error) {
	return one(a.services.Marketplaces.PutPackage(ctx, p, in.ID, 0, in.Body.update()))
}

func (a *API) getPackage(ctx context.Context, p tandem.PartnerID, in *PackagePath) (*object[*tandem.Package], error) {
	return one(a.services.Marketplaces.Package(ctx, p, in.ID, in.PackageID))
}

func (a *API) updatePackage(ctx context.Context, p tandem.PartnerID, in *struct {
	PackagePath
	Body packageBody
},
) (*object[*tandem.Package], error) {
	if _, err := a.services.Marketplaces.Package(ctx, p, in.ID, in.PackageID); err != nil {
		return nil, err // 0 is not there either
	}
	return one(a.services.Marketplaces.PutPackage(ctx, p, in.ID, in.PackageID, in.Body.update()))
}

func (a *API) deletePackage(ctx context.Context, p tandem.PartnerID, in *PackagePath) (*empty, error) {
	return done(a.services.Marketplaces.DeletePackage(ctx, p, in.ID, in.PackageID))
}
