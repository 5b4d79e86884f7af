package api

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// mask stands for a secret that is there.
const mask = "***"

// accountConnectorShape is a connector installed in an account.
type accountConnectorShape struct {
	ID                            tandem.AccountConnectorID `json:"Id"`
	Name                          string
	Description                   string
	AuthenticationID              int64   `json:"AuthenticationId"`
	AuthValue                     *string `doc:"*** unless you have just set it; null if there is none, or it is not yours."`
	Authenticated                 bool
	AuthenticationState           tandem.AuthenticationState
	AuthenticationNote            *string            `doc:"What is wrong with its credentials, or why they were taken away; null: nothing is known."`
	ExpiresAtUTC                  *time.Time         `json:"ExpiresAtUtc" doc:"When its sign-in ends, and somebody has to sign in again; null: that is not known, or it is renewed by itself."`
	LimitedUntilUTC               *time.Time         `json:"LimitedUntilUtc" doc:"No call is made before then, since the third party answered that there are too many; null: it takes calls."`
	ConnectorID                   tandem.ConnectorID `json:"ConnectorId"`
	Connector                     connectorShape
	UpdateAvailable               *updateShape `doc:"A newer release of the connector; null: it is of the newest."`
	IsPartnerIntegrationConnector bool
	Inherited                     bool `doc:"It belongs to an account above: to be used, not changed."`
	Properties                    []propertyShape
	CustomFields                  []tandem.CustomField
}

// showAccountConnector shows c, an installation of l, with its own fields. What
// the service has left in is for the caller's eyes; what it has not is at most said
// to be there.
func showAccountConnector(c *tandem.AccountConnector, l *tandem.LibraryConnector, fields []tandem.CustomField) accountConnectorShape {
	s := accountConnectorShape{
		ID: c.ID, Name: c.Name, Description: c.Description, AuthenticationID: c.AuthenticationID, AuthenticationState: c.State,
		Authenticated: c.State == tandem.Authenticated, ConnectorID: c.Connector, Connector: showConnector(l),
		IsPartnerIntegrationConnector: c.IsPartnerIntegrationConnector, Inherited: c.Inherited,
		Properties: []propertyShape{}, CustomFields: list0(fields),
	}
	if c.Note != "" {
		s.AuthenticationNote = &c.Note
	}
	if c.Limited.After(time.Now()) {
		s.LimitedUntilUTC = &c.Limited
	}
	for _, way := range l.Authentication {
		if way.ID == c.AuthenticationID {
			if way.Interactive() && s.Authenticated {
				s.ExpiresAtUTC = timeOrNull(c.Expires)
			}
			s.Connector.AuthType, s.Connector.AuthScheme, s.Connector.OAuth2Type = way.AuthType, way.AuthScheme, grantOf(&way)
		}
	}
	switch value := string(c.AuthValue); {
	case value != "":
		s.AuthValue = &value
	case s.Authenticated && !c.Inherited && s.Connector.AuthType != connector.AuthNone:
		s.AuthValue = new(mask)
	}
	for _, p := range propertiesOf(c, l) {
		s.Properties = append(s.Properties, showProperty(c, p))
	}
	return s
}

// shown shows c, unless err: of a partner's connector, to an account user, only
// that it is there.
func (a *API) shown(ctx context.Context, at policy.Place, c *tandem.AccountConnector, err error) (*object[accountConnectorShape], error) {
	if err != nil {
		return nil, err
	}
	fields, err := a.services.Fields.List(ctx, at.Account, c.ID)
	if err != nil {
		return nil, err
	}
	return one(a.shownWith(ctx, at, c, fields))
}

func (a *API) shownWith(ctx context.Context, at policy.Place, c *tandem.AccountConnector, fields []tandem.CustomField) (accountConnectorShape, error) {
	l, err := a.services.Library.Get(ctx, at.Partner, c.Connector)
	if err != nil {
		return accountConnectorShape{}, fmt.Errorf("connector of account connector %d: %w", c.ID, err)
	}
	shelf, err := a.services.Library.Shelf(ctx, at.Partner)
	if err != nil {
		return accountConnectorShape{}, err
	}
	s := showAccountConnector(c, l, fields)
	s.UpdateAvailable = updateOf(shelf, l)
	if at.User != 0 && c.IsPartnerIntegrationConnector {
		s.AuthValue, s.AuthenticationNote, s.ExpiresAtUTC, s.Properties = nil, nil, nil, []propertyShape{}
	}
	return s, nil
}

type installBody struct {
	Name                          string          `json:",omitempty"`
	Description                   string          `json:",omitempty"`
	AuthenticationID              optional[int64] `json:"AuthenticationId,omitzero"`
	AuthValue                     anyText         `json:",omitempty" doc:"The key; for Basic, base64 of user:password; for OAuth 2.0 an access token, or JSON of AccessToken, RefreshToken, Expires and RefreshExpires, or {} to have one got; for other ways JSON of what they ask for."`
	Properties                    []propertyBody  `json:",omitempty"`
	IsPartnerIntegrationConnector optional[bool]  `json:",omitzero" doc:"It is your own product; else as Native of your settings of the connector says."`
}

