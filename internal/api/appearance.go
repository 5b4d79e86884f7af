package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// appearanceShape is how pages look; what is empty is as Tandem has it.
type appearanceShape struct {
	ProductName string `doc:"Stands where the name of the product does."`
	AccentColor string `doc:"#rrggbb, of buttons and links."`
	Logo        string `doc:"A PNG, as a data: URL."`
}

// appearanceBody changes it; what is left out stays.
type appearanceBody struct {
	ProductName optional[string] `json:",omitzero" doc:"At most 60 characters. Empty or null: as Tandem has it."`
	AccentColor optional[string] `json:",omitzero" doc:"#rrggbb, on which white text can be read (a contrast of 4.5). Empty or null: as Tandem has it."`
	Logo        optional[string] `json:",omitzero" doc:"data:image/png;base64,…, a PNG of at most 64 KB and 2,000 pixels a side. Empty or null: none."`
}

func (b *appearanceBody) apply(a *tandem.Appearance) {
	b.ProductName.Apply(&a.ProductName)
	b.AccentColor.Apply(&a.AccentColor)
	b.Logo.Apply(&a.Logo)
}

func showAppearance(set tandem.PartnerSettings, err error) (*object[appearanceShape], error) {
	return one(appearanceShape(set.Appearance), err)
}

func (a *API) getAppearance(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[appearanceShape], error) {
	return showAppearance(a.services.Settings.Get(ctx, p))
}

func (a *API) updateAppearance(ctx context.Context, p tandem.PartnerID, in *struct{ Body appearanceBody }) (*object[appearanceShape], error) {
	return showAppearance(a.services.Settings.Change(ctx, p, func(set *tandem.PartnerSettings) error {
		in.Body.apply(&set.Appearance)
		return nil
	}))
}
