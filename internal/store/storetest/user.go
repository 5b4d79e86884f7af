package storetest

import (
	stdcmp "cmp"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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
					if _, err := s.AdmitUser(t.Context(), account.ID, tandem.User{Partner: acme, Username: "amy", Email: "amy@x.test"}, "hash"); err != nil {
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
		amy, _, err := s.UserByName(t.Context(), acme, "amy")
		if err != nil {
			t.Fatal(err)
		}
		_, admit := s.AdmitUser(t.Context(), a.ID, tandem.User{Partner: bolt, Username: "mole"}, "")
		_, get := s.User(t.Context(), bolt, amy.ID)
		_, membership := s.Membership(t.Context(), bolt, a.ID, amy.ID)
		_, builtIn := s.BuiltInUser(t.Context(), bolt, a.ID, "account x")
		for why, err := range map[string]error{
			"admit":        admit,
			"get":          get,
			"membership":   membership,
			"built in":     builtIn,
			"add":          s.AddMember(t.Context(), bolt, a.ID, amy.ID, false),
			"add another":  s.AddMember(t.Context(), bolt, other.ID, amy.ID, false),
			"change":       s.ChangeMember(t.Context(), bolt, a.ID, "amy", tandem.MemberChange{Administrator: true}),
			"update":       s.UpdateUser(t.Context(), bolt, amy.ID, func(*tandem.User) error { return nil }),
			"set password": s.SetUserPassword(t.Context(), bolt, amy.ID, "x", 0),
			"signed in":    s.UserSignedIn(t.Context(), bolt, amy.ID, time.Now()),
			"delete":       s.DeleteUser(t.Context(), bolt, amy.ID),
		} {
			if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%s: %v, want not found", why, err)
			}
		}
		if again := admitUser(t, s, other, "amy"); again.ID == amy.ID {
			t.Error("two partners have the same user")
		}
		members(t, s, a, "amy")
	})

	t.Run("update", func(t *testing.T) { updatesUser(t, s, acme, a, b) })
	t.Run("find", func(t *testing.T) { findsUser(t, s, acme, a) })
	t.Run("administrators", func(t *testing.T) { administrators(t, s, newAccount(t, s, acme, "c", 0)) })
	t.Run("built in", func(t *testing.T) { builtInUser(t, s, newAccount(t, s, acme, "d", 0)) })

	t.Run("removed while changed", func(t *testing.T) { removedWhileChanged(t, s, newAccount(t, s, acme, "e", 0)) })

	t.Run("remove", func(t *testing.T) {
		remove := func() error { return s.ChangeMember(t.Context(), acme, a.ID, "amy", tandem.MemberChange{Remove: true}) }
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		if err := remove(); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("twice: %v", err)
		}
		members(t, s, a)
		members(t, s, b, "amy")
		members(t, s, other, "amy")
	})
}

