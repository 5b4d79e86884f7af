package console

import (
	"fmt"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	sessionPath  = Base + "session"
	cookieName   = "tandem_session"
	deviceCookie = "tandem_device" // by which a browser is known at sign-in
	deviceAge    = 180 * 24 * time.Hour

	// hostPrefix has browsers keep a cookie from other hosts of the domain, and
	// take it from none of them. They know it over TLS alone.
	hostPrefix = "__Host-"
)

// whoIs is what the pages are told about who is signed in.
type whoIs struct {
	ID          tandem.ConsoleUserID `json:"Id"`
	Email       string
	Name        string
	Partner     string // its name
	Permissions tandem.Permissions
	TwoFactor   bool
}

func who(u tandem.ConsoleUser) whoIs {
	return whoIs{ID: u.ID, Email: u.Email, Name: u.Name, Partner: u.PartnerName, Permissions: u.Permissions, TwoFactor: u.TwoFactor}
}

var errSignedOut = &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}

// begin starts a session under a new token; the one before, if the browser had
// one, is gone, so that a token planted before sign-in is worth nothing.
func (c *Console) begin(w http.ResponseWriter, r *http.Request, u tandem.ConsoleUser) error {
	if err := c.services.Sessions.End(r.Context(), c.tokenOf(r)); err != nil {
		return err
	}
	token, err := c.services.Sessions.Begin(r.Context(), tandem.Session{
		Who: tandem.Principal{Partner: u.Partner, ConsoleUser: u.ID}, Passwords: u.Passwords, Address: tandem.NetworkAddress(r.RemoteAddr), Agent: r.UserAgent(),
	})
	if err != nil {
		return fmt.Errorf("console user %d: %w", u.ID, err)
	}
	http.SetCookie(w, c.cookie(r, cookieName, string(token), 0))
	return nil
}

// tokenOf is the token in a request's cookie; "" if there is none.
func (c *Console) tokenOf(r *http.Request) tandem.Secret {
	return c.inCookie(r, cookieName)
}

func (c *Console) inCookie(r *http.Request, name string) tandem.Secret {
	cookie, err := r.Cookie(c.cookiePrefix(r) + name)
	if err != nil {
		return ""
	}
	return tandem.Secret(cookie.Value)
}

func (c *Console) whoami(w http.ResponseWriter, r *http.Request) {
	n, err := c.session(r)
	if err == nil {
		err = c.services.Gate.Check(r.Context(), n.Who, tandem.NetworkAddress(r.RemoteAddr))
	}
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	u, err := c.services.Users.Get(r.Context(), n.Who.Partner, n.Who.ConsoleUser)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, who(u))
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	if n, err := c.session(r); err == nil {
		tandem.Identify(r.Context(), n.Who)
	}
	if err := c.services.Sessions.End(r.Context(), c.tokenOf(r)); err != nil {
		c.refuse(w, r, fmt.Errorf("sign out: %w", err))
		return
	}
	http.SetCookie(w, c.cookie(r, cookieName, "", -time.Second))
	none(w)
}

// Principal says who is signed in by the session cookie of r.
//
// Errors: Unauthenticated (no live session, or a request from another origin that
// could change something).
func (c *Console) Principal(r *http.Request) (tandem.Principal, error) {
	if c.origin.Check(r) != nil {
		return tandem.Principal{}, errSignedOut
	}
	n, err := c.session(r)
	return n.Who, err
}

// session is the console's session that a request is made in. A session of an
// account user is none, whatever cookie its token was put into.
func (c *Console) session(r *http.Request) (tandem.Session, error) {
	token := c.tokenOf(r)
	if token == "" {
		return tandem.Session{}, errSignedOut
	}
	find := c.services.Sessions.Resume
	if tandem.Unattended(r.Header.Get) {
		find = c.services.Sessions.Look
	}
	n, err := find(r.Context(), token)
	if err == nil && n.Who.ConsoleUser == 0 {
		err = errSignedOut
	}
	return n, err
}

// cookie lasts as long as the browser is open unless it has an age: the server
// decides when a session ends. A negative age deletes it.
func (c *Console) cookie(r *http.Request, name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: c.cookiePrefix(r) + name, Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: c.overTLS(r), SameSite: http.SameSiteLaxMode,
	}
}

func (c *Console) cookiePrefix(r *http.Request) string {
	if c.overTLS(r) {
		return hostPrefix
	}
	return ""
}
