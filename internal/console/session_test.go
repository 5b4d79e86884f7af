package console_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/console"
)

func TestSignInAndOut(t *testing.T) {
	r := start(t, built, console.Options{})
	r.want(t, 401, "GET", "/console/session", "")
	r.want(t, 401, "GET", "/v1.0/who", "")

	cookie := r.signIn(t)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure || cookie.Path != "/" {
		t.Errorf("cookie = %v, want HttpOnly, SameSite=Lax, path / and, over plain HTTP, not Secure", cookie)
	}
	res, body := r.want(t, 200, "GET", "/console/session", "")
	if diff := cmp.Diff(`{"Id":7,"Email":"ada@acme.test","Name":"Ada","Partner":"Acme Software","Permissions":{},"TwoFactor":false}`, strings.TrimSpace(body)); diff != "" {
		t.Error(diff)
	}
	if got := res.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q, want no-store", got)
	}
	r.want(t, 200, "GET", "/v1.0/who", "")

	r.want(t, 204, "DELETE", "/console/session", "")
	r.want(t, 401, "GET", "/v1.0/who", "", "Cookie", cookie.String())
	r.want(t, 401, "GET", "/console/session", "")
}

func TestSignInRefusals(t *testing.T) {
	const asJSON = "application/json"
	tests := []struct {
		name, body, kind string
		status           int
		message          string
	}{
		{"wrong password", `{"Email":"ada@acme.test","Password":"x"}`, asJSON, 401, "Email or password is wrong."},
		{"no email", `{"Password":"x"}`, asJSON, 400, "Email is required"},
		{"no password", `{"Email":"ada@acme.test"}`, asJSON, 400, "Password is required"},
		{"not JSON", `Email=ada`, asJSON, 400, "not valid JSON"},
		{"a form", adasSignIn, "text/plain", 415, "Send JSON"},
		{"too large", `{"Email":"` + strings.Repeat("a", 9<<10) + `"}`, asJSON, 413, "too large"},
	}
	r := start(t, built, console.Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := r.want(t, tt.status, "POST", "/console/session", tt.body, "Content-Type", tt.kind)
			if !strings.Contains(body, tt.message) {
				t.Errorf("answer %s does not say %q", body, tt.message)
			}
			if len(res.Cookies()) != 0 {
				t.Errorf("a refused sign-in set cookies: %v", res.Cookies())
			}
		})
	}
}

func TestSignInLimited(t *testing.T) {
	r := start(t, built, console.Options{})
	r.entrance.err = &tandem.Error{Code: tandem.RateLimited, Message: "Too many tries.", RetryAfter: 1500 * time.Millisecond}
	res, _ := r.want(t, 429, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	if got := res.Header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After = %q, want 2", got)
	}
}

