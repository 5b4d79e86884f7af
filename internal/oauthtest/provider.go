// Package oauthtest is a third party with OAuth on loopback, for tests: it asks
// people, gives tokens by every grant, rotates refresh tokens and takes the old ones
// for stolen, checks PKCE, assertions and the signatures of OAuth 1.0a, and has an
// API that takes its tokens. How it misbehaves is the test's to choose.
package oauthtest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Who is known to every provider.
const (
	ClientID     = "tandem client"
	ClientSecret = "client-secret/s3cr3t"
	Username     = "ada@acme.test"
	Password     = "correct horse"
)

// Provider is one. Its exported fields may be changed under [Provider.Set].
type Provider struct {
	*httptest.Server
	Key *rsa.PrivateKey // whose assertions it takes

	Lifetime     int                // of access tokens, in seconds; default 3600
	InHeader     bool               // the client must be in the header, otherwise in the body
	KeepRefresh  bool               // refresh tokens are not rotated
	Grace        bool               // those that were replaced work on
	NoRefresh    bool               // there are none
	Deny         bool               // people say no
	Issuer       string             // that it names in answers to browsers; "": none
	Answer       http.HandlerFunc   // in place of the token endpoint
	BeforeAnswer func(grant string) // a token is given, and not yet told
	AfterAnswer  func(grant string) // it was told, and whoever asked has read it
	BeforeCall   func()             // of the API, which lets it in
	Asked        map[string]int     // requests for tokens, by grant
	Last         url.Values         // the last request for a token
	Hits         int                // calls of the API that it let in

	mu      sync.Mutex
	codes   map[string]url.Values // what was asked for, by code
	access  map[string]time.Time  // when access tokens end
	refresh map[string]bool       // refresh tokens; false: replaced
	signed  map[string]string     // secrets of tokens of OAuth 1.0a
	nonces  map[string]bool
}

// New starts a provider, until the test ends.
func New(t testing.TB) *Provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{
		Key: key, Lifetime: 3600, Asked: map[string]int{}, codes: map[string]url.Values{}, access: map[string]time.Time{},
		refresh: map[string]bool{}, signed: map[string]string{}, nonces: map[string]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorise", p.authorise)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("/api/", p.api)
	mux.HandleFunc("POST /1/request", p.request1)
	mux.HandleFunc("GET /1/authorise", p.authorise1)
	mux.HandleFunc("POST /1/access", p.access1)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// Set changes how it behaves.
func (p *Provider) Set(change func(*Provider)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// Count is how often a grant was asked for.
func (p *Provider) Count(grant string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Asked[grant]
}

// Expire ends all access tokens.
func (p *Provider) Expire() {
	p.Set(func(p *Provider) { clear(p.access) })
}

// Revoke ends all there is.
func (p *Provider) Revoke() {
	p.Set(func(p *Provider) {
		clear(p.access)
		clear(p.refresh)
		clear(p.signed)
	})
}

// Grant gives a pair of tokens, as if somebody had signed in.
func (p *Provider) Grant() (access, refresh string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	access, refresh = "at-"+rand.Text(), "rt-"+rand.Text()
	p.access[access] = time.Now().Add(time.Duration(p.Lifetime) * time.Second)
	p.refresh[refresh] = true
	return access, refresh
}

// Visit is a browser that was sent to page, where somebody says yes, or no. It
// gives the address that the browser is sent back to.
func (p *Provider) Visit(t testing.TB, page string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusFound || back == "" {
		t.Fatalf("the page to sign in at, %s, answered %d", page, resp.StatusCode)
	}
	return back
}

// api lets in who has a token that is good.
func (p *Provider) api(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	in, before := p.bearer(r) || p.isSigned(r), p.BeforeCall
	if in {
		p.Hits++
	}
	p.mu.Unlock()
	if !in {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		reply(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
		return
	}
	if before != nil {
		before()
	}
	reply(w, http.StatusOK, map[string]any{"name": "Ada"})
}

func (p *Provider) bearer(r *http.Request) bool {
	const scheme = "Bearer "
	given := r.Header.Get("Authorization")
	if len(given) <= len(scheme) || given[:len(scheme)] != scheme {
		return false
	}
	if until, ok := p.access[given[len(scheme):]]; ok {
		return time.Now().Before(until)
	}
	return p.assertion(given[len(scheme):]) == nil
}

// tell is reply, and returns when the answer was read, or nobody is there to read
// it: the connection ends with it.
func tell(w http.ResponseWriter, r *http.Request, status int, v any) {
	text, _ := json.Marshal(v) // texts and numbers
	w.Header().Set("Connection", "close")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
