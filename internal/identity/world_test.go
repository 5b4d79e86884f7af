package identity_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// letters stands for the mail: it keeps what it is given.
type letters struct {
	off  bool
	sent []tandem.Letter
}

func (l *letters) Ready() bool { return !l.off }

func (l *letters) Send(_ context.Context, _ tandem.PartnerID, letter tandem.Letter) error {
	l.sent = append(l.sent, letter)
	return nil
}

// token is the one in the link of the last letter.
func (l *letters) token(t *testing.T) tandem.Secret {
	t.Helper()
	if len(l.sent) == 0 {
		t.Fatal("there was no letter")
	}
	return tokenIn(t, l.sent[len(l.sent)-1].Link)
}

func tokenIn(t *testing.T, link string) tandem.Secret {
	t.Helper()
	_, token, ok := strings.Cut(link, "#")
	if !ok {
		t.Fatalf("no token in %q", link)
	}
	return tandem.Secret(token)
}

// settings are one partner's.
type settings struct {
	tandem.Settings
	tandem.PartnerSettings
}

func (s *settings) Get(context.Context, tandem.PartnerID) (tandem.PartnerSettings, error) {
	return s.PartnerSettings, nil
}

func (s *settings) Change(_ context.Context, _ tandem.PartnerID, change func(*tandem.PartnerSettings) error) (tandem.PartnerSettings, error) {
	next := s.PartnerSettings
	if err := change(&next); err != nil {
		return s.PartnerSettings, err
	}
	s.PartnerSettings = next
	return next, nil
}

// world is a partner with its first console user, and the services by which
// people come in.
type world struct {
	*testing.T
	db       *store.Store
	made     tandem.NewPartner
	ada      tandem.Principal // the first console user
	mail     *letters
	settings *settings
	keys     *vault.Vault
	hasher   *password.Hasher
	tickets  *identity.Tickets
	sessions *identity.Sessions
	entrance *identity.Entrance
	users    *identity.ConsoleUsers
	profile  *identity.Profile
}

func newWorld(t *testing.T, db *store.Store) *world {
	t.Helper()
	hasher, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, db: db, keys: keys, hasher: hasher, mail: &letters{}, settings: &settings{}, tickets: identity.NewTickets(db), sessions: identity.NewSessions(db)}
	factors := identity.NewFactors(db, keys)
	w.entrance = identity.NewEntrance(db, hasher, factors, w.tickets, w.settings, w.mail, "https://tandem.test")
	w.users = identity.NewConsoleUsers(db, w.tickets, w.mail, "https://tandem.test")
	w.profile = identity.NewProfile(db, hasher, factors, w.settings, w.mail)
	if w.made, err = identity.New(db, hasher, identity.NewGate(w.settings)).Setup(t.Context(), "Acme: Software", "ada@acme.test"); err != nil {
		t.Fatal(err)
	}
	first, _, err := db.ConsoleUserByEmail(t.Context(), w.made.PartnerID, "ada@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	w.ada = tandem.Principal{Partner: w.made.PartnerID, ConsoleUser: first.ID, Permissions: tandem.Everything()}
	return w
}

// worlds runs a test on either database.
func worlds(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newWorld(t, storetest.SQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { test(t, newWorld(t, storetest.Postgres(t))) })
}

// must gives a value that was to be had without error.
func must[V any](w *world) func(v V, err error) V {
	return func(v V, err error) V {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

// fails checks an error's code.
func (w *world) fails(what string, err error, want tandem.Code) {
	w.Helper()
	if tandem.ErrorCode(err) != want {
		w.Errorf("%s: %v, want %s", what, err, want)
	}
}

// begin opens a session.
func (w *world) begin(who tandem.Principal) tandem.Session {
	w.Helper()
	token := must[tandem.Secret](w)(w.sessions.Begin(w.Context(), tandem.Session{Who: who}))
	return must[tandem.Session](w)(w.sessions.Resume(w.Context(), token))
}

// live says whether a session is.
func (w *world) live(n tandem.Session) bool {
	w.Helper()
	for _, other := range must[[]tandem.Session](w)(w.sessions.List(w.Context(), w.ada.Partner, tandem.Principal{})) {
		if other.ID == n.ID {
			return true
		}
	}
	return false
}

func openSQLite(t *testing.T) *store.Store { return storetest.SQLite(t) }

// cancelled is the context of somebody who has left.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
