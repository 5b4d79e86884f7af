package storetest

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func user(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	a, b, other := newAccount(t, s, acme, "a", 0), newAccount(t, s, acme, "b", 0), newAccount(t, s, bolt, "a", 0)

	t.Run("one name, many at once", func(t *testing.T) {
		var wg sync.WaitGroup
		for range 4 {
			for _, account := range []*tandem.Account{a, b} {
				wg.Go(func() {
					if err := s.AddMember(t.Context(), acme, account.ID, "amy", "hash"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		members(t, s, a, "amy")
		members(t, s, b, "amy")
	})

	t.Run("partners apart", func(t *testing.T) {
		for why, err := range map[string]error{
			"add":          s.AddMember(t.Context(), bolt, a.ID, "mole", ""),
			"remove":       s.RemoveMember(t.Context(), bolt, a.ID, "amy"),
			"set password": s.SetUserPassword(t.Context(), bolt, "amy", "x"),
		} {
			if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%s: %v, want not found", why, err)
			}
		}
		if err := s.AddMember(t.Context(), bolt, other.ID, "amy", ""); err != nil {
			t.Fatal(err) // another person of that name
		}
		members(t, s, a, "amy")
	})

	t.Run("remove", func(t *testing.T) {
		if err := s.RemoveMember(t.Context(), acme, a.ID, "amy"); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveMember(t.Context(), acme, a.ID, "amy"); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("twice: %v", err)
		}
		members(t, s, a)
		members(t, s, b, "amy")
		members(t, s, other, "amy")
	})
}

func members(t *testing.T, s *store.Store, a *tandem.Account, want ...string) {
	t.Helper()
	got, err := s.Members(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("members of account %d: -want +got\n%s", a.ID, diff)
	}
}
