package embed_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/embed"
)

// top is what a browser says of a page in a window of its own.
var top = []string{"Sec-Fetch-Dest", "document"}

// Screens come with a policy as strict as the console's, in the frames that the
// partner allows, whether or not they are built.
func TestScreens(t *testing.T) {
	w := newWorld(t, appConfig)
	w.accounts("books")
	b := w.browser()
	b.ok(b.open(w.signIn(w.token("books", "amy"), "/account")))
	a := b.do(http.MethodGet, "/account", nil)
	if to := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || embed.SessionOf(to) == "" || strings.Contains(to, "?") {
		t.Fatalf("%d to %q", a.StatusCode, to)
	}
	screen := a.Header.Get("Location")
	look := func(ancestors, options string) {
		t.Helper()
		for _, path := range []string{screen, screen + "cycles/1?page=2"} {
			a := b.do(http.MethodGet, path, nil)
			policy := a.Header.Get("Content-Security-Policy")
			if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusServiceUnavailable { // not built
				t.Errorf("%s: %d", path, a.StatusCode)
			}
			parts := strings.Split(policy, "; ")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors " + ancestors} {
				if !slices.Contains(parts, part) {
					t.Errorf("%s: policy %q lacks %q", path, policy, part)
				}
			}
			h := a.Header
			if strings.Contains(policy, "unsafe") || h.Get("X-Frame-Options") != options || h.Get("Referrer-Policy") != "same-origin" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", path, h)
			}
		}
	}
	look("'none'", "DENY")
	w.embedding(object{"Frames": true, "FrameHosts": []string{"app.acme.test"}})
	look("app.acme.test", "")

	for _, path := range []string{"/account/0/", "/account/x/", "/account/7x/cycles", "/account/-1/"} {
		b.refused(b.do(http.MethodGet, path, nil), 404, "no such page")
	}
	if a := b.do(http.MethodGet, "/account/assets/none.js", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("an asset that is not there: %d", a.StatusCode)
	}
}

// A screen of a session that a browser does not hold is shown to nobody; on a page
// of its own, there is a way in that leads back.
func TestScreenOfNobody(t *testing.T) {
	w := newWorld(t, appConfig)
	w.accounts("books")
	b, other := w.browser(), w.browser()
	other.ok(other.open(w.signIn(w.token("books", "amy"), "/account")))
	theirs := other.do(http.MethodGet, "/account", nil).Header.Get("Location")
	a := b.refused(b.do(http.MethodGet, theirs+"cycles", nil, "Sec-Fetch-Dest", "iframe"), 401, "Your session has ended")
	if strings.Contains(a.text, "books") {
		t.Errorf("it tells of the account: %s", a.text)
	}
	b.refused(b.do(http.MethodGet, "/account/session?session="+embed.SessionOf(theirs), nil), 401, "Your session has ended")
	a = b.do(http.MethodGet, theirs+"cycles?page=2", nil, top...)
	if want := "/account/signin?" + (url.Values{"returnUrl": {theirs + "cycles?page=2"}}).Encode(); a.StatusCode != 303 || a.Header.Get("Location") != want {
		t.Errorf("%d to %q, want %q", a.StatusCode, a.Header.Get("Location"), want)
	}

	// Of another sign-in since, the newest takes its place; in a frame, none does.
	b.ok(b.open(w.signIn(w.token("books", "ben"), "/account")))
	mine := b.do(http.MethodGet, "/account", nil).Header.Get("Location")
	if a := b.do(http.MethodGet, theirs+"cycles?page=2", nil, top...); a.Header.Get("Location") != mine+"cycles?page=2" {
		t.Errorf("to %q, want that of %q", a.Header.Get("Location"), mine)
	}
	b.refused(b.do(http.MethodGet, theirs+"cycles", nil), 401, "Your session has ended")
	// What a sign-in has put behind the address counts.
	if a := b.do(http.MethodGet, theirs+"cycles?page=2&session="+embed.SessionOf(mine), nil); a.Header.Get("Location") != mine+"cycles?page=2" {
		t.Errorf("to %q, want that of %q", a.Header.Get("Location"), mine)
	}
}

// What a screen asks of the API, its session asks: not the newest one, not one that
// the browser holds besides, and not who is signed in to the console.
func TestScreenAsks(t *testing.T) {
	w := newWorld(t, appConfig)
	w.accounts("books", "records")
	b := w.browser()
	screens := map[string]string{}
	for _, account := range []string{"books", "records"} {
		b.ok(b.open(w.signIn(w.token(account, "amy"), "/account")))
		screens[account] = w.URL() + b.do(http.MethodGet, "/account", nil).Header.Get("Location")
	}
	ask := func(path, account, screen string) int {
		return b.do(http.MethodGet, path, nil, "X-Cyclr-Account", account, "Referer", screen).StatusCode
	}
	for screen, from := range screens {
		for account := range screens {
			want := http.StatusOK
			if account != screen {
				want = http.StatusForbidden
			}
			if got := ask("/v1.0/cycles", account, from+"cycles"); got != want {
				t.Errorf("%s asks for %s: %d, want %d", screen, account, got, want)
			}
		}
	}
	me := b.do(http.MethodGet, "/v1.0/account/me", nil, "Referer", screens["books"])
	b.ok(me, `"Username":"amy"`)

	res, err := http.Post(w.URL()+"/console/session", "application/json", strings.NewReader(`{"Email":"`+w.partner.Email+`","Password":"`+w.partner.Password+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c
	}
	gone := screens["books"]
	b.ok(b.send(b.ok(b.open("/account?session="+embed.SessionOf(strings.TrimPrefix(gone, w.URL())))), "/signout"), "You are signed out.")
	for _, path := range []string{"/v1.0/cycles", "/v1.0/accounts"} {
		if got := ask(path, "books", gone+"cycles"); got != http.StatusUnauthorized {
			t.Errorf("%s of a session that has ended: %d", path, got)
		}
	}
	if got := ask("/v1.0/accounts", "", screens["records"]+"cycles"); got != http.StatusForbidden {
		t.Errorf("the partner's accounts: %d", got)
	}
}

func TestSessionOf(t *testing.T) {
	for path, want := range map[string]string{
		"/account/7": "7", "/account/12/cycles/x": "12", "/account": "", "/account/": "", "/account/07/": "", "/account/7x": "",
		"/account/signin": "", "/console/7/": "", "/x/account/7/": "", "/account/99999999999999999999/": "",
	} {
		if got := embed.SessionOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
