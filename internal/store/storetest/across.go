package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// acrossAccounts reads transactions of many accounts, all, by status, and on from one page
// to the next: of few accounts by their keys, and of more by the index of ids.
func acrossAccounts(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p := newPartner(t, s, "across@acme.test")
	other := newAccount(t, s, newPartner(t, s, "across@other.test"), "across", 0)
	root := newAccount(t, s, p, "root", 0)
	accounts := []*tandem.Account{root, newAccount(t, s, p, "beside", 0)}
	for i := range 120 { // more than few
		accounts = append(accounts, newAccount(t, s, p, fmt.Sprint("below", i), root.ID))
	}
	var newest []tandem.TransactionID // of all accounts
	made := map[tandem.TransactionID]string{}
	for i := range 150 {
		a := accounts[i%len(accounts)]
		id := j.submit(t, journal.NewTxn{Account: a.ID, Cycle: "c"})[0]
		newest, made[id] = append([]tandem.TransactionID{id}, newest...), a.APIID
		j.submit(t, journal.NewTxn{Account: other.ID, Cycle: "c"})
		if i%3 == 0 {
			if _, err := s.Commit(t.Context(), journal.Delta{Account: a.ID, Cycle: "c", Txn: id, Status: tandem.TransactionFailed}); err != nil {
				t.Fatal(err)
			}
		}
	}
	failed, queued := tandem.TransactionFailed, tandem.TransactionQueued
	for name, c := range map[string]struct {
		f    tandem.AcrossFilter
		want func(i int, id tandem.TransactionID) bool // i from the oldest on
	}{
		"all":    {tandem.AcrossFilter{}, func(int, tandem.TransactionID) bool { return true }},
		"below":  {tandem.AcrossFilter{Account: "root"}, func(_ int, id tandem.TransactionID) bool { return made[id] != "beside" }},
		"of one": {tandem.AcrossFilter{Account: "beside"}, func(_ int, id tandem.TransactionID) bool { return made[id] == "beside" }},
		"failed": {tandem.AcrossFilter{TransactionFilter: tandem.TransactionFilter{Status: &failed}}, func(i int, _ tandem.TransactionID) bool { return i%3 == 0 }},
		"queued": {tandem.AcrossFilter{TransactionFilter: tandem.TransactionFilter{Status: &queued}}, func(i int, _ tandem.TransactionID) bool { return i%3 != 0 }},
		"failed, of few": {
			tandem.AcrossFilter{TransactionFilter: tandem.TransactionFilter{Status: &failed}, Account: "below1"},
			func(i int, id tandem.TransactionID) bool { return i%3 == 0 && made[id] == "below1" },
		},
	} {
		var want []tandem.TransactionID
		for i, id := range newest {
			if c.want(len(newest)-1-i, id) {
				want = append(want, id)
			}
		}
		for _, rises := range []bool{false, true} {
			f := c.f
			if f.PageSize = 40; rises {
				f.OrderBy = "CreatedOnUtc"
			}
			var pages, onward []tandem.TransactionID
			for f.Page = 1; f.Page < 6; f.Page++ {
				page, err := s.Transactions().Across(t.Context(), p, f)
				if err != nil || page.Total != len(want) {
					t.Fatalf("%s: %d of %d, %v; want %d", name, len(page.Rows), page.Total, err, len(want))
				}
				for _, r := range page.Rows {
					if pages = append(pages, r.ID); r.AccountID != made[r.ID] || r.CycleID != "c" {
						t.Errorf("%s: %+v of %s", name, r, made[r.ID])
					}
				}
			}
			f.Page, f.Whole = 1, true
			for range 6 {
				page, err := s.Transactions().Across(t.Context(), p, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Rows {
					onward, f.Past = append(onward, r.ID), int64(r.ID)
				}
			}
			in := append([]tandem.TransactionID(nil), want...)
			if rises {
				for i, id := range want {
					in[len(in)-1-i] = id
				}
			}
			if diff := cmp.Diff(in, pages); diff != "" {
				t.Errorf("%s, rising %t (-want +got):\n%s", name, rises, diff)
			}
			if diff := cmp.Diff(in, onward); diff != "" {
				t.Errorf("%s, rising %t, read on (-want +got):\n%s", name, rises, diff)
			}
		}
	}
	place, err := s.Transactions().Find(t.Context(), p, newest[0])
	if err != nil || place.AccountID != made[newest[0]] {
		t.Errorf("found %+v, %v", place, err)
	}
}
