package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func ticket(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	a, b := newAccount(t, s, acme, "a", 0), newAccount(t, s, acme, "b", 0)
	now := time.Now().UTC().Truncate(time.Microsecond)
	keep := func(hash string, is tandem.Ticket) tandem.Ticket {
		t.Helper()
		is.Purpose, is.Created = tandem.SignInTicket, now
		if is.Expires.IsZero() {
			is.Expires = now.Add(time.Minute)
		}
		if err := s.AddTicket(t.Context(), []byte(hash), &is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	full := keep("full", tandem.Ticket{Partner: acme, Account: a.ID, User: 3, ConsoleUser: 4, Email: "amy@x.test", Detail: []byte(`{"A":1}`)})
	late := keep("late", tandem.Ticket{Partner: acme, Account: b.ID, Expires: now.Add(time.Hour)})

	t.Run("read", func(t *testing.T) {
		got, err := s.Ticket(t.Context(), []byte("full"), tandem.SignInTicket, now)
		if diff := cmp.Diff(full, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
		ticketGone(t, s, "full", tandem.InvitationTicket, now)
		ticketGone(t, s, "other", tandem.SignInTicket, now)
		ticketGone(t, s, "full", tandem.SignInTicket, full.Expires)
	})

	t.Run("list", func(t *testing.T) {
		foreign := keep("foreign", tandem.Ticket{Partner: bolt})
		listed(t, s, acme, 0, now, late, full)
		listed(t, s, acme, a.ID, now, full)
		listed(t, s, acme, 0, full.Expires, late)
		listed(t, s, bolt, a.ID, now)
		listed(t, s, bolt, 0, now, foreign)
	})

	t.Run("one of many takes it", func(t *testing.T) {
		ticketRace(t, s, func() { keep("race", tandem.Ticket{Partner: acme, Account: a.ID}) })
	})

	t.Run("what is refused is not used up", func(t *testing.T) {
		for _, take := range []struct {
			purpose tandem.Purpose
			at      time.Time
		}{{tandem.EmailTicket, now}, {tandem.SignInTicket, full.Expires}} {
			if _, err := s.TakeTicket(t.Context(), []byte("full"), take.purpose, take.at); tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%+v: %v", take, err)
			}
		}
		if _, err := s.Ticket(t.Context(), []byte("full"), tandem.SignInTicket, now); err != nil {
			t.Error(err)
		}
	})

	t.Run("revoke", func(t *testing.T) {
		like := tandem.Ticket{Partner: acme, Purpose: tandem.SignInTicket, ID: full.ID}
		for why, wrong := range map[string]func(*tandem.Ticket){
			"partner": func(t *tandem.Ticket) { t.Partner = bolt }, "purpose": func(t *tandem.Ticket) { t.Purpose = tandem.EmailTicket },
			"account": func(t *tandem.Ticket) { t.Account = b.ID }, "user": func(t *tandem.Ticket) { t.User = 9 },
			"console user": func(t *tandem.Ticket) { t.ConsoleUser = 9 }, "email": func(t *tandem.Ticket) { t.Email = "b@x.test" },
		} {
			other := like
			wrong(&other)
			if err := s.DeleteTickets(t.Context(), other); tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("another %s: %v", why, err)
			}
		}
		if err := s.DeleteTickets(t.Context(), like); err != nil {
			t.Fatal(err)
		}
		ticketGone(t, s, "full", tandem.SignInTicket, now)
		listed(t, s, acme, 0, now, late)
	})

	t.Run("of an account that is gone", func(t *testing.T) {
		if err := s.DeleteAccount(t.Context(), acme, b.ID, now); err != nil {
			t.Fatal(err)
		}
		ticketGone(t, s, "late", tandem.SignInTicket, now)
	})

	t.Run("sweep", func(t *testing.T) {
		now = late.Expires
		next := keep("next", tandem.Ticket{Partner: acme, Expires: now.Add(time.Minute)})
		listed(t, s, acme, 0, time.Time{}, next) // the rows of the others are gone, not only their time
	})
}

// ticketRace has many take the ticket that keep keeps, at once.
func ticketRace(t *testing.T, s *store.Store, keep func()) {
	for range 10 {
		keep()
		var taken atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				switch _, err := s.TakeTicket(t.Context(), []byte("race"), tandem.SignInTicket, time.Now()); {
				case err == nil:
					taken.Add(1)
				case tandem.ErrorCode(err) != tandem.NotFound:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if taken.Load() != 1 {
			t.Fatalf("%d took it", taken.Load())
		}
	}
}

func ticketGone(t *testing.T, s *store.Store, hash string, p tandem.Purpose, at time.Time) {
	t.Helper()
	if got, err := s.Ticket(t.Context(), []byte(hash), p, at); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("ticket %s: %+v, %v, want not found", hash, got, err)
	}
}

func listed(t *testing.T, s *store.Store, p tandem.PartnerID, a tandem.AccountID, at time.Time, want ...tandem.Ticket) {
	t.Helper()
	got, err := s.Tickets(t.Context(), p, a, tandem.SignInTicket, at)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append([]tandem.Ticket{}, want...), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
