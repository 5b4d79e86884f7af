package api_test

import (
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

func TestRateLimit(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.serve(api.Options{ClientRate: 4, FailureRate: 3})
	list := call{method: "GET", path: "/v1.0/accounts"}
	for i, want := range []struct {
		call      call
		status    int
		remaining string
	}{
		{list, 200, "3"},
		{call{method: "GET", path: "/v1.0/accounts/none"}, 404, "2"},
		{call{method: "GET", path: "/v1.0/cycles"}, 401, "1"}, // no account is named
		{call{method: "GET", path: "/v1.0/cycles", account: "books"}, 200, "0"},
		{list, 429, "0"},
	} {
		a := w.do(want.call)
		if a.status != want.status || a.header.Get("RateLimit-Remaining") != want.remaining || a.header.Get("RateLimit-Limit") != "4" || a.header.Get("RateLimit-Reset") == "" {
			t.Errorf("%d: %d %v", i, a.status, a.header)
		}
		if (a.header.Get("Retry-After") != "") != (want.status == 429) {
			t.Errorf("%d: Retry-After %q", i, a.header.Get("Retry-After"))
		}
	}
	w.fails(list, 429, "Too many requests: this client may make 4 a minute.")
}

func TestWrongTokensAreLimited(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.serve(api.Options{FailureRate: 3})
	made, right := call{method: "GET", path: "/v1.0/accounts", token: "made-up"}, call{method: "GET", path: "/v1.0/accounts"}
	for range 3 {
		w.fails(made, 401, "")
		w.ok(right, nil)
	}
	if a := w.do(made); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %v", a.status, a.header)
	}
	w.ok(right, nil)

	guess := call{
		method: "POST", path: "/oauth/token", token: "-", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		body: "grant_type=client_credentials&client_secret=wrong&client_id=" + w.partner.ClientID,
	}
	for range 3 {
		if a := w.do(guess); a.status != http.StatusBadRequest {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	w.fails(guess, 429, "")
}
