package identity_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// oneSession is a store with room for one, that counts what is written.
type oneSession struct {
	identity.SessionStore
	kept   tandem.Session
	hash   string
	writes int
}

func (o *oneSession) CreateSession(_ context.Context, hash []byte, n *tandem.Session) error {
	o.kept, o.hash = *n, string(hash)
	return nil
}

func (o *oneSession) Session(_ context.Context, hash []byte, now time.Time) (tandem.Session, error) {
	if string(hash) != o.hash || !now.Before(o.kept.Expires) {
		return tandem.Session{}, tandem.NotFoundf("Session could not be found.")
	}
	return o.kept, nil
}

func (o *oneSession) TouchSession(_ context.Context, _ tandem.SessionID, seen, expires time.Time) error {
	o.kept.Seen, o.kept.Expires = seen, expires
	o.writes++
	return nil
}

// whole are people with how long their sessions last.
var whole = map[string]struct {
	who        tandem.Principal
	idle, life time.Duration
}{
	"console": {tandem.Principal{Partner: 1, ConsoleUser: 2}, 12 * time.Hour, 7 * 24 * time.Hour},
	"account": {tandem.Principal{Partner: 1, Account: 3, User: 4}, 2 * time.Hour, 24 * time.Hour},
}

func TestSessionLasts(t *testing.T) {
	for name, c := range whole {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept := &oneSession{}
				s := identity.NewSessions(kept)
				begin := func() tandem.Secret {
					token, err := s.Begin(t.Context(), tandem.Session{Who: c.who})
					if err != nil {
						t.Fatal(err)
					}
					return token
				}
				by := s.Resume
				live := func(token tandem.Secret) bool {
					_, err := by(t.Context(), token)
					if err != nil && tandem.ErrorCode(err) != tandem.Unauthenticated {
						t.Fatal(err)
					}
					return err == nil
				}
				token := begin()
				for range 3 { // each use puts the end off
					time.Sleep(c.idle - time.Minute)
					if !live(token) {
						t.Fatal("signed out while in use")
					}
				}
				time.Sleep(c.idle)
				if live(token) {
					t.Error("signed in after the idle time")
				}
				token, by = begin(), s.Look // a page that asks by itself
				for range 2 {
					time.Sleep(c.idle/2 - time.Minute)
					if !live(token) {
						t.Fatal("signed out early")
					}
				}
				time.Sleep(2 * time.Minute)
				if live(token) {
					t.Error("asking by itself put off the end")
				}
				token, by = begin(), s.Resume
				lasted := time.Duration(0)
				for ; live(token); lasted += time.Hour {
					time.Sleep(time.Hour)
				}
				if lasted != c.life {
					t.Errorf("a session in use lasted %v, want %v", lasted, c.life)
				}
			})
		})
	}
}

func TestReadingDoesNotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &oneSession{}
		s := identity.NewSessions(kept)
		token, err := s.Begin(t.Context(), tandem.Session{Who: tandem.Principal{Partner: 1, ConsoleUser: 2}})
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if _, err := s.Resume(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
		if kept.writes != 0 || strings.Contains(kept.hash, string(token)) {
			t.Errorf("%d writes for 100 requests; kept under %q", kept.writes, kept.hash)
		}
	})
}

func TestSessionOfNobody(t *testing.T) {
	s := identity.NewSessions(&oneSession{})
	for _, who := range []tandem.Principal{{Partner: 1}, {Partner: 1, Account: 2}, {Partner: 1, User: 2}, {Partner: 1, Account: 2, User: 3, ConsoleUser: 4}} {
		if _, err := s.Begin(t.Context(), tandem.Session{Who: who}); err == nil {
			t.Errorf("a session of %+v", who)
		}
	}
}

// What a browser calls itself is kept as text, and not at any length.
func TestSessionAgent(t *testing.T) {
	db := storetest.SQLite(t)
	s, u := identity.NewSessions(db), consoleUser(t, db)
	token, err := s.Begin(t.Context(), tandem.Session{Who: u, Agent: "a\x00b\xff" + strings.Repeat("ä", 500), Address: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Resume(t.Context(), token)
	if want := "a?b?" + strings.Repeat("ä", 196); err != nil || n.Agent != want || n.Address != "192.0.2.1" {
		t.Errorf("%+v, %v", n, err)
	}
	if n.Who.Session != n.ID || n.ID == 0 || n.Who.Permissions != tandem.Everything() {
		t.Errorf("who: %+v", n.Who)
	}
	if err := s.End(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Resume(t.Context(), token); tandem.ErrorCode(err) != tandem.Unauthenticated {
		t.Errorf("ended: %v", err)
	}
}

// A password is changed between its check and what follows from it: that comes to
// nothing, with a second factor or without.
func TestPasswordChangesMeanwhile(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		change := func() {
			t.Helper()
			if err := w.profile.SetPassword(t.Context(), w.ada, tandem.Secret(w.made.Password), "a new password"); err != nil {
				t.Fatal(err)
			}
			w.made.Password = "a new password"
		}
		begin := func(u tandem.ConsoleUser) error {
			_, err := w.sessions.Begin(t.Context(), tandem.Session{Who: tandem.Principal{Partner: u.Partner, ConsoleUser: u.ID}, Passwords: u.Passwords})
			return err
		}
		former := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
		change()
		w.fails("a session of the former password", begin(former.User), tandem.Unauthenticated)
		now := must[tandem.Entry](w)(w.signIn("a new password", "192.0.2.1", ""))
		if err := begin(now.User); err != nil {
			t.Error(err)
		}

		w.settings.Security.RequireTwoFactor = true
		step := must[tandem.Entry](w)(w.signIn("a new password", "192.0.2.1", ""))
		if err := w.db.SetConsolePassword(t.Context(), w.ada.Partner, w.ada.ConsoleUser, "", 0); err != nil {
			t.Fatal(err)
		}
		_, err := w.entrance.Enrol(t.Context(), step.Token)
		w.fails("the next step of the former password", err, tandem.Gone)
	})
}
