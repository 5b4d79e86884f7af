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
	"github.com/tandem-ipaas/tandem/internal/dist"
)

// sessions keeps who is signed in by token.
type sessions struct {
	tandem.Sessions
	entrance *entrance
	looked   int // for a page that asked by itself
	open     map[tandem.Secret]tandem.Session
}

func (s *sessions) Begin(_ context.Context, n tandem.Session) (tandem.Secret, error) {
	token := tandem.Secret(rand.Text())
	s.open[token] = n
	return token, nil
}

func (s *sessions) Look(ctx context.Context, token tandem.Secret) (tandem.Session, error) {
	s.looked++
	return s.Resume(ctx, token)
}

func (s *sessions) Resume(_ context.Context, token tandem.Secret) (tandem.Session, error) {
	n, ok := s.open[token]
	if !ok || s.entrance.removed {
		return n, &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
	}
	return n, nil
}

func (s *sessions) End(_ context.Context, token tandem.Secret) error {
	delete(s.open, token)
	return nil
}

// entrance knows one user.
type entrance struct {
	tandem.Entrance
	tandem.ConsoleUsers
	tandem.Gate
	removed, elsewhere bool
	err                error
	next               tandem.EntryStep
	device             tandem.Secret        // that was sent
	partners           []tandem.ConsoleUser // to choose of
	several            bool                 // partners in the installation
}

// OnlyPartner implements console.Partners.
func (e *entrance) OnlyPartner(context.Context) (tandem.PartnerID, error) {
	if e.several {
		return 0, tandem.NotFoundf("The partner could not be found.")
	}
	return ada.Partner, nil
}

// settings are ada's partner's.
type settings struct{ tandem.Settings }

func (settings) Get(_ context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error) {
	if p != ada.Partner {
		return tandem.PartnerSettings{}, tandem.NotFoundf("The partner could not be found.")
	}
	return tandem.PartnerSettings{Appearance: tandem.Appearance{ProductName: "Connect", AccentColor: "#0b5cad"}}, nil
}

var ada = tandem.ConsoleUser{ID: 7, Partner: 3, Email: "ada@acme.test", Name: "Ada", PartnerName: "Acme Software"}

func (e *entrance) SignIn(_ context.Context, s tandem.SignIn) (tandem.Entry, error) {
	e.device = s.Device
	if e.err != nil {
		return tandem.Entry{}, e.err
	}
	if s.Email != ada.Email || string(s.Password) != "correct horse" {
		return tandem.Entry{}, &tandem.Error{Code: tandem.Unauthenticated, Message: "Email or password is wrong."}
	}
	if e.partners != nil && s.Partner == 0 {
		return tandem.Entry{Next: tandem.EntryChoose, Partners: e.partners}, nil
	}
	if e.next != tandem.EntryDone {
		return tandem.Entry{User: ada, Next: e.next, Token: "next"}, nil
	}
	return tandem.Entry{User: ada, Device: "device"}, nil
}

func (e *entrance) Confirm(_ context.Context, token tandem.Secret, code, _ string) (tandem.Entry, error) {
	if string(token) != "next" || code != "123456" {
		return tandem.Entry{}, &tandem.Error{Code: tandem.Unauthenticated, Message: "The code is wrong."}
	}
	return tandem.Entry{User: ada, RecoveryCodes: []string{"one"}}, nil
}

func (e *entrance) Check(_ context.Context, _ tandem.Principal, address string) error {
	if address != "127.0.0.1" || e.elsewhere {
		return &tandem.Error{Code: tandem.Forbidden, Message: "Not from here."}
	}
	return nil
}

func (e *entrance) Get(context.Context, tandem.PartnerID, tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
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
	entrance *entrance
	sessions *sessions
	logged   *bytes.Buffer
}

func start(t *testing.T, files fs.FS, o console.Options) *rig {
	t.Helper()
	pages, err := dist.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{entrance: &entrance{}, logged: &bytes.Buffer{}}
	r.sessions = &sessions{entrance: r.entrance, open: map[tandem.Secret]tandem.Session{}}
	log := slog.New(slog.NewTextHandler(r.logged, nil))
	c := console.New(log, console.Services{Sessions: r.sessions, Entrance: r.entrance, Users: r.entrance, Gate: r.entrance, Partners: r.entrance, Settings: settings{}}, pages, o)
	mux := http.NewServeMux()
	mux.Handle("/", c.Handler())
	mux.HandleFunc("/v1.0/who", func(w http.ResponseWriter, req *http.Request) {
		if p, err := c.Principal(req); err == nil && p == (tandem.Principal{Partner: ada.Partner, ConsoleUser: ada.ID}) {
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
