package oauthtest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// request1 gives a token for one sign-in.
func (p *Provider) request1(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Asked["oauth1"]++
	given, ok := p.verify(r, "")
	if !ok || given["oauth_callback"] == "" {
		form(w, http.StatusUnauthorized, url.Values{"oauth_problem": {"signature_invalid"}})
		return
	}
	token, secret := "q-"+rand.Text(), "qs-"+rand.Text()
	p.signed[token] = secret
	p.codes[token] = url.Values{"callback": {given["oauth_callback"]}}
	form(w, http.StatusOK, url.Values{"oauth_token": {token}, "oauth_token_secret": {secret}, "oauth_callback_confirmed": {"true"}})
}

func (p *Provider) authorise1(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	token := r.URL.Query().Get("oauth_token")
	asked, ok := p.codes[token]
	if !ok {
		http.Error(w, "who are you?", http.StatusBadRequest)
		return
	}
	back, err := url.Parse(asked.Get("callback"))
	if err != nil {
		http.Error(w, "where to?", http.StatusBadRequest)
		return
	}
	q := back.Query()
	if p.Deny {
		q.Set("denied", token)
	} else {
		verifier := "v-" + rand.Text()
		asked.Set("verifier", verifier)
		q.Set("oauth_token", token)
		q.Set("oauth_verifier", verifier)
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) access1(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Asked["oauth1 access"]++
	token := header1(r)["oauth_token"]
	given, ok := p.verify(r, p.signed[token])
	asked := p.codes[token]
	delete(p.codes, token)
	if !ok || asked == nil || given["oauth_verifier"] == "" || given["oauth_verifier"] != asked.Get("verifier") {
		form(w, http.StatusUnauthorized, url.Values{"oauth_problem": {"token_rejected"}})
		return
	}
	delete(p.signed, token)
	token, secret := "t-"+rand.Text(), "ts-"+rand.Text()
	p.signed[token] = secret
	form(w, http.StatusOK, url.Values{"oauth_token": {token}, "oauth_token_secret": {secret}})
}

func (p *Provider) isSigned(r *http.Request) bool {
	secret, known := p.signed[header1(r)["oauth_token"]]
	_, ok := p.verify(r, secret)
	return known && ok
}

var pair1 = regexp.MustCompile(`(\w+)="([^"]*)"`)

// header1 are the parameters of an Authorization of OAuth 1.0a.
func header1(r *http.Request) map[string]string {
	all := map[string]string{}
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
	if !ok {
		return all
	}
	for _, m := range pair1.FindAllStringSubmatch(text, -1) {
		all[m[1]], _ = url.PathUnescape(m[2])
	}
	return all
}

// verify checks a signature, as RFC 5849 says: made here anew.
func (p *Provider) verify(r *http.Request, secret string) (map[string]string, bool) {
	given := header1(r)
	nonce := given["oauth_nonce"]
	if nonce == "" || p.nonces[nonce] || given["oauth_consumer_key"] != ClientID {
		return given, false
	}
	p.nonces[nonce] = true
	var hashed func() hash.Hash
	switch given["oauth_signature_method"] {
	case "HMAC-SHA1":
		hashed = sha1.New
	case "HMAC-SHA256":
		hashed = sha256.New
	default:
		return given, false
	}
	var pairs []string
	for name, value := range given {
		if name != "oauth_signature" && name != "realm" {
			pairs = append(pairs, escape1(name)+"="+escape1(value))
		}
	}
	for name, values := range r.URL.Query() {
		for _, value := range values {
			pairs = append(pairs, escape1(name)+"="+escape1(value))
		}
	}
	slices.Sort(pairs)
	base := r.Method + "&" + escape1("http://"+r.Host+r.URL.EscapedPath()) + "&" + escape1(strings.Join(pairs, "&"))
	mac := hmac.New(hashed, []byte(escape1(ClientSecret)+"&"+escape1(secret)))
	mac.Write([]byte(base))
	sum, err := base64.StdEncoding.DecodeString(given["oauth_signature"])
	return given, err == nil && hmac.Equal(sum, mac.Sum(nil))
}

func escape1(s string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~", "*", "%2A").Replace(url.QueryEscape(s))
}

func form(w http.ResponseWriter, status int, v url.Values) {
	w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(v.Encode()))
}
