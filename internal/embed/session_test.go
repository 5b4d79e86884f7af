package embed_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/app"
)

var appConfig = app.Config{}

// secure is for a service domain over TLS.
var secure = app.Config{ServiceURL: "https://service.test"}

// signIn is the address of a sign-in on the server itself.
func (w *world) signIn(token, returnURL string) string {
	return w.URL() + "/account/signinwithtoken?token=" + url.QueryEscape(token) + "&returnUrl=" + url.QueryEscape(returnURL)
}

func (w *world) token(account, username string) string {
	w.Helper()
	var issued struct{ Token, ExpiresAtUtc string }
	w.call(http.MethodPost, "/accounts/"+account+"/signintoken", object{"Username": username}, &issued)
	return issued.Token
}

func TestSignInByToken(t *testing.T) {
	databases(t, func(w *world) {
		d := w.deploy("orbit", "books", object{})
		b := w.browser()
		a := b.do(http.MethodGet, d.OrbitURL, nil)
		if to := a.Header.Get("Location"); a.StatusCode != 303 || !strings.HasPrefix(to, "/orbit?session=") {
			t.Fatalf("%d to %q", a.StatusCode, to)
		}
		if len(a.Cookies()) != 1 {
			t.Fatalf("cookies %v", a.Cookies())
		}
		c := a.Cookies()[0]
		if !c.HttpOnly || c.Path != "/" || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Domain != "" || c.MaxAge != 0 || !strings.HasPrefix(c.Name, "tandem_account_") {
			t.Errorf("cookie %v", c)
		}
		b.ok(b.follow(a), "Your integrations")

		other := w.browser()
		other.refused(other.do(http.MethodGet, d.OrbitURL, nil), 410, "used already")
		if len(other.cookies) != 0 {
			t.Errorf("a refused sign-in set cookies: %v", other.names())
		}
		other.refused(other.open("/orbit"), 401, "Your session has ended")
	})
}

func TestOneOfManyRedemptions(t *testing.T) {
	databases(t, func(w *world) {
		for range 3 {
			d := w.deploy("orbit", "books", object{})
			var in atomic.Int32
			var wg sync.WaitGroup
			for range 50 {
				wg.Go(func() {
					res, err := http.DefaultTransport.RoundTrip(request(t, d.OrbitURL))
					if err != nil {
						t.Error(err)
						return
					}
					res.Body.Close()
					switch {
					case res.StatusCode == 303 && len(res.Cookies()) == 1:
						in.Add(1)
					case res.StatusCode != 410 || len(res.Cookies()) > 0:
						t.Errorf("%d, cookies %v", res.StatusCode, res.Cookies())
					}
				})
			}
			wg.Wait()
			if in.Load() != 1 {
				t.Errorf("%d came in", in.Load())
			}
		}
	})
}

func request(t *testing.T, address string) *http.Request {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Error(err)
	}
	return req
}

func TestStaleTokens(t *testing.T) {
	w := newWorld(t, appConfig)
	w.deploy("orbit", "books", object{})
	books, err := w.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	user, err := w.Memberships.BuiltIn(t.Context(), w.partner.PartnerID, books.ID)
	if err != nil {
		t.Fatal(err)
	}
	b := w.browser()
	for why, ticket := range map[string]tandem.Ticket{
		"six minutes old":     {Purpose: tandem.SignInTicket, Account: books.ID, User: user.ID, Expires: time.Now().Add(-time.Minute)},
		"for another purpose": {Purpose: tandem.PasswordTicket, Account: books.ID, User: user.ID, Expires: time.Now().Add(time.Minute)},
	} {
		ticket.Partner = w.partner.PartnerID
		token, _, err := w.Tickets.Issue(t.Context(), ticket)
		if err != nil {
			t.Fatal(err)
		}
		if a := b.do(http.MethodGet, w.signIn(string(token), "/orbit"), nil); a.StatusCode != 410 {
			t.Errorf("%s: %d", why, a.StatusCode)
		}
	}
	for _, token := range []string{"", "x", "\x00", strings.Repeat("a", 43)} {
		if a := b.do(http.MethodGet, w.signIn(token, "/orbit"), nil); a.StatusCode != 410 {
			t.Errorf("token %q: %d", token, a.StatusCode)
		}
	}
}

