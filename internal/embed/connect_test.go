package embed_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/app"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// guarded is an API with OAuth.
const guarded = `
Name: Guarded
Version: "1"
UniqueIdentifier: 7d0c4c52-5b7f-4d5a-9df5-0a4b8f6d7e01
Authentication:
  - {Name: Sign in, AuthType: OAuth2, OAuth2Type: AuthorisationCode, AuthoriseUrl: "%[1]s/authorise", AccessTokenUrl: "%[1]s/token", Pkce: true}
  - {Name: Signed, AuthType: OAuth1, RequestTokenUrl: "%[1]s/1/request", AuthoriseUrl: "%[1]s/1/authorise", AccessTokenUrl: "%[1]s/1/access"}
  - {Name: Key, AuthType: ApiKey}
  - {Name: Password, AuthType: OAuth2, OAuth2Type: PasswordCredentials, AccessTokenUrl: "%[1]s/token"}
Methods:
  - {Name: Get me, MethodUniqueIdentifier: 7d0c4c52-5b7f-4d5a-9df5-0a4b8f6d7e02, MethodType: Action, HttpMethod: GET, Endpoint: "%[1]s/api/me", ResponseDataType: Json}
`

// asksMe is a template whose customers sign in.
const asksMe = `{"Format":"tandem-template/1","Name":"Ask me","Tags":["me"],"Graph":{
	"Connectors":[{"Ref":"g","Name":"Guarded","Version":"1"}],
	"Steps":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0021","Name":"Get","ActionType":1,"Connector":"g","Method":"7d0c4c52-5b7f-4d5a-9df5-0a4b8f6d7e02"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0022","Name":"Again","ActionType":1,"Connector":"g","Method":"7d0c4c52-5b7f-4d5a-9df5-0a4b8f6d7e02"}],
	"Edges":[{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0023","EdgeType":"Forward",
		"HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0021","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0022"}]}}`

// guardedWorld is a world with an API with OAuth, whose client the partner has
// set, and an account.
func guardedWorld(t *testing.T) (*world, *oauthtest.Provider) {
	t.Helper()
	p := oauthtest.New(t)
	dir := filepath.Join(t.TempDir(), "guarded")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "connector.yaml"), fmt.Appendf(nil, guarded, p.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, app.Config{Connectors: []string{filepath.Dir(dir)}})
	w.accounts("books", "other")
	var set struct{ ClientSecret, CallbackURL string }
	w.call(http.MethodPut, "/connectors/Guarded/settings", object{"ClientId": oauthtest.ClientID, "ClientSecret": oauthtest.ClientSecret}, &set)
	w.call(http.MethodGet, "/connectors/Guarded/settings", nil, &set)
	if set.ClientSecret != "***" || set.CallbackURL != w.URL()+"/connectorauth/callback" {
		t.Errorf("settings %+v", set)
	}
	w.embedding(object{"TargetOrigins": []string{"https://app.acme.test"}})
	return w, p
}

// installed is an account connector, as the API shows it.
type installed struct {
	ID                  tandem.AccountConnectorID `json:"Id"`
	AuthenticationState string
	AuthenticationNote  string
	AuthValue           *string
	Connector           struct {
		Authentication []struct {
			ID   int64 `json:"Id"`
			Name string
		}
	}
}

func (w *world) in(account, method, path string, body, out any) error {
	return w.acme.Account(account).Do(w.Context(), method, path, body, out)
}

func (w *world) guarded(account string) installed {
	w.Helper()
	var c installed
	if err := w.in(account, http.MethodPost, "/connectors/Guarded/install", object{}, &c); err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) state(account string, id tandem.AccountConnectorID) installed {
	w.Helper()
	var c installed
	if err := w.in(account, http.MethodGet, fmt.Sprintf("/account/connectors/%d", id), nil, &c); err != nil {
		w.Fatal(err)
	}
	return c
}

// connectURL is where a sign-in begins.
func (w *world) connectURL(account string, id tandem.AccountConnectorID, body object) string {
	w.Helper()
	var link struct {
		URL   string `json:"Url"`
		Token string
	}
	if err := w.in(account, http.MethodPost, fmt.Sprintf("/account/connectors/%d/oauth", id), body, &link); err != nil {
		w.Fatal(err)
	}
	if !strings.HasPrefix(link.URL, w.URL()+"/connectorauth/updateaccountconnectoroauth?") || !strings.Contains(link.URL, url.QueryEscape(link.Token)) {
		w.Errorf("leads to %s", link.URL)
	}
	return link.URL
}

// leaveFor goes to the third party, where somebody says yes, and gives the address
// to come back to.
func (b *browser) leaveFor(p *oauthtest.Provider, address string) string {
	b.Helper()
	a := b.do(http.MethodGet, address, nil)
	to := a.Header.Get("Location")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, p.URL) {
		b.Fatalf("%s: %d to %q, want %s\n%s", address, a.StatusCode, to, p.URL, a.text)
	}
	return p.Visit(b, to)
}

