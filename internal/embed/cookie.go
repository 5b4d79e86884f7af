package embed

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	cookieName = "tandem_account_" // and the session's number
	hostPrefix = "__Host-"

	// maxSessions is how many a browser keeps; the oldest give way.
	maxSessions = 8
)

// held is a session that a browser says it has.
type held struct {
	id    tandem.SessionID
	token tandem.Secret
}

// holds are the sessions in the cookies of r, newest first. Nothing is known yet
// of whether they are any good.
func (e *Embed) holds(r *http.Request) []held {
	var all []held
	for _, c := range r.Cookies() {
		number, ok := strings.CutPrefix(c.Name, e.ownName(r, cookieName))
		id, err := strconv.ParseInt(number, 10, 64)
		if ok && err == nil && id > 0 && c.Value != "" {
			all = append(all, held{tandem.SessionID(id), tandem.Secret(c.Value)})
		}
	}
	slices.SortFunc(all, func(a, b held) int { return int(b.id - a.id) })
	return all[:min(len(all), maxSessions)]
}

// ownName is the name of a cookie that no other host of the domain can set, as far
// as browsers know of such.
func (e *Embed) ownName(r *http.Request, name string) string {
	if e.overTLS(r) {
		return hostPrefix + name
	}
	return name
}

// setCookie gives a browser a session to hold, and has it forget those that are
// too many. The cookie lasts as long as the browser is open: the server decides
// when a session ends.
func (e *Embed) setCookie(w http.ResponseWriter, r *http.Request, s held, frames bool) {
	http.SetCookie(w, e.cookie(r, s, frames))
	if all := e.holds(r); len(all) >= maxSessions {
		for _, old := range all[maxSessions-1:] {
			e.dropCookie(w, r, old.id, frames)
		}
	}
}

// dropCookie has a browser forget a session.
func (e *Embed) dropCookie(w http.ResponseWriter, r *http.Request, id tandem.SessionID, frames bool) {
	c := e.cookie(r, held{id: id}, frames)
	c.MaxAge = -1
	http.SetCookie(w, c)
}

func (e *Embed) cookie(r *http.Request, s held, frames bool) *http.Cookie {
	c := &http.Cookie{
		Name: e.ownName(r, cookieName) + s.id.String(), Value: string(s.token), Path: "/",
		HttpOnly: true, Secure: e.overTLS(r), SameSite: http.SameSiteLaxMode,
	}
	if frames && c.Secure { // without TLS, browsers keep no such cookie
		c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	}
	return c
}

// keep has a browser keep something of a sign-in that is not over yet, for age;
// below 0, forget it. Such pages are in no frame.
func (e *Embed) keep(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, e.passing(r, name, value, age))
}

func (e *Embed) passing(r *http.Request, name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: e.ownName(r, name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: e.overTLS(r), SameSite: http.SameSiteLaxMode,
	}
}

// kept is what a browser keeps; "" if nothing.
func (e *Embed) kept(r *http.Request, name string) tandem.Secret {
	c, err := r.Cookie(e.ownName(r, name))
	if err != nil {
		return ""
	}
	return tandem.Secret(c.Value)
}
