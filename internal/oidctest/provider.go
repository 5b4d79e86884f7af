// Package oidctest is an OpenID provider on loopback, for tests of single
// sign-on: it has keys, tells of itself, and gives tokens for codes. What it says
// of who has signed in, and by which key, is the test's to choose.
package oidctest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What a client has agreed on with every provider.
const (
	ClientID     = "tandem"
	ClientSecret = "the-secret"
	Code         = "the code" // which every sign-in ends with
)

// Provider is one. Its fields may be changed between sign-ins.
type Provider struct {
	*httptest.Server
	Key    *rsa.PrivateKey // that it publishes
	Sign   *rsa.PrivateKey // that it signs with
	Claims map[string]any  // of the next token, over the usual ones
	Asked  url.Values      // what the browser brought last
	Tokens int             // given

	t *testing.T
}

// New starts a provider, until the test ends.
func New(t *testing.T) *Provider {
	t.Helper()
	p := &Provider{t: t, Key: NewKey(t)}
	p.Sign = p.Key
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.tell)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.Key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", p.exchange)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// NewKey makes a key to sign with.
func NewKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *Provider) tell(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

// Visit is a browser that was sent to page, where somebody signs in. It gives
// the address that the browser is sent back to.
func (p *Provider) Visit(page string) string {
	p.t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Asked = u.Query()
	answer := url.Values{"code": {Code}, "state": {p.Asked.Get("state")}, "iss": {p.URL}}
	return p.Asked.Get("redirect_uri") + "?" + answer.Encode()
}

func (p *Provider) exchange(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if id != ClientID || secret != ClientSecret || r.PostFormValue("code") != Code ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != p.Asked.Get("code_challenge") || r.PostFormValue("redirect_uri") != p.Asked.Get("redirect_uri") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	token, err := p.token()
	if err != nil {
		p.t.Error(err)
	}
	p.Tokens++
	reply(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})
}

// token is an ID token for what the browser asked.
func (p *Provider) token() (string, error) {
	all := map[string]any{
		"iss": p.URL, "aud": ClientID, "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
		"nonce": p.Asked.Get("nonce"), "email": "Ada@acme.test", "email_verified": true, "name": "Ada",
	}
	maps.Copy(all, p.Claims)
	if _, ok := all["sub"]; !ok {
		all["sub"] = fmt.Sprint("subject ", all["email"]) // each address is another person's
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.Sign, KeyID: "k"}}, nil)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(text)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
