package oauth

import (
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dghubble/oauth1"

	"github.com/tandem-ipaas/tandem"
)

// Signed is a token of OAuth 1.0a, with the secret that goes into signatures.
type Signed struct {
	Token  tandem.Secret
	Secret tandem.Secret
}

// RequestToken begins OAuth 1.0a: it gets a token for one sign-in, and the page
// at which a person says yes.
//
// Errors: *Error.
func (f *Flow) RequestToken(ctx context.Context, redirect string) (Signed, string, error) {
	config, err := f.config(ctx)
	if err != nil {
		return Signed{}, "", err
	}
	config.CallbackURL = redirect
	to, err := f.address("RequestTokenUrl", f.Authentication.RequestTokenURL)
	if err != nil {
		return Signed{}, "", err
	}
	config.Endpoint.RequestTokenURL = to.String()
	page, err := f.address("AuthoriseUrl", f.Authentication.AuthoriseURL)
	if err != nil {
		return Signed{}, "", err
	}
	token, secret, err := config.RequestToken()
	if err != nil {
		return Signed{}, "", noToken(err)
	}
	q := page.Query()
	if err := f.addScopes(q); err != nil {
		return Signed{}, "", err
	}
	q.Set("oauth_token", token)
	page.RawQuery = q.Encode()
	return Signed{tandem.Secret(token), tandem.Secret(secret)}, page.String(), nil
}

// AccessToken ends OAuth 1.0a, with the verifier that a browser brought.
//
// Errors: *Error.
func (f *Flow) AccessToken(ctx context.Context, begun Signed, verifier tandem.Secret) (Signed, error) {
	config, err := f.config(ctx, begun.Token, begun.Secret, verifier)
	if err != nil {
		return Signed{}, err
	}
	to, err := f.address("AccessTokenUrl", f.Authentication.AccessTokenURL)
	if err != nil {
		return Signed{}, err
	}
	config.Endpoint.AccessTokenURL = to.String()
	token, secret, err := config.AccessToken(string(begun.Token), string(begun.Secret), string(verifier))
	if err != nil {
		return Signed{}, noToken(err)
	}
	if !fits(tandem.Secret(token)) || !fits(tandem.Secret(secret)) {
		return Signed{}, unusable("the third party's token is too long, or has characters that a header cannot have")
	}
	return Signed{tandem.Secret(token), tandem.Secret(secret)}, nil
}

// noToken keeps the library's words to ourselves: they may repeat an answer.
func noToken(err error) error {
	if known := (*Error)(nil); errors.As(err, &known) {
		return known
	}
	return unusable("the third party's answer has no oauth_token, or does not confirm the callback")
}

func (f *Flow) config(ctx context.Context, secrets ...tandem.Secret) (*oauth1.Config, error) {
	if f.ClientID == "" {
		return nil, errNoClient
	}
	client := *f.HTTP
	client.Transport = &strict{ctx, f, append(secrets, f.ClientSecret)}
	c := &oauth1.Config{
		ConsumerKey: f.ClientID, ConsumerSecret: string(f.ClientSecret), Realm: f.Authentication.Realm,
		HTTPClient: &client,
	}
	switch f.Authentication.SignatureMethod {
	case "HMAC-SHA256":
		c.Signer = &oauth1.HMAC256Signer{ConsumerSecret: string(f.ClientSecret)}
	case "RSA-SHA1":
		key, err := parseKey(f.ClientSecret)
		if err != nil {
			return nil, err
		}
		private, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, unusable("ClientSecret: RSA-SHA1 needs an RSA key in PEM")
		}
		c.Signer = &oauth1.RSASigner{PrivateKey: private}
	}
	return c, nil
}

// strict sends a request of the library as [Flow] sends its own, and lets it see
// good answers only.
type strict struct {
	ctx     context.Context // the library takes none
	flow    *Flow
	secrets []tandem.Secret
}

// RoundTrip implements http.RoundTripper.
func (s *strict) RoundTrip(req *http.Request) (*http.Response, error) {
	a, err := s.flow.send(req.Clone(s.ctx))
	if err != nil {
		return nil, err
	}
	if a.status >= 400 {
		e := told(a.status, "", "", s.secrets)
		if form, err := url.ParseQuery(strings.TrimSpace(string(a.body))); err == nil && form.Has("oauth_problem") {
			e = told(a.status, form.Get("oauth_problem"), form.Get("oauth_problem_advice"), s.secrets)
		}
		e.RetryAfter = a.retryAfter
		return nil, e
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.body)), Request: req}, nil
}
