package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// newPartner makes a partner whose console user has the given email.
func newPartner(t *testing.T, s *store.Store, email string) tandem.PartnerID {
	t.Helper()
	p, err := s.CreatePartner(t.Context(), email, tandem.ConsoleUser{Email: email, Name: email, FullAccess: true}, "hash of "+email,
		tandem.OAuthClient{ID: "client of " + email, Name: "client", SecretHash: []byte{1, 2}, Created: time.UnixMicro(1).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newAccount makes an account; parent 0 is none.
func newAccount(t *testing.T, s *store.Store, p tandem.PartnerID, apiID string, parent tandem.AccountID) *tandem.Account {
	t.Helper()
	a := &tandem.Account{Partner: p, APIID: apiID, Name: apiID, Timezone: "UTC", Enabled: true, ParentID: parent, CreatedDate: time.UnixMicro(7).UTC()}
	if err := s.CreateAccount(t.Context(), a, dataKey); err != nil {
		t.Fatal(err)
	}
	return a
}

func dataKey(tandem.AccountID) ([]byte, error) { return []byte("wrapped"), nil }

func account(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	root := newAccount(t, s, acme, "root", 0)
	sub := newAccount(t, s, acme, "sub", root.ID)
	newAccount(t, s, bolt, "root", 0) // the id is unique within a partner

	t.Run("round trip", func(t *testing.T) {
		text, hours, at := "text", 5, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		want := *sub
		want.Description, want.StepDataErroredRetentionHours, want.NextBillDateUTC = &text, &hours, &at
		want.TransactionErrorWebhookEnabled, want.TransactionErrorWebhookURL = true, &text
		want.ParentAccountID = &root.APIID
		_, err := s.UpdateAccount(t.Context(), acme, "sub", func(a *tandem.Account) error { *a = want; return nil })
		if err != nil {
			t.Fatal(err)
		}
		for _, read := range []func() (*tandem.Account, error){
			func() (*tandem.Account, error) { return s.Account(t.Context(), acme, "sub") },
			func() (*tandem.Account, error) { return s.AccountByID(t.Context(), acme, sub.ID) },
		} {
			got, err := read()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		}
	})

	t.Run("other partner", func(t *testing.T) {
		_, byID := s.AccountByID(t.Context(), bolt, root.ID)
		_, byName := s.Account(t.Context(), bolt, "sub")
		_, update := s.UpdateAccount(t.Context(), bolt, "sub", func(*tandem.Account) error { return nil })
		below := s.CreateAccount(t.Context(), &tandem.Account{Partner: bolt, APIID: "x", ParentID: root.ID}, dataKey)
		for why, err := range map[string]error{
			"by id": byID, "by name": byName, "update": update, "below": below,
			"delete": s.DeleteAccount(t.Context(), bolt, sub.ID, time.Now()),
		} {
			if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%s: %v, want not found", why, err)
			}
		}
	})

	t.Run("refused change", func(t *testing.T) {
		refusal := errors.New("no")
		_, err := s.UpdateAccount(t.Context(), acme, "root", func(a *tandem.Account) error { a.Name = "changed"; return refusal })
		if a, _ := s.Account(t.Context(), acme, "root"); !errors.Is(err, refusal) || a.Name != "root" {
			t.Errorf("%v; the name is %q", err, a.Name)
		}
	})

	t.Run("one id, many at once", func(t *testing.T) {
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				errs[i] = s.CreateAccount(t.Context(), &tandem.Account{Partner: acme, APIID: "race", Name: "race", Timezone: "UTC"}, dataKey)
			})
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			switch tandem.ErrorCode(err) {
			case "":
				made++
			case tandem.Conflict:
			default:
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("%d accounts were made", made)
		}
	})

	t.Run("delete", func(t *testing.T) {
		if err := s.DeleteAccount(t.Context(), acme, root.ID, time.Now()); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("with a sub-account: %v", err)
		}
		for _, id := range []tandem.AccountID{sub.ID, root.ID} {
			if err := s.DeleteAccount(t.Context(), acme, id, time.Now()); err != nil {
				t.Fatal(err)
			}
			if _, err := s.AccountByID(t.Context(), acme, id); tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("still there: %v", err)
			}
		}
		again := newAccount(t, s, acme, "root", 0)
		if again.ID == root.ID {
			t.Error("an internal id was given twice")
		}
	})
}