// A return URL that leads elsewhere is refused before the token is used up.
func TestReturnURLs(t *testing.T) {
	w := newWorld(t, appConfig)
	w.deploy("orbit", "books", object{})
	token := w.token("books", "guest@x.test")
	b := w.browser()
	for _, to := range []string{"//evil.test", "/\\evil.test", "https://evil.test", "/%2fevil.test", "/\t/evil.test", "javascript:alert(1)", "", "orbit"} {
		a := b.refused(b.do(http.MethodGet, w.signIn(token, to), nil), 400, "leads nowhere")
		if a.Header.Get("Location") != "" || len(b.cookies) != 0 {
			t.Errorf("%q leads to %q, with cookies %v", to, a.Header.Get("Location"), b.names())
		}
	}
	a := b.do(http.MethodGet, w.signIn(token, "/my/own/page?x=1"), nil)
	if to := a.Header.Get("Location"); a.StatusCode != 303 || to != "/my/own/page?x=1" {
		t.Errorf("a page of the vendor's: %d to %q", a.StatusCode, to)
	}
}

// A token is in no log, and goes to nobody by a referrer or a cache.
func TestTokensStayInside(t *testing.T) {
	w := newWorld(t, appConfig)
	d := w.deploy("orbit", "books", object{})
	b := w.browser()
	for range 2 { // once used, once refused
		a := b.do(http.MethodGet, d.OrbitURL, nil)
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %q", name, got)
			}
		}
		if strings.Contains(a.text, d.Token) || strings.Contains(a.Header.Get("Location"), d.Token) {
			t.Errorf("the token is handed on: %s\n%s", a.Header.Get("Location"), a.text)
		}
	}
	page := b.ok(b.open("/orbit"))
	for _, secret := range append([]string{d.Token, url.QueryEscape(d.Token)}, value(b)) {
		if log := w.log.String(); !strings.Contains(log, "user signed in") || strings.Contains(log, secret) {
			t.Error("a secret is in the log, or nothing is")
		}
		if strings.Contains(page.text, secret) {
			t.Error("a secret is in a page")
		}
	}
	if strings.Contains(page.text, "http://") || strings.Contains(page.text, "https://") {
		t.Errorf("a page that fetches from elsewhere:\n%s", page.text)
	}
}

// value is that of the one cookie of b.
func value(b *browser) string {
	for _, c := range b.cookies {
		return c.Value
	}
	return ""
}

func TestFrames(t *testing.T) {
	w := newWorld(t, secure)
	sign := func() (*browser, answer, *http.Cookie) {
		b := w.browser()
		d := w.deploy("orbit", "books", object{})
		if !strings.HasPrefix(d.OrbitURL, "https://service.test/account/signinwithtoken?token=") {
			t.Errorf("address %s", d.OrbitURL)
		}
		a := b.do(http.MethodGet, w.signIn(d.Token, "/orbit"), nil)
		if len(a.Cookies()) != 1 {
			t.Fatalf("%d %s", a.StatusCode, a.text)
		}
		return b, b.ok(b.open("/orbit")), a.Cookies()[0]
	}
	policy := func(a answer) string { return a.Header.Get("Content-Security-Policy") }

	_, page, c := sign()
	if !strings.Contains(policy(page), "frame-ancestors 'none'") || page.Header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("without frames: %q, %q", policy(page), page.Header.Get("X-Frame-Options"))
	}
	if c.SameSite != http.SameSiteLaxMode || !c.Secure || !c.HttpOnly || c.Partitioned || !strings.HasPrefix(c.Name, "__Host-tandem_account_") {
		t.Errorf("without frames: cookie %v", c)
	}
	if page.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}

	w.embedding(object{"Frames": "true", "FrameHosts": []string{"app.acme.test", "https://*.acme.example"}})
	b, page, c := sign()
	if !strings.HasSuffix(policy(page), "frame-ancestors app.acme.test https://*.acme.example") || page.Header.Get("X-Frame-Options") != "" {
		t.Errorf("with frames: %q, %q", policy(page), page.Header.Get("X-Frame-Options"))
	}
	if c.SameSite != http.SameSiteNoneMode || !c.Secure || !c.HttpOnly || !c.Partitioned {
		t.Errorf("with frames: cookie %v", c)
	}
	for _, unsafe := range []string{"unsafe-", "script-src", "*;"} {
		if strings.Contains(policy(page), unsafe) {
			t.Errorf("policy %q", policy(page))
		}
	}
	// Pages with a form for who is not signed in are for no frame; what only
	// says that something did not work may be seen in any.
	if a := b.ok(w.browser().open("/account/signin")); !strings.Contains(policy(a), "frame-ancestors 'none'") {
		t.Errorf("sign-in: %q", policy(a))
	}
	a := w.browser().open("/orbit")
	if !strings.HasSuffix(policy(a), "frame-ancestors *") || strings.Contains(a.text, "<form") || strings.Contains(a.text, "<a ") {
		t.Errorf("a session that has ended: %q\n%s", policy(a), a.text)
	}
}

