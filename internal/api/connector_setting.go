package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// connectorSettingsShape is what a partner has set for a connector.
type connectorSettingsShape struct {
	ClientID     string                 `json:"ClientId" doc:"What the third party knows you as, for all accounts that have no client of their own; empty: there is none."`
	ClientSecret string                 `doc:"*** unless you have just set it; empty: there is none."`
	CallbackURL  string                 `json:"CallbackUrl" doc:"The redirect URI to name to the third party."`
	Properties   []partnerPropertyShape `doc:"All that the connector has for you to set."`
	Native       bool                   `doc:"It is your own product: where it is installed and nobody says otherwise, its credentials and settings are not for account users to see."`
}

type partnerPropertyShape struct {
	ID    int64 `json:"Id" doc:"That of the connector's parameter."`
	Name  string
	Value string `doc:"*** where it is sensitive, unless you have just set it; empty: it has none."`
}

type connectorSettingsBody struct {
	ClientID     optional[anyText] `json:"ClientId,omitzero" doc:"Another one needs its ClientSecret. null or empty: none."`
	ClientSecret optional[anyText] `json:",omitzero" doc:"null or empty: none."`
	Properties   []propertyBody    `json:",omitempty" doc:"These are set, others stay. An empty Value takes it away."`
	Native       optional[bool]    `json:",omitzero" doc:"It is your own product. What is installed already stays as it is."`
}

func (b *connectorSettingsBody) update() tandem.ConnectorSettingsUpdate {
	id, secret := b.ClientID, b.ClientSecret
	return tandem.ConnectorSettingsUpdate{
		ClientID:     tandem.Optional[string]{Set: id.Set, Null: id.Null, Value: string(id.Value)},
		ClientSecret: tandem.Optional[tandem.Secret]{Set: secret.Set, Null: secret.Null, Value: tandem.Secret(secret.Value)},
		Properties:   properties(b.Properties),
		Native:       b.Native.Optional,
	}
}

func (a *API) showConnectorSettings(set tandem.ConnectorSettings, err error) (*object[connectorSettingsShape], error) {
	shape := connectorSettingsShape{
		ClientID: set.ClientID, ClientSecret: string(set.ClientSecret), CallbackURL: a.services.SignIns.Callback(), Properties: []partnerPropertyShape{}, Native: set.Native,
	}
	for _, p := range set.Properties {
		shape.Properties = append(shape.Properties, partnerPropertyShape{p.ID, p.Name, p.Value})
	}
	return one(shape, err)
}

func (a *API) getConnectorSettings(ctx context.Context, p tandem.PartnerID, in *ConnectorPath) (*object[connectorSettingsShape], error) {
	l, err := a.connector(ctx, p, in.Connector, "")
	if err != nil {
		return nil, err
	}
	return a.showConnectorSettings(a.services.LibrarySettings.Get(ctx, p, l))
}

func (a *API) updateConnectorSettings(ctx context.Context, p tandem.PartnerID, in *struct {
	ConnectorPath
	Body connectorSettingsBody
},
) (*object[connectorSettingsShape], error) {
	l, err := a.connector(ctx, p, in.Connector, "")
	if err != nil {
		return nil, err
	}
	return a.showConnectorSettings(a.services.LibrarySettings.Set(ctx, p, l, in.Body.update()))
}

func (a *API) deleteConnectorSettings(ctx context.Context, p tandem.PartnerID, in *ConnectorPath) (*empty, error) {
	l, err := a.connector(ctx, p, in.Connector, "")
	if err != nil {
		return nil, err
	}
	return done(a.services.LibrarySettings.Clear(ctx, p, l))
}