// works says whether calls are let in.
func (w *world) works(account string, id tandem.AccountConnectorID) error {
	return w.in(account, http.MethodPost, fmt.Sprintf("/account/connectors/%d/methods/7d0c4c52-5b7f-4d5a-9df5-0a4b8f6d7e02", id), object{}, nil)
}

func TestConnect(t *testing.T) {
	w, p := guardedWorld(t)
	c := w.guarded("books")
	address := w.connectURL("books", c.ID, object{"TargetOrigin": "https://APP.acme.test", "CallbackMessage": `done "1"</script>`})
	b := w.browser()
	back := b.leaveFor(p, address)
	if !strings.HasPrefix(back, w.URL()+"/connectorauth/callback?") {
		t.Errorf("back at %s", back)
	}
	page := b.ok(b.open(back), "You are signed in.", `"done \"1\"\u003c/script\u003e"`, `["https://app.acme.test"]`)
	if strings.Contains(page.text, `"*"`) || strings.Contains(page.Header.Get("Content-Security-Policy"), "unsafe") || len(b.cookies) != 0 {
		t.Errorf("%s, cookies %v\n%s", page.Header.Get("Content-Security-Policy"), b.names(), page.text)
	}
	if got := w.state("books", c.ID); got.AuthenticationState != "Authenticated" || *got.AuthValue != "***" {
		t.Errorf("%+v", got)
	}
	if err := w.works("books", c.ID); err != nil {
		t.Error(err)
	}
	p.Expire() // a 401 that a refresh mends
	if err := w.works("books", c.ID); err != nil || p.Count("refresh_token") != 1 {
		t.Errorf("%v after %d refreshes", err, p.Count("refresh_token"))
	}
	p.Revoke()
	if err := w.works("books", c.ID); err == nil || !strings.Contains(err.Error(), "Sign in again") {
		t.Errorf("revoked: %v", err)
	}
	if got := w.state("books", c.ID); got.AuthenticationState != "NotAuthenticated" || !strings.Contains(got.AuthenticationNote, "replaced or revoked") {
		t.Errorf("%+v", got)
	}
	b.refused(b.open(address), 410, "used already")
	b.refused(b.open(back), 401, "did not begin in this browser")
	for _, line := range []string{"at-", "rt-", oauthtest.ClientSecret} {
		if strings.Contains(w.log.String(), line) {
			t.Errorf("%s is in the log", line)
		}
	}
}

func TestConnectOAuth1(t *testing.T) {
	w, p := guardedWorld(t)
	c := w.guarded("books")
	if err := w.in("books", http.MethodPut, fmt.Sprintf("/account/connectors/%d", c.ID), object{"AuthenticationId": c.Connector.Authentication[1].ID}, nil); err != nil {
		t.Fatal(err)
	}
	b := w.browser()
	b.ok(b.open(b.leaveFor(p, w.connectURL("books", c.ID, nil))), "You are signed in.")
	if err := w.works("books", c.ID); err != nil {
		t.Error(err)
	}
	p.Set(func(p *oauthtest.Provider) { p.Deny = true })
	b.refused(b.open(b.leaveFor(p, w.connectURL("books", c.ID, nil))), 400, "did not agree: access denied")
}

// A sign-in in a window of its own tells the page that waits for it how it ended.
func TestConnectPopup(t *testing.T) {
	w, p := guardedWorld(t)
	c := w.guarded("books")
	b := w.browser()
	told := fmt.Sprintf(`{"Connector":%d,"Problem":""}`, c.ID)
	b.ok(b.open(b.leaveFor(p, w.connectURL("books", c.ID, object{"Popup": true}))), "You are signed in.", told, `new BroadcastChannel("tandem-connect")`)
	p.Set(func(p *oauthtest.Provider) { p.Deny = true })
	told = fmt.Sprintf(`{"Connector":%d,"Problem":"Guarded did not agree`, c.ID)
	page := b.refused(b.open(b.leaveFor(p, w.connectURL("books", c.ID, object{"Popup": true}))), 400, told)
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "'nonce-") || strings.Contains(policy, "unsafe") {
		t.Errorf("its script runs by %s", policy)
	}
}

