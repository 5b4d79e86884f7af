package console

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	signOnPath   = Base + "sso"
	signOnCookie = "tandem_sso" // what a browser keeps while somebody signs in elsewhere
	signOnAge    = 10 * time.Minute
)

// inside is a path of the console's own pages: it does not lead to another host.
func inside(path string) bool { return insidePattern.MatchString(path) }

var insidePattern = regexp.MustCompile(`^/[A-Za-z0-9]`)

func (c *Console) beginSignOn(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, To string }
	if err := read(w, r, &in); err != nil {
		c.refuse(w, r, err)
		return
	}
	if !inside(in.To) {
		in.To = "/"
	}
	page, keep, err := c.services.SignOns.Begin(r.Context(), tandem.SignOnStart{
		Kind: tandem.ConsoleSignOn, Email: in.Email, To: in.To, Address: tandem.NetworkAddress(r.RemoteAddr),
	})
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	http.SetCookie(w, c.cookie(r, signOnCookie, string(keep), signOnAge))
	answer(w, http.StatusOK, struct {
		URL string `json:"Url"`
	}{page})
}

// finishSignOn is where the browser comes back to. It is a page of ours, opened
// by another site: only who holds what Begin gave gets anywhere.
func (c *Console) finishSignOn(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	http.SetCookie(w, c.cookie(r, signOnCookie, "", -time.Second))
	w.Header().Set("Cache-Control", "no-store")
	e, to, err := c.services.SignOns.Enter(r.Context(), tandem.SignOnAnswer{
		State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Kept: c.inCookie(r, signOnCookie),
	}, tandem.NetworkAddress(r.RemoteAddr))
	if err == nil {
		err = c.begin(w, r, e.User)
	}
	if err != nil {
		c.log.WarnContext(r.Context(), "single sign-on failed", "error", err)
		http.Redirect(w, r, Base+"sign-in?problem=true", http.StatusFound)
		return
	}
	http.Redirect(w, r, strings.TrimSuffix(Base, "/")+to, http.StatusFound)
}
