package oauth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/oauth"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

const back = "https://tandem.test/connectorauth/callback"

func client(t *testing.T, o egress.Options) *http.Client {
	t.Helper()
	o.Allow = append(o.Allow, netip.MustParsePrefix("127.0.0.0/8"))
	c := egress.New(o)
	t.Cleanup(c.Close)
	return c.HTTP()
}

// flow is one with a provider, whose definition change may change.
func flow(t *testing.T, p *oauthtest.Provider, change func(*connector.Authentication)) *oauth.Flow {
	t.Helper()
	a := &connector.Authentication{
		AuthType: connector.AuthOAuth2, OAuth2Type: connector.AuthorisationCode, AuthoriseURL: "{{Base}}/authorise?audience={{Base}}", AccessTokenURL: "{{Base}}/token",
		Scopes: "read {{Scope}}", PKCE: true,
	}
	if change != nil {
		change(a)
	}
	return &oauth.Flow{
		Authentication: a, ClientID: oauthtest.ClientID, ClientSecret: oauthtest.ClientSecret, HTTP: client(t, egress.Options{}),
		Values: map[string]string{"Base": p.URL, "Scope": "write"},
	}
}

// works says whether the third party takes a token.
func works(t *testing.T, p *oauthtest.Provider, token tandem.Secret) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/api/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func kindOf(err error) oauth.Kind {
	var e *oauth.Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Kind
}

func TestAuthorisationCode(t *testing.T) {
	for name, inHeader := range map[string]bool{"client in the body": false, "client in the header": true} {
		p := oauthtest.New(t)
		p.Set(func(p *oauthtest.Provider) { p.InHeader = inHeader })
		f := flow(t, p, func(a *connector.Authentication) {
			if inHeader {
				a.ClientAuthentication = connector.ClientInHeader
			}
			a.TokenParameters = []connector.NameValue{{Name: "resource", Value: "{{Base}}/api"}}
		})
		begun := oauth.Authorisation{State: "st&te", Verifier: oauth.NewVerifier(), Redirect: back}
		page, err := f.AuthoriseURL(t.Context(), begun)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(p.Visit(t, page))
		if err != nil || u.Query().Get("state") != "st&te" || !strings.HasPrefix(u.String(), back) {
			t.Fatalf("%s: came back at %s, %v", name, u, err)
		}
		if asked, err := url.Parse(page); err != nil || asked.Query().Get("scope") != "read write" || asked.Query().Get("audience") != p.URL || asked.Query().Get("code_challenge_method") != "S256" {
			t.Errorf("%s: asked at %s", name, page)
		}
		code := tandem.Secret(u.Query().Get("code"))
		got, err := f.Exchange(t.Context(), code, begun)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if in := time.Until(got.Expires); !works(t, p, got.AccessToken) || in < 59*time.Minute || in > time.Hour || p.Last.Get("resource") != p.URL+"/api" {
			t.Errorf("%s: a token that does not work, or ends in %v", name, in)
		}
		if _, err := f.Exchange(t.Context(), code, begun); kindOf(err) != oauth.Refused {
			t.Errorf("%s: the code again: %v", name, err)
		}
		next, err := f.Refresh(t.Context(), got.RefreshToken)
		if err != nil || next.RefreshToken == got.RefreshToken || !works(t, p, next.AccessToken) {
			t.Errorf("%s: refreshed: %v", name, err)
		}
		p.Set(func(p *oauthtest.Provider) { p.KeepRefresh = true })
		if kept, err := f.Refresh(t.Context(), next.RefreshToken); err != nil || kept.RefreshToken != next.RefreshToken {
			t.Errorf("%s: a refresh token that goes on was lost: %v", name, err)
		}
		if _, err := f.Refresh(t.Context(), got.RefreshToken); kindOf(err) != oauth.Refused {
			t.Errorf("%s: one that was replaced: %v", name, err)
		}
	}
}

