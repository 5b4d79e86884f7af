package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// sessionWorld is a partner with a console user, and an account user in an
// account.
type sessionWorld struct {
	*testing.T
	s    *store.Store
	now  time.Time
	p    tandem.PartnerID
	a    *tandem.Account
	ada  tandem.Principal // the console user
	bert tandem.Principal // the account user
}

func newSessionWorld(t *testing.T, s *store.Store) *sessionWorld {
	t.Helper()
	w := &sessionWorld{T: t, s: s, now: time.UnixMicro(1_000_000_000_000_000).UTC(), p: newPartner(t, s, "a@acme.test")}
	w.a = newAccount(t, s, w.p, "a", 0)
	u, _, err := s.ConsoleUserByEmail(t.Context(), w.p, "a@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	admitUser(t, s, w.a, "bert")
	w.ada = tandem.Principal{Partner: w.p, ConsoleUser: u.ID}
	w.bert = tandem.Principal{Partner: w.p, Account: w.a.ID, User: 1}
	return w
}

func (w *sessionWorld) begin(hash string, who tandem.Principal) tandem.Session {
	w.Helper()
	n := tandem.Session{Who: who, Created: w.now, Seen: w.now, Expires: w.now.Add(time.Hour), Address: "192.0.2.1", Agent: "Lynx"}
	if err := w.s.CreateSession(w.Context(), []byte(hash), &n); err != nil {
		w.Fatal(err)
	}
	n.Who.Session = n.ID
	if who.ConsoleUser != 0 {
		n.Who.Permissions = tandem.Everything()
	}
	return n
}

func (w *sessionWorld) live(hash string, at time.Time, want bool) {
	w.Helper()
	_, err := w.s.Session(w.Context(), []byte(hash), at)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound || (err == nil) != want {
		w.Errorf("session %s: %v, want live: %v", hash, err, want)
	}
}

func session(t *testing.T, s *store.Store) {
	w := newSessionWorld(t, s)
	adas, berts := w.begin("adas", w.ada), w.begin("berts", w.bert)

	t.Run("round trip", func(t *testing.T) {
		for hash, want := range map[string]tandem.Session{"adas": adas, "berts": berts} {
			got, err := s.Session(t.Context(), []byte(hash), w.now)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v, -want +got\n%s", hash, err, diff)
			}
		}
	})

	t.Run("time", func(t *testing.T) {
		w.live("adas", adas.Expires, false)
		later := w.now.Add(2 * time.Hour)
		if err := s.TouchSession(t.Context(), adas.ID, w.now.Add(time.Minute), later); err != nil {
			t.Fatal(err)
		}
		w.live("adas", adas.Expires, true)
		w.live("adas", later, false)
	})

	t.Run("list", func(t *testing.T) {
		second := w.begin("second", w.ada)
		other := newPartner(t, s, "b@bolt.test")
		ids := func(p tandem.PartnerID, of tandem.Principal) (ids []tandem.SessionID) {
			t.Helper()
			all, err := s.Sessions(t.Context(), p, of, w.now)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range all {
				ids = append(ids, n.ID)
			}
			return ids
		}
		both := []tandem.SessionID{second.ID, adas.ID}
		for _, c := range []struct {
			p    tandem.PartnerID
			of   tandem.Principal
			want []tandem.SessionID
		}{{w.p, tandem.Principal{}, both}, {w.p, w.ada, both}, {w.p, w.bert, []tandem.SessionID{berts.ID}}, {other, tandem.Principal{}, nil}, {other, w.ada, nil}} {
			if diff := cmp.Diff(c.want, ids(c.p, c.of)); diff != "" {
				t.Errorf("%+v: -want +got\n%s", c, diff)
			}
		}
		if err := s.DeleteSession(t.Context(), other, second.ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("another partner's: %v", err)
		}
		if err := s.DeleteSessions(t.Context(), w.p, w.ada, second.ID); err != nil {
			t.Fatal(err)
		}
		w.live("adas", w.now, false)
		w.live("second", w.now, true)
		w.live("berts", w.now, true)
		if err := s.DeleteSession(t.Context(), w.p, second.ID); err != nil {
			t.Fatal(err)
		}
		w.live("second", w.now, false)
	})

	t.Run("end", func(t *testing.T) {
		w.begin("third", w.ada)
		for range 2 {
			if err := s.EndSession(t.Context(), []byte("third")); err != nil {
				t.Fatal(err)
			}
		}
		w.live("third", w.now, false)
	})

	t.Run("ended ones are forgotten", func(t *testing.T) {
		late := w.now
		w.now = w.now.Add(48 * time.Hour)
		w.begin("late", w.ada)
		w.live("berts", late, false) // its row is gone, not only its time
	})
}

