package console_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/console"
)

// sessions keeps who is signed in by token.
type sessions struct {
	tandem.Sessions
	identity *identity
	open     map[tandem.Secret]tandem.Session
}

func (s *sessions) Begin(_ context.Context, n tandem.Session) (tandem.Secret, error) {
	token := tandem.Secret(rand.Text())
	s.open[token] = n
	return token, nil
}

func (s *sessions) Resume(_ context.Context, token tandem.Secret) (tandem.Session, error) {
	n, ok := s.open[token]
	if !ok || s.identity.removed {
		return n, &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
	}
	return n, nil
}

func (s *sessions) End(_ context.Context, token tandem.Secret) error {
	delete(s.open, token)
	return nil
}

// identity knows one user.
type identity struct {
	tandem.Identity
	removed bool
	err     error
}

var ada = tandem.ConsoleUser{ID: 7, Partner: 3, Email: "ada@acme.test", Name: "Ada", PartnerName: "Acme Software"}

func (i *identity) SignIn(_ context.Context, email string, password tandem.Secret, _ string) (tandem.ConsoleUser, error) {
	if i.err != nil {
		return tandem.ConsoleUser{}, i.err
	}
	if email != ada.Email || string(password) != "correct horse" {
		return tandem.ConsoleUser{}, &tandem.Error{Code: tandem.Unauthenticated, Message: "Email or password is wrong."}
	}
	return ada, nil
}

func (i *identity) ConsoleUser(_ context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	if i.removed || id != ada.ID {
		return tandem.ConsoleUser{}, &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
	}
	return ada, nil
}

var built = fstest.MapFS{
	"index.html":          {Data: []byte("<!doctype html><title>Tandem</title>")},
	"scheme.js":           {Data: []byte("document")},
	"assets/app-1.js":     {Data: []byte("plain script")},
	"assets/app-1.js.br":  {Data: []byte("brotli")},
	"assets/app-1.js.gz":  {Data: []byte("gzip")},
	"assets/app-1.js.map": {Data: []byte("not served")},
}

// rig is a console on a server on loopback, with an API beside it that tells
// whose request it gets.
type rig struct {
	*httptest.Server
	identity *identity
	sessions *sessions
	logged   *bytes.Buffer
}

func start(t *testing.T, dist fs.FS, o console.Options) *rig {
	t.Helper()
	r := &rig{identity: &identity{}, logged: &bytes.Buffer{}}
	r.sessions = &sessions{identity: r.identity, open: map[tandem.Secret]tandem.Session{}}
	log := slog.New(slog.NewTextHandler(r.logged, nil))
	c, err := console.New(log, console.Services{Identity: r.identity, Sessions: r.sessions}, dist, o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", c.Handler())
	mux.HandleFunc("/v1.0/who", func(w http.ResponseWriter, req *http.Request) {
		if p, ok := c.Principal(req); ok && p == (tandem.Principal{Partner: ada.Partner, ConsoleUser: ada.ID}) {
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	r.Server = httptest.NewServer(mux)
	t.Cleanup(r.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Client().Jar = jar
	r.Client().Timeout = 10 * time.Second
	r.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return r
}

// do sends a request; header is name, value, name, value …
func (r *rig) do(t *testing.T, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, r.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := r.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func (r *rig) want(t *testing.T, status int, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	res, got := r.do(t, method, path, body, header...)
	if res.StatusCode != status {
		t.Fatalf("%s %s = %d %s, want %d", method, path, res.StatusCode, got, status)
	}
	return res, got
}

const adasSignIn = `{"Email":"ada@acme.test","Password":"correct horse"}`

func (r *rig) signIn(t *testing.T) *http.Cookie {
	t.Helper()
	res, _ := r.want(t, 200, "POST", "/console/session", adasSignIn, "Content-Type", "application/json")
	for _, c := range res.Cookies() {
		if c.Name == "tandem_session" {
			return c
		}
	}
	t.Fatal("signing in set no cookie")
	return nil
}