func TestPKCE(t *testing.T) {
	p := oauthtest.New(t)
	f := flow(t, p, nil)
	for name, verifier := range map[string]string{"another": oauth.NewVerifier(), "none": ""} {
		begun := oauth.Authorisation{State: "s", Verifier: oauth.NewVerifier(), Redirect: back}
		page, err := f.AuthoriseURL(t.Context(), begun)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(p.Visit(t, page))
		begun.Verifier = verifier
		if _, err := f.Exchange(t.Context(), tandem.Secret(u.Query().Get("code")), begun); kindOf(err) != oauth.Refused {
			t.Errorf("%s verifier: %v", name, err)
		}
	}
}

func TestOtherGrants(t *testing.T) {
	p := oauthtest.New(t)
	f := flow(t, p, nil)
	got, err := f.Client(t.Context())
	if err != nil || !works(t, p, got.AccessToken) || p.Last.Get("scope") != "read write" {
		t.Errorf("client credentials: %v", err)
	}
	got, err = f.Password(t.Context(), oauthtest.Username, oauthtest.Password)
	if err != nil || !works(t, p, got.AccessToken) || got.RefreshToken == "" {
		t.Errorf("password: %v", err)
	}
	_, err = f.Password(t.Context(), oauthtest.Username, "wrong-password")
	if kindOf(err) != oauth.Refused || !strings.Contains(err.Error(), "invalid_grant: it is invalid_grant") {
		t.Errorf("a wrong password: %v", err)
	}
	f.ClientSecret = "wrong"
	if _, err = f.Client(t.Context()); kindOf(err) != oauth.Unusable || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("a wrong client: %v, which can be put right", err)
	}
	f.ClientID = ""
	for _, try := range []func() error{
		func() error { _, err := f.Client(t.Context()); return err },
		func() error { _, err := f.AuthoriseURL(t.Context(), oauth.Authorisation{}); return err },
		func() error { _, _, err := f.RequestToken(t.Context(), back); return err },
	} {
		if err := try(); kindOf(err) != oauth.Unusable || !strings.Contains(err.Error(), "ClientId") {
			t.Errorf("without a client: %v", err)
		}
	}
}

