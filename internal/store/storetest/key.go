package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func keys(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "keys@acme.test")
	t.Run("a partner's key is made once", func(t *testing.T) { partnerKey(t, s, p) })
	t.Run("rewrap", func(t *testing.T) { rewrapKeys(t, s, p) })
}

func partnerKey(t *testing.T, s *store.Store, p tandem.PartnerID) {
	got := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			var err error
			got[i], err = s.PartnerKey(t.Context(), p, func(tandem.PartnerID) ([]byte, error) { return fmt.Append(nil, "key ", i), nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, key := range got {
		if len(key) == 0 || !bytes.Equal(key, got[0]) {
			t.Errorf("%d got %q, the first %q", i, key, got[0])
		}
	}
	if _, err := s.PartnerKey(t.Context(), p+100, nil); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("no such partner: %v", err)
	}
}

// More keys than one commit takes, and a failure among them.
func rewrapKeys(t *testing.T, s *store.Store, p tandem.PartnerID) {
	var last *tandem.Account
	for i := range 510 {
		last = newAccount(t, s, p, fmt.Sprint("account ", i), 0)
	}
	fault := errors.New("fault")
	stamp := func(wrapped []byte, of vault.Owner) ([]byte, error) {
		if of.Account == last.ID {
			return nil, fault
		}
		return fmt.Append(nil, "new key of ", of), nil
	}
	n, err := s.RewrapKeys(t.Context(), stamp)
	if !errors.Is(err, fault) || n < 500 {
		t.Errorf("%d, %v: want those before the fault", n, err)
	}
	rest := 0
	n, err = s.RewrapKeys(t.Context(), func(wrapped []byte, of vault.Owner) ([]byte, error) {
		if bytes.HasPrefix(wrapped, []byte("new")) {
			return nil, nil
		}
		rest++
		return fmt.Append(nil, "new key of ", of), nil
	})
	if err != nil || n != rest || n == 0 {
		t.Errorf("the second time %d of %d, %v", n, rest, err)
	}
	key, err := s.DataKey(t.Context(), last.ID)
	if want := "new key of " + (vault.Owner{Account: last.ID}).String(); err != nil || string(key) != want {
		t.Errorf("%q, %v, want %q", key, err, want)
	}
	key, err = s.PartnerKey(t.Context(), p, nil)
	if want := "new key of " + (vault.Owner{Partner: p}).String(); err != nil || string(key) != want {
		t.Errorf("%q, %v, want %q", key, err, want)
	}
}
