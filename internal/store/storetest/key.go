package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// a partner's key is made once, however many ask for it at once.
func keys(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "keys@acme.test")
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
