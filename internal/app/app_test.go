package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// TestMain makes the test's program its own worker for scripts, as the command is.
func TestMain(m *testing.M) { os.Exit(scripttest.Main(func() int { return pgtest.Main(m) })) }

// stopLimit is how long an installation may take to stop, at most.
const stopLimit = time.Minute

// running is an installation that serves.
type running struct {
	*App
	partner tandem.NewPartner
	acme    *client.Client
	stop    func() error // asks it to stop, and waits; once or more
}

// logger shows what goes wrong with a failed test.
func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

func config(t *testing.T, database string) Config {
	return Config{
		Data: storetest.Folder(t), Database: database, Listen: "127.0.0.1:0",
		EgressAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
}

// start makes an installation with a partner, and runs it until t ends.
func start(t *testing.T, c Config) *running {
	t.Helper()
	a, err := New(t.Context(), logger(t), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	r := &running{App: a, stop: sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(stopLimit):
			return errors.New("it does not stop")
		}
	})}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	if r.partner, err = a.Setup(t.Context(), "Acme Software", "ada@acme.test"); err != nil {
		t.Fatal(err)
	}
	r.acme = client.New(a.URL(), r.partner.ClientID, tandem.Secret(r.partner.ClientSecret))
	return r
}

// databases runs a test on either kind.
func databases(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, "") })
	t.Run("Postgres", func(t *testing.T) { test(t, storetest.URL(t)) })
}

func get(t *testing.T, url, token string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestHealth(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := config(t, database)
		c.MetricsToken, c.MetricsListen = "figures", freeAddress(t)
		r := start(t, c)
		for _, path := range []string{"/healthz", "/readyz"} {
			if status, body := get(t, r.URL()+path, ""); status != 200 {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		for token, want := range map[string]int{"": 401, "wrong": 401, "figures": 200} {
			if status, _ := get(t, r.URL()+"/metrics", token); status != want {
				t.Errorf("metrics with token %q: %d, want %d", token, status, want)
			}
		}
		if status, _ := get(t, r.URL()+"/V1.0/Accounts", ""); status != 401 {
			t.Errorf("the API in another case: %d", status)
		}
		status, body := get(t, "http://"+c.MetricsListen+"/metrics", "")
		if status != 200 || !strings.Contains(body, `tandem_http_requests_total{code="401",room="api"} 1`) {
			t.Errorf("metrics on an address of their own: %d %s", status, body)
		}
		if status, _ := get(t, "http://"+c.MetricsListen+"/v1.0/accounts", ""); status != 404 {
			t.Errorf("the API is where only metrics should be: %d", status)
		}
	})
}

func TestNoMetricsUnasked(t *testing.T) {
	r := start(t, config(t, ""))
	if _, body := get(t, r.URL()+"/metrics", ""); strings.Contains(body, "tandem_http") {
		t.Error("metrics are there for everybody")
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestReadyTellsOfADeadDatabase(t *testing.T) {
	a, err := New(t.Context(), slog.New(slog.DiscardHandler), config(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(nil)
	if err := a.store.Dialect().Reader().Close(); err != nil {
		t.Fatal(err)
	}
	w := recorder{header: http.Header{}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	a.handler.ServeHTTP(&w, req)
	if w.status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", w.status)
	}
}

// recorder keeps the status of an answer.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

// begun is an installation that was made and is closed again.
func begun(t *testing.T, database string) Config {
	t.Helper()
	c := config(t, database)
	if err := start(t, c).stop(); err != nil {
		t.Fatal(err)
	}
	return c
}

// refuses starts an installation that must not start, and gives the reason.
func refuses(t *testing.T, c Config) error {
	t.Helper()
	a, err := New(t.Context(), slog.New(slog.DiscardHandler), c)
	if err == nil {
		t.Fatal("it started", a.Close(nil))
	}
	return err
}

func TestRefusesTheWrongKey(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := begun(t, database)
		other := begun(t, "")
		key, err := os.ReadFile(filepath.Join(other.Data, "master.key"))
		if err != nil {
			t.Fatal(err)
		}
		c.MasterKey = tandem.Secret(bytes.TrimSpace(key))
		if err := refuses(t, c); !errors.Is(err, vault.ErrWrongKey) {
			t.Errorf("a wrong key: %v", err)
		}
		c.MasterKey = ""
		if err := os.Remove(filepath.Join(c.Data, "master.key")); err != nil {
			t.Fatal(err)
		}
		if err := refuses(t, c); !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("no key: %v", err)
		}
		if _, err := os.Stat(filepath.Join(c.Data, "master.key")); err == nil {
			t.Error("a new key was made for old secrets")
		}
	})
}

func TestRefusesAFolderInUse(t *testing.T) {
	c := config(t, "")
	r := start(t, c)
	if err := refuses(t, c); !strings.Contains(err.Error(), c.Data) {
		t.Errorf("the folder is in use: %v", err)
	}
	if status, _ := get(t, r.URL()+"/readyz", ""); status != 200 {
		t.Errorf("the first one: %d", status)
	}
}

func TestRefusesANewerSchema(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		c := config(t, database)
		r := start(t, c)
		if _, err := r.store.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
			t.Fatal(err)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if err := refuses(t, c); !strings.Contains(err.Error(), "9999") {
			t.Errorf("a newer schema: %v", err)
		}
	})
}

