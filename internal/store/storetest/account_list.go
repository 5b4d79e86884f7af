package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// accountLists looks at lists while what they are of changes.
func accountLists(t *testing.T, s *store.Store) {
	p, other := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	newAccount(t, s, other, "école", 0)
	root := newAccount(t, s, p, "École", 0)
	for _, id := range []string{"zebra", "apple", "Ärger"} {
		newAccount(t, s, p, id, root.ID)
	}
	edit := func(id string, do func(*tandem.Account)) {
		t.Helper()
		if _, err := s.UpdateAccount(t.Context(), p, id, func(a *tandem.Account) error { do(a); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	list := func(parent tandem.AccountID, f tandem.AccountFilter, total int, want ...string) {
		t.Helper()
		page, err := s.ListAccounts(t.Context(), p, parent, f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range page.Rows {
			got = append(got, a.APIID)
		}
		if diff := cmp.Diff(want, got); diff != "" || page.Total != total {
			t.Errorf("%+v: %d in all, want %d; -want +got\n%s", f, page.Total, total, diff)
		}
	}
	two := tandem.PageRequest{Page: 2, PageSize: 2}
	list(0, tandem.AccountFilter{}, 4, "apple", "zebra", "Ärger", "École")
	list(0, tandem.AccountFilter{PageRequest: two}, 4, "Ärger", "École")
	list(0, tandem.AccountFilter{Query: "école"}, 1, "École")
	list(0, tandem.AccountFilter{Query: "ÄRG"}, 1, "Ärger")
	list(0, tandem.AccountFilter{Query: "e", PageRequest: tandem.PageRequest{OrderBy: "Id", Descend: true}}, 4, "École", "Ärger", "zebra", "apple")
	list(root.ID, tandem.AccountFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedDate", Descend: true}}, 3, "Ärger", "apple", "zebra")

	edit("zebra", func(a *tandem.Account) { a.Name = "a zebra" })
	list(0, tandem.AccountFilter{}, 4, "zebra", "apple", "Ärger", "École")
	list(0, tandem.AccountFilter{Query: "zebra"}, 1, "zebra")
	edit("zebra", func(a *tandem.Account) { a.Enabled = false })
	list(0, tandem.AccountFilter{Enabled: new(false)}, 1, "zebra")
	list(root.ID, tandem.AccountFilter{Enabled: new(true)}, 2, "apple", "Ärger")
	edit("apple", func(a *tandem.Account) { a.ParentID = 0 })
	list(root.ID, tandem.AccountFilter{}, 2, "zebra", "Ärger")

	remove := func(id string, ago time.Duration) {
		t.Helper()
		a, err := s.Account(t.Context(), p, id)
		if err == nil {
			err = s.DeleteAccount(t.Context(), p, a.ID, time.Now().Add(-ago))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const day = 24 * time.Hour
	remove("zebra", 0)
	remove("apple", 31*day)
	list(0, tandem.AccountFilter{}, 2, "Ärger", "École")
	list(0, tandem.AccountFilter{Deleted: true}, 1, "zebra") // the other's time in the bin is over
	list(root.ID, tandem.AccountFilter{Deleted: true, Query: "ZEB"}, 1, "zebra")
	if _, err := s.RestoreAccount(t.Context(), p, "zebra"); err != nil {
		t.Fatal(err)
	}
	list(0, tandem.AccountFilter{Deleted: true}, 0)
	list(0, tandem.AccountFilter{PageRequest: tandem.PageRequest{Page: 9}}, 3)
}