// Two accounts in two frames of one page.
func TestTwoAccountsSideBySide(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	pages := map[string]answer{}
	for _, account := range []string{"books", "records"} {
		pages[account] = b.ok(b.open(w.deploy("orbit", account, object{}).OrbitURL), account)
	}
	for account, page := range pages {
		b.ok(b.open(page.url.String()), `<p class="account">`+account)
	}
	b.ok(b.open("/orbit"), `<p class="account">records`) // the newest, where nothing is said
	b.refused(b.open("/orbit?session=999999"), 401, "Your session has ended")

	// Each of them by the API, named or not.
	for account, status := range map[string]int{"books": 200, "records": 200, "": 200, "others": 403} {
		if a := b.do(http.MethodGet, "/v1.0/cycles", nil, "X-Tandem-Account", account); a.StatusCode != status {
			t.Errorf("the API in account %q: %d, want %d", account, a.StatusCode, status)
		}
	}
	// One is left, the other is there still.
	home := b.ok(b.open("/account?" + pages["books"].url.RawQuery))
	b.ok(b.send(home, "/account/signout"), "You are signed out.")
	b.refused(b.open(pages["books"].url.String()), 401, "Your session has ended")
	b.ok(b.open(pages["records"].url.String()), "records")
}

func TestBrowserKeepsFew(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	for range 10 {
		b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	}
	if len(b.cookies) != 8 {
		t.Errorf("cookies %v", b.names())
	}
	b.ok(b.open("/orbit"))
}

// A token that was planted before a sign-in is worth nothing after it, nor is a
// session under another's number.
func TestFixation(t *testing.T) {
	w := newWorld(t, appConfig)
	mallory := w.browser()
	mallory.ok(mallory.open(w.deploy("orbit", "mallory", object{}).OrbitURL))
	b := w.browser()
	planted := value(mallory)
	for _, name := range []string{"tandem_account_999999", "tandem_account_1x", "tandem_account_0", "tandem_account_-1"} {
		b.cookies[name] = &http.Cookie{Name: name, Value: planted}
	}
	b.refused(b.open("/orbit"), 401, "Your session has ended")
	page := b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL), `<p class="account">books`)
	session := page.url.Query().Get("session")
	if got := b.cookies["tandem_account_"+session].Value; got == planted || len(got) < 43 {
		t.Errorf("token %q", got)
	}
	b.ok(b.open("/orbit"), `<p class="account">books`)
}

