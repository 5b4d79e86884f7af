package console_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-ipaas/tandem/internal/console"
)

func TestPages(t *testing.T) {
	const forever = "public, max-age=31536000, immutable"
	tests := []struct {
		path, accept      string
		status            int
		body, coding, age string
	}{
		{"/console/", "", 200, "<!doctype", "", "no-cache"},
		{"/console/accounts/a.b.js/cycles", "", 200, "<!doctype", "", "no-cache"},
		{"/console/scheme.js", "br", 200, "document", "", "no-cache"},
		{"/console/assets/app-1.js", "", 200, "plain script", "", forever},
		{"/console/assets/app-1.js", "gzip, deflate, br", 200, "brotli", "br", forever},
		{"/console/assets/app-1.js", "gzip;q=0.5, br; q=0", 200, "gzip", "gzip", forever},
		{"/console/assets/app-1.js.map", "", 404, "", "", ""},
		{"/console/assets/app-0.js", "", 404, "", "", ""},
		{"/console/assets/%2e%2e/%2e%2e/etc/passwd", "", 200, "<!doctype", "", "no-cache"},
	}
	r := start(t, built, console.Options{})
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.accept, func(t *testing.T) {
			res, body := r.do(t, "GET", tt.path, "", "Accept-Encoding", tt.accept)
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tt.status)
			}
			if tt.status != 200 {
				return
			}
			h := res.Header
			if !strings.HasPrefix(body, tt.body) || h.Get("Content-Encoding") != tt.coding || h.Get("Cache-Control") != tt.age {
				t.Errorf("got %q, encoding %q, caching %q", body, h.Get("Content-Encoding"), h.Get("Cache-Control"))
			}
			res, _ = r.want(t, 304, "GET", tt.path, "", "Accept-Encoding", tt.accept, "If-None-Match", h.Get("ETag"))
			if res.Header.Get("ETag") != h.Get("ETag") {
				t.Error("the ETag changed")
			}
		})
	}
}

func TestWaysIn(t *testing.T) {
	r := start(t, built, console.Options{})
	for _, path := range []string{"/", "/console"} {
		res, _ := r.want(t, 302, "GET", path, "")
		if got := res.Header.Get("Location"); got != "/console/" {
			t.Errorf("%s leads to %q", path, got)
		}
	}
	r.want(t, 405, "POST", "/console/accounts", "")
}

func TestHeaders(t *testing.T) {
	r := start(t, built, console.Options{})
	for _, path := range []string{"/console/", "/console/session", "/console/assets/none.js"} {
		res, _ := r.do(t, "GET", path, "")
		csp := res.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: policy %q lacks %q", path, csp, part)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q allows the unsafe", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestNotBuilt(t *testing.T) {
	r := start(t, fstest.MapFS{".gitkeep": {}}, console.Options{})
	_, body := r.want(t, 503, "GET", "/console/accounts", "")
	if !strings.Contains(body, "make build") {
		t.Errorf("%s does not say how to build", body)
	}
	r.want(t, 401, "GET", "/console/session", "")
}
