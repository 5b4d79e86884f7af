package embed

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// resetForm asks for a link to set a password by, or, with the token of one, for
// the password.
type resetForm struct{ Token, Username string }

func (e *Embed) showReset(w http.ResponseWriter, r *http.Request) {
	e.showResetWith(w, r, resetForm{Token: r.URL.Query().Get("token")}, nil)
}

func (e *Embed) showResetWith(w http.ResponseWriter, r *http.Request, f resetForm, refused error) {
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
	f := resetForm{Token: r.PostForm.Get("token"), Username: r.PostForm.Get("username")}
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