func keyPEM(t *testing.T, key any) tandem.Secret {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return tandem.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestAssertion(t *testing.T) {
	p := oauthtest.New(t)
	key := keyPEM(t, p.Key)
	service := func(exchange bool) *oauth.Flow {
		return flow(t, p, func(a *connector.Authentication) {
			*a = connector.Authentication{AuthType: connector.AuthJWT, Claims: []connector.NameValue{{Name: "iss", Value: "{{Issuer}}"}}, Lifetime: 600}
			if exchange {
				a.AccessTokenURL = "{{Base}}/token"
			}
		})
	}
	for _, exchange := range []bool{true, false} {
		f := service(exchange)
		f.Values["Issuer"] = oauthtest.ClientID
		for _, spelling := range []tandem.Secret{key, tandem.Secret(strings.ReplaceAll(string(key), "\n", `\n`))} {
			got, err := f.Assertion(t.Context(), spelling)
			if err != nil || !works(t, p, got.AccessToken) || got.Expires.IsZero() {
				t.Errorf("exchanged %v: %v", exchange, err)
			}
		}
		f.Values["Issuer"] = "somebody else"
		got, err := f.Assertion(t.Context(), key)
		if exchange && kindOf(err) != oauth.Refused || !exchange && (err != nil || works(t, p, got.AccessToken)) {
			t.Errorf("of somebody else, exchanged %v: %v", exchange, err)
		}
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := service(false)
	for _, wrong := range []tandem.Secret{"", "no PEM at all", keyPEM(t, other)} {
		_, err := f.Assertion(t.Context(), wrong)
		if kindOf(err) != oauth.Refused || !strings.HasPrefix(err.Error(), "PrivateKey: ") || wrong != "" && strings.Contains(err.Error(), string(wrong)) {
			t.Errorf("a wrong key: %v", err)
		}
	}
	f.Authentication.Algorithm = "ES256"
	if _, err := f.Assertion(t.Context(), keyPEM(t, other)); err != nil {
		t.Errorf("ES256: %v", err)
	}
	f.Authentication.Algorithm = "HS256"
	if _, err := f.Assertion(t.Context(), "a secret"); err != nil {
		t.Errorf("HS256: %v", err)
	}
}

func TestOAuth1(t *testing.T) {
	for _, method := range []string{"", "HMAC-SHA256"} {
		p := oauthtest.New(t)
		f := flow(t, p, func(a *connector.Authentication) {
			*a = connector.Authentication{
				AuthType: connector.AuthOAuth1, RequestTokenURL: "{{Base}}/1/request?a=b%20c", AuthoriseURL: "{{Base}}/1/authorise", AccessTokenURL: "{{Base}}/1/access",
				SignatureMethod: method, Realm: "books",
			}
		})
		begun, page, err := f.RequestToken(t.Context(), back+"?state=x%26y")
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		u, err := url.Parse(p.Visit(t, page))
		if err != nil || u.Query().Get("state") != "x&y" || u.Query().Get("oauth_token") != string(begun.Token) {
			t.Fatalf("%s: came back at %s, %v", method, u, err)
		}
		verifier := tandem.Secret(u.Query().Get("oauth_verifier"))
		got, err := f.AccessToken(t.Context(), begun, verifier)
		if err != nil || got.Token == "" || got.Secret == "" || got.Token == begun.Token {
			t.Errorf("%s: %v", method, err)
		}
		_, err = f.AccessToken(t.Context(), begun, verifier)
		if kindOf(err) != oauth.Refused || strings.Contains(err.Error(), string(verifier)) {
			t.Errorf("%s: the verifier again: %v", method, err)
		}
		f.ClientSecret = "wrong"
		if _, _, err := f.RequestToken(t.Context(), back); err == nil || !strings.Contains(err.Error(), "signature_invalid") {
			t.Errorf("%s: a wrong secret: %v", method, err)
		}
	}
}

// What a third party answers is not trusted.
func TestHostileAnswers(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	t.Cleanup(elsewhere.Close)
	const secret = "client-secret/s3cr3t"
	for name, tt := range map[string]struct {
		status int
		kind   string
		body   string
		want   oauth.Kind
		says   string
	}{
		"a page":              {200, "text/html", "<html>Welcome</html>", oauth.Unusable, "a page, not a token"},
		"a page, mislabelled": {200, "application/json", "<html>", oauth.Unusable, "a page"},
		"an error page":       {403, "text/html", "<html>client-secret/s3cr3t", oauth.Unusable, "answered 403"},
		"nothing":             {200, "application/json", "", oauth.Unusable, ""},
		"no token":            {200, "application/json", `{"ok":true}`, oauth.Unusable, "no access_token"},
		"a list":              {200, "application/json", `[]`, oauth.Unusable, ""},
		"half":                {200, "application/json", `{"access_token":"x`, oauth.Unusable, "not JSON"},
		"a number":            {200, "application/json", `{"access_token":["x"]}`, oauth.Unusable, "no access_token"},
		"a header ended":      {200, "application/json", `{"access_token":"x\r\nX-Evil: 1"}`, oauth.Unusable, "characters"},
		"a long token":        {200, "application/json", `{"access_token":"` + strings.Repeat("x", 20_000) + `"}`, oauth.Unusable, "too long"},
		"too much":            {200, "application/json", `{"x":"` + strings.Repeat("x", 300_000), oauth.Unusable, "longer than"},
		"an error in a 200":   {200, "application/json", `{"ok":false,"error":"invalid_grant"}`, oauth.Refused, "invalid_grant"},
		"a nested error":      {400, "application/json", `{"error":{"code":190,"message":"Expired"}}`, oauth.Unusable, "190: Expired"},
		"a form's error":      {200, "application/x-www-form-urlencoded", `error=bad_verification_code&error_description=Bad`, oauth.Refused, "bad_verification_code: Bad"},
		"the secret repeated": {400, "application/json", `{"error":"invalid_client","error_description":"no client ` + secret + ` or client-secret%2Fs3cr3t"}`, oauth.Unusable, "no client *** or ***"},
		"control characters":  {400, "application/json", `{"error":"invalid_grant","error_description":"a\u001b[31m\nb"}`, oauth.Refused, "a [31m b"},
		"many words":          {400, "application/json", `{"error":"invalid_grant","error_description":"` + strings.Repeat("no ", 5000) + `"}`, oauth.Refused, " …"},
		"broken":              {503, "text/html", `<html>`, oauth.Transient, "503"},
		"broken, with a code": {500, "application/json", `{"error":"invalid_grant"}`, oauth.Transient, "invalid_grant"},
		"busy":                {429, "application/json", `{"error":"slow_down"}`, oauth.Transient, "slow_down"},
		"busy for now":        {400, "application/json", `{"error":"temporarily_unavailable"}`, oauth.Transient, "temporarily_unavailable"},
		"elsewhere":           {307, "", "", oauth.Unusable, "redirects"},
	} {
		p := oauthtest.New(t)
		p.Set(func(p *oauthtest.Provider) {
			p.Answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.Header().Set("Location", elsewhere.URL)
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}
		})
		_, err := flow(t, p, nil).Refresh(t.Context(), "rt-the refresh token")
		if kindOf(err) != tt.want || err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "s3cr3t") || len(err.Error()) > 2000 {
			t.Errorf("%s: %v (%s), want %s about %q", name, err, kindOf(err), tt.want, tt.says)
		}
		var e *oauth.Error
		if errors.As(err, &e); e != nil && e.Kind == oauth.Transient && e.RetryAfter != 7*time.Second {
			t.Errorf("%s: to be tried again after %v", name, e.RetryAfter)
		}
	}
}

