package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

type tokenInput struct {
	Authorization string `header:"Authorization" doc:"HTTP Basic with the client's id and secret, instead of the body."`
	RawBody       []byte `contentType:"application/x-www-form-urlencoded"`
}

// tokenAnswer is a success or an error of RFC 6749, sections 5.1 and 5.2.
type tokenAnswer struct {
	Status       int
	CacheControl string `header:"Cache-Control"`
	Authenticate string `header:"WWW-Authenticate"`
	RetryAfter   string `header:"Retry-After"`
	Body         issuedToken
}

type issuedToken struct {
	TokenType   string `json:"token_type,omitempty"`
	AccessToken string `json:"access_token,omitempty"`
	ExpiresIn   int    `json:"expires_in,omitempty" doc:"Seconds."`
	ClientID    string `json:"clientId,omitempty"`
	Issued      string `json:".issued,omitempty"`
	Expires     string `json:".expires,omitempty"`
	Error       string `json:"error,omitempty" doc:"Instead of all else: invalid_client, unsupported_grant_type, invalid_scope or invalid_request."`
}

func (a *API) issueToken(ctx context.Context, in *tokenInput) (*tokenAnswer, error) {
	r, err := tokenRequest(in)
	if err != nil {
		return tokenRefused(ctx, err)
	}
	r.Address = whence(ctx)
	var t tandem.AccessToken
	err = a.limits.guessing(r.Address, r.ClientID, func() error {
		t, err = a.services.Identity.IssueToken(ctx, r)
		return err
	})
	if err != nil {
		return tokenRefused(ctx, err)
	}
	return &tokenAnswer{Status: http.StatusOK, CacheControl: "no-store", Body: issuedToken{
		TokenType: "bearer", AccessToken: string(t.Token), ClientID: t.ClientID,
		// A second less than its life, for clients that count from the answer.
		ExpiresIn: int(t.Expires.Sub(t.Issued)/time.Second) - 1,
		Issued:    t.Issued.Format(http.TimeFormat), Expires: t.Expires.Format(http.TimeFormat),
	}}, nil
}

// tokenRefused answers with the error's message as RFC 6749 wants it.
func tokenRefused(ctx context.Context, err error) (*tokenAnswer, error) {
	var e *tandem.Error
	if !errors.As(err, &e) || e.Code != tandem.Invalid {
		return nil, err
	}
	recordOf(ctx).err = err
	return &tokenAnswer{Status: http.StatusBadRequest, CacheControl: "no-store", Body: issuedToken{Error: e.Message}}, nil
}

// tokenRequest reads the form, and the client from the header if it is there.
func tokenRequest(in *tokenInput) (tandem.TokenRequest, error) {
	form, err := url.ParseQuery(string(in.RawBody))
	if err != nil {
		return tandem.TokenRequest{}, &tandem.Error{Code: tandem.Invalid, Message: "invalid_request", Err: err}
	}
	r := tandem.TokenRequest{
		GrantType: form.Get("grant_type"), Scope: form.Get("scope"),
		ClientID: form.Get("client_id"), ClientSecret: tandem.Secret(form.Get("client_secret")),
	}
	encoded, basic := cutBasic(in.Authorization)
	if !basic {
		return r, checkToken(r)
	}
	plain, err := base64.StdEncoding.DecodeString(encoded)
	id, secret, ok := strings.Cut(string(plain), ":")
	if err != nil || !ok {
		return r, &tandem.Error{Code: tandem.Invalid, Message: "invalid_client", Err: err}
	}
	r.ClientID, r.ClientSecret = unescaped(id), tandem.Secret(unescaped(secret))
	return r, checkToken(r)
}

// checkToken refuses names that are no text.
func checkToken(r tandem.TokenRequest) error {
	if isText(r.ClientID) && isText(r.Scope) {
		return nil
	}
	return &tandem.Error{Code: tandem.Invalid, Message: "invalid_request"}
}

func cutBasic(header string) (string, bool) {
	scheme, rest, _ := strings.Cut(header, " ")
	return strings.TrimSpace(rest), strings.EqualFold(scheme, "Basic")
}

// unescaped undoes the form encoding that RFC 6749 asks for within Basic, and
// that some clients leave out.
func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
