package identity_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/identity"
)

// issuer is an OpenID provider on loopback: it has keys, tells of itself, and
// gives tokens for codes.
type issuer struct {
	*testing.T
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any // of the next token, over the usual ones
	sign   *rsa.PrivateKey
	asked  url.Values // what the browser brought
	tokens int        // given
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &issuer{T: t, key: key, sign: key}
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if id != "tandem" || secret != "the-secret" || r.PostFormValue("code") != "the code" ||
			base64.RawURLEncoding.EncodeToString(challenge[:]) != p.asked.Get("code_challenge") || r.PostFormValue("redirect_uri") != p.asked.Get("redirect_uri") {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		p.tokens++
		reply(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.token()})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token is an ID token for what the browser asked.
func (p *issuer) token() string {
	all := map[string]any{
		"iss": p.URL, "aud": "tandem", "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
		"nonce": p.asked.Get("nonce"), "email": "Ada@acme.test", "email_verified": true, "name": "Ada",
	}
	for k, v := range p.claims {
		all[k] = v
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.sign, KeyID: "k"}}, nil)
	if err != nil {
		p.Fatal(err)
	}
	text, err := json.Marshal(all)
	if err != nil {
		p.Fatal(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		p.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		p.Fatal(err)
	}
	return token
}

// signOn is a world with a provider.
type signOn struct {
	*world
	*issuer
	ons *identity.SignOns
}

func newSignOn(w *world) *signOn {
	w.Helper()
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	w.Cleanup(client.Close)
	s := &signOn{w, newIssuer(w.T), identity.NewSignOns(w.db, w.keys, w.tickets, identity.NewGate(w.settings), client.HTTP(), "https://tandem.test")}
	s.set(func(o *tandem.SignOn) {
		*o = tandem.SignOn{Issuer: s.URL, ClientID: "tandem", ClientSecret: "the-secret", Console: true, Domains: []string{"Acme.test", "bolt.test"}}
	})
	return s
}

func (s *signOn) set(change func(*tandem.SignOn)) {
	s.world.Helper()
	if _, err := s.ons.Set(s.world.Context(), s.ada, change); err != nil {
		s.world.Fatal(err)
	}
}

// begin goes to the provider, as a browser does.
func (s *signOn) begin() tandem.SignOnAnswer {
	s.world.Helper()
	page, kept, err := s.ons.Begin(s.world.Context(), tandem.ConsoleSignOn, "ada@acme.test", "/accounts", "192.0.2.1")
	if err != nil {
		s.world.Fatal(err)
	}
	u, err := url.Parse(page)
	if err != nil {
		s.world.Fatal(err)
	}
	s.asked = u.Query()
	return tandem.SignOnAnswer{State: s.asked.Get("state"), Code: "the code", Kept: kept}
}

func TestSignOn(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		a := s.begin()
		if q := s.asked; q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != "https://tandem.test/console/sso/callback" || q.Get("client_id") != "tandem" || q.Get("scope") != "openid email profile" || q.Get("login_hint") != "ada@acme.test" {
			t.Errorf("asked for %v", q)
		}
		w.settings.Security.RequireTwoFactor = true // of who signs in by password
		e, to, err := s.ons.Enter(t.Context(), a, "192.0.2.1")
		if err != nil || e.User.ID != w.ada.ConsoleUser || e.Next != tandem.EntryDone || to != "/accounts" {
			t.Fatalf("%+v to %s: %v", e, to, err)
		}
		_, _, err = s.ons.Enter(t.Context(), a, "192.0.2.1")
		w.fails("the same answer again", err, tandem.Unauthenticated)
		w.settings.Security.ConsoleAddresses = []string{"198.51.100.0/24"}
		_, _, err = s.ons.Enter(t.Context(), s.begin(), "192.0.2.1")
		w.fails("from elsewhere", err, tandem.Forbidden)
	})
}

// What a provider says is believed only if it is signed by it, for us, for this
// sign-in, now, and of an address that it has verified.
func TestSignOnRefuses(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		claims map[string]any
		sign   *rsa.PrivateKey
		spoil  func(a *tandem.SignOnAnswer)
	}{
		"nonce of another sign-in": {claims: map[string]any{"nonce": "another"}},
		"no nonce":                 {claims: map[string]any{"nonce": ""}},
		"for another":              {claims: map[string]any{"aud": "another"}},
		"by another":               {claims: map[string]any{"iss": "https://evil.test"}},
		"expired":                  {claims: map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}},
		"not verified":             {claims: map[string]any{"email_verified": false}},
		"not said to be verified":  {claims: map[string]any{"email_verified": nil}},
		"no address":               {claims: map[string]any{"email": ""}},
		"another domain":           {claims: map[string]any{"email": "ada@evil.test"}},
		"no console user":          {claims: map[string]any{"email": "eve@acme.test"}},
		"another's key":            {sign: stranger},
		"a wrong code":             {spoil: func(a *tandem.SignOnAnswer) { a.Code = "another" }},
		"no state":                 {spoil: func(a *tandem.SignOnAnswer) { a.State, a.Kept = "", "" }},
		"another browser":          {spoil: func(a *tandem.SignOnAnswer) { a.Kept = "" }},
		"another browser's state":  {spoil: func(a *tandem.SignOnAnswer) { a.Kept = "made up" }},
		"a state that never was":   {spoil: func(a *tandem.SignOnAnswer) { a.State, a.Kept = "made up", "made up" }},
		"mix-up":                   {spoil: func(a *tandem.SignOnAnswer) { a.Issuer = "https://evil.test" }},
	} {
		s.claims, s.sign = c.claims, s.key
		if c.sign != nil {
			s.sign = c.sign
		}
		s.renew()
		a := s.begin()
		if c.spoil != nil {
			c.spoil(&a)
		}
		_, _, err := s.ons.Enter(t.Context(), a, "192.0.2.1")
		w.fails(name, err, tandem.Unauthenticated)
	}
	s.claims, s.sign = map[string]any{"email_verified": "true"}, s.key
	s.renew()
	a := s.begin()
	a.Issuer = s.URL
	if _, _, err := s.ons.Enter(t.Context(), a, ""); err != nil {
		t.Errorf("and yet it works: %v", err)
	}
}

