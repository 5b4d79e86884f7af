package connection_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// third is a world whose connector signs in at a third party.
type third struct {
	*world
	*oauthtest.Provider
	url string
}

// databases runs a test on either kind.
func databases(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, "") })
	t.Run("Postgres", func(t *testing.T) { test(t, storetest.URL(t)) })
}

const (
	code = iota
	clientCredentials
	password
	assertion
	signed
)

func newThird(t *testing.T, url string, o connection.Options) *third {
	t.Helper()
	p := oauthtest.New(t)
	oauth2 := connector.Authentication{AuthType: connector.AuthOAuth2, AuthoriseURL: p.URL + "/authorise", AccessTokenURL: p.URL + "/token", PKCE: true}
	ways := []connector.Authentication{oauth2, oauth2, oauth2, {
		AuthType: connector.AuthJWT, AccessTokenURL: p.URL + "/token", Fields: []connector.AuthField{{Name: "Issuer"}}, Claims: []connector.NameValue{{Name: "iss", Value: "{{Issuer}}"}},
	}, {
		AuthType: connector.AuthOAuth1, RequestTokenURL: p.URL + "/1/request", AuthoriseURL: p.URL + "/1/authorise", AccessTokenURL: p.URL + "/1/access",
	}}
	ways[code].OAuth2Type, ways[clientCredentials].OAuth2Type, ways[password].OAuth2Type = connector.AuthorisationCode, connector.ClientCredentials, connector.PasswordCredentials
	for i := range ways {
		ways[i].Name = []string{"Code", "Client", "Password", "Assertion", "Signed"}[i]
	}
	w := newWorldOn(t, url, o, &connector.Connector{Name: "CRM", Version: "1", Authentication: ways})
	return &third{w, p, url}
}

var ofClient = []tandem.Property{{Name: "ClientId", Value: oauthtest.ClientID}, {Name: "ClientSecret", Value: oauthtest.ClientSecret}}

// with installs the connector, to be authenticated by a way in.
func (w *third) with(t *testing.T, way int, value tandem.Secret) *tandem.AccountConnector {
	t.Helper()
	return w.install(t, tandem.ConnectorInstall{AuthenticationID: w.library.Authentication[way].ID, AuthValue: value, Properties: ofClient})
}

// signedIn installs the connector with a pair of tokens, the access token expired.
func (w *third) signedIn(t *testing.T) *tandem.AccountConnector {
	t.Helper()
	_, refresh := w.Grant()
	return w.with(t, code, token(t, connector.Token{AccessToken: "at-old", RefreshToken: refresh, Expires: "2026-01-01T00:00:00Z"}))
}

func token(t *testing.T, k connector.Token) tandem.Secret {
	t.Helper()
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	return tandem.Secret(text)
}

