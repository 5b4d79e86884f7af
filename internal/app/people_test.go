package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// window is a browser: it keeps cookies.
type window struct {
	*testing.T
	*http.Client
	url  string
	from string // X-Forwarded-For, unless ""
}

func newWindow(t *testing.T, url string) *window {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &window{T: t, Client: &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: stay}, url: url}
}

// want makes a request that must be answered with a status, and reads the answer
// into out unless that is nil.
func (w *window) want(status int, method, path string, body, out any) *http.Response {
	w.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		w.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.Context(), method, w.url+path, strings.NewReader(string(sent)))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if w.from != "" {
		req.Header.Set(forwardedFor, w.from)
	}
	res, err := w.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	if res.StatusCode != status {
		w.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, text, status)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			w.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return res
}

type sent map[string]any

// A colleague is invited, comes in, sets up a second factor, signs in with it,
// and is removed: all as browsers do it.
func TestConsolePeople(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		ada, bert := newWindow(t, r.URL()), newWindow(t, r.URL())
		ada.want(401, "POST", "/console/session", sent{"Email": r.partner.Email, "Password": "wrong"}, nil)
		ada.want(200, "POST", "/console/session", sent{"Email": r.partner.Email, "Password": r.partner.Password}, nil)
		var invited struct {
			ID            json.Number `json:"Id"`
			InvitationURL string      `json:"InvitationUrl"`
		}
		ada.want(201, "POST", "/v1.0/consoleusers", sent{"Email": "bert@acme.test", "Permissions": sent{"Accounts": "View"}}, &invited)
		_, token, _ := strings.Cut(invited.InvitationURL, "#")
		bert.want(200, "POST", "/console/invitation", sent{"Token": token}, nil)
		bert.want(200, "POST", "/console/invitation/accept", sent{"Token": token, "Name": "Bert", "Password": "a fine password"}, nil)
		bert.want(410, "POST", "/console/invitation", sent{"Token": token}, nil)
		bert.want(200, "GET", "/v1.0/accounts", nil, nil)
		bert.want(403, "POST", "/v1.0/accounts", sent{"Name": "New"}, nil)
		bert.want(403, "GET", "/v1.0/consoleusers", nil, nil)

		var factor struct{ Secret string }
		bert.want(200, "POST", "/v1.0/me/twofactor", sent{"CurrentPassword": "a fine password"}, &factor)
		var codes struct{ RecoveryCodes []string }
		bert.want(200, "PUT", "/v1.0/me/twofactor", sent{"Code": codeOf(t, factor.Secret)}, &codes)
		bert.want(204, "DELETE", "/console/session", nil, nil)
		var next struct{ Next, Token, Email string }
		bert.want(200, "POST", "/console/session", sent{"Email": "bert@acme.test", "Password": "a fine password"}, &next)
		if next.Next != "Code" || next.Email != "" {
			t.Errorf("after the password: %+v", next)
		}
		bert.want(401, "GET", "/v1.0/me", nil, nil)
		bert.want(200, "POST", "/console/session/code", sent{"Token": next.Token, "Code": codes.RecoveryCodes[0]}, nil)
		bert.want(200, "GET", "/v1.0/me", nil, nil)
		ada.want(200, "DELETE", "/v1.0/consoleusers/"+invited.ID.String(), nil, nil)
		bert.want(401, "GET", "/v1.0/me", nil, nil)
	})
}

func codeOf(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Behind a proxy, each client has its own address: in the list of sessions, and
// where addresses are checked.
func TestClientsBehindProxy(t *testing.T) {
	c := config(t, "")
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	r := start(t, c)
	ada := newWindow(t, r.URL())
	ada.from = "203.0.113.7, 192.0.2.9"
	ada.want(200, "POST", "/console/session", sent{"Email": r.partner.Email, "Password": r.partner.Password}, nil)
	var seen []struct{ Address string }
	if ada.want(200, "GET", "/v1.0/sessions", nil, &seen); len(seen) != 1 || seen[0].Address != "192.0.2.9" {
		t.Errorf("sessions: %+v", seen)
	}
	ada.want(400, "PUT", "/v1.0/settings/security", sent{"ConsoleAddresses": []string{"203.0.113.0/24"}}, nil)
	ada.want(200, "PUT", "/v1.0/settings/security", sent{"ConsoleAddresses": []string{"192.0.2.0/24"}}, nil)
	ada.from = "192.0.2.9, 203.0.113.7"
	ada.want(403, "GET", "/v1.0/me", nil, nil)
	ada.want(403, "GET", "/console/session", nil, nil)
}

// An answer that this browser did not ask for signs nobody in.
func TestUnaskedSignOn(t *testing.T) {
	r := start(t, config(t, ""))
	w := newWindow(t, r.URL())
	w.want(404, "POST", "/console/sso", sent{"Email": "ada@acme.test"}, nil)
	res := w.want(302, "GET", "/console/sso/callback?state=x&code=y", nil, nil)
	if to := res.Header.Get("Location"); to != "/console/sign-in?problem=true" {
		t.Errorf("leads to %s", to)
	}
	w.want(401, "GET", "/console/session", nil, nil)
}
