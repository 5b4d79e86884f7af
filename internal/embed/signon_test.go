package embed_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/oidctest"
)

// elsewhere has the customers of a partner sign in at a provider.
func (w *world) elsewhere(p tandem.PartnerID, change func(*tandem.SignOn)) *oidctest.Provider {
	w.Helper()
	idp := oidctest.New(w.T)
	_, err := w.SignOns.Set(w.Context(), tandem.Principal{Partner: p}, func(o *tandem.SignOn) {
		*o = tandem.SignOn{Issuer: idp.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Accounts: true, Domains: []string{"acme.test"}}
		change(o)
	})
	if err != nil {
		w.Fatal(err)
	}
	return idp
}

func asItIs(*tandem.SignOn) {}

// member makes a person, without a password, of accounts.
func (w *world) member(email string, accounts ...string) {
	w.Helper()
	w.call(http.MethodPost, "/users", object{"Username": email, "Email": email, "Accounts": accounts}, nil)
}

func (w *world) accounts(ids ...string) {
	w.Helper()
	for _, id := range ids {
		w.call(http.MethodPost, "/accounts", object{"Id": id, "Name": id}, nil)
	}
}

var signOnLink = regexp.MustCompile(`href="(/account/sso[^"]*)"`)

// leave goes to the provider by the link of a sign-in page, and gives the
// address to come back to.
func (b *browser) leave(idp *oidctest.Provider, page answer) string {
	b.Helper()
	link := signOnLink.FindStringSubmatch(page.text)
	if link == nil {
		b.Fatalf("no link to sign in elsewhere:\n%s", page.text)
	}
	a := b.do(http.MethodGet, html.UnescapeString(link[1]), nil)
	to := a.Header.Get("Location")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, idp.URL+"/authorize?") {
		b.Fatalf("%d to %q, want %s\n%s", a.StatusCode, to, idp.URL, a.text)
	}
	return idp.Visit(to)
}

// arrive comes back as who has an address.
func (b *browser) arrive(idp *oidctest.Provider, email string) answer {
	b.Helper()
	back := b.leave(idp, b.ok(b.open("/account/signin")))
	idp.Claims = map[string]any{"email": email}
	return b.open(back)
}

func TestSignOn(t *testing.T) {
	databases(t, func(w *world) {
		w.accounts("books", "records", "other", "closed")
		w.member("amy@acme.test", "books")
		w.member("ben@acme.test", "books", "records", "closed")
		w.call(http.MethodPost, "/accounts/closed/suspend", nil, nil)
		b := w.browser()
		if page := b.ok(b.open("/account/signin")); signOnLink.MatchString(page.text) {
			t.Error("a link to sign in nowhere")
		}
		idp := w.elsewhere(w.partner.PartnerID, asItIs)

		back := b.leave(idp, b.ok(b.open("/account/signin?returnUrl=%2Forbit%3Fa%3Db")))
		if len(b.cookies) != 1 {
			t.Errorf("cookies %v", b.names())
		}
		if !strings.HasPrefix(back, w.URL()+"/account/sso/callback?") || idp.Asked.Has("login_hint") {
			t.Errorf("asked for %v", idp.Asked)
		}
		idp.Claims = map[string]any{"email": "Amy@acme.test"}
		page := b.ok(b.open(back), "Your integrations")
		if page.url.Path != "/orbit" || page.url.Query().Get("a") != "b" || w.where(page) != "books" || len(b.cookies) != 1 {
			t.Errorf("at %s, in %s, with cookies %v", page.url, w.where(page), b.names())
		}
		b.ok(b.open("/account"), `"Username":"amy@acme.test"`)
		b.refused(b.open(back), 401, "Single sign-on did not work")

		b = w.browser()
		page = b.ok(b.arrive(idp, "ben@acme.test"), "books", "records")
		if strings.Contains(page.text, "other") || strings.Contains(page.text, "closed") {
			t.Errorf("a choice of what may not be entered:\n%s", page.text)
		}
		for _, wrong := range []string{"other", "closed", "", "nowhere"} {
			b.refused(b.send(page, "/choose", "account", wrong), 404, "no such account")
		}
		if len(b.cookies) != 1 {
			t.Errorf("cookies %v", b.names())
		}
		b.refused(b.do(http.MethodPost, page.url.String(), url.Values{"account": {"books"}}, "Sec-Fetch-Site", "cross-site"), 403, "")
		w.browser().refused(w.browser().open("/account/choose"), 410, "")
		if page = b.ok(b.send(page, "/choose", "account", "records"), `"Username":"ben@acme.test"`); w.where(page) != "records" || len(b.cookies) != 1 {
			t.Errorf("in %s, with cookies %v", w.where(page), b.names())
		}
		b.refused(b.open("/account/choose"), 410, "")
	})
}

