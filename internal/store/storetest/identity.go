package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func identity(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	a, other := newAccount(t, s, acme, "a", 0), newAccount(t, s, bolt, "a", 0)
	client, err := s.OAuthClient(t.Context(), "client of a@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	later := now.Add(time.Hour)

	t.Run("partner", func(t *testing.T) {
		want := tandem.OAuthClient{ID: "client of a@acme.test", Partner: acme, Name: "client", SecretHash: []byte{1, 2}, Created: time.UnixMicro(1).UTC()}
		if diff := cmp.Diff(want, client); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if _, err := s.CreatePartner(t.Context(), "twin", tandem.ConsoleUser{Email: "t@twin.test"}, "", client); err == nil {
			t.Error("two clients have the same id")
		}
		if all, _, err := s.ConsoleUsersByEmail(t.Context(), "t@twin.test", 9); len(all) != 0 || err != nil {
			t.Errorf("half a partner was made: %v, %v", all, err)
		}
	})

	t.Run("console user", func(t *testing.T) {
		u, hash, err := s.ConsoleUserByEmail(t.Context(), acme, "a@acme.test")
		if err != nil || hash != "hash of a@acme.test" {
			t.Fatalf("%q, %v", hash, err)
		}
		id := u.ID
		got, err := s.ConsoleUser(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want := tandem.ConsoleUser{ID: id, Partner: acme, Email: "a@acme.test", Name: "a@acme.test", PartnerName: "a@acme.test", FullAccess: true, Permissions: tandem.Everything(), Created: time.UnixMicro(1).UTC(), Passwords: 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if diff := cmp.Diff(want, u); diff != "" {
			t.Errorf("by email: -want +got\n%s", diff)
		}
		if _, _, err := s.ConsoleUserByEmail(t.Context(), bolt, "a@acme.test"); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("unknown email: %v", err)
		}
	})

	t.Run("token", func(t *testing.T) {
		if err := s.SaveToken(t.Context(), []byte("whole"), client, 0, now, later); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveToken(t.Context(), []byte("narrow"), client, a.ID, now, later); err != nil {
			t.Fatal(err)
		}
		former := client
		former.SecretHash = []byte("of a secret that was")
		if err := s.SaveToken(t.Context(), []byte("late"), former, 0, now, later); tandem.ErrorCode(err) != tandem.Unauthenticated {
			t.Errorf("by a secret that was replaced meanwhile: %v", err)
		}
		if _, err := s.Token(t.Context(), []byte("late"), now); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("a token by it: %v", err)
		}
		if err := s.SaveToken(t.Context(), []byte("foreign"), client, other.ID, now, later); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("for another partner's account: %v", err)
		}
		for hash, want := range map[string]tandem.Principal{
			"whole":  {Partner: acme, Client: client.ID},
			"narrow": {Partner: acme, Client: client.ID, Account: a.ID},
		} {
			got, err := s.Token(t.Context(), []byte(hash), now)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v, -want +got\n%s", hash, err, diff)
			}
		}
		dead(t, s, "foreign", now)
		dead(t, s, "whole", later)
		if err := s.DeleteAccount(t.Context(), acme, a.ID, now); err != nil {
			t.Fatal(err)
		}
		dead(t, s, "narrow", now)
	})

	t.Run("expired tokens are forgotten", func(t *testing.T) {
		if err := s.SaveToken(t.Context(), []byte("next"), client, 0, later, later.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		dead(t, s, "whole", now) // its row is gone, not only its time
	})
}

func dead(t *testing.T, s *store.Store, hash string, at time.Time) {
	t.Helper()
	if _, err := s.Token(t.Context(), []byte(hash), at); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("token %s: %v, want not found", hash, err)
	}
}
