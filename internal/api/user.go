package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// credentials name a user. They are given, never shown.
type credentials struct {
	Username anyText
	Password string `json:",omitempty"`
}

// UserPath names a user.
type UserPath struct {
	ID tandem.UserID `path:"id"`
}

// UserQuery narrows a list of users.
type UserQuery struct {
	Paging
	Query string `query:"query" doc:"Part of the username, names or email."`
}

func (in *UserQuery) filter() tandem.UserFilter {
	return tandem.UserFilter{PageRequest: in.request(), Query: in.Query}
}

type newUserBody struct {
	Username  string    `doc:"Unique among all users of the partner, without regard to case."`
	FirstName string    `json:",omitempty"`
	LastName  string    `json:",omitempty"`
	Email     string    `json:",omitempty" doc:"The username, if that is an address and none is given."`
	Password  string    `json:",omitempty" doc:"Without one, the user cannot sign in until one is set."`
	Accounts  []anyText `json:",omitempty" doc:"Ids of accounts; access without Administrator."`
}

type userBody struct {
	Username  string              `json:",omitempty" doc:"It cannot be changed."`
	FirstName optional[string]    `json:",omitzero"`
	LastName  optional[string]    `json:",omitzero"`
	Email     optional[string]    `json:",omitzero" doc:"It holds at once; the address before is told."`
	Accounts  optional[[]anyText] `json:",omitzero" doc:"Ids of all accounts that the user has access to; new ones without Administrator."`
}

func (a *API) listAllUsers(ctx context.Context, p tandem.PartnerID, in *struct {
	UserQuery
	Account string `query:"account" doc:"The id of an account: only those with access to it."`
},
) (*list[tandem.User], error) {
	f := in.filter()
	f.Account = in.Account
	found, err := a.services.Users.List(ctx, p, f)
	return page(in.request(), found, err, same)
}

func (a *API) createUser(ctx context.Context, p tandem.PartnerID, in *struct{ Body newUserBody }) (*object[tandem.User], error) {
	b := in.Body
	return one(a.services.Users.Create(ctx, p, tandem.NewUser{
		Username: b.Username, FirstName: b.FirstName, LastName: b.LastName, Email: b.Email, Password: tandem.Secret(b.Password), Accounts: texts(b.Accounts),
	}))
}

func (a *API) getUser(ctx context.Context, p tandem.PartnerID, in *UserPath) (*object[tandem.User], error) {
	return one(a.services.Users.Get(ctx, p, in.ID))
}

func (a *API) updateUser(ctx context.Context, p tandem.PartnerID, in *struct {
	UserPath
	Body userBody
},
) (*object[tandem.User], error) {
	b := in.Body
	return one(a.services.Users.Update(ctx, p, in.ID, tandem.UserUpdate{
		Username: b.Username, FirstName: b.FirstName.Optional, LastName: b.LastName.Optional, Email: b.Email.Optional,
		Accounts: tandem.Optional[[]string]{Set: b.Accounts.Set, Null: b.Accounts.Null, Value: texts(b.Accounts.Value)},
	}))
}

func (a *API) deleteUser(ctx context.Context, p tandem.PartnerID, in *UserPath) (*empty, error) {
	return done(a.services.Users.Delete(ctx, p, in.ID))
}

func (a *API) setPassword(ctx context.Context, p tandem.PartnerID, in *struct{ Body credentials }) (*empty, error) {
	return done(a.services.Users.SetPassword(ctx, p, string(in.Body.Username), tandem.Secret(in.Body.Password)))
}
