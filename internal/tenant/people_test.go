package tenant_test

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// postbox holds the letters that were sent.
type postbox struct {
	mu      sync.Mutex
	closed  bool
	letters []tandem.Letter
}

func (b *postbox) Ready() bool { return !b.closed }

func (b *postbox) Send(_ context.Context, _ tandem.PartnerID, l tandem.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, l)
	return nil
}

// people is the services of users on a real database.
type people struct {
	*testing.T
	db      *store.Store
	users   *tenant.Users
	members *tenant.Memberships
	access  *tenant.Access
	profile *tenant.Profile
	invites *tenant.Invitations

	tickets  *identity.Tickets
	sessions *identity.Sessions
	mail     *postbox

	partner, other tandem.PartnerID
	a, b           *tandem.Account // of partner
}

const here, there = "192.0.2.1", "192.0.2.2"

// TestPeople tells each story for partners of its own, in one database.
func TestPeople(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *store.Store{"SQLite": storetest.SQLite, "Postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			for name, do := range stories() {
				t.Run(name, func(t *testing.T) { do(newPeople(t, db)) })
			}
		})
	}
}

func stories() map[string]func(*people) {
	return map[string]func(*people){
		"memberships":                memberships,
		"user management":            userManagement,
		"sign in":                    signIn,
		"enter":                      enter,
		"reset":                      reset,
		"change of email":            changeOfEmail,
		"change of password":         changeOfPassword,
		"another password meanwhile": passwordChangesMeanwhile,
		"right passwords":            rightPasswords,
		"single sign-on":             signOn,
		"invitation":                 invitation,
		"invitation of a known user": knownUser,
		"invitations end":            invitationEnds,
		"no relay for mail":          noRelay,
		"an invitation is used once": usedOnce,
		"invitations are limited":    limited,
		"removed while signed in":    removedWhileSignedIn,
	}
}

func newPeople(t *testing.T, db *store.Store) *people {
	t.Helper()
	hasher, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := &people{T: t, db: db, mail: &postbox{}, tickets: identity.NewTickets(db), sessions: identity.NewSessions(db)}
	log, attempts := slog.New(slog.NewTextHandler(t.Output(), nil)), identity.NewAttempts() // what is kept from people is seen here
	post := tenant.NewPost(w.tickets, w.mail, "https://service.test/")
	w.users, w.members = tenant.NewUsers(log, db, hasher, post), tenant.NewMemberships(db, hasher)
	w.access, w.invites = tenant.NewAccess(log, db, db, hasher, attempts, post), tenant.NewInvitations(db, hasher, attempts, post)
	w.profile = tenant.NewProfile(log, db, hasher, attempts, post)
	who := identity.New(db, hasher, identity.NewGate(tenant.NewSettings(db)))
	for name, p := range map[string]*tandem.PartnerID{"acme": &w.partner, "bolt": &w.other} {
		made, err := who.Setup(t.Context(), name, name+"-"+tandem.NewGUID()+"@partner.test")
		if err != nil {
			t.Fatal(err)
		}
		*p = made.PartnerID
	}
	w.a, w.b = w.account(w.partner, "a"), w.account(w.partner, "b")
	return w
}

func (w *people) account(p tandem.PartnerID, id string) *tandem.Account {
	w.Helper()
	a := &tandem.Account{Partner: p, APIID: id, Name: "Account " + id, Timezone: "UTC", Enabled: true, CreatedDate: time.UnixMicro(7).UTC()}
	if err := w.db.CreateAccount(w.Context(), a, keys{}.NewDataKey); err != nil {
		w.Fatal(err)
	}
	return a
}

func (w *people) enable(a *tandem.Account, on bool) {
	w.Helper()
	if _, err := w.db.UpdateAccount(w.Context(), a.Partner, a.APIID, func(a *tandem.Account) error { a.Enabled = on; return nil }); err != nil {
		w.Fatal(err)
	}
}

// make makes a user with an email, a password and an account.
func (w *people) make(email string, password tandem.Secret, a *tandem.Account) tandem.User {
	w.Helper()
	u, err := w.users.Create(w.Context(), a.Partner, tandem.NewUser{Username: email, Password: password, Accounts: []string{a.APIID}})
	if err != nil {
		w.Fatal(err)
	}
	return u
}

// begin signs a user in.
func (w *people) begin(u tandem.User, a *tandem.Account) tandem.Secret {
	w.Helper()
	token, err := w.sessions.Begin(w.Context(), tandem.Session{Who: tandem.Principal{Partner: a.Partner, Account: a.ID, User: u.ID}, Address: here})
	if err != nil {
		w.Fatal(err)
	}
	return token
}

// alive says whether a session is.
func (w *people) alive(token tandem.Secret, want bool) {
	w.Helper()
	if _, err := w.sessions.Resume(w.Context(), token); (err == nil) != want {
		w.Errorf("session: %v, want it alive: %v", err, want)
	}
}

// code checks how something ended.
func (w *people) code(why string, err error, want tandem.Code) {
	w.Helper()
	if tandem.ErrorCode(err) != want {
		w.Errorf("%s: %v, want %q", why, err, want)
	}
}

// letters takes those that have been sent since the last time.
func (w *people) letters(want ...string) []tandem.Letter {
	w.Helper()
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	sent := w.mail.letters
	w.mail.letters = nil
	var to []string
	for _, l := range sent {
		to = append(to, l.To)
	}
	if strings.Join(to, " ") != strings.Join(want, " ") {
		w.Fatalf("letters to %q, want %q", to, want)
	}
	return sent
}

// tokenOf is that in a link to a page.
func (w *people) tokenOf(link, page string) tandem.Secret {
	w.Helper()
	text, ok := strings.CutPrefix(link, "https://service.test"+page+"?token=")
	token, err := url.QueryUnescape(text)
	if !ok || err != nil || token == "" {
		w.Fatalf("link %q is none to %s", link, page)
	}
	return tandem.Secret(token)
}

// What was begun by a password comes to nothing once there is another.
func passwordChangesMeanwhile(w *people) {
	t := w.T
	amy := w.make("amy@x.test", "correct horse", w.a)
	shown := map[string]func() (tandem.User, error){
		"sign-in": func() (tandem.User, error) {
			return w.access.SignIn(w.Context(), w.partner, "amy@x.test", "correct horse", here)
		},
		"program": func() (tandem.User, error) {
			return w.access.Enter(w.Context(), w.partner, w.b.ID, "amy@x.test", "correct horse", here)
		},
	}
	for name, show := range shown {
		u, err := show()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		begin := func() error {
			_, err := w.sessions.Begin(w.Context(), tandem.Session{Who: tandem.Principal{Partner: w.partner, Account: w.a.ID, User: u.ID}, Passwords: u.Passwords})
			return err
		}
		if err := begin(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		session := w.begin(amy, w.a)
		if err := w.users.SetPassword(w.Context(), w.partner, "amy@x.test", "correct horse"); err != nil { // another hash
			t.Fatal(err)
		}
		w.alive(session, false)
		if err := begin(); tandem.ErrorCode(err) != tandem.Unauthenticated {
			t.Errorf("%s: a session of the former password: %v", name, err)
		}
		if _, _, err := w.tickets.Issue(w.Context(), tandem.Ticket{Purpose: tandem.SignInTicket, Partner: w.partner, Account: w.a.ID, User: u.ID, Passwords: u.Passwords}); tandem.ErrorCode(err) != tandem.Unauthenticated {
			t.Errorf("%s: a ticket of the former password: %v", name, err)
		}
	}
}
