package embed

import (
	"context"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// user is who is signed in. An account's built-in user is in no list.
func (e *Embed) user(ctx context.Context, v *visit) (tandem.User, error) {
	u, err := e.services.Users.Get(ctx, v.Who.Partner, v.Who.User)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.User{ID: v.Who.User, Partner: v.Who.Partner, APIUser: true}, nil
	}
	return u, err
}

var errNoAccount = tandem.NotFoundf("There is no such account.")

// switchAccount begins a session in another of a person's accounts.
func (e *Embed) switchAccount(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := e.user(r.Context(), v)
	if err != nil {
		return err
	}
	if _, err := e.services.Sessions.Resume(r.Context(), v.token); err != nil {
		return err // the password is another since, of which u may be
	}
	for _, m := range u.Accounts {
		if !u.APIUser && m.APIID == r.PostForm.Get("account") {
			to, err := e.begin(w, r, tandem.Session{Who: tandem.Principal{Partner: v.Who.Partner, Account: m.Account, User: u.ID}, Passwords: u.Passwords})
			if err != nil {
				return err
			}
			return to.see(w, r, "/account")
		}
	}
	return errNoAccount
}