// renew makes the service anew, with all tries to spare.
func (s *signOn) renew() {
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	s.world.Cleanup(client.Close)
	s.ons = identity.NewSignOns(s.db, s.keys, s.tickets, identity.NewGate(s.settings), client.HTTP(), "https://tandem.test")
}

// While somebody is at one issuer, the partner goes over to another: the code is
// not taken there.
func TestSignOnMixUp(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	a := s.begin()
	evil := newIssuer(t)
	s.set(func(o *tandem.SignOn) { o.Issuer, o.ClientSecret = evil.URL, "their secret" })
	_, _, err := s.ons.Enter(t.Context(), a, "")
	w.fails("an answer of the issuer before", err, tandem.Unauthenticated)
	if evil.tokens != 0 || s.tokens != 0 {
		t.Error("the code was taken somewhere")
	}
	_, err = s.ons.Finish(t.Context(), tandem.AccountSignOn, s.begin())
	w.fails("for an account", err, tandem.Unauthenticated)
}

func TestSignOnMakesUsers(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		s.set(func(o *tandem.SignOn) { o.CreateUsers = true })
		s.claims = map[string]any{"email": "new@acme.test", "name": "Newton"}
		e, _, err := s.ons.Enter(t.Context(), s.begin(), "")
		if err != nil || e.User.Name != "Newton" || e.User.FullAccess || e.User.Permissions != (tandem.Permissions{}) {
			t.Errorf("%+v, %v", e, err)
		}
		u, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "guest@acme.test"})
		if err != nil {
			t.Fatal(err)
		}
		s.claims = map[string]any{"email": "guest@acme.test"}
		if _, _, err := s.ons.Enter(t.Context(), s.begin(), ""); err != nil {
			t.Fatal(err)
		}
		if u = must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, u.ID)); u.Invited {
			t.Error("who came in is still invited")
		}
	})
}

// Another partner's people do not come in by this one's provider.
func TestSignOnOfAnotherPartner(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		if _, err := w.db.CreatePartner(t.Context(), "Bolt", tandem.ConsoleUser{Email: "bob@bolt.test", FullAccess: true}, "", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}}); err != nil {
			t.Fatal(err)
		}
		s.claims = map[string]any{"email": "bob@bolt.test"}
		_, _, err := s.ons.Enter(t.Context(), s.begin(), "")
		w.fails("another partner's console user", err, tandem.Unauthenticated)
	})
}

func TestSignOnSettings(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		o := must[tandem.SignOn](w)(s.ons.Get(t.Context(), w.ada.Partner))
		if o.ClientSecret != "" || o.Issuer != s.URL || len(o.Domains) != 2 || o.Domains[0] != "acme.test" {
			t.Errorf("%+v", o)
		}
		for field, change := range map[string]func(*tandem.SignOn){
			"Issuer": func(o *tandem.SignOn) { o.Issuer = "http://login.test" }, "ClientId": func(o *tandem.SignOn) { o.ClientID = "" },
			"Domains": func(o *tandem.SignOn) { o.Domains = []string{"not a domain"} }, "ClientSecret": func(o *tandem.SignOn) { o.Issuer = "https://login.test" },
		} {
			_, err := s.ons.Set(t.Context(), w.ada, change)
			w.fails(field, err, tandem.Invalid)
		}
		guard := tandem.Principal{Partner: w.ada.Partner, ConsoleUser: 99, Permissions: may(t, `{"Security":"Manage"}`)}
		_, err := s.ons.Set(t.Context(), guard, func(o *tandem.SignOn) {})
		w.fails("by who may not do everything", err, tandem.Forbidden)
		_, _, err = s.ons.Begin(t.Context(), tandem.ConsoleSignOn, "ada@elsewhere.test", "", "")
		w.fails("another domain", err, tandem.NotFound)
		_, _, err = s.ons.Begin(t.Context(), tandem.AccountSignOn, "ada@acme.test", "", "")
		w.fails("not for accounts", err, tandem.NotFound)
		s.Close()
		_, _, err = s.ons.Begin(t.Context(), tandem.ConsoleSignOn, "ada@acme.test", "", "192.0.2.9")
		w.fails("nobody answers", err, tandem.Unavailable)
		s.set(func(o *tandem.SignOn) { o.Issuer = "" })
		_, _, err = s.ons.Begin(t.Context(), tandem.ConsoleSignOn, "ada@acme.test", "", "192.0.2.8")
		w.fails("switched off", err, tandem.NotFound)
	})
}

// The provider is reached through the guard: one on a private address is not
// called unless the operator allows it.
func TestSignOnIsGuarded(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	client := egress.New(egress.Options{})
	t.Cleanup(client.Close)
	s.ons = identity.NewSignOns(w.db, w.keys, w.tickets, identity.NewGate(w.settings), client.HTTP(), "https://tandem.test")
	_, _, err := s.ons.Begin(t.Context(), tandem.ConsoleSignOn, "ada@acme.test", "", "192.0.2.1")
	w.fails("loopback", err, tandem.Unavailable)
}
