package fake

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// consent is where an application gives tokens of OAuth 2.0. Whoever is sent there
// allows everything.
type consent struct {
	ClientID, ClientSecret string

	scope   string // one that has to be asked for
	pkce    bool   // has to be used
	rotates bool   // a refresh token works once

	asked     map[string]url.Values // by code
	tokens    []string              // that work
	refresh   []string              // that work
	count     int
	Refreshed int // how often a token was refreshed
}

// authorise sends the browser back with a code.
func (c *consent) authorise(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case err != nil || back.Host == "" || q.Get("client_id") != c.ClientID || q.Get("response_type") != "code":
		http.Error(w, "invalid_client", http.StatusBadRequest)
		return
	case q.Get("state") == "" || !strings.Contains(q.Get("scope"), c.scope) || c.pkce && q.Get("code_challenge_method") != "S256":
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	c.count++
	code := fmt.Sprint("code-", c.count)
	if c.asked == nil {
		c.asked = map[string]url.Values{}
	}
	c.asked[code] = q
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// grant answers a request for a token; "" is no error.
func (c *consent) grant(form url.Values) (access, refresh, problem string) {
	if form.Get("client_id") != c.ClientID || form.Get("client_secret") != c.ClientSecret {
		return "", "", "invalid_client"
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		asked, ok := c.asked[form.Get("code")]
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		proof := base64.RawURLEncoding.EncodeToString(sum[:])
		if !ok || form.Get("redirect_uri") != asked.Get("redirect_uri") || c.pkce && proof != asked.Get("code_challenge") {
			return "", "", "invalid_grant"
		}
		delete(c.asked, form.Get("code"))
	case "refresh_token":
		old := form.Get("refresh_token")
		i := slices.Index(c.refresh, old)
		if i < 0 {
			return "", "", "invalid_grant"
		}
		c.Refreshed++
		if c.rotates {
			c.refresh = slices.Delete(c.refresh, i, i+1)
		} else {
			refresh = old
		}
	default:
		return "", "", "unsupported_grant_type"
	}
	return c.issue(), c.renew(refresh), ""
}

// issue makes an access token.
func (c *consent) issue() string {
	c.count++
	c.tokens = append(c.tokens, fmt.Sprint("access-token-", c.count))
	return c.tokens[len(c.tokens)-1]
}

// renew makes a refresh token, unless one goes on.
func (c *consent) renew(old string) string {
	if old == "" {
		c.count++
		c.refresh = append(c.refresh, fmt.Sprint("refresh-token-", c.count))
	}
	return cmp.Or(old, c.refresh[len(c.refresh)-1])
}

// admits says that a request has a token that works.
func (c *consent) admits(r *http.Request, also ...string) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return (scheme == "Bearer" || scheme == "OAuth") && (slices.Contains(c.tokens, token) || slices.Contains(also, token))
}

// expire ends all access tokens.
func (c *consent) expire() { c.tokens = nil }
