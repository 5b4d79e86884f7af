package embed

import (
	"context"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// home is the page of who is signed in.
type home struct {
	User     tandem.User
	Accounts []tandem.Membership // others, to go to
}

func (e *Embed) showHome(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := e.user(r.Context(), v)
	if err != nil {
		return err
	}
	body := home{User: u}
	for _, m := range u.Accounts {
		// Who was let in to one account by a program goes to no other by hand.
		if m.Enabled && m.Account != v.Who.Account && !u.APIUser {
			body.Accounts = append(body.Accounts, m)
		}
	}
	e.show(w, r, v, page{Name: "home", Title: v.account.Name, Body: body})
	return nil
}

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

// tokenForm is a form that a link with a token leads to.
type tokenForm struct {
	Token      string
	Invitation tandem.OpenInvitation
	FirstName  string
	LastName   string
	Username   string
	SignIn     string
}

func (e *Embed) showInvitation(w http.ResponseWriter, r *http.Request) {
	e.showInvitationWith(w, r, tokenForm{Token: r.URL.Query().Get("token")}, nil)
}

func (e *Embed) showInvitationWith(w http.ResponseWriter, r *http.Request, f tokenForm, refused error) {
	var err error
	if f.Invitation, err = e.services.Invitations.Look(r.Context(), tandem.Secret(f.Token)); err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.show(w, r, nil, page{Name: "invitation", Title: "You are invited", Err: refused, Body: f})
}

func (e *Embed) acceptInvitation(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		e.fail(w, r, nil, err)
		return
	}
	f := tokenForm{Token: r.PostForm.Get("token"), FirstName: r.PostForm.Get("firstName"), LastName: r.PostForm.Get("lastName")}
	n, err := e.services.Invitations.Accept(r.Context(), tandem.Secret(f.Token), tandem.Acceptance{
		FirstName: f.FirstName, LastName: f.LastName, Password: tandem.Secret(r.PostForm.Get("password")),
	}, tandem.NetworkAddress(r.RemoteAddr))
	if err != nil {
		e.showInvitationWith(w, r, f, err)
		return
	}
	v, err := e.begin(w, r, n)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	_ = v.see(w, r, "/account") // which never fails
}

func (e *Embed) showReset(w http.ResponseWriter, r *http.Request) {
	e.showResetWith(w, r, tokenForm{Token: r.URL.Query().Get("token")}, nil)
}

func (e *Embed) showResetWith(w http.ResponseWriter, r *http.Request, f tokenForm, refused error) {
	if f.Token == "" {
		if _, err := e.partner(r); err != nil {
			e.fail(w, r, nil, err)
			return
		}
	}
	e.show(w, r, nil, page{Name: "reset", Title: "A new password", Err: refused, Body: f})
}

// reset asks for a link, or, with the token of one, sets a password.
func (e *Embed) reset(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		e.fail(w, r, nil, err)
		return
	}
	f := tokenForm{Token: r.PostForm.Get("token"), Username: r.PostForm.Get("username")}
	done := "If we know you, a mail is on its way. Follow the link in it."
	var err error
	if f.Token != "" {
		done = "Your password is changed. Sign in with the new one."
		err = e.services.Access.ResetPassword(r.Context(), tandem.Secret(f.Token), tandem.Secret(r.PostForm.Get("password")))
	} else {
		var p tandem.PartnerID
		if p, err = e.partner(r); err == nil {
			err = e.services.Access.RequestReset(r.Context(), p, f.Username, tandem.NetworkAddress(r.RemoteAddr))
		}
	}
	switch {
	case tandem.ErrorCode(err) == tandem.Gone:
		e.fail(w, r, nil, err)
	case err != nil:
		e.showResetWith(w, r, f, err)
	default:
		e.show(w, r, nil, page{Name: "message", Title: "A new password", Body: done})
	}
}

// showEmail asks for a press of a button: programs that read mail follow links.
func (e *Embed) showEmail(w http.ResponseWriter, r *http.Request) {
	e.show(w, r, nil, page{Name: "email", Title: "Your new address", Body: tokenForm{Token: r.URL.Query().Get("token")}})
}

func (e *Embed) confirmEmail(w http.ResponseWriter, r *http.Request) {
	err := readForm(r)
	if err == nil {
		err = e.services.Profile.ConfirmEmail(r.Context(), tandem.Secret(r.PostForm.Get("token")))
	}
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.show(w, r, nil, page{Name: "message", Title: "Your new address", Body: "This is your address from now on."})
}
