package connection

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/oauth"
)

// answer is what came of asking for a token.
type answer struct {
	was         *opened // when it was asked
	token       oauth.Token
	err         error
	interrupted time.Time // the last one asked then, and nobody knows what came of it; zero: no
}

// apply changes c by the answer, and says whether it did. Whoever has given other
// credentials meanwhile, or taken them away, is right.
func (a *answer) apply(c *tandem.AccountConnector, held bool) bool {
	switch {
	case !sameCredentials(c, &a.was.AccountConnector):
		return false
	case a.err == nil:
		// Also when the claim had ended, and another has been refused since: the
		// token is good.
		c.Tokens, c.State, c.Note = kindOfToken(a.token), tandem.Authenticated, ""
		return true
	case !held:
		return false
	case refused(a.err):
		c.State, c.Note = tandem.NotAuthenticated, a.note()
		return true
	}
	var e *oauth.Error
	if errors.As(a.err, &e) && e.Kind == oauth.Transient && c.State == tandem.Authenticated {
		return false // it may be over before anybody looks
	}
	c.Note = a.note()
	return true
}

// kindOfToken is a token as it is kept.
func kindOfToken(t oauth.Token) *connector.Token {
	return &connector.Token{AccessToken: string(t.AccessToken), RefreshToken: string(t.RefreshToken), Expires: written(t.Expires), RefreshExpires: written(t.RefreshExpires)}
}

func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// sameCredentials says that two have the same, leaving out names and notes.
func sameCredentials(a, b *tandem.AccountConnector) bool {
	var none connector.Token
	s, t := cmp.Or(a.Tokens, &none), cmp.Or(b.Tokens, &none)
	return a.AuthenticationID == b.AuthenticationID && a.AuthValue == b.AuthValue && *s == *t && (a.State == b.State || a.Tokens != nil)
}

// note says what happened, and what can be done.
func (a *answer) note() string {
	switch {
	case !refused(a.err):
		return fmt.Sprintf("A new token could not be got: %s.", detail(a.err))
	case a.was.way.AuthType == connector.AuthJWT:
		return fmt.Sprintf("The key is not taken: %s. Give another.", detail(a.err))
	case a.was.way.OAuth2Type != connector.AuthorisationCode:
		return fmt.Sprintf("The credentials are not taken: %s. Give them again.", detail(a.err))
	case a.was.Tokens != nil && a.was.Tokens.RefreshToken == "":
		return "Its token has ended, and there is none to refresh it with. Sign in again."
	case !a.interrupted.IsZero():
		return fmt.Sprintf("Its refresh token was replaced or revoked (%s); Tandem was stopped while it asked for a new one at %s. Sign in again.",
			detail(a.err), a.interrupted.Format(time.RFC3339))
	}
	return fmt.Sprintf("Its refresh token was replaced or revoked (%s). Sign in again.", detail(a.err))
}

func detail(err error) string {
	var e *oauth.Error
	if errors.As(err, &e) {
		return strings.TrimSuffix(e.Detail, ".")
	}
	return "something went wrong here"
}

// error is the answer for who waits for a token.
func (a *answer) error() error {
	var e *oauth.Error
	if errors.As(a.err, &e) && e.Kind == oauth.Transient {
		return &tandem.Error{Code: tandem.Unavailable, Message: a.was.library.Name + ": " + a.note(), RetryAfter: e.RetryAfter, Err: a.err}
	}
	return &tandem.Error{Code: tandem.Unauthenticated, Message: a.was.library.Name + ": " + a.note(), Err: a.err}
}

// noToken says that there is no token to be had.
func noToken(name, why string, err error) error {
	return &tandem.Error{Code: tandem.Unauthenticated, Message: fmt.Sprintf("%s: %s.", name, why), Err: err}
}

// refusedNote begins the note on credentials that a third party does not take.
const refusedNote = "The third party refused the credentials"

// Refused notes that a third party has refused the credentials that r is, as fresh
// as they could be had. The account connector stays authenticated: it may be for
// a while, or for some of its calls only.
func (s *Connectors) Refused(ctx context.Context, id tandem.AccountConnectorID, r *Resolved) {
	if r.Note != "" {
		return
	}
	note := fmt.Sprintf("%s at %s (401). If it goes on, give them again.", refusedNote, time.Now().UTC().Format(time.RFC3339))
	s.annotate(ctx, id, r, note)
}

// Accepted takes back what Refused has noted.
func (s *Connectors) Accepted(ctx context.Context, id tandem.AccountConnectorID, r *Resolved) {
	if strings.HasPrefix(r.Note, refusedNote) {
		s.annotate(ctx, id, r, "")
	}
}

func (s *Connectors) annotate(ctx context.Context, id tandem.AccountConnectorID, r *Resolved, note string) {
	defer s.forget(id)
	err := s.store.ChangeAccountConnector(tandem.WithAct(ctx, nil), r.Owner, id, func(c *tandem.AccountConnector) error {
		if err := s.open(ctx, c); err != nil {
			return err
		}
		if c.State != tandem.Authenticated || c.Note != r.Note {
			return nil // somebody knows better
		}
		c.Note = note
		return s.seal(ctx, c)
	})
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		s.log.ErrorContext(ctx, "account connector not annotated", "account", r.Owner, "account_connector", id, "error", err)
	}
}
