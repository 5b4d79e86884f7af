package embed

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// invitationForm is the form that an invitation leads to.
type invitationForm struct {
	Token      string
	Invitation tandem.OpenInvitation
	FirstName  string
	LastName   string
}

func (e *Embed) showInvitation(w http.ResponseWriter, r *http.Request) {
	e.showInvitationWith(w, r, invitationForm{Token: r.URL.Query().Get("token")}, nil)
}

func (e *Embed) showInvitationWith(w http.ResponseWriter, r *http.Request, f invitationForm, refused error) {
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
	f := invitationForm{Token: r.PostForm.Get("token"), FirstName: r.PostForm.Get("firstName"), LastName: r.PostForm.Get("lastName")}
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
