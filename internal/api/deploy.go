package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// several is a list in a body; one thing alone is taken for a list of it.
type several[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (s *several[T]) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case 'n':
		return nil
	case '[':
		return json.Unmarshal(b, (*[]T)(s))
	}
	*s = make([]T, 1)
	return json.Unmarshal(b, &(*s)[0])
}

// Schema implements huma.SchemaProvider.
func (several[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: r.Schema(reflect.TypeFor[T](), true, "")}
}

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

// visitor is for whom a screen is deployed.
type visitor struct {
	account  string // API ID
	username string // "": the account's built-in API user
	password tandem.Secret
}

// visit is a sign-in that waits to be used.
type visit struct {
	account string
	url     string
	token   string
	expires time.Time
}

// deploy makes what is not there yet of account, user and connectors, and a
// token that leads to path on the service domain.
func (a *API) deploy(ctx context.Context, p tandem.PartnerID, v visitor, b *deployBody, path string) (visit, error) {
	if len(path) > tandem.MaxReturn {
		return visit{}, tandem.Invalidf("CompleteParameter", "CompleteParameter: with it (and Tags), the address of the screen has more than %d bytes", tandem.MaxReturn)
	}
	wanted, err := a.wanted(ctx, p, b)
	if err != nil {
		return visit{}, err
	}
	acc, err := a.ensureAccount(ctx, p, v, b)
	if err != nil {
		return visit{}, err
	}
	user, err := a.enterAs(ctx, p, acc.ID, v)
	if err != nil {
		return visit{}, err
	}
	if err := a.provide(ctx, acc.ID, wanted); err != nil {
		return visit{}, err
	}
	return a.ticket(ctx, p, acc, user, path)
}

// enterAs is who v is, made if need be. Errors: Unauthenticated.
func (a *API) enterAs(ctx context.Context, p tandem.PartnerID, id tandem.AccountID, v visitor) (tandem.User, error) {
	if v.username == "" {
		return a.services.Memberships.BuiltIn(ctx, p, id)
	}
	return a.services.Access.Enter(ctx, p, id, v.username, v.password, tandem.ActOf(ctx).Address)
}

// ensureAccount finds an account, or makes it for who may enter it.
func (a *API) ensureAccount(ctx context.Context, p tandem.PartnerID, v visitor, b *deployBody) (*tandem.Account, error) {
	acc, err := a.services.Accounts.Get(ctx, p, v.account)
	if tandem.ErrorCode(err) == tandem.NotFound {
		acc, err = a.makeAccount(ctx, p, v, b)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("find account: %w", err)
	case !acc.Enabled:
		return nil, tandem.Conflictf("The account is suspended.")
	}
	return acc, nil
}

func (a *API) makeAccount(ctx context.Context, p tandem.PartnerID, v visitor, b *deployBody) (*tandem.Account, error) {
	if v.username != "" { // who is refused leaves nothing behind
		if err := a.services.Access.MayEnter(ctx, p, v.username, v.password, tandem.ActOf(ctx).Address); err != nil {
			return nil, err
		}
	}
	u := tandem.AccountUpdate{APIID: v.account, Name: tandem.Some(cmp.Or(string(b.AccountName), v.account))}
	if b.AccountDescription != "" {
		u.Description = tandem.Some(b.AccountDescription)
	}
	acc, refused := a.services.Accounts.Create(ctx, p, u)
	if refused == nil {
		return acc, nil
	}
	if acc, err := a.services.Accounts.Get(ctx, p, v.account); err == nil {
		return acc, nil // another call was first
	}
	return nil, refused
}

// ticket is a sign-in to an account that leads to path.
func (a *API) ticket(ctx context.Context, p tandem.PartnerID, acc *tandem.Account, u tandem.User, path string) (visit, error) {
	token, t, err := a.services.Tickets.Issue(ctx, tandem.Ticket{Purpose: tandem.SignInTicket, Partner: p, Account: acc.ID, User: u.ID, Passwords: u.Passwords})
	if err != nil {
		return visit{}, err
	}
	return visit{account: acc.APIID, url: tandem.SignInURL(a.options.Service, token, path), token: string(token), expires: t.Expires}, nil
}

// embedding is the partner's settings for embedded screens.
func (a *API) embedding(ctx context.Context, p tandem.PartnerID) (tandem.EmbedSettings, error) {
	s, err := a.services.Settings.Get(ctx, p)
	return s.Embed, err
}