func (b *installBody) install() tandem.ConnectorInstall {
	if b == nil {
		return tandem.ConnectorInstall{Undecided: true}
	}
	partners := b.IsPartnerIntegrationConnector
	return tandem.ConnectorInstall{
		Name: b.Name, Description: b.Description, AuthenticationID: b.AuthenticationID.Value, AuthValue: tandem.Secret(b.AuthValue),
		IsPartnerIntegrationConnector: partners.Value, Undecided: !partners.Set || partners.Null, Properties: properties(b.Properties),
	}
}

func (a *API) installConnector(ctx context.Context, at policy.Place, in *struct {
	ConnectorPath
	Body *installBody
},
) (*object[accountConnectorShape], error) {
	return a.install(ctx, at, in.Connector, "", in.Body)
}

func (a *API) installConnectorVersion(ctx context.Context, at policy.Place, in *struct {
	VersionPath
	Body *installBody
},
) (*object[accountConnectorShape], error) {
	return a.install(ctx, at, in.Connector, in.Version, in.Body)
}

func (a *API) install(ctx context.Context, at policy.Place, name, version string, body *installBody) (*object[accountConnectorShape], error) {
	asked := body.install()
	if at.User != 0 && asked.IsPartnerIntegrationConnector {
		return nil, &tandem.Error{Code: tandem.Forbidden, Field: "IsPartnerIntegrationConnector", Message: "Only the partner may say that a connector is theirs."}
	}
	l, err := a.connector(ctx, at.Partner, name, version)
	if err != nil {
		return nil, err
	}
	c, err := a.services.Connectors.Install(ctx, at.Account, l, asked)
	return a.shown(ctx, at, c, err)
}

func (a *API) listAccountConnectors(ctx context.Context, at policy.Place, in *Paging) (*list[accountConnectorShape], error) {
	found, err := a.services.Connectors.List(ctx, at.Account)
	if err != nil {
		return nil, err
	}
	fields, err := a.services.Fields.All(ctx, at.Account)
	if err != nil {
		return nil, err
	}
	all := make([]accountConnectorShape, len(found))
	for i := range found {
		if all[i], err = a.shownWith(ctx, at, &found[i], fields[found[i].ID]); err != nil {
			return nil, err
		}
	}
	return sliced(in.request(), all, nil)
}

func (a *API) getAccountConnector(ctx context.Context, at policy.Place, in *AccountConnectorPath) (*object[accountConnectorShape], error) {
	c, err := a.services.Connectors.Get(ctx, at.Account, in.ID)
	return a.shown(ctx, at, c, err)
}

func (a *API) updateAccountConnector(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body struct {
		Name             optional[string]  `json:",omitzero"`
		Description      optional[string]  `json:",omitzero"`
		AuthenticationID optional[int64]   `json:"AuthenticationId,omitzero"`
		AuthValue        optional[anyText] `json:",omitzero" doc:"The key; for Basic, base64 of user:password; for OAuth 2.0 an access token, or JSON of AccessToken, RefreshToken, Expires and RefreshExpires, or {} to have one got; for other ways JSON of what they ask for."`
		Properties       []propertyBody    `json:",omitempty" doc:"These are set, others stay."`
		ConnectorID      optional[int64]   `json:"ConnectorId,omitzero" doc:"Another release of the connector, to move to with all steps that use it; credentials stay if it authenticates in the same way."`
	}
},
) (*object[accountConnectorShape], error) {
	was, err := a.openConnector(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	if to := tandem.ConnectorID(in.Body.ConnectorID.Value); to != 0 && to != was.Connector {
		if _, err := a.services.ConnectorMoves.Move(ctx, at.Account, in.ID, to); err != nil {
			return nil, err
		}
	}
	auth := in.Body.AuthValue
	c, err := a.services.Connectors.Update(ctx, at.Account, in.ID, tandem.ConnectorUpdate{
		Name: in.Body.Name.Optional, Description: in.Body.Description.Optional, AuthenticationID: in.Body.AuthenticationID.Optional,
		AuthValue:  tandem.Optional[tandem.Secret]{Set: auth.Set, Null: auth.Null, Value: tandem.Secret(auth.Value)},
		Properties: properties(in.Body.Properties), Customer: at.User != 0,
	})
	return a.shown(ctx, at, c, err)
}

func (a *API) deleteAccountConnector(ctx context.Context, at policy.Place, in *AccountConnectorPath) (*empty, error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	return done(a.services.Connectors.Delete(ctx, at.Account, in.ID))
}

// testAccountConnector answers with the connector: what is wrong is its note.
func (a *API) testAccountConnector(ctx context.Context, at policy.Place, in *AccountConnectorPath) (*object[accountConnectorShape], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	c, err := a.services.Connectors.Test(ctx, at.Account, in.ID)
	return a.shown(ctx, at, c, err)
}

type message struct{ Message string }

func (a *API) deauthenticate(ctx context.Context, at policy.Place, in *AccountConnectorPath) (*object[message], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	c, err := a.services.Connectors.Deauthenticate(ctx, at.Account, in.ID)
	if err != nil {
		return nil, err
	}
	return one(message{fmt.Sprintf("Connector '%s' successfully de-authenticated.", c.Name)}, nil)
}