// works says whether the third party takes what there is.
func (w *third) works(t *testing.T, r *connection.Resolved) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/api/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(r.AuthValue))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (w *third) get(t *testing.T, id tandem.AccountConnectorID) *tandem.AccountConnector {
	t.Helper()
	c, err := w.Get(t.Context(), w.root, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// otherNode is another process on the same database.
func (w *third) otherNode(t *testing.T, o connection.Options) *connection.Connectors {
	t.Helper()
	if w.url == "" {
		return w.node(o)
	}
	st, err := store.Open(t.Context(), w.url, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return connection.New(slog.New(slog.DiscardHandler), st, st, w.vault, w.library, connection.NewSettings(st, w.vault), http.DefaultClient, o)
}

func TestTokensAreRefreshed(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		w := newThird(t, url, connection.Options{})
		c := w.signedIn(t)
		for _, by := range []tandem.AccountID{w.root, w.sub} { // below, the owner's row is what is refreshed
			r, err := w.Credentials(t.Context(), by, c.ID)
			if err != nil || !w.works(t, r) || r.Owner != w.root {
				t.Fatalf("%v, %v", r, err)
			}
		}
		if n := w.Count("refresh_token"); n != 1 {
			t.Errorf("refreshed %d times", n)
		}
		if _, err := w.Credentials(t.Context(), w.another, c.ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("another account: %v", err)
		}
		r, err := w.Credentials(t.Context(), w.sub, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.Expire()
		next, err := w.Refresh(t.Context(), w.sub, c.ID, r)
		if err != nil || !w.works(t, next) {
			t.Fatalf("after a 401: %v", err)
		}
		if again, err := w.Refresh(t.Context(), w.root, c.ID, r); err != nil || again.AuthValue != next.AuthValue || w.Count("refresh_token") != 2 {
			t.Errorf("somebody had refreshed: %v after %d", err, w.Count("refresh_token"))
		}
	})
}

// However many ask, on however many nodes, the third party is asked once.
func TestOneRefresh(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		o := connection.Options{Shared: url != ""}
		w := newThird(t, url, o)
		c := w.signedIn(t)
		nodes := []*connection.Connectors{w.Connectors, w.otherNode(t, o)}
		w.Set(func(p *oauthtest.Provider) { p.BeforeAnswer = func(string) { time.Sleep(100 * time.Millisecond) } })
		refresh := func(each func(*connection.Connectors) (*connection.Resolved, error)) {
			t.Helper()
			var wg sync.WaitGroup
			tokens := make([]tandem.Secret, 50)
			begin := make(chan struct{})
			for i := range tokens {
				wg.Go(func() {
					<-begin
					r, err := each(nodes[i%2])
					if err != nil {
						t.Error(err)
						return
					}
					tokens[i] = r.AuthValue
				})
			}
			close(begin)
			wg.Wait()
			for _, got := range tokens {
				if got == "" || got != tokens[0] {
					t.Fatalf("not all have the same token")
				}
			}
		}
		refresh(func(n *connection.Connectors) (*connection.Resolved, error) {
			return n.Credentials(t.Context(), w.root, c.ID)
		})
		if n := w.Count("refresh_token"); n != 1 {
			t.Errorf("an expired token was refreshed %d times", n)
		}
		used, err := w.Credentials(t.Context(), w.root, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		refresh(func(n *connection.Connectors) (*connection.Resolved, error) {
			return n.Refresh(t.Context(), w.root, c.ID, used)
		})
		if n := w.Count("refresh_token"); n != 2 {
			t.Errorf("a refused token was refreshed %d times", n-1)
		}
	})
}

func TestTokensAreGotAtOnce(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	for way, value := range map[int]tandem.Secret{
		clientCredentials: "{}", password: `{"username":"` + oauthtest.Username + `","Password":"` + oauthtest.Password + `"}`,
	} {
		c := w.with(t, way, value)
		if c.State != tandem.Authenticated || c.Note != "" || c.AuthValue != value {
			t.Fatalf("%d: %+v", way, c)
		}
		r, err := w.Credentials(t.Context(), w.root, c.ID)
		if err != nil || !w.works(t, r) {
			t.Fatalf("%d: %v", way, err)
		}
		w.Revoke()
		if r, err = w.Refresh(t.Context(), w.root, c.ID, r); err != nil || !w.works(t, r) {
			t.Errorf("%d: when all was revoked: %v", way, err)
		}
	}
	if c := w.with(t, code, "{}"); c.State != tandem.NotAuthenticated || c.Note != "" {
		t.Errorf("a sign-in is needed: %+v", c)
	}
	if c := w.with(t, signed, "{}"); c.State != tandem.NotAuthenticated {
		t.Errorf("a sign-in is needed: %+v", c)
	}
	c := w.with(t, password, `{"Username":"ada","Password":"wrong password"}`)
	if c.State != tandem.NotAuthenticated || !strings.Contains(c.Note, "invalid_grant") || strings.Contains(c.Note, "wrong password") {
		t.Errorf("a wrong password: %+v", c)
	}
	c, err := w.Update(t.Context(), w.root, c.ID, tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret(`{"Username":"` + oauthtest.Username + `","Password":"` + oauthtest.Password + `"}`))})
	if err != nil || c.State != tandem.Authenticated || c.Note != "" {
		t.Errorf("the right one: %+v, %v", c, err)
	}
	w.Set(func(p *oauthtest.Provider) {
		p.Answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	})
	if c := w.with(t, clientCredentials, "{}"); c.State != tandem.NotAuthenticated || !strings.Contains(c.Note, "503") {
		t.Errorf("nobody answers: %+v", c)
	}
}

