package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// accountTokens are claims on the next token of an account connector.
func accountTokens(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	a := newAccount(t, s, p, "books", 0).ID
	c := install(t, s, a, number(t, s, newConnector("Guarded", "1", "m1"))[0], "guarded")
	now := time.Now().UTC().Truncate(time.Microsecond)
	until := now.Add(time.Minute)
	claim := func(holder string, at time.Time) (bool, time.Time) {
		t.Helper()
		ok, interrupted, err := s.ClaimTokens(t.Context(), a, c.ID, holder, at, at.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return ok, interrupted
	}
	settle := func(holder string, err error) (held bool) {
		t.Helper()
		got := s.SettleTokens(t.Context(), a, c.ID, holder, func(c *tandem.AccountConnector, mine bool) error {
			held, c.State, c.Sealed = mine, tandem.Authenticated, []byte(holder)
			return err
		})
		if !errors.Is(got, err) {
			t.Fatal(got)
		}
		return held
	}
	if ok, interrupted := claim("first", now); !ok || !interrupted.IsZero() {
		t.Errorf("the first claim: %v, %v", ok, interrupted)
	}
	if ok, _ := claim("second", now.Add(time.Second)); ok {
		t.Error("two have the claim")
	}
	if !settle("first", nil) {
		t.Error("the claim was not held")
	}
	if got, err := s.AccountConnector(t.Context(), a, c.ID); err != nil || string(got.Sealed) != "first" || got.State != tandem.Authenticated {
		t.Errorf("%+v, %v", got, err)
	}
	if ok, interrupted := claim("third", now.Add(2*time.Second)); !ok || !interrupted.IsZero() {
		t.Errorf("after it was settled: %v, %v", ok, interrupted)
	}
	refused := errors.New("refused")
	settle("third", refused)
	if ok, _ := claim("fourth", now.Add(3*time.Second)); ok {
		t.Error("a change that failed gave the claim back")
	}
	if ok, interrupted := claim("fifth", until.Add(time.Hour)); !ok || !interrupted.Equal(now.Add(2*time.Second)) {
		t.Errorf("once it has ended: %v, cut short at %v", ok, interrupted)
	}
	if settle("third", nil) {
		t.Error("a claim that has ended is held")
	}
	if ok, _ := claim("sixth", until.Add(time.Hour+time.Second)); ok {
		t.Error("who comes late gave back the claim of another")
	}
	other := newAccount(t, s, p, "other", 0).ID
	if _, _, err := s.ClaimTokens(t.Context(), other, c.ID, "x", now, until); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of another account: %v", err)
	}
	if err := s.SettleTokens(t.Context(), other, c.ID, "x", func(*tandem.AccountConnector, bool) error { return nil }); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of another account: %v", err)
	}
}

// partnerConnectors are what partners have set for connectors.
func partnerConnectors(t *testing.T, s *store.Store) {
	p, other := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	change := func(want, to []byte) {
		t.Helper()
		err := s.ChangePartnerConnector(t.Context(), p, "name crm", func(was []byte) ([]byte, error) {
			if string(was) != string(want) {
				t.Errorf("was %q, want %q", was, want)
			}
			return to, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.PartnerConnector(t.Context(), p, "name crm"); err != nil || string(got) != string(to) {
			t.Errorf("%q, %v; want %q", got, err, to)
		}
	}
	change(nil, []byte("one"))
	change([]byte("one"), []byte("two"))
	if got, err := s.PartnerConnector(t.Context(), other, "name crm"); err != nil || got != nil {
		t.Errorf("another partner's: %q, %v", got, err)
	}
	change([]byte("two"), nil)
	change(nil, nil)
	if err := s.ChangePartnerConnector(t.Context(), 999, "name crm", func([]byte) ([]byte, error) { return nil, nil }); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("nobody's: %v", err)
	}
}