func TestRefusesBadSettings(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]Config{
		"data: a folder is needed": {},
		"api-url: want a URL":      {Data: t.TempDir(), APIURL: "tandem.example"},
		"listen:":                  {Data: t.TempDir(), Listen: "nowhere:x"},
		"nowhere is not a folder":  {Data: t.TempDir(), Connectors: []string{"nowhere"}},
		"egress-roots: open":       {Data: t.TempDir(), EgressRoots: "nowhere.pem"},
		"blobs: want s3://":        {Data: t.TempDir(), Blobs: Blobs{URL: "https://bucket"}},
		"files: want s3://":        {Data: t.TempDir(), Files: Blobs{URL: "https://bucket"}},
		"AWS_SECRET_ACCESS_KEY":    {Data: t.TempDir(), Blobs: Blobs{URL: "s3://bucket?region=eu-west-1"}},
		"empty.pem: there is no":   {Data: t.TempDir(), EgressRoots: empty},
	} {
		if err := refuses(t, c); !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A connector that cannot be called is found at the start, not by a customer.
func TestRefusesABadConnector(t *testing.T) {
	c, folder := config(t, ""), t.TempDir()
	c.Connectors = []string{folder}
	if err := os.Mkdir(filepath.Join(folder, "shop"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := `Name: Shop
Version: "1.0"
UniqueIdentifier: 5b0f6f9e-7a53-4a38-9b6a-2a60d1f5c001
Authentication: [{AuthType: None}]
Methods:
  - Name: List
    MethodType: Action
    HttpMethod: GET
    Endpoint: "http://shop.test/{{Name | shout}}"
    Parameters: [{Name: Name, TargetType: MergeField}]
`
	if err := os.WriteFile(filepath.Join(folder, "shop", "connector.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	err := refuses(t, c)
	for _, want := range []string{"shop/connector.yaml", "List", "shout"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: does not name %q", err, want)
		}
	}
}

// A stop lets requests under way end, and does not wait for streams.
func TestStopsGracefully(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		token := r.token(t)
		streamed := r.stream(t, token)
		body, sent := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, r.URL()+"/v1.0/accounts/books", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Expect", "100-continue") // the body is sent once the handler reads it
		patient := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: patience}}
		defer patient.CloseIdleConnections()
		answered := make(chan int, 1)
		go func() {
			res, err := patient.Do(req)
			if err != nil {
				t.Error(err)
				answered <- 0
				return
			}
			res.Body.Close()
			answered <- res.StatusCode
		}()
		if _, err := io.WriteString(sent, `{"Description":`); err != nil { // it is under way
			t.Fatal(err)
		}
		began := time.Now()
		stopped := make(chan error, 1)
		go func() { stopped <- r.stop() }()
		<-streamed
		if _, err := io.WriteString(sent, `"changed"}`); err != nil {
			t.Fatal(err)
		}
		sent.Close()
		if status := <-answered; status != http.StatusOK {
			t.Errorf("the request under way: %d", status)
		}
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > stopLimit/2 {
			t.Errorf("the stop took %v", took)
		}
		if _, err := net.DialTimeout("tcp", strings.TrimPrefix(r.URL(), "http://"), time.Second); err == nil {
			t.Error("it still listens")
		}
	})
}

func (r *running) token(t *testing.T) string {
	t.Helper()
	issued, err := r.Identity.IssueToken(t.Context(), tandem.TokenRequest{
		GrantType: "client_credentials", ClientID: r.partner.ClientID, ClientSecret: tandem.Secret(r.partner.ClientSecret),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(issued.Token)
}

// stream opens a live stream, and tells when it has ended.
func (r *running) stream(t *testing.T, token string) <-chan struct{} {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL()+"/v1.0/cycles/transactions/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("X-Cyclr-Account", "books")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Errorf("the stream broke instead of ending: %v", err)
		}
	}()
	return ended
}
