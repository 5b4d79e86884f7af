package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// purgeCut cuts a purge off everywhere: what is left of the account is found by the
// next, to the last row.
func purgeCut(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	db, j := s.Dialect().Reader(), &journalTest{s: s}
	one := func(query string, args ...any) (n int) {
		t.Helper()
		check(t, db.QueryRowContext(t.Context(), query, args...).Scan(&n))
		return n
	}
	var a *tandem.Account
	tables := owned(t, db)
	eachCut(t, func(ctx context.Context) error {
		a = newAccount(t, s, p, "gone", 0)
		_, err := s.BuiltInUser(t.Context(), p, a.ID, "its own "+tandem.NewGUID())
		check(t, err)
		newCycle(t, s, a.ID, nil)
		j.submit(t, journal.NewTxn{Account: a.ID, Cycle: cycle, Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, []byte("x"))}})
		check(t, s.DeleteAccount(t.Context(), p, a.ID, time.Now().Add(-time.Hour)))
		_, err = s.PurgeAccounts(ctx, time.Now())
		return err
	}, func() {
		_, err := s.PurgeAccounts(t.Context(), time.Now())
		check(t, err)
		for _, table := range tables {
			if n := count(t, db, table, a.ID); n != 0 {
				t.Errorf("%s: %d rows are left", table, n)
			}
		}
		if n := one(`SELECT count(*) FROM account WHERE id = $1`, a.ID); n != 0 {
			t.Error("its row and data key are left")
		}
	})
	if n := one(`SELECT count(*) FROM app_user WHERE kind = 2`); n != 0 {
		t.Errorf("%d users of accounts that are gone are left", n)
	}
}