// A hundred megabytes are not read.
func TestEndlessAnswer(t *testing.T) {
	p := oauthtest.New(t)
	sent := make(chan int, 1)
	p.Set(func(p *oauthtest.Provider) {
		p.Answer = func(w http.ResponseWriter, _ *http.Request) {
			n := 0
			for range 100 {
				m, err := w.Write(make([]byte, 1<<20))
				if n += m; err != nil {
					break
				}
			}
			sent <- n
		}
	})
	if _, err := flow(t, p, nil).Client(t.Context()); kindOf(err) != oauth.Unusable {
		t.Errorf("%v", err)
	}
	if n := <-sent; n >= 100<<20 {
		t.Error("all of it was taken")
	}
}

func TestLifetimes(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`3600`: time.Hour, `"3600"`: time.Hour, `59.9`: 60 * time.Second, `0`: 0, `-1`: 0, `"-3600"`: 0, `1e300`: 0, `99999999999`: 0, `"soon"`: 0, `null`: 0, `9223372036854775807`: 0, `"NaN"`: 0,
	} {
		p := oauthtest.New(t)
		p.Set(func(p *oauthtest.Provider) {
			p.Answer = func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"access_token":"x","expires_in":%s,"refresh_token_expires_in":%[1]s}`, text)
			}
		})
		got, err := flow(t, p, nil).Client(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{got.Expires, got.RefreshExpires} {
			if in := time.Until(at); at.IsZero() != (want == 0) || want != 0 && (in > want || in < want-2*time.Second) {
				t.Errorf("%s: ends %v, want in %v", text, at, want)
			}
		}
	}
}

// A value of an account chooses no host but where the address begins with it.
func TestAddresses(t *testing.T) {
	p := oauthtest.New(t)
	for shop, text := range map[string]string{
		"evil.test/": "https://{{Shop}}.shop.test/token", "evil.test#": "https://{{Shop}}.shop.test/token", "a@b": "https://{{Shop}}.shop.test/token",
		"..": "https://shop.test/{{Shop}}/token", "file:///etc/passwd": "{{Shop}}", "https://user:pw@a.test": "{{Shop}}/token", "": "{{Shop}}",
	} {
		f := flow(t, p, func(a *connector.Authentication) { a.AccessTokenURL = text })
		f.Values["Shop"] = shop
		if _, err := f.Client(t.Context()); kindOf(err) != oauth.Unusable || !strings.HasPrefix(err.Error(), "AccessTokenUrl") {
			t.Errorf("%q in %s: %v", shop, text, err)
		}
	}
	got := oauth.Choosers(&connector.Authentication{AuthoriseURL: "{{A}}/x", AccessTokenURL: "https://{{B}}/token", RefreshTokenURL: "https://{{C}}.shop.test/{{D}}"})
	if fmt.Sprint(got) != "[A B]" {
		t.Errorf("hosts are chosen by %v", got)
	}
}

func TestForbiddenAddress(t *testing.T) {
	p := oauthtest.New(t)
	f := flow(t, p, nil)
	guarded := egress.New(egress.Options{})
	t.Cleanup(guarded.Close)
	f.HTTP = guarded.HTTP()
	if _, err := f.Client(t.Context()); kindOf(err) != oauth.Unusable || p.Count("client_credentials") != 0 {
		t.Errorf("%v after %d requests", err, p.Count("client_credentials"))
	}
	f.HTTP = client(t, egress.Options{})
	p.Close()
	if _, err := f.Client(t.Context()); kindOf(err) != oauth.Transient || strings.Contains(err.Error(), p.URL) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestHook(t *testing.T) {
	p := oauthtest.New(t)
	f := flow(t, p, nil)
	var seen []oauth.Event
	f.Hook = func(_ context.Context, at oauth.Event, m *oauth.Message) error {
		seen = append(seen, at)
		switch at {
		case oauth.BeforeToken:
			m.Form.Set("extra", "1")
		case oauth.AfterToken:
			m.Response = []byte(`{"access_token":"by-script"}`)
		case oauth.BeforeRefresh:
			m.URL = "https://evil.test/token"
		case oauth.BeforeAuthorise, oauth.AfterRefresh:
		}
		return nil
	}
	if got, err := f.Client(t.Context()); err != nil || got.AccessToken != "by-script" || p.Last.Get("extra") != "1" {
		t.Errorf("%v, %v", got.AccessToken, err)
	}
	if _, err := f.Refresh(t.Context(), "rt"); kindOf(err) != oauth.Unusable || !strings.Contains(err.Error(), "another host") {
		t.Errorf("to another host: %v", err)
	}
	if fmt.Sprint(seen) != "[before_oauth2_token after_oauth2_token before_oauth2_refresh]" {
		t.Errorf("called at %v", seen)
	}
	f.Hook = func(context.Context, oauth.Event, *oauth.Message) error { return errors.New("no") }
	if _, err := f.AuthoriseURL(t.Context(), oauth.Authorisation{}); kindOf(err) != oauth.Unusable {
		t.Errorf("stopped by a script: %v", err)
	}
}

// Whatever comes back, there is a token that fits into a header, or an error.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{`{"access_token":"x","expires_in":1}`, `access_token=x&expires_in=1`, `{"error":{"code":1}}`, `<html>`, ``, `{"access_token":"\u0000"}`} {
		f.Add(200, s)
		f.Add(400, s)
	}
	var status int
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	f.Cleanup(s.Close)
	fl := &oauth.Flow{Authentication: &connector.Authentication{AccessTokenURL: s.URL}, ClientID: "x", ClientSecret: "the client's secret", HTTP: s.Client()}
	f.Fuzz(func(t *testing.T, n int, text string) {
		if n < 200 || n > 599 {
			return
		}
		status, body = n, text
		got, err := fl.Client(t.Context())
		if err == nil && (got.AccessToken == "" || strings.ContainsAny(string(got.AccessToken+got.RefreshToken), "\x00\r\n ")) {
			t.Errorf("%d %q: %+v", n, text, got)
		}
		if err != nil && (kindOf(err) == "" || strings.Contains(err.Error(), "the client's secret")) {
			t.Errorf("%d %q: %v", n, text, err)
		}
	})
}

// A script changes what is sent for a refresh, and what came.
func TestHookOfRefresh(t *testing.T) {
	p := oauthtest.New(t)
	f := flow(t, p, nil)
	f.Hook = func(_ context.Context, at oauth.Event, m *oauth.Message) error {
		switch at {
		case oauth.BeforeRefresh:
			m.Form = url.Values{"grant_type": {"client_credentials"}, "extra": {"1"}, "client_id": m.Form["client_id"], "client_secret": m.Form["client_secret"]}
		case oauth.AfterRefresh:
			m.Response = []byte(`{"access_token":"by-script"}`)
		case oauth.BeforeAuthorise, oauth.BeforeToken, oauth.AfterToken:
			t.Errorf("called at %s", at)
		}
		return nil
	}
	got, err := f.Refresh(t.Context(), "rt")
	if err != nil || got.AccessToken != "by-script" || got.RefreshToken != "rt" || p.Last.Get("extra") != "1" {
		t.Errorf("%v %v, %v, sent %v", got.AccessToken, got.RefreshToken, err, p.Last)
	}
}