// admitUser gives an API user access to an account.
func admitUser(t *testing.T, s *store.Store, a *tandem.Account, username string) tandem.User {
	t.Helper()
	u, err := s.AdmitUser(t.Context(), a.ID, tandem.User{Partner: a.Partner, Username: username, APIUser: true}, "")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func updatesUser(t *testing.T, s *store.Store, p tandem.PartnerID, a, b *tandem.Account) {
	ben := &tandem.User{Partner: p, Username: "ben", Email: "ben@x.test", FirstName: "Bénédicte", CreatedDate: time.UnixMicro(7).UTC()}
	ben.Accounts = []tandem.Membership{{Account: a.ID, Administrator: true}}
	if err := s.CreateUser(t.Context(), ben, "hash"); err != nil {
		t.Fatal(err)
	}
	for field, u := range map[string]tandem.User{
		"Username": {Partner: p, Username: "ben", Email: "new@x.test"},
		"Email":    {Partner: p, Username: "new", Email: "ben@x.test"},
	} {
		var e *tandem.Error
		if err := s.CreateUser(t.Context(), &u, ""); !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != field {
			t.Errorf("%s in use: %v", field, err)
		}
	}
	taking := func(u *tandem.User) error { u.Email = "amy@x.test"; return nil }
	if err := s.UpdateUser(t.Context(), p, ben.ID, taking); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("another's email: %v", err)
	}
	err := s.UpdateUser(t.Context(), p, ben.ID, func(u *tandem.User) error {
		u.LastName, u.Email = "Ëlm", "b@x.test"
		u.Accounts = []tandem.Membership{{Account: b.ID}, {Account: a.ID}} // keeps what there is of rights
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := tandem.User{
		Passwords: 1,
		ID:        ben.ID, Partner: p, Username: "ben", FirstName: "Bénédicte", LastName: "Ëlm", Email: "b@x.test", CreatedDate: ben.CreatedDate,
		Accounts: []tandem.Membership{
			{Account: a.ID, APIID: "a", AccountName: a.Name, Administrator: true, Enabled: true},
			{Account: b.ID, APIID: "b", AccountName: b.Name, Enabled: true},
		},
	}
	got, err := s.User(t.Context(), p, ben.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	for query, names := range map[string]string{"": "amy ben", "BÉN": "ben", "BE\u0301N": "ben", "ëlm": "ben", "@x.test": "amy ben", "%": "", "amy@": "amy"} {
		page, err := s.ListUsers(t.Context(), p, b.ID, tandem.UserFilter{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, u := range page.Rows {
			found += " " + u.Username
		}
		if found != " "+names && found != names || page.Total != len(page.Rows) {
			t.Errorf("%q: %q of %d, want %q", query, found, page.Total, names)
		}
	}
	second, err := s.ListUsers(t.Context(), p, 0, tandem.UserFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 1}})
	if diff := cmp.Diff(tandem.Page[tandem.User]{Rows: []tandem.User{want}, Total: 2}, second); err != nil || diff != "" {
		t.Errorf("second page: %v, -want +got\n%s", err, diff)
	}
	if err := s.DeleteUser(t.Context(), p, ben.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteUser(t.Context(), p, ben.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("deleted twice: %v", err)
	}
	members(t, s, b, "amy")
}

// findsUser looks for people in the ways that they call themselves.
func findsUser(t *testing.T, s *store.Store, p tandem.PartnerID, a *tandem.Account) {
	api := admitUser(t, s, a, "amy@x.test") // the email of another
	for name, want := range map[string]string{"amy": "amy", "amy@x.test": "amy@x.test", "": "", "nobody": ""} {
		u, _, err := s.UserByName(t.Context(), p, name)
		if u.Username != want || (tandem.ErrorCode(err) == tandem.NotFound) != (want == "") {
			t.Errorf("%q: %q, %v", name, u.Username, err)
		}
	}
	amy, hash, err := s.UserByEmail(t.Context(), p, "amy@x.test")
	if err != nil || amy.Username != "amy" || hash != "hash" {
		t.Errorf("by email: %q, %q, %v", amy.Username, hash, err)
	}
	if _, _, err := s.UserByEmail(t.Context(), p, ""); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("by no email: %v", err)
	}
	rene := admitUser(t, s, a, "Ren\u00e9")
	for _, spelling := range []string{"Ren\u00e9", "rene\u0301", "RENE\u0301"} {
		if u, _, err := s.UserByName(t.Context(), p, spelling); err != nil || u.ID != rene.ID || u.Username != "Ren\u00e9" {
			t.Errorf("%+q: %+v, %v", spelling, u, err)
		}
		if again := admitUser(t, s, a, spelling); again.ID != rene.ID {
			t.Errorf("%+q is another user", spelling)
		}
	}
	if err := s.DeleteUser(t.Context(), p, rene.ID); err != nil {
		t.Fatal(err)
	}
	if !api.APIUser || amy.APIUser {
		t.Errorf("API users: %v, %v", api.APIUser, amy.APIUser)
	}
	if err := s.SetUserPassword(t.Context(), p, api.ID, "other", 0); err != nil {
		t.Fatal(err)
	}
	at := time.UnixMicro(9).UTC()
	if err := s.UserSignedIn(t.Context(), p, api.ID, at); err != nil {
		t.Fatal(err)
	}
	u, hash, err := s.UserWithPassword(t.Context(), p, api.ID)
	if err != nil || u.APIUser || hash != "other" || u.LastSignInDate == nil || !u.LastSignInDate.Equal(at) {
		t.Errorf("with a password: %+v, %q, %v", u, hash, err)
	}
	now := time.Now()
	var claimed atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			first, err := s.ClaimReset(t.Context(), p, u.ID, now, now.Add(-time.Minute))
			if err != nil {
				t.Error(err)
			}
			if first {
				claimed.Add(1)
			}
		})
	}
	wg.Wait()
	if claimed.Load() != 1 {
		t.Errorf("%d of many reset at once", claimed.Load())
	}
	if again, err := s.ClaimReset(t.Context(), p, u.ID, now.Add(2*time.Minute), now.Add(time.Minute)); err != nil || !again {
		t.Errorf("after a while: %v, %v", again, err)
	}
	if err := s.DeleteUser(t.Context(), p, u.ID); err != nil {
		t.Fatal(err)
	}
}

