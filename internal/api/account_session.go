package api

import (
	"context"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// accountSessionShape is a browser in which somebody is signed in to an account.
type accountSessionShape struct {
	ID          tandem.SessionID `json:"Id"`
	UserID      tandem.UserID    `json:"UserId" doc:"Who is signed in."`
	Username    string           `doc:"Empty: the partner's program let somebody in as the account itself."`
	AccountID   string           `json:"AccountId"`
	AccountName string
	Address     string `doc:"Network address at sign-in."`
	Agent       string `doc:"What the browser calls itself."`
	Current     bool   `doc:"It is the one that asks."`
	CreatedDate time.Time
	SeenDate    time.Time `doc:"Within minutes."`
	ExpiresDate time.Time
}

func showAccountSession(n *tandem.Session, current tandem.SessionID) accountSessionShape {
	return accountSessionShape{
		ID: n.ID, UserID: n.Who.User, Username: n.Username, AccountID: n.AccountID, AccountName: n.AccountName, Address: n.Address, Agent: n.Agent,
		Current: n.ID == current, CreatedDate: n.Created, SeenDate: n.Seen, ExpiresDate: n.Expires,
	}
}

// accountSessions are those that who asks may see in an account: all in it, and of
// users of it that are no administrators, or want no more, their own. A person's own
// are those in their other accounts, too. An API user may be any number of people, who
// are to know nothing of each other.
func (a *API) accountSessions(ctx context.Context, at policy.Place, own bool) ([]tandem.Session, error) {
	who := by(ctx)
	if own = own || who.User != 0 && !who.Administrator; !own {
		return a.services.Sessions.List(ctx, at.Partner, tandem.Principal{Account: at.Account})
	}
	if err := signedIn(at); err != nil {
		return nil, err
	}
	all, err := a.services.Sessions.List(ctx, at.Partner, tandem.Principal{User: who.User})
	if err != nil {
		return nil, err
	}
	u, err := a.services.Users.Get(ctx, at.Partner, who.User)
	if tandem.ErrorCode(err) == tandem.NotFound || err == nil && u.APIUser {
		return slices.DeleteFunc(all, func(n tandem.Session) bool { return n.ID != who.Session }), nil
	}
	return all, err
}

// AccountSessionQuery narrows a list of sessions in an account.
type AccountSessionQuery struct {
	Paging
	Own bool `query:"own" doc:"Yours alone, in all accounts that you may enter."`
}

func (a *API) listAccountSessions(ctx context.Context, at policy.Place, in *AccountSessionQuery) (*list[accountSessionShape], error) {
	all, err := a.accountSessions(ctx, at, in.Own)
	shown := make([]accountSessionShape, len(all))
	for i := range all {
		shown[i] = showAccountSession(&all[i], by(ctx).Session)
	}
	return sliced(in.request(), shown, err)
}

func (a *API) revokeAccountSession(ctx context.Context, at policy.Place, in *struct {
	ID tandem.SessionID `path:"id"`
},
) (*empty, error) {
	for _, own := range []bool{false, true} {
		if own && at.User == 0 {
			break // only users have some of their own
		}
		all, err := a.accountSessions(ctx, at, own)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(n tandem.Session) bool { return n.ID == in.ID }) {
			return done(a.services.Sessions.Revoke(ctx, at.Partner, in.ID))
		}
	}
	return nil, tandem.NotFoundf("Session %d could not be found.", in.ID)
}