// Only a verified address of a person with access to an account lets anybody in,
// and only in the browser that began.
func TestSignOnRefuses(t *testing.T) {
	w := newWorld(t, appConfig)
	w.accounts("books", "closed")
	w.member("amy@acme.test", "books")
	w.member("nowhere@acme.test")
	w.member("closed@acme.test", "closed")
	w.call(http.MethodPost, "/users", object{"Username": "moved@acme.test", "Email": "new@x.test", "Accounts": []string{"books"}}, nil)
	w.token("books", "program@acme.test")
	w.call(http.MethodPost, "/accounts/closed/suspend", nil, nil)
	idp := w.elsewhere(w.partner.PartnerID, asItIs)
	for name, c := range map[string]struct {
		claims object
		spoil  func(url.Values)
		status int
		text   string
	}{
		"not verified":            {claims: object{"email_verified": false}, status: 401, text: "did not work"},
		"another domain":          {claims: object{"email": "amy@x.test"}, status: 401, text: "did not work"},
		"another nonce":           {claims: object{"nonce": "another"}, status: 401, text: "did not work"},
		"a stranger":              {claims: object{"email": "eve@acme.test"}, status: 403, text: "Nobody with the address eve@acme.test is known here."},
		"a username, not address": {claims: object{"email": "moved@acme.test"}, status: 403, text: "Nobody with the address"},
		"an API user":             {claims: object{"email": "program@acme.test"}, status: 403, text: "Nobody with the address"},
		"no account":              {claims: object{"email": "nowhere@acme.test"}, status: 403, text: "You have no access to an account at present."},
		"a suspended account":     {claims: object{"email": "closed@acme.test"}, status: 403, text: "You have no access to an account at present."},
		"a wrong state":           {spoil: func(q url.Values) { q.Set("state", "made up") }, status: 401, text: "did not work"},
		"no state":                {spoil: func(q url.Values) { q.Del("state") }, status: 401, text: "did not work"},
		"a wrong code":            {spoil: func(q url.Values) { q.Set("code", "another") }, status: 401, text: "did not work"},
		"refused there":           {spoil: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }, status: 401, text: "did not work"},
		"another issuer":          {spoil: func(q url.Values) { q.Set("iss", "https://evil.test") }, status: 401, text: "did not work"},
	} {
		b := w.browser()
		back, err := url.Parse(b.leave(idp, b.ok(b.open("/account/signin"))))
		if err != nil {
			t.Fatal(err)
		}
		idp.Claims = map[string]any{"email": "amy@acme.test"}
		for k, v := range c.claims {
			idp.Claims[k] = v
		}
		q := back.Query()
		if c.spoil != nil {
			c.spoil(q)
		}
		back.RawQuery = q.Encode()
		b.refused(b.open(back.String()), c.status, c.text)
		if len(b.cookies) != 0 {
			t.Errorf("%s: cookies %v", name, b.names())
		}
	}
	b := w.browser()
	for _, evil := range []string{"//evil.test", "https://evil.test", "/\\evil.test"} {
		b.refused(b.open("/account/sso?returnUrl="+url.QueryEscape(evil)), 400, "leads nowhere")
	}
	b.ok(b.arrive(idp, "amy@acme.test"), `"Username":"amy@acme.test"`) // and yet it works
	w.eventually("the audit log", func() bool {
		found, err := w.Audit.Search(t.Context(), w.partner.PartnerID, tandem.AuditFilter{Action: "signIn"})
		if err != nil {
			t.Fatal(err)
		}
		// What is alike is one entry, of whoever came first.
		return slices.ContainsFunc(found.Rows, func(r tandem.AuditEntry) bool {
			return r.Outcome == tandem.ActRefused && strings.HasSuffix(r.Actor, "@acme.test")
		})
	})
}

