package connection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/oauth"
)

// TokenStore says who asks third parties for tokens.
type TokenStore interface {
	// ClaimTokens claims the right to ask for the next token, until a moment,
	// and notes that it was asked; false while somebody else has it. Interrupted
	// is when the last one asked whose answer was never written down. Errors:
	// NotFound.
	ClaimTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, holder string, now, until time.Time) (claimed bool, interrupted time.Time, err error)
	// SettleTokens ends a claim with a change. Held: the claim is still
	// holder's. Errors: NotFound, and what change returns.
	SettleTokens(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, holder string, change func(c *tandem.AccountConnector, held bool) error) error
}

const (
	early     = 30 * time.Second       // before a token expires, the next is asked for
	askTime   = 20 * time.Second       // for a third party's answer
	claimTime = askTime + early/3      // for asking and writing down; then others may
	writeTime = claimTime - askTime    // for writing down
	renewTime = claimTime + askTime    // for somebody else's claim, and then ours
	minWait   = 20 * time.Millisecond  // for somebody else's answer, at first
	maxWait   = 500 * time.Millisecond // and at last
)

// tokened says that what goes into requests by a is a token that ends.
func tokened(a *connector.Authentication) bool {
	return a.AuthType == connector.AuthOAuth2 || a.AuthType == connector.AuthJWT
}

// fresh says that a token can be used, for so long at least.
func fresh(token tandem.Secret, expires time.Time, atLeast time.Duration) bool {
	return token != "" && (expires.IsZero() || time.Until(expires) > atLeast)
}

// Credentials is Resolve with a token that is good for a while: if it ends, it is
// replaced, once for all who ask at once, on all nodes.
//
// Errors: NotFound; Unauthenticated (there is no token to be had: who has to sign
// in, or what has to be put right); Unavailable (the third party does not answer).
func (s *Connectors) Credentials(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*Resolved, error) {
	r, err := s.Resolve(ctx, a, id)
	if err != nil || r.State != tandem.Authenticated || !tokened(r.Authentication) || fresh(r.AuthValue, r.expires, early) {
		return r, err
	}
	return s.renewed(ctx, a, id, r, "")
}

// Refresh is Credentials with another token than that of used, which a third
// party has refused: one that somebody has got since, or else a new one.
//
// Errors: as Credentials; Unauthenticated also when there is no other.
func (s *Connectors) Refresh(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, used *Resolved) (*Resolved, error) {
	if !tokened(used.Authentication) {
		return nil, noToken(used.Connector.Name, "its credentials do not end, and were refused", nil)
	}
	return s.renewed(ctx, a, id, used, string(used.AuthValue))
}

