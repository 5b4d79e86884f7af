package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A provider's word counts by its own signature alone: not without one, not by the
// secret that we share, and not by one that says to be another.
func TestProviderIsWhoItSays(t *testing.T) {
	const secret = "the secret that both know"
	var algorithm, issuer string
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	reply := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{
			"issuer": issuer, "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys", "authorization_endpoint": s.URL,
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]any{"keys": []string{}}) })
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": signed(t, algorithm, secret, map[string]any{
			"iss": issuer, "aud": "tandem", "sub": "1", "nonce": "nonce", "exp": time.Now().Add(time.Minute).Unix(),
		})})
	})
	for _, c := range []struct{ algorithm, issuer, want string }{
		{"none", s.URL, "unexpected signature algorithm"},
		{"HS256", s.URL, "unexpected signature algorithm"},
		{"RS256", s.URL, "failed to verify signature"},
		{"RS256", "https://another.test", "did not match"},
	} {
		algorithm, issuer = c.algorithm, c.issuer
		p := &provider{client: s.Client()}
		who, err := p.exchange(t.Context(), relation{issuer: s.URL, clientID: "tandem", secret: secret}, underway{Nonce: "nonce"}, "code")
		if !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s of %s: %+v, %v; want an error: %s", c.algorithm, c.issuer, who, err, c.want)
		}
	}
}

// signed is a token whose signature, if there is any, is an HMAC.
func signed(t *testing.T, algorithm, secret string, claims map[string]any) string {
	t.Helper()
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	token := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"`+algorithm+`"}`)) + "." + base64.RawURLEncoding.EncodeToString(text)
	if algorithm == "none" {
		return token + "."
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return token + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
