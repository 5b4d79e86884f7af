package tandem

import (
	"context"
	"strconv"
	"time"
)

// SessionID names a session in lists; it opens nothing.
type SessionID int64

// String is for paths.
func (id SessionID) String() string { return strconv.FormatInt(int64(id), 10) }

// Session is a browser in which somebody is signed in: a console user, or an
// account user in one account.
type Session struct {
	ID      SessionID
	Who     Principal
	Created time.Time
	Seen    time.Time // within minutes
	Expires time.Time
	Address string // network address at sign-in
	Agent   string // of the browser, as it calls itself

	// Passwords is the User's or ConsoleUser's when who begins the session showed
	// who they are; 0: not by a password. It is not kept.
	Passwords int64

	// Of an account user, in lists: who it is, and where.
	Username    string // "": the account's own API user
	AccountID   string // API ID
	AccountName string
}

// Unattended says that a browser's request, of these headers, was made by a page itself
// while nobody used it: it is no use of a session. So is a stream, however long it is.
func Unattended(header func(string) string) bool {
	return header("X-Unattended") != "" || header("Accept") == "text/event-stream"
}

// Sessions are the browsers that are signed in. A token is a random secret that
// the browser's cookie holds; only its hash is kept.
type Sessions interface {
	// Begin opens a session for s.Who from s.Address and s.Agent. Errors:
	// Unauthenticated (the password has been changed since).
	Begin(ctx context.Context, s Session) (Secret, error)
	// Resume finds a live session, with the rights that its user has now, and
	// puts off its end. Errors: Unauthenticated, also when the user may no
	// longer sign in.
	Resume(ctx context.Context, token Secret) (Session, error)
	// Look finds one likewise, for a page that asks by itself: it puts off nothing.
	// Errors: as of Resume.
	Look(ctx context.Context, token Secret) (Session, error)
	// End closes the session of a token, if there is one.
	End(ctx context.Context, token Secret) error
	// List gives the live sessions of a partner's console users, newest first,
	// or those of one person: of who's console user or user; or, of neither, those
	// of who's account.
	List(ctx context.Context, p PartnerID, who Principal) ([]Session, error)
	// Revoke closes a session. Errors: NotFound.
	Revoke(ctx context.Context, p PartnerID, id SessionID) error
	// RevokeAll closes all of a person's sessions but one; 0: all.
	RevokeAll(ctx context.Context, p PartnerID, who Principal, but SessionID) error
}
