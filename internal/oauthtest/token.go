package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// authorise is the page at which everybody says yes at once.
func (p *Provider) authorise(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("redirect_uri") == "" {
		http.Error(w, "who are you?", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if p.Issuer != "" {
		back.Set("iss", p.Issuer)
	}
	if p.Deny {
		back.Set("error", "access_denied")
		back.Set("error_description", "Ada said <b>no</b>")
	} else {
		code := "co-" + rand.Text()
		p.codes[code] = q
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// token is the token endpoint.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	p.mu.Lock()
	grant := r.PostForm.Get("grant_type")
	p.Asked[grant]++
	p.Last = r.PostForm
	answer, before, after := p.Answer, p.BeforeAnswer, p.AfterAnswer
	if answer != nil {
		p.mu.Unlock()
		answer(w, r)
		return
	}
	status, body := p.give(r, grant)
	p.mu.Unlock()
	if before != nil {
		before(grant)
	}
	if after == nil {
		reply(w, status, body)
		return
	}
	tell(w, r, status, body)
	after(grant)
}

func refuse(code string) (int, map[string]any) {
	return http.StatusBadRequest, map[string]any{"error": code, "error_description": "it is " + code}
}

func (p *Provider) give(r *http.Request, grant string) (int, map[string]any) {
	form := r.PostForm
	if grant != jwtGrant && !p.isClient(r) {
		status, body := refuse("invalid_client")
		return status + 1, body
	}
	switch grant {
	case "authorization_code":
		asked, ok := p.codes[form.Get("code")]
		delete(p.codes, form.Get("code"))
		if !ok || asked.Get("redirect_uri") != form.Get("redirect_uri") || !proves(asked, form.Get("code_verifier")) {
			return refuse("invalid_grant")
		}
		return p.pair("")
	case "refresh_token":
		old := form.Get("refresh_token")
		live, known := p.refresh[old]
		if known && !live { // replaced, and used again: stolen
			clear(p.refresh)
			clear(p.access)
		}
		if !live {
			return refuse("invalid_grant")
		}
		return p.pair(old)
	case "client_credentials":
		status, body := p.pair("")
		delete(body, "refresh_token")
		return status, body
	case "password":
		if form.Get("username") != Username || form.Get("password") != Password {
			return refuse("invalid_grant")
		}
		return p.pair("")
	case jwtGrant:
		if p.assertion(form.Get("assertion")) != nil {
			return refuse("invalid_grant")
		}
		status, body := p.pair("")
		delete(body, "refresh_token")
		return status, body
	}
	return refuse("unsupported_grant_type")
}

const jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// assertion checks a signed claim.
func (p *Provider) assertion(text string) error {
	_, err := jwt.Parse(text, func(*jwt.Token) (any, error) { return p.Key.Public(), nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(ClientID), jwt.WithExpirationRequired())
	return err
}

func (p *Provider) isClient(r *http.Request) bool {
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	user, password, ok := r.BasicAuth()
	if p.InHeader {
		if id != "" || secret != "" || !ok {
			return false
		}
		id, _ = url.QueryUnescape(user)
		secret, _ = url.QueryUnescape(password)
	} else if ok {
		return false
	}
	return id == ClientID && secret == ClientSecret
}

// proves checks PKCE, where it was begun.
func proves(asked url.Values, verifier string) bool {
	challenge := asked.Get("code_challenge")
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return asked.Get("code_challenge_method") == "S256" && base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// pair makes tokens, in place of a refresh token if there is one.
func (p *Provider) pair(old string) (int, map[string]any) {
	access, refresh := "at-"+rand.Text(), old
	p.access[access] = time.Now().Add(time.Duration(p.Lifetime) * time.Second)
	body := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": p.Lifetime}
	if p.NoRefresh {
		return http.StatusOK, body
	}
	if old == "" || !p.KeepRefresh {
		if old != "" && !p.Grace {
			p.refresh[old] = false
		}
		refresh = "rt-" + rand.Text()
		p.refresh[refresh] = true
		body["refresh_token"] = refresh
	}
	return http.StatusOK, body
}
