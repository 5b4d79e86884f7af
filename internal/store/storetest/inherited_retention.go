package storetest

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// inheritedRetention ends transactions of cycles that keep them for different
// times, under an account and a console that do so too.
func inheritedRetention(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p := newPartner(t, s, "a@acme.test")
	_, err := s.ChangePartnerSettings(t.Context(), p, func(set *tandem.PartnerSettings) error {
		set.Account.StepDataSuccessRetentionHours, set.Account.StepDataErroredRetentionHours = new(10), new(20)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	plain, own := newAccount(t, s, p, "plain", 0).ID, newAccount(t, s, p, "own", 0).ID
	if _, err := s.UpdateAccount(t.Context(), p, "own", func(a *tandem.Account) error { a.StepDataSuccessRetentionHours = new(30); return nil }); err != nil {
		t.Fatal(err)
	}
	cycleOf := func(a tandem.AccountID, r tandem.Retention) tandem.CycleID {
		return change(t, s, newCycle(t, s, a, nil), func(c *tandem.Cycle) { c.Retention = r }).ID
	}
	type txn struct {
		account tandem.AccountID
		id      tandem.TransactionID
		hours   int // that it is kept
		why     string
	}
	end := func(a tandem.AccountID, c tandem.CycleID, status tandem.TransactionStatus, hours int, why string) txn {
		id := j.submit(t, journal.NewTxn{Account: a, Cycle: c, Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, nil)}})[0]
		j.commit(t, journal.Delta{Account: a, Cycle: c, Txn: id, Status: status, Incidents: []tandem.Incident{{CycleID: c, ShortMessage: "x"}}})
		return txn{a, id, hours, why}
	}
	const good, bad = tandem.TransactionCompleted, tandem.TransactionFailed
	inheriting, short := cycleOf(own, tandem.Retention{}), cycleOf(own, tandem.Retention{Success: new(1), Errored: new(2)})
	nothing := cycleOf(plain, tandem.Retention{Success: new(0)})
	all := []txn{
		end(plain, "gone", good, 10, "the console's"), end(plain, "gone", bad, 20, "the console's"),
		end(own, inheriting, good, 30, "the account's"), end(own, inheriting, bad, 20, "the console's, as the account has none"),
		end(own, short, good, 1, "the cycle's"), end(own, short, bad, 2, "the cycle's"),
		end(plain, nothing, good, 0, "the cycle's nothing"), end(plain, nothing, bad, 20, "the console's for errors"),
	}
	now := time.Now().Add(time.Second)
	for _, hours := range []int{0, 1, 2, 10, 20, 30} {
		if _, err := s.Expire(t.Context(), now.Add(time.Duration(hours)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			_, err := s.Load(t.Context(), x.account, x.id)
			if kept := err == nil; kept != (x.hours > hours) {
				t.Errorf("after %d hours, kept by %s: %v, %v", hours, x.why, kept, err)
			}
		}
		left, err := s.Transactions().Incidents(t.Context(), own, tandem.TransactionFilter{})
		if want := map[bool]int{hours < 20: 2}[true] + map[bool]int{hours < 2: 2}[true]; err != nil || left.Total != want {
			t.Errorf("after %d hours: %d incidents, want %d, %v", hours, left.Total, want, err)
		}
	}
}