// administrators lets two go at once, of whom one must stay.
func administrators(t *testing.T, s *store.Store, a *tandem.Account) {
	for _, name := range []string{"one", "two", "standard"} {
		u := admitUser(t, s, a, name)
		if name != "standard" {
			if err := s.AddMember(t.Context(), a.Partner, a.ID, u.ID, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.AddMember(t.Context(), a.Partner, a.ID, u.ID, false); err != nil { // takes nothing away
			t.Fatal(err)
		}
	}
	if err := s.ChangeMember(t.Context(), a.Partner, a.ID, "standard", tandem.MemberChange{Remove: true, Administrators: 3}); err != nil {
		t.Errorf("removed who is none: %v", err)
	}
	var left atomic.Int32
	var wg sync.WaitGroup
	for name, c := range map[string]tandem.MemberChange{"one": {Remove: true, Administrators: 1}, "two": {Administrators: 1}} {
		wg.Go(func() {
			switch err := s.ChangeMember(t.Context(), a.Partner, a.ID, name, c); tandem.ErrorCode(err) {
			case "":
			case tandem.Conflict:
				left.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if left.Load() != 1 {
		t.Errorf("%d of two administrators had to stay", left.Load())
	}
	page, err := s.Members(t.Context(), a.ID, tandem.UserFilter{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range page.Rows {
		if m.Administrator {
			n++
		}
	}
	if n != 1 {
		t.Errorf("left: %+v", page.Rows)
	}
	for _, name := range []string{"one", "two"} {
		if err := s.ChangeMember(t.Context(), a.Partner, a.ID, name, tandem.MemberChange{}); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("by the partner: %v", err)
		}
	}
}

// removedWhileChanged takes access from a user, and rights from another, while
// something else of them is being saved: they do not get it back.
func removedWhileChanged(t *testing.T, s *store.Store, a *tandem.Account) {
	admitUser(t, s, a, "boss")
	for name, c := range map[string]tandem.MemberChange{"gone": {Remove: true}, "demoted": {}} {
		u := admitUser(t, s, a, name)
		if err := s.AddMember(t.Context(), a.Partner, a.ID, u.ID, true); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		err := s.UpdateUser(t.Context(), a.Partner, u.ID, func(u *tandem.User) error {
			u.FirstName = "Changed"
			go func() { done <- s.ChangeMember(t.Context(), a.Partner, a.ID, name, c) }()
			select {
			case err := <-done: // the change could be made meanwhile: the worst time
				done <- err
			case <-time.After(200 * time.Millisecond): // it waits
			}
			return nil
		})
		if err := stdcmp.Or(err, <-done); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	members(t, s, a, "boss", "demoted")
	page, err := s.Members(t.Context(), a.ID, tandem.UserFilter{})
	if err != nil || slices.ContainsFunc(page.Rows, func(m tandem.Member) bool { return m.Administrator }) {
		t.Errorf("rights are back: %+v, %v", page.Rows, err)
	}
}

// builtInUser is in no list, and in no other way to be had.
func builtInUser(t *testing.T, s *store.Store, a *tandem.Account) {
	u, err := s.BuiltInUser(t.Context(), a.Partner, a.ID, "account 1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.BuiltInUser(t.Context(), a.Partner, a.ID, "account 1")
	if diff := cmp.Diff(u, again, cmpopts.EquateApproxTime(time.Hour)); err != nil || diff != "" || !u.APIUser {
		t.Errorf("asked for again: %v, %s", err, diff)
	}
	want := tandem.Membership{Account: a.ID, APIID: a.APIID, AccountName: a.Name, Enabled: true}
	got, err := s.Membership(t.Context(), a.Partner, a.ID, u.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("membership: %v, -want +got\n%s", err, diff)
	}
	members(t, s, a)
	_, get := s.User(t.Context(), a.Partner, u.ID)
	_, _, name := s.UserByName(t.Context(), a.Partner, u.Username)
	for why, err := range map[string]error{
		"get":    get,
		"name":   name,
		"delete": s.DeleteUser(t.Context(), a.Partner, u.ID),
		"change": s.ChangeMember(t.Context(), a.Partner, a.ID, u.Username, tandem.MemberChange{Remove: true}),
		"sign":   s.SetUserPassword(t.Context(), a.Partner, u.ID, "hash", 0),
	} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%s: %v, want not found", why, err)
		}
	}
	enable := func(on bool) {
		if _, err := s.UpdateAccount(t.Context(), a.Partner, a.APIID, func(a *tandem.Account) error { a.Enabled = on; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	enable(false)
	if _, err := s.Membership(t.Context(), a.Partner, a.ID, u.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("in a suspended account: %v", err)
	}
	enable(true)
	if err := s.DeleteAccount(t.Context(), a.Partner, a.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Membership(t.Context(), a.Partner, a.ID, u.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("in a deleted account: %v", err)
	}
}

func members(t *testing.T, s *store.Store, a *tandem.Account, want ...string) {
	t.Helper()
	page, err := s.Members(t.Context(), a.ID, tandem.UserFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range page.Rows {
		got = append(got, m.Username)
	}
	if diff := cmp.Diff(want, got); diff != "" || page.Total != len(want) {
		t.Errorf("members of account %d: %d, -want +got\n%s", a.ID, page.Total, diff)
	}
}
