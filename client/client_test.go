package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// server notes what it is asked, and gives tokens t1, t2, …, of which one alone
// works at a time.
type server struct {
	*httptest.Server
	calls  []string
	issued int
	lives  int // seconds that tokens live
}

func newServer(t *testing.T, handle http.HandlerFunc) *server {
	s := &server{lives: 3600}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			s.token(w, r)
			return
		}
		s.calls = append(s.calls, fmt.Sprintf("%s %s %s %q", r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("X-Tandem-Account")))
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", s.issued) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	if id, secret, _ := r.BasicAuth(); id != "id" || secret != "a%2Fb" || r.FormValue("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
		return
	}
	s.issued++
	fmt.Fprintf(w, `{"access_token":"t%d","expires_in":%d}`, s.issued, s.lives)
}

func TestCalls(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"Id":"c"}`) })
	c := client.New(s.URL+"/", "id", "a/b")
	books := c.Account("books")
	if _, err := c.CreateAccount(t.Context(), client.Account{Name: "Books"}); err != nil {
		t.Fatal(err)
	}
	cycle, err := books.InstallTemplate(t.Context(), "t")
	if err != nil || cycle.ID != "c" {
		t.Fatalf("%+v, %v", cycle, err)
	}
	if _, err := books.Deactivate(t.Context(), cycle.ID, true); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`POST /v1.0/accounts Bearer t1 ""`,
		`POST /v1.0/templates/t/install Bearer t1 "books"`,
		`PUT /v1.0/cycles/c/deactivate?finishQueuedTransactions=true Bearer t1 "books"`,
	}
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestTokens(t *testing.T) {
	s := newServer(t, func(http.ResponseWriter, *http.Request) {})
	c := client.New(s.URL, "id", "a/b")
	call := func() {
		t.Helper()
		if err := c.Do(t.Context(), http.MethodGet, "/x", nil, nil); err != nil {
			t.Error(err)
		}
	}
	call()
	call()
	if s.issued != 1 {
		t.Errorf("%d tokens for two calls", s.issued)
	}
	s.issued++ // the first is no good any more
	call()
	if s.issued != 3 {
		t.Errorf("%d tokens, want a new one after the old was refused", s.issued)
	}
	s.lives = 30
	s.issued++
	call()
	call()
	if s.issued != 6 {
		t.Errorf("%d tokens, want a new one when the old is about to expire", s.issued)
	}
	wrong := client.New(s.URL, "id", "wrong")
	var e *tandem.Error
	if err := wrong.Do(t.Context(), http.MethodGet, "/x", nil, nil); !errors.As(err, &e) || e.Message != "invalid_client" {
		t.Errorf("wrong secret: %v", err)
	}
}

func TestErrors(t *testing.T) {
	for _, code := range []tandem.Code{
		tandem.Invalid, tandem.Forbidden, tandem.NotFound, tandem.Conflict, tandem.Gone, tandem.TooLarge, tandem.RateLimited, tandem.Unavailable, tandem.Internal,
	} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120") // too long to wait for
			w.WriteHeader(code.Status())
			_ = json.NewEncoder(w).Encode(map[string]any{"Message": "why", "ModelState": map[string][]string{"Name": {"why"}}})
		})
		err := client.New(s.URL, "id", "a/b").Do(t.Context(), http.MethodGet, "/x", nil, nil)
		var e *tandem.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", code, err)
		}
		want := tandem.Error{Code: code, Message: "why", Field: "Name", RetryAfter: 2 * time.Minute}
		if diff := cmp.Diff(want, *e); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
}