func TestAssertions(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	der, err := x509.MarshalPKCS8PrivateKey(w.Key)
	if err != nil {
		t.Fatal(err)
	}
	key, err := json.Marshal(map[string]string{"Issuer": oauthtest.ClientID, "PrivateKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	if err != nil {
		t.Fatal(err)
	}
	c := w.with(t, assertion, tandem.Secret(key))
	r, err := w.Credentials(t.Context(), w.root, c.ID)
	if err != nil || !w.works(t, r) || strings.Contains(string(r.AuthValue), "PRIVATE") {
		t.Fatalf("%v", err)
	}
	if r, err := w.Credentials(t.Context(), w.root, c.ID); err != nil || w.Count("urn:ietf:params:oauth:grant-type:jwt-bearer") != 1 || !w.works(t, r) {
		t.Errorf("again: %v", err)
	}
	w.Expire()
	if r, err = w.Refresh(t.Context(), w.root, c.ID, r); err != nil || !w.works(t, r) {
		t.Errorf("refused: %v", err)
	}
}

// What the third party takes back ends the sign-in, and is not asked for again.
func TestRevoked(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	c := w.signedIn(t)
	w.Revoke()
	for range 3 {
		r, err := w.Credentials(t.Context(), w.root, c.ID)
		if err == nil && r.State == tandem.Authenticated {
			t.Errorf("%+v", r)
		}
	}
	if got := w.get(t, c.ID); got.State != tandem.NotAuthenticated || !strings.Contains(got.Note, "replaced or revoked (the third party answered invalid_grant") || !strings.Contains(got.Note, "Sign in again") {
		t.Errorf("%+v", got)
	}
	if n := w.Count("refresh_token"); n != 1 {
		t.Errorf("asked %d times", n)
	}

	bare := w.with(t, code, "at-without-refresh")
	r, err := w.Credentials(t.Context(), w.root, bare.ID)
	if err != nil || r.AuthValue != "at-without-refresh" {
		t.Fatal(r, err)
	}
	if _, err := w.Refresh(t.Context(), w.root, bare.ID, r); tandem.ErrorCode(err) != tandem.Unauthenticated {
		t.Errorf("without a refresh token: %v", err)
	}
	if got := w.get(t, bare.ID); got.State != tandem.NotAuthenticated || !strings.Contains(got.Note, "none to refresh it with") {
		t.Errorf("%+v", got)
	}
}

// A third party that does not answer, or a client that can be put right, ends no
// sign-in.
func TestNotRevoked(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	c := w.signedIn(t)
	for status, want := range map[int]tandem.Code{http.StatusServiceUnavailable: tandem.Unavailable, http.StatusTooManyRequests: tandem.Unavailable, http.StatusForbidden: tandem.Unauthenticated} {
		w.Set(func(p *oauthtest.Provider) {
			p.Answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		})
		if _, err := w.Credentials(t.Context(), w.root, c.ID); tandem.ErrorCode(err) != want {
			t.Errorf("%d: %v", status, err)
		}
		if got := w.get(t, c.ID); got.State != tandem.Authenticated {
			t.Errorf("%d: %+v", status, got)
		}
	}
	w.Set(func(p *oauthtest.Provider) { p.Answer = nil })
	if _, err := w.Update(t.Context(), w.root, c.ID, tandem.ConnectorUpdate{Properties: []tandem.Property{{Name: "ClientSecret", Value: "old"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Credentials(t.Context(), w.root, c.ID); tandem.ErrorCode(err) != tandem.Unauthenticated {
		t.Errorf("a wrong client: %v", err)
	}
	if got := w.get(t, c.ID); got.State != tandem.Authenticated || !strings.Contains(got.Note, "invalid_client") {
		t.Errorf("a wrong client: %+v", got)
	}
	if _, err := w.Update(t.Context(), w.root, c.ID, tandem.ConnectorUpdate{Properties: ofClient}); err != nil {
		t.Fatal(err)
	}
	if r, err := w.Credentials(t.Context(), w.root, c.ID); err != nil || !w.works(t, r) {
		t.Errorf("put right: %v", err)
	}
	if got := w.get(t, c.ID); got.Note != "" {
		t.Errorf("the note stays: %+v", got)
	}
}

// A process that is killed between the third party's answer and the commit leaves
// a refresh token that was replaced, if the third party replaces them, and then
// the account connector says so.
func TestKilledBetweenAnswerAndCommit(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		w := newThird(t, "", connection.Options{})
		w.Set(func(p *oauthtest.Provider) { p.KeepRefresh = keeps })
		c := w.signedIn(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		killed := &killedStore{Store: w.store, die: cancel}
		dying := connection.New(slog.New(slog.DiscardHandler), w.store, killed, w.vault, w.library, connection.NewSettings(w.store, w.vault), http.DefaultClient, connection.Options{})
		_, err := dying.Credentials(ctx, w.root, c.ID)
		cancel()
		if err == nil || w.Count("refresh_token") != 1 {
			t.Fatalf("it was not killed: %v", err)
		}
		// The next process begins as the server does.
		if err := w.store.Close(); err != nil {
			t.Fatal(err)
		}
		next, err := store.Open(t.Context(), "", w.dir)
		if err != nil {
			t.Fatal(err)
		}
		w.store = next // which is closed in the end
		w.Connectors = w.node(connection.Options{})
		r, err := w.Credentials(t.Context(), w.root, c.ID)
		got := w.get(t, c.ID)
		if keeps {
			if err != nil || !w.works(t, r) || got.Note != "" {
				t.Errorf("the old one works: %v, %+v", err, got)
			}
			continue
		}
		if tandem.ErrorCode(err) != tandem.Unauthenticated || got.State != tandem.NotAuthenticated || !strings.Contains(got.Note, "Tandem was stopped while it asked") {
			t.Errorf("neither works: %v, %+v", err, got)
		}
	}
}

// killedStore is of a process that gets no further than the answer.
type killedStore struct {
	*store.Store
	die func()
}

func (s *killedStore) SettleTokens(ctx context.Context, _ tandem.AccountID, _ tandem.AccountConnectorID, _ string, _ func(*tandem.AccountConnector, bool) error) error {
	s.die()
	<-ctx.Done()
	return ctx.Err()
}

// Whoever changes the credentials while a token is on its way is right.
func TestChangedMeanwhile(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	c := w.signedIn(t)
	w.Set(func(p *oauthtest.Provider) {
		p.BeforeAnswer = func(string) {
			if _, err := w.Deauthenticate(context.Background(), w.root, c.ID); err != nil {
				t.Error(err)
			}
		}
	})
	if r, err := w.Credentials(t.Context(), w.root, c.ID); err != nil || r.State != tandem.NotAuthenticated || r.AuthValue != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRefusedAndAccepted(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	c := w.signedIn(t)
	r, err := w.Credentials(t.Context(), w.sub, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.Connectors.Refused(t.Context(), c.ID, r)
	if got := w.get(t, c.ID); got.State != tandem.Authenticated || !strings.Contains(got.Note, "The third party refused the credentials at 2") {
		t.Errorf("%+v", got)
	}
	if r, err = w.Credentials(t.Context(), w.sub, c.ID); err != nil {
		t.Fatal(err)
	}
	w.Accepted(t.Context(), c.ID, r)
	if got := w.get(t, c.ID); got.Note != "" {
		t.Errorf("%+v", got)
	}
}

func TestNoTokensInPlainText(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	c := w.signedIn(t)
	r, err := w.Credentials(t.Context(), w.root, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "tandem.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{string(r.AuthValue), oauthtest.ClientSecret, "at-old", "rt-"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s is in %s", secret, f)
			}
		}
	}
}