// When nobody can renew a sign-in, it is told when it ends.
func TestSignInEnds(t *testing.T) {
	w, _ := guardedWorld(t)
	c := w.guarded("books")
	for value, want := range map[string]string{
		`{"AccessToken":"t","Expires":"2050-01-02T03:04:05Z"}`:                                                            "2050-01-02T03:04:05Z",
		`{"AccessToken":"t","Expires":"2050-01-02T03:04:05Z","RefreshToken":"r"}`:                                         "",
		`{"AccessToken":"t","Expires":"2050-01-02T03:04:05Z","RefreshToken":"r","RefreshExpires":"2060-01-02T03:04:05Z"}`: "2060-01-02T03:04:05Z",
		`t`: "",
	} {
		var now struct {
			ExpiresAtUTC string `json:"ExpiresAtUtc"`
		}
		if err := w.in("books", http.MethodPut, fmt.Sprintf("/account/connectors/%d", c.ID), object{"AuthValue": value}, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.in("books", http.MethodGet, fmt.Sprintf("/account/connectors/%d", c.ID), nil, &now); err != nil || now.ExpiresAtUTC != want {
			t.Errorf("%s ends %q, want %q (%v)", value, now.ExpiresAtUTC, want, err)
		}
	}
}

// Only the browser that began gets anywhere, once, with an answer of whom it asked.
func TestConnectRefuses(t *testing.T) {
	w, p := guardedWorld(t)
	c := w.guarded("books")
	begin := func(b *browser) *url.URL {
		t.Helper()
		back, err := url.Parse(b.leaveFor(p, w.connectURL("books", c.ID, nil)))
		if err != nil {
			t.Fatal(err)
		}
		return back
	}
	for name, tt := range map[string]struct {
		spoil  func(url.Values)
		status int
		text   string
	}{
		"no state":         {func(q url.Values) { q.Del("state") }, 401, "did not begin in this browser"},
		"another state":    {func(q url.Values) { q.Set("state", "made up") }, 401, "did not begin in this browser"},
		"another issuer":   {func(q url.Values) { q.Set("iss", "https://evil.test") }, 401, "did not begin in this browser"},
		"no code":          {func(q url.Values) { q.Del("code") }, 400, "sent nothing"},
		"another code":     {func(q url.Values) { q.Set("code", "made up") }, 400, "invalid_grant"},
		"somebody said no": {func(q url.Values) { q.Set("error", "access_denied"); q.Set("error_description", "<b>no</b>") }, 400, "did not agree: access_denied: <b>no</b>"},
	} {
		b := w.browser()
		back := begin(b)
		q := back.Query()
		tt.spoil(q)
		back.RawQuery = q.Encode()
		page := b.refused(b.open(back.String()), tt.status, tt.text)
		if strings.Contains(page.text, "<b>") || strings.Contains(page.text, "postMessage") {
			t.Errorf("%s:\n%s", name, page.text)
		}
	}
	mallory, amy := w.browser(), w.browser()
	planted := begin(mallory)
	amy.refused(amy.open(planted.String()), 401, "did not begin in this browser")
	begin(amy)
	amy.refused(amy.open(planted.String()), 401, "did not begin in this browser")
	if got := w.state("books", c.ID); got.AuthenticationState != "NotAuthenticated" {
		t.Errorf("%+v", got)
	}
	p.Set(func(p *oauthtest.Provider) { p.Issuer = p.URL })
	mallory.ok(mallory.open(planted.String()), "You are signed in.")
	amy.ok(amy.open(begin(amy).String()), "You are signed in.")
}

func TestConnectEnds(t *testing.T) {
	w, p := guardedWorld(t)
	c, other := w.guarded("books"), w.guarded("other")
	id := itoa(int64(c.ID))
	for _, origin := range []string{"https://evil.test", "https://app.acme.test.evil.test", "https://app.acme.test@evil.test", "https://app.acme.test/", "http://app.acme.test", "*", "null"} {
		if err := w.in("books", http.MethodPost, "/account/connectors/"+id+"/oauth", object{"TargetOrigin": origin}, nil); err == nil || !strings.Contains(err.Error(), "TargetOrigin") {
			t.Errorf("%s: %v", origin, err)
		}
		token := w.token("books", "amy")
		b := w.browser()
		start := "/connectorauth/updateaccountconnectoroauth?id=" + id + "&token=" + url.QueryEscape(token)
		b.refused(b.open(start+"&targetOrigin="+url.QueryEscape(origin)), 400, "targetOrigin")
		b.refused(b.open("/connectorauth/updateaccountconnectoroauth?id="+itoa(int64(other.ID))+"&token="+url.QueryEscape(w.token("books", "amy"))), 404, "")
		b.refused(b.open(start+"&returnUrl=%2F%2Fevil.test"), 400, "leads nowhere")
		b.leaveFor(p, start) // it was not used up
		b.refused(b.open(start), 410, "")
	}
	b := w.browser()
	b.refused(b.open("/connectorauth/updateaccountconnectoroauth?id="+id), 401, "")
	b.ok(b.open(w.signIn(w.token("books", "amy"), "/account")))
	page := b.ok(b.open(b.leaveFor(p, "/connectorauth/updateaccountconnectoroauth?id="+id+"&returnUrl=%2Faccount%3Fa%3Db")))
	if page.url.Path != "/account/session" || page.url.Query().Get("a") != "b" {
		t.Errorf("at %s", page.url)
	}
	if got := w.state("other", other.ID); got.AuthenticationState != "NotAuthenticated" {
		t.Errorf("%+v", got)
	}
}

var beginPattern = regexp.MustCompile(`<a class="button" href="(/connectorauth/[^"]*)"([^>]*)>`)

func (b *browser) begins(page answer) (address, attributes string) {
	b.Helper()
	m := beginPattern.FindStringSubmatch(page.text)
	if m == nil {
		b.Fatalf("%s has no link to sign in:\n%s", page.url, page.text)
	}
	return html.UnescapeString(m[1]), m[2]
}

func TestLaunchSignsIn(t *testing.T) {
	for _, inline := range []bool{true, false} {
		w, p := guardedWorld(t)
		w.template(asksMe)
		d := w.deploy("launch", "books", object{"InlineOAuth": inline, "Start": true})
		b := w.browser()
		page := b.ok(b.open(d.LaunchURL), "You sign in there in the next step.")
		page = b.ok(b.send(page, ""), "Sign in")
		if !strings.HasPrefix(page.url.Path, "/launch/cycle/") {
			t.Fatalf("at %s", page.url)
		}
		b.refused(b.send(page, ""), 400, "Sign in first.")
		address, how := b.begins(page)
		back := b.leaveFor(p, address)
		if inline {
			page = b.ok(b.open(back))
		} else {
			b.ok(b.open(back), `"connected"`, `["`+w.URL()+`"]`)
			page = b.ok(b.open(page.url.String()))
		}
		if popup := strings.Contains(how, "_blank"); popup == inline {
			t.Errorf("inline %v: %s", inline, how)
		}
		b.ok(b.send(page, ""), "All set", "Running")
	}
}

func TestSetupLink(t *testing.T) {
	w, p := guardedWorld(t)
	c := w.guarded("books")
	link := func(body object) (address string) {
		t.Helper()
		var out struct {
			SetupURL string `json:"SetupUrl"`
		}
		if err := w.in("books", http.MethodPost, fmt.Sprintf("/account/connectors/%d/setuptoken", c.ID), body, &out); err != nil {
			t.Fatal(err)
		}
		return out.SetupURL
	}
	key := "." + itoa(c.Connector.Authentication[2].ID) + ".key"
	way := itoa(c.Connector.Authentication[2].ID)

	address := link(object{"ExpiresInMinutes": 60})
	b := w.browser()
	page := b.ok(b.open(address), "Connect Guarded")
	if strings.Contains(page.text, "books") || len(b.cookies) != 0 || !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("an outsider sees\n%s", page.text)
	}
	page = b.refused(b.send(page, "/setup", ".way", way, key, "a\tkey"), 400, "control characters")
	b.ok(b.send(page, "/setup", ".way", way, key, "the key"), "It is connected.")
	if got := w.state("books", c.ID); got.AuthenticationState != "Authenticated" {
		t.Errorf("%+v", got)
	}
	b.refused(b.open(address), 410, "used already")
	b.refused(b.send(page, "/setup", ".way", way, key, "another"), 410, "used already")

	address = link(nil)
	page = b.ok(b.open(address))
	start, _ := b.begins(page)
	p.Set(func(p *oauthtest.Provider) { p.Deny = true })
	b.refused(b.open(b.leaveFor(p, start)), 400, "did not agree")
	p.Set(func(p *oauthtest.Provider) { p.Deny = false })
	back := b.leaveFor(p, start) // it still works
	b.ok(b.open(back), "You are signed in.")
	b.refused(b.open(address), 410, "used already")
	b.refused(b.open(start), 410, "used already")
	if err := w.works("books", c.ID); err != nil {
		t.Error(err)
	}
	password := c.Connector.Authentication[3].ID
	page = b.ok(b.open(link(nil)))
	page = b.refused(b.send(page, "/setup", ".way", itoa(password), itoa(password)+".Username", oauthtest.Username, itoa(password)+".Password", "wrong"), 400, "invalid_grant")
	b.ok(b.send(page, "/setup", ".way", itoa(password), itoa(password)+".Username", oauthtest.Username, itoa(password)+".Password", oauthtest.Password), "It is connected.")

	for _, minutes := range []int{0, -5, 10081} {
		if err := w.in("books", http.MethodPost, fmt.Sprintf("/account/connectors/%d/setuptoken", c.ID), object{"ExpiresInMinutes": minutes}, nil); err == nil {
			t.Errorf("%d minutes were taken", minutes)
		}
	}
	w.browser().refused(w.browser().open("/connectorauth/setup?token=made+up"), 410, "")
}
