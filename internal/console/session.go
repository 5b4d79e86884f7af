package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	sessionPath = Base + "session"
	cookieName  = "tandem_session"
	maxSignIn   = 8 << 10 // bytes of a sign-in's body

	// A session's use is written down at most this often, so that reading a
	// page does not cost a write per request.
	touchEvery = 5 * time.Minute
)

// Names of a session's values.
const (
	userKey = "user" // int64, a tandem.ConsoleUserID
	seenKey = "seen" // int64, Unix seconds
)

// whoIs is what the pages are told about who is signed in.
type whoIs struct {
	Email   string
	Name    string
	Partner string // its name
}

func who(u tandem.ConsoleUser) whoIs {
	return whoIs{Email: u.Email, Name: u.Name, Partner: u.PartnerName}
}

var errSignedOut = &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	u, err := c.checkPassword(w, r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	if err := c.begin(w, r, u.ID); err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, who(u))
}

func (c *Console) checkPassword(w http.ResponseWriter, r *http.Request) (tandem.ConsoleUser, error) {
	// A form on another site cannot send this type without being asked first.
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return tandem.ConsoleUser{}, &tandem.Error{Code: tandem.Unsupported, Message: "Send JSON (Content-Type: application/json)."}
	}
	var in struct{ Email, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxSignIn)).Decode(&in); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return tandem.ConsoleUser{}, &tandem.Error{Code: tandem.TooLarge, Message: "The request is too large.", Err: err}
		}
		return tandem.ConsoleUser{}, &tandem.Error{Code: tandem.Invalid, Message: "The request is not valid JSON.", Err: err}
	}
	switch {
	case in.Email == "":
		return tandem.ConsoleUser{}, tandem.Invalidf("Email", "Email is required")
	case in.Password == "":
		return tandem.ConsoleUser{}, tandem.Invalidf("Password", "Password is required")
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	return c.identity.SignIn(r.Context(), in.Email, tandem.Secret(in.Password), address)
}

// begin starts a session under a new token; the one before, if the browser had
// one, is gone, so that a token planted before sign-in is worth nothing.
func (c *Console) begin(w http.ResponseWriter, r *http.Request, id tandem.ConsoleUserID) error {
	ctx, err := c.load(r)
	if err != nil {
		return err
	}
	if err := c.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("end the former session: %w", err)
	}
	c.sessions.Put(ctx, userKey, int64(id))
	c.sessions.Put(ctx, seenKey, time.Now().Unix())
	token, _, err := c.sessions.Commit(ctx)
	if err != nil {
		return fmt.Errorf("begin session of console user %d: %w", id, err)
	}
	http.SetCookie(w, c.cookie(r, token, 0))
	return nil
}

func (c *Console) whoami(w http.ResponseWriter, r *http.Request) {
	u, err := c.user(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, who(u))
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	ctx, err := c.load(r)
	if err == nil {
		err = c.sessions.Destroy(ctx)
	}
	if err != nil {
		c.refuse(w, r, fmt.Errorf("sign out: %w", err))
		return
	}
	http.SetCookie(w, c.cookie(r, "", -1))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// Principal says who is signed in by the session cookie of r. It is false
// without a live session, and for a request from another origin that could
// change something.
func (c *Console) Principal(r *http.Request) (tandem.Principal, bool) {
	if c.origin.Check(r) != nil {
		return tandem.Principal{}, false
	}
	u, err := c.user(r)
	if err != nil {
		if tandem.ErrorCode(err) != tandem.Unauthenticated {
			c.log.ErrorContext(r.Context(), "session could not be read", "error", err)
		}
		return tandem.Principal{}, false
	}
	return tandem.Principal{Partner: u.Partner, ConsoleUser: u.ID, Permissions: u.Permissions}, true
}

// user finds who is signed in, asking identity each time: a user who was
// removed is out at the next request.
func (c *Console) user(r *http.Request) (tandem.ConsoleUser, error) {
	if _, err := r.Cookie(cookieName); err != nil {
		return tandem.ConsoleUser{}, errSignedOut
	}
	ctx, err := c.load(r)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	id := tandem.ConsoleUserID(c.sessions.GetInt64(ctx, userKey))
	if id == 0 {
		return tandem.ConsoleUser{}, errSignedOut
	}
	u, err := c.identity.ConsoleUser(ctx, id)
	if err != nil {
		return tandem.ConsoleUser{}, fmt.Errorf("console user %d of session: %w", id, err)
	}
	return u, c.touch(ctx)
}

// touch puts off a session's end.
func (c *Console) touch(ctx context.Context) error {
	now := time.Now()
	if now.Sub(time.Unix(c.sessions.GetInt64(ctx, seenKey), 0)) < touchEvery {
		return nil
	}
	c.sessions.Put(ctx, seenKey, now.Unix())
	if _, _, err := c.sessions.Commit(ctx); err != nil {
		return fmt.Errorf("prolong session: %w", err)
	}
	return nil
}

// load reads the session of r, or makes an empty one.
func (c *Console) load(r *http.Request) (context.Context, error) {
	token := ""
	if cookie, err := r.Cookie(cookieName); err == nil {
		token = cookie.Value
	}
	ctx, err := c.sessions.Load(r.Context(), token)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	return ctx, nil
}

// cookie lasts as long as the browser is open: the server decides when a
// session ends. A negative age deletes it.
func (c *Console) cookie(r *http.Request, token string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.overTLS(r), SameSite: http.SameSiteLaxMode,
	}
}

func setRetryAfter(w http.ResponseWriter, d time.Duration) {
	if d > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((d+time.Second-1)/time.Second)))
	}
}
