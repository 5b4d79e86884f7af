package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// everywhere is a path of each room, and some that are of none.
var everywhere = []string{
	"/", "/console/", "/console/session", "/console/assets/none.js", "/v1.0/accounts", "/v1.0/none", "/v1.0/openapi.json", "/docs/index", "/docs/", "/docs/people", "/docs/none", "/oauth/token",
	"/api/webhook/none", "/account/signin", "/account/none", "/orbit", "/healthz", "/readyz", "/metrics", "/none", "/.git/config",
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	c := config(t, "")
	c.ServiceURL = "https://service.test"
	r := start(t, c)
	for _, path := range everywhere {
		res := fetch(t, http.MethodGet, r.URL()+path)
		h := res.Header
		if got := h.Get("Strict-Transport-Security"); got != "max-age=31536000; includeSubDomains" {
			t.Errorf("%s: Strict-Transport-Security is %q", path, got)
		}
		if got := h.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options is %q", path, got)
		}
		if got := h.Get("Referrer-Policy"); got != "no-referrer" && got != "same-origin" {
			t.Errorf("%s: Referrer-Policy is %q", path, got)
		}
		if got := h.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: Access-Control-Allow-Origin is %q", path, got)
		}
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors "} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %s", path, policy, part)
			}
		}
		if kind := h.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8") || kind == "" && res.ContentLength > 0 {
			t.Errorf("%s: Content-Type is %q", path, kind)
		}
	}
}

// Without TLS, nothing is said of it: browsers would not believe it, and who tries
// things out on one machine would be locked out if they did.
func TestNoPromiseWithoutTLS(t *testing.T) {
	w := httptest.NewRecorder()
	withBaseline(http.NotFoundHandler(), false).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := w.Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

// Nothing answers with what it was sent, and there is nothing to debug with.
func TestNothingToLookInto(t *testing.T) {
	r := start(t, config(t, ""))
	for _, path := range everywhere {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodTrace, r.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Cookie", "canary=1")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode < 400 || strings.Contains(string(body), "canary") {
			t.Errorf("TRACE %s: %d %s, %v", path, res.StatusCode, body, err)
		}
	}
	for _, path := range []string{"/debug/pprof/", "/debug/vars", "/.git/config", "/.env", "/tandem.db", "/master.key", "/web/package.json", "/blobs/", "/assets/", "/console/assets/app"} {
		if res := fetch(t, http.MethodGet, r.URL()+path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// A redirect is an answer too: it is not followed.
func fetch(t *testing.T, method, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// Of a message that says its length twice, the parts are never read apart: that is
// how a request is smuggled past a proxy.
func TestLengthsThatDisagree(t *testing.T) {
	bodies := make(chan string, 1)
	url := listen(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- string(body)
	}))
	for headers, want := range map[string]string{
		"Content-Length: 4\r\nContent-Length: 5\r\n":                       "",
		"Content-Length: 4x\r\n":                                           "",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n":    "",
		"Transfer-Encoding: xchunked\r\n":                                  "",
		"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n":              "abc",
		"Content-Length : 4\r\n":                                           "",
		"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nX: a\x00b\r\n": "",
	} {
		conn := dial(t, url)
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n3\r\nabc\r\n0\r\n\r\n", headers)
		answer, err := io.ReadAll(conn)
		if err != nil {
			t.Error(err)
		}
		got := ""
		if strings.HasPrefix(string(answer), "HTTP/1.1 200") {
			got = <-bodies
		}
		if got != want {
			t.Errorf("%q: the body is %q, want %q\n%s", headers, got, want, answer)
		}
	}
}
