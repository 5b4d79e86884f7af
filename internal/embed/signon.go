package embed

import (
	"errors"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	signOnPath   = "/account/sso"
	signOnCookie = "tandem_sign_on" // what a browser keeps while somebody signs in elsewhere
	signOnAge    = 10 * time.Minute
)

// beginSignOn sends the browser to where a partner's customers sign in. It is a
// link, not a form: those may lead nowhere but here.
func (e *Embed) beginSignOn(w http.ResponseWriter, r *http.Request) {
	p, err := e.partner(r)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	to, err := returnTo(r.URL.Query().Get("returnUrl"))
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	page, keep, err := e.services.SignOns.Begin(r.Context(), tandem.SignOnStart{
		Kind: tandem.AccountSignOn, Partner: p, To: to.String(), Address: tandem.NetworkAddress(r.RemoteAddr),
	})
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.keep(w, r, signOnCookie, string(keep), signOnAge)
	http.Redirect(w, r, page, http.StatusSeeOther)
}

// finishSignOn is where the browser comes back to. Only the one that began gets
// anywhere.
func (e *Embed) finishSignOn(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	e.keep(w, r, signOnCookie, "", -time.Second)
	who, err := e.services.SignOns.Finish(r.Context(), tandem.AccountSignOn, tandem.SignOnAnswer{
		State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Kept: e.kept(r, signOnCookie),
	})
	if err != nil {
		e.log.WarnContext(r.Context(), "single sign-on failed", "error", errors.Unwrap(err))
		e.fail(w, r, nil, err)
		return
	}
	u, err := e.services.Access.SignOn(r.Context(), who)
	if err == nil {
		err = e.admit(w, r, u, who.To)
	}
	if err != nil {
		e.refusedSignIn(r, who.Partner, who.Email, err)
		e.fail(w, r, nil, err)
	}
}
