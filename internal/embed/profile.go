package embed

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

const profilePath = "/account/profile"

// profile is the page on which people change what is their own.
type profile struct {
	User     tandem.User
	Sessions []signedIn
}

// signedIn is a browser in which the person is signed in.
type signedIn struct {
	tandem.Session
	Account string
	Current bool
}

// person is who is signed in, if they sign in by themselves. An API user may be
// any number of people: they are to know nothing of each other.
//
// Errors: NotFound (an API user).
func (e *Embed) person(r *http.Request, v *visit) (tandem.User, error) {
	u, err := e.user(r.Context(), v)
	if err == nil && u.APIUser {
		err = errNoPage
	}
	return u, err
}

func (e *Embed) showProfile(w http.ResponseWriter, r *http.Request, v *visit) error {
	return e.showProfileWith(w, r, v, nil)
}

func (e *Embed) showProfileWith(w http.ResponseWriter, r *http.Request, v *visit, refused error) error {
	u, err := e.person(r, v)
	if err != nil {
		return err
	}
	sessions, err := e.services.Sessions.List(r.Context(), u.Partner, tandem.Principal{Partner: u.Partner, User: u.ID})
	if err != nil {
		return err
	}
	body := profile{User: u}
	for _, s := range sessions {
		n := signedIn{Session: s, Current: s.ID == v.ID}
		if i := slices.IndexFunc(u.Accounts, func(m tandem.Membership) bool { return m.Account == s.Who.Account }); i >= 0 {
			n.Account = u.Accounts[i].AccountName
		}
		body.Sessions = append(body.Sessions, n)
	}
	e.show(w, r, v, page{Name: "profile", Title: "Your profile", Err: refused, Body: body})
	return nil
}

func (e *Embed) rename(w http.ResponseWriter, r *http.Request, v *visit) error {
	return e.updateProfile(w, r, v, tandem.UserChange{
		FirstName: tandem.Some(r.PostForm.Get("firstName")), LastName: tandem.Some(r.PostForm.Get("lastName")),
	})
}

func (e *Embed) changePassword(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := tandem.UserChange{Password: tandem.Secret(r.PostForm.Get("newPassword")), CurrentPassword: tandem.Secret(r.PostForm.Get("password"))}
	if c.Password == "" { // which would change nothing
		return e.showProfileWith(w, r, v, tandem.Invalidf("Password", "Password is required"))
	}
	return e.updateProfile(w, r, v, c)
}

func (e *Embed) updateProfile(w http.ResponseWriter, r *http.Request, v *visit, c tandem.UserChange) error {
	if _, err := e.person(r, v); err != nil {
		return err
	}
	if err := e.services.Profile.Update(r.Context(), v.Who, c, tandem.NetworkAddress(r.RemoteAddr)); err != nil {
		return e.showProfileWith(w, r, v, err)
	}
	return v.see(w, r, profilePath)
}

// requestEmail asks for a mail to a new address.
func (e *Embed) requestEmail(w http.ResponseWriter, r *http.Request, v *visit) error {
	if _, err := e.person(r, v); err != nil {
		return err
	}
	err := e.services.Profile.RequestEmail(r.Context(), v.Who.Partner, v.Who.User, r.PostForm.Get("email"),
		tandem.Secret(r.PostForm.Get("password")), tandem.NetworkAddress(r.RemoteAddr))
	if err != nil {
		return e.showProfileWith(w, r, v, err)
	}
	e.show(w, r, v, page{Name: "message", Title: "Look into your mail", Body: "A mail is on its way to the new address. Follow the link in it."})
	return nil
}

// endSession signs the person out of another of their browsers.
func (e *Embed) endSession(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := e.person(r, v)
	if err != nil {
		return err
	}
	sessions, err := e.services.Sessions.List(r.Context(), u.Partner, tandem.Principal{Partner: u.Partner, User: u.ID})
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("session"), 10, 64)
	if err != nil || !slices.ContainsFunc(sessions, func(s tandem.Session) bool { return s.ID == tandem.SessionID(id) }) {
		return tandem.NotFoundf("There is no such session. It may have ended.")
	}
	if err := e.services.Sessions.Revoke(r.Context(), u.Partner, tandem.SessionID(id)); err != nil {
		return err
	}
	return v.see(w, r, profilePath)
}
