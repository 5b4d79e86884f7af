package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/tandem-ipaas/tandem"
)

// relation is what an OpenID provider and we have agreed on.
type relation struct {
	issuer, clientID string
	secret           tandem.Secret
	back             string // URL that the browser comes back to
}

// claims are what is read of an ID token.
type claims struct {
	Subject  string   `json:"sub"`
	Email    string   `json:"email"`
	Verified verified `json:"email_verified"`
	Name     string   `json:"name"`
	Nonce    string   `json:"nonce"`
}

// verified is a boolean that some providers write as text.
type verified bool

// UnmarshalJSON implements json.Unmarshaler.
func (v *verified) UnmarshalJSON(b []byte) error {
	*v = verified(strings.Trim(string(b), `"`) == "true")
	return nil
}

// provider speaks OpenID Connect. It keeps nothing: keys may be withdrawn at any
// time, and sign-ins are rare.
type provider struct{ client *http.Client }

// discover asks a provider what it can do.
func (p *provider) discover(ctx context.Context, r relation) (context.Context, *oidc.Provider, *oauth2.Config, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	found, err := oidc.NewProvider(ctx, r.issuer)
	if err != nil {
		return ctx, nil, nil, &tandem.Error{Code: tandem.Unavailable, Message: "The sign-in page could not be reached. Try again later.", Err: err}
	}
	var can struct {
		Auth []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&can); err != nil {
		return ctx, nil, nil, fmt.Errorf("read what %s can do: %w", r.issuer, err)
	}
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(can.Auth) > 0 && !slices.Contains(can.Auth, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return ctx, found, &oauth2.Config{
		ClientID: r.clientID, ClientSecret: string(r.secret), Endpoint: endpoint, RedirectURL: r.back,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, nil
}

// page is where a browser is sent. An email, if it is known, is filled in there.
func (p *provider) page(ctx context.Context, r relation, at underway, state tandem.Secret, email string) (string, error) {
	_, _, config, err := p.discover(ctx, r)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(at.Nonce), oauth2.S256ChallengeOption(at.Verifier)}
	if email != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", email))
	}
	return config.AuthCodeURL(string(state), options...), nil
}

// exchange takes a code to the provider, and checks who it says has signed in.
// Errors: Unauthenticated, Unavailable.
func (p *provider) exchange(ctx context.Context, r relation, at underway, code string) (claims, error) {
	ctx, found, config, err := p.discover(ctx, r)
	if err != nil {
		return claims{}, err
	}
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(at.Verifier))
	if err != nil {
		return claims{}, notSignedOn(fmt.Errorf("exchange code: %w", err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return claims{}, notSignedOn(errors.New("no ID token"))
	}
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: r.clientID}).Verify(ctx, raw)
	if err != nil {
		return claims{}, notSignedOn(err)
	}
	var who claims
	if err := id.Claims(&who); err != nil {
		return claims{}, notSignedOn(err)
	}
	if who.Subject == "" {
		return claims{}, notSignedOn(errors.New("no subject"))
	}
	if subtle.ConstantTimeCompare([]byte(who.Nonce), []byte(at.Nonce)) != 1 {
		return claims{}, notSignedOn(errors.New("the nonce is not ours"))
	}
	return who, nil
}
