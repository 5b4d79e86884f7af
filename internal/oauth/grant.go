package oauth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/tandem-ipaas/tandem"
)

// NewVerifier makes the secret of PKCE, by which who began is known again.
func NewVerifier() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// Authorisation is what a browser is sent to the third party with.
type Authorisation struct {
	State    string
	Verifier string // of PKCE; used if the definition says so
	Redirect string // where the browser comes back to
}

// AuthoriseURL is the page at which a person says yes.
//
// Errors: *Error.
func (f *Flow) AuthoriseURL(ctx context.Context, a Authorisation) (string, error) {
	to, err := f.address("AuthoriseUrl", f.Authentication.AuthoriseURL)
	if err != nil {
		return "", err
	}
	if f.ClientID == "" {
		return "", errNoClient
	}
	q := to.Query()
	if err := f.addScopes(q); err != nil {
		return "", err
	}
	q.Set("response_type", "code")
	q.Set("client_id", f.ClientID)
	q.Set("redirect_uri", a.Redirect)
	q.Set("state", a.State)
	if f.Authentication.PKCE {
		sum := sha256.Sum256([]byte(a.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	to.RawQuery = ""
	m := Message{URL: to.String(), Header: http.Header{}, Form: q}
	if err := f.hook(ctx, BeforeAuthorise, &m); err != nil {
		return "", err
	}
	return m.URL + "?" + m.Form.Encode(), nil
}

var errNoClient = unusable("there is no ClientId: neither the account connector nor the partner's settings of the connector have one")

// Exchange gets a token for the code that a browser brought.
//
// Errors: *Error.
func (f *Flow) Exchange(ctx context.Context, code tandem.Secret, a Authorisation) (Token, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {string(code)}, "redirect_uri": {a.Redirect}}
	if f.Authentication.PKCE {
		form.Set("code_verifier", a.Verifier)
	}
	return f.grant(ctx, form, BeforeToken, AfterToken)
}

// Client gets a token for the client itself.
//
// Errors: *Error.
func (f *Flow) Client(ctx context.Context) (Token, error) {
	if f.ClientID == "" {
		return Token{}, errNoClient
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if err := f.addScopes(form); err != nil {
		return Token{}, err
	}
	return f.grant(ctx, form, BeforeToken, AfterToken)
}

// Password gets a token for a user's password.
//
// Errors: *Error.
func (f *Flow) Password(ctx context.Context, user string, password tandem.Secret) (Token, error) {
	form := url.Values{"grant_type": {"password"}, "username": {user}, "password": {string(password)}}
	if err := f.addScopes(form); err != nil {
		return Token{}, err
	}
	return f.grant(ctx, form, BeforeToken, AfterToken)
}

// Refresh gets a token for a refresh token. If the answer has no refresh token,
// the one of before goes on.
//
// Errors: *Error.
func (f *Flow) Refresh(ctx context.Context, refresh tandem.Secret) (Token, error) {
	a := f.Authentication
	to, err := f.address("RefreshTokenUrl", cmp.Or(a.RefreshTokenURL, a.AccessTokenURL))
	if err != nil {
		return Token{}, err
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {string(refresh)}}
	if err := f.addParameters(form); err != nil {
		return Token{}, err
	}
	t, err := f.ask(ctx, to, form, BeforeRefresh, AfterRefresh)
	if err == nil {
		t.RefreshToken = cmp.Or(t.RefreshToken, refresh)
	}
	return t, err
}

func (f *Flow) grant(ctx context.Context, form url.Values, before, after Event) (Token, error) {
	to, err := f.address("AccessTokenUrl", f.Authentication.AccessTokenURL)
	if err != nil {
		return Token{}, err
	}
	if err := f.addParameters(form); err != nil {
		return Token{}, err
	}
	return f.ask(ctx, to, form, before, after)
}
