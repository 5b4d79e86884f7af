package identity

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// accountScope begins the scope of a token that works for one account.
const accountScope = "account:"

func refused(reason string) error { return &tandem.Error{Code: tandem.Invalid, Message: reason} }

// IssueToken implements tandem.Identity.
func (s *Service) IssueToken(ctx context.Context, r tandem.TokenRequest) (tandem.AccessToken, error) {
	if r.GrantType != "client_credentials" {
		return tandem.AccessToken{}, refused("unsupported_grant_type")
	}
	c, err := s.client(ctx, r.ClientID, r.ClientSecret)
	if err != nil {
		return tandem.AccessToken{}, err
	}
	if err := s.gate.Check(ctx, tandem.Principal{Partner: c.Partner, Client: c.ID}, r.Address); err != nil {
		return tandem.AccessToken{}, err
	}
	account, err := s.scope(ctx, c.Partner, r.Scope)
	if err != nil {
		return tandem.AccessToken{}, err
	}
	now := time.Now().UTC()
	t := tandem.AccessToken{Token: tandem.Secret(random()), ClientID: c.ID, Issued: now, Expires: now.Add(tandem.TokenLifetime)}
	switch err := s.store.SaveToken(ctx, hash(string(t.Token)), c, account, t.Issued, t.Expires); {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return tandem.AccessToken{}, refused("invalid_scope")
	case tandem.ErrorCode(err) == tandem.Unauthenticated:
		return tandem.AccessToken{}, refused("invalid_client")
	case err != nil:
		return tandem.AccessToken{}, fmt.Errorf("issue token to client %s: %w", c.ID, err)
	}
	return t, nil
}

// client checks a client's secret.
func (s *Service) client(ctx context.Context, id string, secret tandem.Secret) (tandem.OAuthClient, error) {
	c, err := s.store.OAuthClient(ctx, strings.ToLower(id))
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return c, refused("invalid_client")
	case err != nil:
		return c, fmt.Errorf("read OAuth client: %w", err)
	}
	tandem.Identify(ctx, tandem.Principal{Partner: c.Partner, Client: c.ID})
	if subtle.ConstantTimeCompare(hash(string(secret)), c.SecretHash) != 1 {
		return c, refused("invalid_client")
	}
	return c, nil
}

// scope is the account that a scope names, 0 for none.
func (s *Service) scope(ctx context.Context, p tandem.PartnerID, scope string) (tandem.AccountID, error) {
	if scope == "" {
		return 0, nil
	}
	apiID, ok := strings.CutPrefix(scope, accountScope)
	if !ok || apiID == "" {
		return 0, refused("invalid_scope")
	}
	a, err := s.store.Account(ctx, p, apiID)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return 0, refused("invalid_scope")
	case err != nil:
		return 0, fmt.Errorf("read account of scope: %w", err)
	}
	return a.ID, nil
}

var errBadToken = &tandem.Error{Code: tandem.Unauthenticated, Message: "Authorization has been denied for this request."}

// Authenticate implements tandem.Identity.
func (s *Service) Authenticate(ctx context.Context, token tandem.Secret) (tandem.Principal, error) {
	p, err := s.store.Token(ctx, hash(string(token)), time.Now())
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return tandem.Principal{}, errBadToken
	case err != nil:
		return tandem.Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	return p, nil
}
