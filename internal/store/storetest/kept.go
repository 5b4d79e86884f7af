package storetest

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func keptFor(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	a := newAccount(t, s, p, "a", 0).ID
	c := newCycle(t, s, a, nil)
	is := func(want int, why string) {
		t.Helper()
		if got, err := s.Kept(t.Context(), a, c.ID); err != nil || got != time.Duration(want)*time.Hour {
			t.Errorf("%s: %v, %v", why, got, err)
		}
	}
	is(tandem.MaxRetentionHours, "nothing is set")
	if _, err := s.ChangePartnerSettings(t.Context(), p, func(set *tandem.PartnerSettings) error {
		set.Account.StepDataSuccessRetentionHours, set.Account.StepDataErroredRetentionHours = new(10), new(20)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	is(20, "the console's")
	change(t, s, c, func(c *tandem.Cycle) { c.Retention = tandem.Retention{Success: new(30)} })
	is(30, "the cycle's")
	if _, err := s.Kept(t.Context(), a, "gone"); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("no cycle: %v", err)
	}
}
