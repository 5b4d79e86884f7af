package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// deployBody is what all deploy calls take.
type deployBody struct {
	AccountName        anyText `json:",omitempty" doc:"For an account that is made; its id if you give none."`
	AccountDescription string  `json:",omitempty" doc:"For an account that is made."`

	ConnectorAuthentications several[authenticationBody] `json:",omitempty" doc:"Connectors to install and authenticate beforehand. What is installed already is given the new credentials."`
	PartnerConnector         *authenticationBody         `json:",omitempty" doc:"The same for your own product's connector, whose settings customers do not see."`
}

// authenticationBody is a connector that is there when the customer comes.
type authenticationBody struct {
	Name             string          `doc:"Required. The connector's."`
	Version          string          `json:",omitempty" doc:"Default: the one that is installed, or the newest."`
	AuthenticationID optional[int64] `json:"AuthenticationId,omitzero"`
	AuthValue        anyText         `json:",omitempty" doc:"The key; for Basic, base64 of user:password."`
	Properties       []propertyBody  `json:",omitempty"`
}

// launchOptions are those of LAUNCH.
type launchOptions struct {
	Tags                several[string] `json:",omitempty" doc:"A template must have one of them."`
	Start               optional[bool]  `json:",omitzero" doc:"Start what was installed; default true."`
	RunOnce             optional[bool]  `json:",omitzero" doc:"Start it for one run only; default false."`
	AutoInstall         optional[bool]  `json:",omitzero" doc:"When one template is left, go straight to it; default true."`
	SingleInstall       optional[bool]  `json:",omitzero" doc:"Leave out templates that are installed already; default false."`
	Wizard              optional[bool]  `json:",omitzero" doc:"Step by step, instead of one form; default false."`
	DisplayDescriptions optional[bool]  `json:",omitzero" doc:"Default false."`
	InlineOAuth         optional[bool]  `json:",omitzero" doc:"false: sign-ins to third parties open in a popup. The default is a setting."`
	CompleteParameter   anyText         `json:",omitempty" doc:"Handed back at the end."`
}

func (o *launchOptions) launch(settings tandem.EmbedSettings) tandem.Launch {
	l := tandem.DefaultLaunch()
	l.Tags, l.CompleteParameter, l.InlineOAuth = o.Tags, string(o.CompleteParameter), !settings.PopupOAuth
	for _, flag := range []struct {
		given optional[bool]
		of    *bool
	}{
		{o.Start, &l.Start},
		{o.RunOnce, &l.RunOnce},
		{o.AutoInstall, &l.AutoInstall},
		{o.SingleInstall, &l.SingleInstall},
		{o.Wizard, &l.Wizard},
		{o.DisplayDescriptions, &l.DisplayDescriptions},
		{o.InlineOAuth, &l.InlineOAuth},
	} {
		if flag.given.Set && !flag.given.Null {
			*flag.of = flag.given.Value
		}
	}
	return l
}

// shopOptions are those of a marketplace.
type shopOptions struct {
	MarketplaceID     optional[tandem.MarketplaceID] `json:"MarketplaceId,omitzero" doc:"Required."`
	InlineOAuth       optional[bool]                 `json:",omitzero" doc:"false: sign-ins to third parties open in a popup. The default is a setting."`
	CompleteParameter anyText                        `json:",omitempty" doc:"Handed back at the end."`
}

// shop errors: Invalid (MarketplaceId).
func (a *API) shop(ctx context.Context, p tandem.PartnerID, o *shopOptions, settings tandem.EmbedSettings) (s tandem.Shop, err error) {
	if !o.MarketplaceID.Set || o.MarketplaceID.Null {
		return s, tandem.Invalidf("MarketplaceId", "MarketplaceId is required")
	}
	s = tandem.Shop{Marketplace: o.MarketplaceID.Value, InlineOAuth: !settings.PopupOAuth, CompleteParameter: string(o.CompleteParameter)}
	if o.InlineOAuth.Set && !o.InlineOAuth.Null {
		s.InlineOAuth = o.InlineOAuth.Value
	}
	_, err = a.services.Marketplaces.Get(ctx, p, s.Marketplace)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return s, tandem.Invalidf("MarketplaceId", "MarketplaceId: there is no marketplace %d", s.Marketplace)
	}
	return s, err
}

// deploy lets somebody in: d says whom, b what is to be there, path where to.
func (a *API) deploy(ctx context.Context, p tandem.PartnerID, d tandem.Deployment, b *deployBody, path string) (tandem.Visit, error) {
	d.AccountName, d.AccountDescription, d.Path = string(b.AccountName), b.AccountDescription, path
	for i := range b.ConnectorAuthentications {
		d.Connectors = append(d.Connectors, b.ConnectorAuthentications[i].wanted("ConnectorAuthentications", false))
	}
	if b.PartnerConnector != nil {
		d.Connectors = append(d.Connectors, b.PartnerConnector.wanted("PartnerConnector", true))
	}
	return a.services.Deployments.Deploy(ctx, p, d)
}

func (b *authenticationBody) wanted(field string, partner bool) tandem.DeployedConnector {
	return tandem.DeployedConnector{Field: field, Name: b.Name, Version: b.Version, ConnectorInstall: tandem.ConnectorInstall{
		AuthenticationID: b.AuthenticationID.Value, AuthValue: tandem.Secret(b.AuthValue), Properties: properties(b.Properties),
		IsPartnerIntegrationConnector: partner,
	}}
}

// embedding is the partner's settings for embedded screens.
func (a *API) embedding(ctx context.Context, p tandem.PartnerID) (tandem.EmbedSettings, error) {
	s, err := a.services.Settings.Get(ctx, p)
	return s.Embed, err
}