func TestInternalErrorsStayInside(t *testing.T) {
	r := start(t, built, console.Options{})
	r.entrance.err = errors.New("disk on fire")
	_, body := r.want(t, 500, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	if strings.Contains(body, "fire") || !strings.Contains(r.logged.String(), "disk on fire") {
		t.Errorf("answer %s, log %s: want the cause in the log alone", body, r.logged)
	}
}

func TestTokenIsRenewedAtSignIn(t *testing.T) {
	r := start(t, built, console.Options{})
	planted := r.signIn(t)
	if second := r.signIn(t); second.Value == planted.Value {
		t.Fatal("the token was kept over a sign-in")
	}
	r.Client().Jar = nil
	r.want(t, 401, "GET", "/v1.0/who", "", "Cookie", "tandem_session="+planted.Value)
}

func TestRemovedUserIsOut(t *testing.T) {
	r := start(t, built, console.Options{})
	r.signIn(t)
	r.entrance.removed = true
	r.want(t, 401, "GET", "/v1.0/who", "")
	r.want(t, 401, "GET", "/console/session", "")
}

// The session of an account user opens nothing here.
func TestAccountUsersSession(t *testing.T) {
	r := start(t, built, console.Options{})
	r.sessions.open["theirs"] = tandem.Session{Who: tandem.Principal{Partner: ada.Partner, Account: 5, User: 6}}
	r.want(t, 401, "GET", "/v1.0/who", "", "Cookie", "tandem_session=theirs")
	r.want(t, 401, "GET", "/console/session", "", "Cookie", "tandem_session=theirs")
}

func TestSessionTellsWhence(t *testing.T) {
	r := start(t, built, console.Options{})
	r.want(t, 200, "POST", "/console/session", adasSignIn, "Content-Type", "application/json", "User-Agent", "Lynx")
	for _, n := range r.sessions.open {
		if n.Address != "127.0.0.1" || n.Agent != "Lynx" {
			t.Errorf("from %q by %q", n.Address, n.Agent)
		}
	}
}

// Who is of several teams, with one password, says which.
func TestChoiceOfPartner(t *testing.T) {
	r := start(t, built, console.Options{})
	r.entrance.partners = []tandem.ConsoleUser{{Partner: 1, PartnerName: "Acme Software"}, {Partner: 2, PartnerName: "Bolt"}}
	res, body := r.want(t, 200, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	if want := `{"Next":"Choose","Partners":[{"Id":1,"Name":"Acme Software"},{"Id":2,"Name":"Bolt"}]}`; strings.TrimSpace(body) != want || len(res.Cookies()) != 0 || len(r.sessions.open) != 0 {
		t.Errorf("%s with cookies %v, want %s alone", body, res.Cookies(), want)
	}
	_, body = r.want(t, 200, "POST", "/console/session", strings.TrimSuffix(adasSignIn, "}")+`,"Partner":1}`, "Content-Type", "application/json")
	if !strings.Contains(body, `"Email":"ada@acme.test"`) {
		t.Error(body)
	}
	r.want(t, 200, "GET", "/v1.0/who", "")
}

// A password alone opens nothing where a code is asked for.
func TestSecondStep(t *testing.T) {
	r := start(t, built, console.Options{})
	r.entrance.next = tandem.EntryCode
	res, body := r.want(t, 200, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	if want := `{"Next":"Code","Token":"next"}`; strings.TrimSpace(body) != want || len(res.Cookies()) != 0 || len(r.sessions.open) != 0 {
		t.Errorf("%s with cookies %v, want %s alone", body, res.Cookies(), want)
	}
	r.want(t, 401, "POST", "/console/session/code", `{"Token":"next","Code":"000000"}`, "Content-Type", "application/json")
	r.want(t, 401, "GET", "/v1.0/who", "")
	if _, body := r.want(t, 400, "POST", "/console/session/code", `{"Code":"123456"}`, "Content-Type", "application/json"); !strings.Contains(body, `"Token is required"`) {
		t.Errorf("without Token: %s", body)
	}
	_, body = r.want(t, 200, "POST", "/console/session/code", `{"Token":"next","Code":"123456"}`, "Content-Type", "application/json")
	if !strings.Contains(body, `"Email":"ada@acme.test"`) || !strings.Contains(body, `"RecoveryCodes":["one"]`) {
		t.Error(body)
	}
	r.want(t, 200, "GET", "/v1.0/who", "")
}

func TestFromElsewhere(t *testing.T) {
	r := start(t, built, console.Options{})
	r.signIn(t)
	r.entrance.elsewhere = true
	r.want(t, 403, "GET", "/console/session", "")
}

// A browser keeps what makes it known, also when it is signed out.
func TestKnownDevice(t *testing.T) {
	r := start(t, built, console.Options{})
	r.signIn(t)
	r.want(t, 204, "DELETE", "/console/session", "")
	r.signIn(t)
	if r.entrance.device != "device" {
		t.Errorf("sent %q", string(r.entrance.device))
	}
}

func TestOtherOrigins(t *testing.T) {
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.test"}, {"Origin", "null"}} {
		t.Run(header[0]+" "+header[1], func(t *testing.T) {
			r := start(t, built, console.Options{})
			r.want(t, 403, "POST", "/console/session", adasSignIn, append(header, "Content-Type", "application/json")...)
			r.signIn(t)
			r.want(t, 401, "POST", "/v1.0/who", "", header...)
			r.want(t, 403, "DELETE", "/console/session", "", header...)
			r.want(t, 200, "POST", "/v1.0/who", "", "Sec-Fetch-Site", "same-origin")
		})
	}
}

func TestSecureCookieBehindProxy(t *testing.T) {
	r := start(t, built, console.Options{Secure: true})
	r.Client().Jar = nil
	res, _ := r.want(t, 200, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	if len(res.Cookies()) != 2 {
		t.Errorf("cookies %v", res.Cookies())
	}
	for _, c := range res.Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-tandem_") {
			t.Errorf("cookie %v", c)
		}
		r.want(t, 401, "GET", "/v1.0/who", "", "Cookie", strings.TrimPrefix(c.Name, "__Host-")+"="+c.Value)
	}
	session := res.Cookies()[0]
	r.want(t, 200, "GET", "/v1.0/who", "", "Cookie", session.Name+"="+session.Value)
}

// What a page asks by itself is no use of the session.
func TestUnattended(t *testing.T) {
	r := start(t, built, console.Options{})
	cookie := r.signIn(t).String()
	for _, c := range []struct {
		name, value string
		want        int
	}{
		{"Accept", "application/json", 0},
		{"X-Unattended", "1", 1},
		{"Accept", "text/event-stream", 1},
	} {
		r.sessions.looked = 0
		r.want(t, http.StatusOK, "GET", "/v1.0/who", "", "Cookie", cookie, c.name, c.value)
		if r.sessions.looked != c.want {
			t.Errorf("%s: %s: looked %d times, want %d", c.name, c.value, r.sessions.looked, c.want)
		}
	}
}
