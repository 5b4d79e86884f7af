package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// credentials name a user. They are given, never shown.
type credentials struct {
	Username string
	Password string `json:",omitempty"`
}

type userInput struct {
	AccountPath
	Body credentials
}

func (a *API) listUsers(ctx context.Context, p tandem.PartnerID, in *AccountPath) (*object[[]string], error) {
	acc, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return one(a.services.Users.List(ctx, acc.ID))
}

func (a *API) addUser(ctx context.Context, p tandem.PartnerID, in *userInput) (*empty, error) {
	acc, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return done(a.services.Users.Add(ctx, p, acc.ID, in.Body.Username, tandem.Secret(in.Body.Password)))
}

func (a *API) removeUser(ctx context.Context, p tandem.PartnerID, in *userInput) (*empty, error) {
	acc, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return done(a.services.Users.Remove(ctx, p, acc.ID, in.Body.Username))
}

func (a *API) setPassword(ctx context.Context, p tandem.PartnerID, in *struct{ Body credentials }) (*empty, error) {
	return done(a.services.Users.SetPassword(ctx, p, in.Body.Username, tandem.Secret(in.Body.Password)))
}