// renewed renews the token of r, unless it is another than used by now, and gives
// what there is then.
func (s *Connectors) renewed(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, r *Resolved, used string) (*Resolved, error) {
	// Who began may leave, the others wait for the answer all the same.
	work := context.WithoutCancel(tandem.WithAct(ctx, nil))
	wait := s.renewals.DoChan(fmt.Sprintf("%d %s", id, used), func() (any, error) {
		work, cancel := context.WithTimeout(work, renewTime)
		defer cancel()
		return nil, s.renew(work, use{r.Owner, id}, func(o *opened) bool {
			return o.State == tandem.Authenticated && stale(o, used)
		})
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case done := <-wait:
		if done.Err != nil {
			if used == "" && tandem.ErrorCode(done.Err) == tandem.Unavailable && fresh(r.AuthValue, r.expires, 0) {
				return r, nil // it was early to ask
			}
			return nil, done.Err
		}
	}
	return s.Resolve(ctx, a, id)
}

// stale says that o has no token that could be used: that used, or one that ends.
func stale(o *opened, used string) bool {
	switch {
	case o.Tokens == nil:
		return true
	case used != "":
		return o.Tokens.AccessToken == used
	}
	return !fresh(tandem.Secret(o.Tokens.AccessToken), moment(o.Tokens.Expires), early)
}

// renew asks for the next token of an account connector, by its owner, if that is
// wanted, and writes it down before anybody uses it.
func (s *Connectors) renew(ctx context.Context, u use, wanted func(*opened) bool) error {
	defer s.forget(u.connector)
	for wait := minWait; ; wait = min(2*wait, maxWait) {
		o, err := s.opened(ctx, u)
		if err != nil || !wanted(o) {
			return err
		}
		holder, now := rand.Text(), time.Now()
		claimed, interrupted, err := s.tokens.ClaimTokens(ctx, u.account, u.connector, holder, now, now.Add(claimTime))
		if err != nil {
			return err
		}
		if claimed {
			return s.renewClaimed(ctx, u, holder, interrupted, wanted)
		}
		select {
		case <-ctx.Done():
			return &tandem.Error{Code: tandem.Unavailable, Message: o.library.Name + ": somebody else asks for a new token, and has not got one yet.", Err: ctx.Err()}
		case <-time.After(wait):
		}
	}
}

// renewClaimed is renew once it is nobody else's turn.
func (s *Connectors) renewClaimed(ctx context.Context, u use, holder string, interrupted time.Time, wanted func(*opened) bool) error {
	o, err := s.opened(ctx, u) // somebody may have got one before the claim
	if err != nil {
		return err
	}
	if !wanted(o) {
		return s.tokens.SettleTokens(ctx, u.account, u.connector, holder, func(*tandem.AccountConnector, bool) error { return nil })
	}
	asked, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	t, err := s.obtain(asked, o)
	a := answer{was: o, token: t, err: err, interrupted: interrupted}
	if e := s.settle(ctx, u, holder, a); e != nil {
		return e
	}
	if err != nil {
		s.log.WarnContext(ctx, "token not renewed", "account", u.account, "account_connector", u.connector, "connector", o.library.Name, "error", err)
		return a.error()
	}
	s.log.InfoContext(ctx, "token renewed", "account", u.account, "account_connector", u.connector, "connector", o.library.Name)
	return nil
}

// settle writes an answer down. It tries again while it can: a token that was
// replaced is worth nothing to anybody if the next is lost.
func (s *Connectors) settle(ctx context.Context, u use, holder string, a answer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	for wait := minWait; ; wait = min(2*wait, maxWait) {
		err := s.tokens.SettleTokens(ctx, u.account, u.connector, holder, func(c *tandem.AccountConnector, held bool) error {
			if err := s.open(ctx, c); err != nil {
				return err
			}
			if !a.apply(c, held) {
				return nil
			}
			return s.seal(ctx, c)
		})
		if err == nil || tandem.ErrorCode(err) == tandem.NotFound {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("write down the token of account connector %d: %w", u.connector, err)
		case <-time.After(wait):
		}
	}
}

// obtain asks a third party. Errors: *oauth.Error.
func (s *Connectors) obtain(ctx context.Context, o *opened) (oauth.Token, error) {
	f := s.flow(o)
	if o.way.AuthType == connector.AuthJWT {
		read, err := readMembers(members(o.way), string(o.AuthValue))
		if err != nil {
			return oauth.Token{}, err
		}
		return f.Assertion(ctx, read[connector.PrivateKeyMember])
	}
	if f.ClientID == "" {
		if name := o.astray(); name != "" && o.partner.ClientID != "" {
			return oauth.Token{}, &oauth.Error{Kind: oauth.Unusable, Detail: fmt.Sprintf("the account chooses by %s who gives tokens, so it needs a ClientId and ClientSecret of its own", name)}
		}
	}
	if t := o.Tokens; t != nil && t.RefreshToken != "" {
		got, err := f.Refresh(ctx, tandem.Secret(t.RefreshToken))
		if !renewable(o) || !refused(err) {
			return got, err
		}
	}
	switch o.way.OAuth2Type {
	case connector.ClientCredentials:
		return f.Client(ctx)
	case connector.PasswordCredentials:
		if o.AuthValue != "" {
			read, err := readMembers(members(o.way), string(o.AuthValue))
			if err != nil {
				return oauth.Token{}, err
			}
			return f.Password(ctx, string(read[connector.UsernameMember]), read[connector.PasswordMember])
		}
	case connector.AuthorisationCode:
	}
	return oauth.Token{}, &oauth.Error{Kind: oauth.Refused, Detail: "its token has ended, and there is none to refresh it with"}
}

// renewable says that there is a way to a token beside the refresh token.
func renewable(o *opened) bool {
	return o.way.OAuth2Type == connector.ClientCredentials || o.way.OAuth2Type == connector.PasswordCredentials && o.AuthValue != ""
}

func refused(err error) bool {
	var e *oauth.Error
	return errors.As(err, &e) && e.Kind == oauth.Refused
}
