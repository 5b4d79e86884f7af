package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type userInput struct {
	AccountPath
	Body credentials
}

// memberBody is what a user may do in an account.
type memberBody struct {
	Administrator optional[bool] `doc:"Required."`
}

func (b memberBody) change() (tandem.MemberChange, error) {
	if !b.Administrator.Set || b.Administrator.Null {
		return tandem.MemberChange{}, tandem.Invalidf("Administrator", "Administrator is required")
	}
	return tandem.MemberChange{Administrator: b.Administrator.Value}, nil
}

// UsernamePath names a user by username.
type UsernamePath struct {
	Username string `path:"username"`
}

func (a *API) listUsers(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Paging
},
) (*list[string], error) {
	acc, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.services.Memberships.Usernames(ctx, acc.ID, in.request())
	return page(in.request(), found, err, same)
}

func (a *API) addUser(ctx context.Context, p tandem.PartnerID, in *userInput) (*empty, error) {
	acc, err := a.services.Accounts.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	_, err = a.services.Memberships.Add(ctx, p, acc.ID, string(in.Body.Username), tandem.Secret(in.Body.Password))
	return done(err)
}

func (a *API) removeUser(ctx context.Context, p tandem.PartnerID, in *userInput) (*empty, error) {
	return a.changeUser(ctx, p, in.ID, string(in.Body.Username), tandem.MemberChange{Remove: true})
}

func (a *API) updateUserAccess(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	UsernamePath
	Body memberBody
},
) (*empty, error) {
	c, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	return a.changeUser(ctx, p, in.ID, in.Username, c)
}

func (a *API) changeUser(ctx context.Context, p tandem.PartnerID, account, username string, c tandem.MemberChange) (*empty, error) {
	acc, err := a.services.Accounts.Get(ctx, p, account)
	if err != nil {
		return nil, err
	}
	return done(a.services.Memberships.Change(ctx, p, acc.ID, username, c))
}

// administratorsLeft is how many an account's own people leave it. Its partner
// may leave it with none.
const administratorsLeft = 1

func (a *API) listMembers(ctx context.Context, at policy.Place, in *UserQuery) (*list[tandem.Member], error) {
	found, err := a.services.Memberships.List(ctx, at.Account, in.filter())
	return page(in.request(), found, err, same)
}

func (a *API) updateMember(ctx context.Context, at policy.Place, in *struct {
	UsernamePath
	Body memberBody
},
) (*empty, error) {
	c, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	c.Administrators = administratorsLeft
	return done(a.services.Memberships.Change(ctx, at.Partner, at.Account, in.Username, c))
}

func (a *API) removeMember(ctx context.Context, at policy.Place, in *UsernamePath) (*empty, error) {
	c := tandem.MemberChange{Remove: true, Administrators: administratorsLeft}
	return done(a.services.Memberships.Change(ctx, at.Partner, at.Account, in.Username, c))
}