// A sign-in that somebody else began, or a session that they planted, is not
// the one that a person gets.
func TestSignOnFixation(t *testing.T) {
	w := newWorld(t, secure)
	w.accounts("books", "mallory")
	w.member("amy@acme.test", "books")
	w.member("mallory@acme.test", "mallory")
	idp := w.elsewhere(w.partner.PartnerID, asItIs)
	here := func(back string) string { return w.URL() + strings.TrimPrefix(back, "https://service.test") }

	mallory, b := w.browser(), w.browser()
	back := here(mallory.leave(idp, mallory.ok(mallory.open("/account/signin"))))
	for name, c := range mallory.cookies {
		if name != "__Host-tandem_sign_on" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
		b.cookies["tandem_sign_on"] = &http.Cookie{Name: "tandem_sign_on", Value: c.Value} // as another host could plant it
	}
	idp.Claims = map[string]any{"email": "mallory@acme.test"}
	b.refused(b.open(back), 401, "Single sign-on did not work")
	mallory.ok(mallory.open(back), `"Username":"mallory@acme.test"`)

	planted := value(mallory)
	b = w.browser()
	for _, name := range []string{"__Host-tandem_account_999999", mallory.names()[0]} {
		b.cookies[name] = &http.Cookie{Name: name, Value: planted}
	}
	back = here(b.leave(idp, b.ok(b.open("/account/signin"))))
	idp.Claims = map[string]any{"email": "amy@acme.test"}
	page := b.ok(b.open(back), `"Username":"amy@acme.test"`)
	if got := b.cookies["__Host-tandem_account_"+page.url.Query().Get("session")]; got == nil || got.Value == planted {
		t.Errorf("cookies %v", b.names())
	}
}

// Two partners may have customers of one domain. Each page leads to its own
// partner's provider, and what that says holds for its own users.
func TestSignOnOfWhom(t *testing.T) {
	w := newWorld(t, appConfig)
	bolt, err := w.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	w.accounts("books")
	w.member("amy@acme.test", "books")
	acmes := w.elsewhere(w.partner.PartnerID, asItIs)
	b := w.browser()
	ours, theirs := "/"+itoa(int64(w.partner.PartnerID)), "/"+itoa(int64(bolt.PartnerID))
	b.refused(b.open("/account/sso"+theirs), 404, "Single sign-on is not set up")
	for _, nobodys := range []string{"", "/99", "/x"} {
		b.refused(b.open("/account/sso"+nobodys), 404, "")
	}
	bolts := w.elsewhere(bolt.PartnerID, asItIs)

	back := b.leave(bolts, b.ok(b.open("/account/signin"+theirs)))
	bolts.Claims = map[string]any{"email": "amy@acme.test"}
	b.refused(b.open(back), 403, "Nobody with the address amy@acme.test is known here.")
	back = b.leave(acmes, b.ok(b.open("/account/signin"+ours)))
	acmes.Claims = bolts.Claims
	b.ok(b.open(back), `"Username":"amy@acme.test"`)

	w.elsewhere(bolt.PartnerID, func(o *tandem.SignOn) { o.Accounts, o.Console = false, true })
	b.refused(b.open("/account/sso"+theirs), 404, "Single sign-on is not set up")
}