func TestForms(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	home := b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	home = b.ok(b.open("/account?" + home.url.RawQuery))
	f := b.form(home, "/account/signout")
	for why, headers := range map[string][]string{
		"another site":   {"Sec-Fetch-Site", "cross-site"},
		"another origin": {"Sec-Fetch-Site", "", "Origin", "https://evil.test"},
		"no origin":      {"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		if a := b.do(http.MethodPost, f.action, f.values, headers...); a.StatusCode != 403 {
			t.Errorf("from %s: %d", why, a.StatusCode)
		}
	}
	other := w.browser()
	otherForm := other.form(other.ok(other.open("/account?"+other.ok(other.open(w.deploy("orbit", "books", object{}).OrbitURL)).url.RawQuery)), "/account/signout")
	for why, token := range map[string]string{"none": "", "another's": otherForm.values.Get("form"), "the session's": value(b)} {
		b.refused(b.do(http.MethodPost, f.action, url.Values{"form": {token}}), 403, "This form is too old")
		if t.Failed() {
			t.Fatalf("with a token that is %s", why)
		}
	}
	b.refused(b.do(http.MethodPost, f.action, url.Values{"form": f.values["form"], "x": {strings.Repeat("x", 2<<20)}}), 413, "too large")
	b.refused(b.do(http.MethodPost, f.action, url.Values{"form": f.values["form"], "x": {"a\x00b"}}), 400, "cannot be kept")
	b.ok(b.do(http.MethodPost, f.action, f.values), "You are signed out.")
}

// An account user's browser may call the API, in the account and from pages of
// the service domain.
func TestBrowserCallsAPI(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	w.deploy("orbit", "records", object{})
	for _, tt := range []struct {
		method, path string
		headers      []string
		status       int
	}{
		{"GET", "/v1.0/cycles", nil, 200},
		{"GET", "/v1.0/cycles", []string{"X-Cyclr-Account", "books"}, 200},
		{"GET", "/v1.0/cycles", []string{"X-Cyclr-Account", "records"}, 403},
		{"GET", "/v1.0/accounts", nil, 403},
		{"POST", "/v1.0/accounts/books/signintoken", nil, 403},
		{"POST", "/v1.0/cycles", []string{"Sec-Fetch-Site", "cross-site"}, 401},
		{"GET", "/v1.0/cycles", []string{"Sec-Fetch-Site", "cross-site"}, 401},
		{"GET", "/v1.0/cycles", []string{"Sec-Fetch-Site", "same-site"}, 401},
		{"POST", "/v1.0/cycles", []string{"Origin", "https://evil.test"}, 401},
	} {
		if a := b.do(tt.method, tt.path, nil, tt.headers...); a.StatusCode != tt.status {
			t.Errorf("%s %s %v: %d, want %d\n%s", tt.method, tt.path, tt.headers, a.StatusCode, tt.status, a.text)
		}
	}
}

// Who is signed in to the console too acts as the one whose page asks.
func TestBesideTheConsole(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	res, err := http.Post(w.URL()+"/console/session", "application/json", strings.NewReader(fmt.Sprintf(`{"Email":%q,"Password":%q}`, w.partner.Email, w.partner.Password)))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c
	}
	if a := b.do("GET", "/v1.0/accounts", nil); a.StatusCode != 200 {
		t.Fatalf("the console alone: %d, sign-in %d", a.StatusCode, res.StatusCode)
	}
	b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	for referer, status := range map[string]int{"/console/accounts": 200, "/orbit": 403, "/my/page": 403} {
		if a := b.do("GET", "/v1.0/accounts", nil, "Referer", w.URL()+referer); a.StatusCode != status {
			t.Errorf("from %s: %d, want %d", referer, a.StatusCode, status)
		}
	}
}

func TestSuspendedAccount(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	waiting := w.deploy("orbit", "books", object{})
	w.call(http.MethodPost, "/accounts/books/suspend", nil, nil)
	b.refused(b.open("/orbit"), 401, "Your session has ended")
	b.refused(b.open(waiting.OrbitURL), 410, "used already, or is too old")
	if a := b.do(http.MethodGet, "/v1.0/cycles", nil); a.StatusCode != 401 {
		t.Errorf("the API: %d", a.StatusCode)
	}
	if err := w.acme.Do(t.Context(), http.MethodPost, "/accounts/books/orbit", object{}, nil); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("a deploy call: %v", err)
	}
	w.call(http.MethodPost, "/accounts/books/resume", nil, nil)
	b.ok(b.open(waiting.OrbitURL), "books") // within its five minutes
}
