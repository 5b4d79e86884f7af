package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// How long sessions last: without a request, and at the latest. An account
// user's is short, since signing in anew takes the partner's program a moment.
const (
	ConsoleIdle     = 12 * time.Hour
	ConsoleLifetime = 7 * 24 * time.Hour
	AccountIdle     = 2 * time.Hour
	AccountLifetime = 24 * time.Hour
)

// A session's use is written down at most this often, so that reading a page
// does not cost a write per request.
const touchEvery = 5 * time.Minute

// maxAgent is how much is kept of what a browser calls itself, in characters.
const maxAgent = 200

// SessionStore is what Sessions keeps.
type SessionStore interface {
	// CreateSession errors: Unauthenticated (the password is another by now).
	CreateSession(ctx context.Context, hash []byte, n *tandem.Session) error
	// Session errors: NotFound, also when it has ended or its user may no
	// longer be there.
	Session(ctx context.Context, hash []byte, now time.Time) (tandem.Session, error)
	TouchSession(ctx context.Context, id tandem.SessionID, seen, expires time.Time) error
	Sessions(ctx context.Context, p tandem.PartnerID, of tandem.Principal, now time.Time) ([]tandem.Session, error)
	EndSession(ctx context.Context, hash []byte) error
	// DeleteSession errors: NotFound.
	DeleteSession(ctx context.Context, p tandem.PartnerID, id tandem.SessionID) error
	DeleteSessions(ctx context.Context, p tandem.PartnerID, of tandem.Principal, but tandem.SessionID) error
}

// Sessions implements tandem.Sessions.
type Sessions struct{ store SessionStore }

var _ tandem.Sessions = (*Sessions)(nil)

// NewSessions makes the service.
func NewSessions(store SessionStore) *Sessions { return &Sessions{store: store} }

// lifetime is how long a session of who lasts.
func lifetime(who tandem.Principal) (idle, whole time.Duration) {
	if who.ConsoleUser != 0 {
		return ConsoleIdle, ConsoleLifetime
	}
	return AccountIdle, AccountLifetime
}

// end is when n ends if it is not used after at.
func end(n tandem.Session, at time.Time) time.Time {
	idle, whole := lifetime(n.Who)
	last := n.Created.Add(whole)
	if e := at.Add(idle); e.Before(last) {
		return e
	}
	return last
}

// Begin implements tandem.Sessions.
func (s *Sessions) Begin(ctx context.Context, n tandem.Session) (tandem.Secret, error) {
	if (n.Who.ConsoleUser != 0) == (n.Who.User != 0 && n.Who.Account != 0) {
		return "", errors.New("begin session: want a console user, or a user in an account")
	}
	n.Created = time.Now().UTC()
	n.Seen, n.Expires = n.Created, end(n, n.Created)
	n.Agent = shorten(n.Agent)
	token := random()
	tandem.Identify(ctx, n.Who)
	if err := s.store.CreateSession(ctx, hash(token), &n); err != nil {
		return "", fmt.Errorf("begin session: %w", err)
	}
	return tandem.Secret(token), nil
}

// shorten makes text of what a browser sent.
func shorten(agent string) string {
	agent = strings.ReplaceAll(strings.ToValidUTF8(agent, "?"), "\x00", "?")
	if utf8.RuneCountInString(agent) > maxAgent {
		agent = string([]rune(agent)[:maxAgent])
	}
	return agent
}

// Resume implements tandem.Sessions.
func (s *Sessions) Resume(ctx context.Context, token tandem.Secret) (tandem.Session, error) {
	n, err := s.Look(ctx, token)
	now := time.Now().UTC()
	if err != nil || now.Sub(n.Seen) < touchEvery {
		return n, err
	}
	n.Seen, n.Expires = now, end(n, now)
	if err := s.store.TouchSession(ctx, n.ID, n.Seen, n.Expires); err != nil {
		return tandem.Session{}, fmt.Errorf("prolong session %d: %w", n.ID, err)
	}
	return n, nil
}

// Look implements tandem.Sessions.
func (s *Sessions) Look(ctx context.Context, token tandem.Secret) (tandem.Session, error) {
	n, err := s.store.Session(ctx, hash(string(token)), time.Now().UTC())
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.Session{}, errSignedOut
	}
	if err != nil {
		return tandem.Session{}, fmt.Errorf("resume session: %w", err)
	}
	return n, nil
}

// End implements tandem.Sessions.
func (s *Sessions) End(ctx context.Context, token tandem.Secret) error {
	if err := s.store.EndSession(ctx, hash(string(token))); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// List implements tandem.Sessions.
func (s *Sessions) List(ctx context.Context, p tandem.PartnerID, who tandem.Principal) ([]tandem.Session, error) {
	all, err := s.store.Sessions(ctx, p, who, time.Now())
	if err != nil {
		return nil, fmt.Errorf("list sessions of partner %d: %w", p, err)
	}
	return all, nil
}

// Revoke implements tandem.Sessions.
func (s *Sessions) Revoke(ctx context.Context, p tandem.PartnerID, id tandem.SessionID) error {
	if err := s.store.DeleteSession(ctx, p, id); err != nil {
		return fmt.Errorf("revoke session %d: %w", id, err)
	}
	return nil
}

// RevokeAll implements tandem.Sessions.
func (s *Sessions) RevokeAll(ctx context.Context, p tandem.PartnerID, who tandem.Principal, but tandem.SessionID) error {
	if err := s.store.DeleteSessions(ctx, p, who, but); err != nil {
		return fmt.Errorf("revoke sessions: %w", err)
	}
	return nil
}
