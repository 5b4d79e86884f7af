package embed

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// screenBase is where the screens of an account's people are: behind it comes the
// number of a session, which says whose.
const screenBase = "/account/"

var screenPattern = regexp.MustCompile(`^` + screenBase + `([1-9][0-9]{0,18})(/|$)`)

// Asking is the path of the page that asks, as far as the browser tells.
func Asking(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil {
		return ""
	}
	return from.Path
}

// SessionOf is the number of the session that a screen's path names; "" if it is
// no screen's.
func SessionOf(path string) string {
	if m := screenPattern.FindStringSubmatch(path); m != nil {
		return m[1]
	}
	return ""
}

// showHome sends the browser to the screens of its session.
func (e *Embed) showHome(w http.ResponseWriter, r *http.Request) {
	v, err := e.visit(r)
	if err != nil {
		e.turnAway(w, r, "/account", err)
		return
	}
	http.Redirect(w, r, v.screen("/", v.query), http.StatusSeeOther)
}

// screen is the address of a screen of the visit, with what query holds beside.
func (v *visit) screen(path string, query url.Values) string {
	query.Del(sessionParameter)
	return (&url.URL{Path: screenBase + v.ID.String() + path, RawQuery: query.Encode()}).String()
}

// showScreen serves the built pages to the one whose session the address names. A
// session that a sign-in has put behind it takes the place of that one.
func (e *Embed) showScreen(w http.ResponseWriter, r *http.Request) {
	named, query := SessionOf(r.URL.Path), r.URL.Query()
	if named == "" {
		e.fail(w, r, nil, errNoPage)
		return
	}
	rest := strings.TrimPrefix(r.URL.Path, screenBase+named)
	if to := query.Get(sessionParameter); to != "" {
		named = to
	}
	v, err := e.visitNamed(r, named, url.Values{})
	if err != nil && onTop(r) {
		v, err = e.visitNamed(r, "", url.Values{}) // of another sign-in since, in the person's own browser
	}
	switch {
	case err != nil:
		e.turnAway(w, r, r.URL.RequestURI(), err)
	case v.ID.String() != SessionOf(r.URL.Path) || query.Has(sessionParameter):
		http.Redirect(w, r, v.screen(rest, query), http.StatusSeeOther)
	default:
		setScreenPolicy(w.Header(), v.embed.FrameAncestors())
		e.screens.ServeHTTP(w, r)
	}
}

// onTop says that a request is for a window of its own, not for a frame.
func onTop(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "document" }

// turnAway sends who is not signed in to where they can, and brings them back to
// the page. In a frame nobody signs in: the vendor's page does it for them.
func (e *Embed) turnAway(w http.ResponseWriter, r *http.Request, page string, err error) {
	if _, unknown := e.partner(r); unknown != nil || !onTop(r) || tandem.ErrorCode(err) != tandem.Unauthenticated {
		e.fail(w, r, nil, err)
		return
	}
	http.Redirect(w, r, "/account/signin?"+url.Values{"returnUrl": {page}}.Encode(), http.StatusSeeOther)
}

// screenUser is what the screens are told of who is signed in, and where.
type screenUser struct {
	Session       tandem.SessionID
	Username      string
	Name          string
	APIUser       bool `json:"ApiUser"`
	Administrator bool
	Account       screenAccount
	Accounts      []screenAccount // others, to go to
	Form          string          // the token of forms
	Look          screenLook
}

type screenAccount struct {
	ID   string `json:"Id"`
	Name string
}

// screenLook is how the screens look; what is empty is as Tandem has it.
type screenLook struct {
	ProductName string
	AccentColor string
	Logo        string
}

func (e *Embed) showSession(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := e.user(r.Context(), v)
	if err != nil {
		return err
	}
	told := screenUser{
		Session: v.ID, Username: u.Username, Name: strings.TrimSpace(u.FirstName + " " + u.LastName), APIUser: u.APIUser, Administrator: v.Who.Administrator,
		Account: screenAccount{v.account.APIID, v.account.Name}, Accounts: []screenAccount{}, Form: v.form(), Look: screenLook(v.look),
	}
	for _, m := range open(u) {
		// Who was let in to one account by a program goes to no other by hand.
		if m.Account != v.Who.Account && !u.APIUser {
			told.Accounts = append(told.Accounts, screenAccount{m.APIID, m.AccountName})
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(told) // the client is gone if this fails
	return nil
}
