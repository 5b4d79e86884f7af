package embed

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

var errReturn = tandem.Invalidf("returnUrl", "This link leads nowhere: its address to return to is not one of ours.")

// signInWithToken uses a token up, and sends the browser on.
func (e *Embed) signInWithToken(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	to, ok := relative(q.Get("returnUrl"))
	if !q.Has("returnUrl") {
		to, ok = &url.URL{Path: "/account"}, true
	}
	if !ok {
		e.fail(w, r, nil, errReturn) // before the token is used up
		return
	}
	t, err := e.services.Tickets.Use(r.Context(), tandem.SignInTicket, tandem.Secret(q.Get("token")))
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	v, err := e.begin(w, r, tandem.Session{Who: tandem.Principal{Partner: t.Partner, Account: t.Account, User: t.User}, Passwords: t.Passwords})
	if err == nil {
		err = e.services.Access.SignedIn(r.Context(), t.Partner, t.User)
	}
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	http.Redirect(w, r, v.onward(to), http.StatusSeeOther)
}

// onward is to, with the session that v is, if it is a page of ours.
func (v *visit) onward(to *url.URL) string {
	for _, own := range Paths() {
		if to.Path == own || strings.HasSuffix(own, "/") && strings.HasPrefix(to.Path, own) {
			named := sessionParameter + "=" + v.query.Get(sessionParameter)
			if to.RawQuery != "" {
				named = to.RawQuery + "&" + named // as it came, which Encode would not leave
			}
			return (&url.URL{Path: to.Path, RawQuery: named}).String()
		}
	}
	return to.String()
}

// begin starts a session of n.Who under a new token, whatever the browser holds.
//
// Errors: Unauthenticated (who may not sign in).
func (e *Embed) begin(w http.ResponseWriter, r *http.Request, n tandem.Session) (*visit, error) {
	who, address := n.Who, tandem.NetworkAddress(r.RemoteAddr)
	n.Address, n.Agent = address, r.UserAgent()
	ctx := tandem.WithAct(r.Context(), &tandem.Act{Who: who, Account: who.Account, Name: "signIn", Address: address})
	token, err := e.services.Sessions.Begin(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("sign in user %d: %w", who.User, err)
	}
	s, err := e.services.Sessions.Resume(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("sign in user %d: %w", who.User, err)
	}
	v, err := e.visitOf(ctx, s, token, url.Values{sessionParameter: {strconv.FormatInt(int64(s.ID), 10)}})
	if err != nil {
		return nil, err
	}
	e.setCookie(w, r, held{s.ID, token}, v.embed.Frames)
	e.log.InfoContext(ctx, "user signed in", "partner", who.Partner, "account", who.Account, "user", who.User, "session", s.ID)
	return v, nil
}

// partner is the one whose customers an address is for.
func (e *Embed) partner(r *http.Request) (tandem.PartnerID, error) {
	named := r.PathValue("partner")
	if named == "" {
		p, err := e.services.Partners.OnlyPartner(r.Context())
		if tandem.ErrorCode(err) == tandem.NotFound {
			return 0, tandem.NotFoundf("This address does not say whose customer you are. Use the link that you were given.")
		}
		return p, err
	}
	id, err := strconv.ParseInt(named, 10, 64)
	if err == nil {
		_, err = e.services.Settings.Get(r.Context(), tandem.PartnerID(id))
	}
	if err != nil {
		return 0, errNoPage
	}
	return tandem.PartnerID(id), nil
}

// returnTo is where a sign-in leads; "" is the account's own page.
//
// Errors: Invalid.
func returnTo(text string) (*url.URL, error) {
	if text == "" {
		return &url.URL{Path: "/account"}, nil
	}
	to, ok := relative(text)
	if !ok {
		return nil, errReturn
	}
	return to, nil
}

// signInForm is the page to sign in with a password.
type signInForm struct {
	Username string
	Return   string
	Reset    string // address of the page for a new password
	SignOn   string // address to sign in elsewhere; "": there is none
}

// ofPartner is path for the partner that r's address names, if it names one.
func ofPartner(r *http.Request, path string) string {
	if p := r.PathValue("partner"); p != "" {
		return path + "/" + url.PathEscape(p)
	}
	return path
}

func (e *Embed) showSignIn(w http.ResponseWriter, r *http.Request) {
	p, err := e.partner(r)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.showSignInWith(w, r, p, signInForm{Return: r.URL.Query().Get("returnUrl")}, nil)
}

func (e *Embed) showSignInWith(w http.ResponseWriter, r *http.Request, p tandem.PartnerID, form signInForm, refused error) {
	form.Reset = ofPartner(r, "/account/reset")
	switch o, err := e.services.SignOns.Get(r.Context(), p); {
	case err != nil:
		e.fail(w, r, nil, err)
		return
	case o.Issuer != "" && o.Accounts:
		form.SignOn = ofPartner(r, signOnPath) + "?" + url.Values{"returnUrl": {form.Return}}.Encode()
	}
	e.show(w, r, nil, page{Name: "signin", Title: "Sign in", Err: refused, Body: form})
}

func (e *Embed) signIn(w http.ResponseWriter, r *http.Request) {
	p, err := e.partner(r)
	if err == nil {
		err = readForm(r)
	}
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	form := signInForm{Username: r.PostForm.Get("username"), Return: r.PostForm.Get("returnUrl")}
	if _, err := returnTo(form.Return); err != nil {
		e.showSignInWith(w, r, p, form, err)
		return
	}
	u, err := e.services.Access.SignIn(r.Context(), p, form.Username, tandem.Secret(r.PostForm.Get("password")), tandem.NetworkAddress(r.RemoteAddr))
	if err == nil {
		err = e.admit(w, r, u, form.Return)
	}
	if err != nil {
		e.refusedSignIn(r, p, form.Username, err)
		e.showSignInWith(w, r, p, form, err)
	}
}

// maxActor is how much is kept of what somebody says to be called, in bytes.
const maxActor = 254

// refusedSignIn tells the audit log of a person who was not let in.
func (e *Embed) refusedSignIn(r *http.Request, p tandem.PartnerID, username string, err error) {
	entry := (&tandem.Act{Name: "signIn", Address: tandem.NetworkAddress(r.RemoteAddr)}).Entry()
	entry.Outcome, entry.Reason, entry.ActorType = tandem.ActRefused, messageOf(err), tandem.ActorUser
	entry.Actor = strings.ToValidUTF8(username[:min(len(username), maxActor)], "")
	e.services.Audit.Record(r.Context(), entry, tandem.Principal{Partner: p})
}

func (e *Embed) signOut(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := e.services.Sessions.End(r.Context(), v.token); err != nil {
		return err
	}
	e.dropCookie(w, r, v.ID, v.embed.Frames)
	e.show(w, r, nil, page{Name: "message", Title: "Signed out", Body: "You are signed out."})
	return nil
}
