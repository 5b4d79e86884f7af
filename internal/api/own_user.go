package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// ownUserBody is what a user of an account changes of themselves.
type ownUserBody struct {
	FirstName       optional[string] `json:",omitzero"`
	LastName        optional[string] `json:",omitzero"`
	Password        tandem.Secret    `json:",omitempty" doc:"A new one. All your other sessions end."`
	CurrentPassword tandem.Secret    `json:",omitempty" doc:"Required with Password."`
}

// signedIn errors: Invalid (no user of the account asks).
func signedIn(at policy.Place) error {
	if at.User == 0 {
		return tandem.Invalidf("", "This is for a user of the account, who is signed in.")
	}
	return nil
}

// getOwnUser is for who is signed in, about themselves. An account's built-in
// user, who is in no list, has nothing to show.
func (a *API) getOwnUser(ctx context.Context, at policy.Place, _ *struct{}) (*object[tandem.Member], error) {
	if err := signedIn(at); err != nil {
		return nil, err
	}
	u, err := a.services.Users.Get(ctx, at.Partner, at.User)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return one(tandem.Member{ID: at.User, APIUser: true}, nil)
	}
	return one(tandem.Member{
		ID: u.ID, Username: u.Username, FirstName: u.FirstName, LastName: u.LastName, Email: u.Email, APIUser: u.APIUser,
		Administrator: by(ctx).Administrator, LastSignInDate: u.LastSignInDate,
	}, err)
}

func (a *API) updateOwnUser(ctx context.Context, at policy.Place, in *struct{ Body ownUserBody }) (*object[tandem.Member], error) {
	err := signedIn(at)
	if err == nil {
		b := in.Body
		err = a.services.UserProfile.Update(ctx, by(ctx), tandem.UserChange{
			FirstName: b.FirstName.Optional, LastName: b.LastName.Optional, Password: b.Password, CurrentPassword: b.CurrentPassword,
		}, tandem.ActOf(ctx).Address)
	}
	if err != nil {
		return nil, err
	}
	return a.getOwnUser(ctx, at, nil)
}

// requestEmail is for who is signed in, about themselves.
func (a *API) requestEmail(ctx context.Context, at policy.Place, in *struct {
	Body struct {
		Email    string
		Password string `doc:"The one that you sign in with."`
	}
},
) (*empty, error) {
	if err := signedIn(at); err != nil {
		return nil, err
	}
	return done(a.services.UserProfile.RequestEmail(ctx, at.Partner, at.User, in.Body.Email, tandem.Secret(in.Body.Password), tandem.ActOf(ctx).Address))
}