// Who showed a password that is another since opens nothing with it; what was
// opened before is closed. So it is however close the two are.
func passwords(t *testing.T, s *store.Store) {
	w := newSessionWorld(t, s)
	for name, tt := range map[string]struct {
		who    tandem.Principal
		change func() error
	}{
		"console user": {w.ada, func() error { return s.SetConsolePassword(t.Context(), w.p, w.ada.ConsoleUser, "new", 0) }},
		"account user": {w.bert, func() error { return s.SetUserPassword(t.Context(), w.p, w.bert.User, "new", 0) }},
	} {
		t.Run(name, func(t *testing.T) {
			session := func(hash string, passwords int64) error {
				n := tandem.Session{Who: tt.who, Passwords: passwords, Created: w.now, Seen: w.now, Expires: w.now.Add(time.Hour)}
				return s.CreateSession(t.Context(), []byte(hash+name), &n)
			}
			ticket := func(hash string, passwords int64) error {
				is := tandem.Ticket{Purpose: tandem.EntryTicket, Partner: w.p, User: tt.who.User, ConsoleUser: tt.who.ConsoleUser, Passwords: passwords, Created: w.now, Expires: w.now.Add(time.Hour)}
				return s.AddTicket(t.Context(), []byte(hash+name), &is)
			}
			open := func(hash string, want bool) {
				t.Helper()
				w.live(hash+name, w.now, want)
				if got, err := s.Ticket(t.Context(), []byte(hash+name), tandem.EntryTicket, w.now); (err == nil) != want || want && got.Passwords != 1 {
					t.Errorf("ticket %s: %+v, %v", hash, got, err)
				}
			}
			if err := errors.Join(session("before", 1), ticket("before", 1)); err != nil {
				t.Fatal(err)
			}
			open("before", true)
			if err := tt.change(); err != nil {
				t.Fatal(err)
			}
			open("before", false)
			for what, err := range map[string]error{"session": session("after", 1), "ticket": ticket("after", 1)} {
				if tandem.ErrorCode(err) != tandem.Unauthenticated {
					t.Errorf("%s of the former password: %v", what, err)
				}
			}
			open("after", false)
			if err := errors.Join(session("anew", 2), session("without", 0)); err != nil {
				t.Error(err)
			}

			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					if err := session(fmt.Sprint("race", i), 2); err != nil && tandem.ErrorCode(err) != tandem.Unauthenticated {
						t.Error(err)
					}
				})
			}
			if err := tt.change(); err != nil {
				t.Error(err)
			}
			all.Wait()
			for i := range 8 {
				w.live(fmt.Sprint("race", i, name), w.now, false)
			}
		})
	}
}

// sessionRights are those that a session's user has now.
func sessionRights(t *testing.T, s *store.Store) {
	w := newSessionWorld(t, s)
	w.begin("berts", w.bert)
	enable := func(on bool) {
		t.Helper()
		if _, err := s.UpdateAccount(t.Context(), w.p, "a", func(a *tandem.Account) error { a.Enabled = on; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	enable(false)
	w.live("berts", w.now, false)
	enable(true)
	w.live("berts", w.now, false) // it was ended
	w.begin("berts", w.bert)
	w.live("berts", w.now, true)
	if err := s.ChangeMember(t.Context(), w.p, w.a.ID, "bert", tandem.MemberChange{Remove: true}); err != nil {
		t.Fatal(err)
	}
	w.live("berts", w.now, false)
	admitUser(t, s, w.a, "bert")
	w.live("berts", w.now, true)
	if err := s.DeleteAccount(t.Context(), w.p, w.a.ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.live("berts", w.now, false)
}
