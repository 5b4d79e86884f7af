package storetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// keepAudit makes s keep an audit log.
func keepAudit(t *testing.T, s *store.Store) {
	t.Helper()
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.KeepAudit(v)
}

// acting is a context for an act of a partner's client.
func acting(t *testing.T, p tandem.PartnerID, email, name string) (context.Context, *tandem.Act) {
	act := &tandem.Act{
		Who: tandem.Principal{Partner: p, Client: "client of " + email}, Name: name, Object: "/v1.0/" + name, Sent: []byte(`{"Name":"x"}`),
		RequestID: "request", Address: "192.0.2.1",
	}
	return tandem.WithAct(t.Context(), act), act
}

func rename(ctx context.Context, s *store.Store, p tandem.PartnerID, apiID, name string) error {
	_, err := s.UpdateAccount(ctx, p, apiID, func(a *tandem.Account) error { a.Name = name; return nil })
	return err
}

func entries(t *testing.T, s *store.Store, p tandem.PartnerID, f tandem.AuditFilter) []tandem.AuditEntry {
	t.Helper()
	page, err := s.SearchAudit(t.Context(), p, f)
	if err != nil {
		t.Fatal(err)
	}
	var each []tandem.AuditEntry
	if err := s.EachAudit(t.Context(), p, f, func(e tandem.AuditEntry) error { each = append(each, e); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(each) != page.Total {
		t.Errorf("%+v: %d entries one by one, %d in all pages", f, len(each), page.Total)
	}
	return page.Rows
}

func verify(t *testing.T, s *store.Store, p tandem.PartnerID, kept tandem.AuditHead) tandem.AuditProof {
	t.Helper()
	proof, err := s.VerifyAudit(t.Context(), p, kept)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

func audit(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	keepAudit(t, s)
	a := newAccount(t, s, acme, "books", 0)

	t.Run("nothing yet", func(t *testing.T) {
		if proof := verify(t, s, acme, tandem.AuditHead{}); !proof.Intact || proof.Head.ID != 0 {
			t.Errorf("%+v", proof)
		}
		if got := entries(t, s, acme, tandem.AuditFilter{}); len(got) != 0 { // newAccount was nobody's act
			t.Errorf("%+v", got)
		}
	})

	t.Run("an act has one entry", func(t *testing.T) {
		ctx, act := acting(t, acme, "a@acme.test", "updateAccount")
		act.Account = a.ID
		for _, name := range []string{"Books", "Books and more"} {
			if err := rename(ctx, s, acme, "books", name); err != nil {
				t.Fatal(err)
			}
		}
		want := []tandem.AuditEntry{{
			ID: 1, ActorType: tandem.ActorClient, ActorID: "client of a@acme.test", Actor: "client", AccountID: "books", Account: "books",
			Action: "updateAccount", Object: "/v1.0/updateAccount", Sent: `{"Name":"x"}`, Outcome: tandem.ActDone, Count: 1, RequestID: "request", Address: "192.0.2.1",
		}}
		got := entries(t, s, acme, tandem.AuditFilter{})
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(tandem.AuditEntry{}, "Created", "Hash")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if !act.Logged() || time.Since(got[0].Created) > time.Minute || len(got[0].Hash) != 64 {
			t.Errorf("%+v, logged: %t", got[0], act.Logged())
		}
	})

	t.Run("what does not happen has none", func(t *testing.T) {
		ctx, act := acting(t, acme, "a@acme.test", "failing")
		refusal := errors.New("no")
		_, err := s.UpdateAccount(ctx, acme, "books", func(*tandem.Account) error { return refusal })
		if !errors.Is(err, refusal) || act.Logged() {
			t.Error(err, act.Logged())
		}
		reading, act := acting(t, acme, "a@acme.test", "reading")
		act.Reads = true
		if err := rename(reading, s, acme, "books", "read"); err != nil {
			t.Fatal(err)
		}
		nobody, act := acting(t, acme, "a@acme.test", "nobody")
		act.Who = tandem.Principal{}
		if err := rename(nobody, s, acme, "books", "nobody"); err != nil {
			t.Fatal(err)
		}
		if got := entries(t, s, acme, tandem.AuditFilter{}); len(got) != 1 {
			t.Errorf("%+v", got)
		}
		// Once it works, it is logged.
		if err := rename(ctx, s, acme, "books", "Books"); err != nil || !act.Reads && len(entries(t, s, acme, tandem.AuditFilter{Action: "failing"})) != 1 {
			t.Error(err)
		}
	})

	t.Run("people, and accounts by name", func(t *testing.T) {
		ctx, act := acting(t, bolt, "b@bolt.test", "createAccount")
		var id tandem.ConsoleUserID
		if err := s.Dialect().Reader().QueryRowContext(ctx, `SELECT id FROM console_user WHERE email = 'b@bolt.test'`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		act.Who, act.AccountAPIID = tandem.Principal{Partner: bolt, ConsoleUser: id}, "books" // there is none at bolt
		newAccountBy := &tandem.Account{Partner: bolt, APIID: "tools", Name: "Tools", Timezone: "UTC", Enabled: true}
		if err := s.CreateAccount(ctx, newAccountBy, dataKey); err != nil {
			t.Fatal(err)
		}
		e := tandem.AuditEntry{Action: "signIn", Outcome: tandem.ActRefused, Reason: "wrong", Count: 3, AccountID: "TOOLS?"}
		if err := s.AppendAudit(t.Context(), e, tandem.Principal{Partner: bolt, Account: newAccountBy.ID, User: 999}); err != nil {
			t.Fatal(err)
		}
		got := entries(t, s, bolt, tandem.AuditFilter{})
		if len(got) != 2 || got[1].Actor != "b@bolt.test" || got[1].ActorType != tandem.ActorConsoleUser || got[1].AccountID != "books" || got[1].Account != "" ||
			got[0].AccountID != "tools" || got[0].Account != "Tools" || got[0].ActorID != "999" || got[0].Count != 3 {
			t.Errorf("%+v", got)
		}
	})

	t.Run("search", func(t *testing.T) { searchAudit(t, s, acme) })
	t.Run("many at once", func(t *testing.T) { crowd(t, s, acme) })
	t.Run("tampering", func(t *testing.T) { tamper(t, s, acme) })
}

// crowd has many write at once.
func crowd(t *testing.T, s *store.Store, p tandem.PartnerID) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 5 {
				ctx, _ := acting(t, p, "a@acme.test", fmt.Sprint("many", i))
				if err := rename(ctx, s, p, "books", fmt.Sprint(i, j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := entries(t, s, p, tandem.AuditFilter{Text: "many"}); len(got) != 40 {
		t.Errorf("%d entries", len(got))
	}
	if proof := verify(t, s, p, tandem.AuditHead{}); !proof.Intact {
		t.Errorf("%+v", proof)
	}
}

func searchAudit(t *testing.T, s *store.Store, p tandem.PartnerID) {
	before := len(entries(t, s, p, tandem.AuditFilter{}))
	var times []time.Time
	for i := range 7 {
		e := tandem.AuditEntry{
			Action: []string{"even", "odd"}[i%2], Object: fmt.Sprintf("/v1.0/things/%d", i), Actor: "Amy", AccountID: "books", Outcome: tandem.ActDone, Count: 1,
			Sent: fmt.Sprintf(`{"Percent":"%d0%%_"}`, i), Address: "198.51.100.7",
		}
		if err := s.AppendAudit(t.Context(), e, tandem.Principal{Partner: p}); err != nil {
			t.Fatal(err)
		}
		times = append(times, entries(t, s, p, tandem.AuditFilter{})[0].Created)
	}
	for name, tc := range map[string]struct {
		f     tandem.AuditFilter
		want  string // last letters of objects
		total int
	}{
		"page":         {tandem.AuditFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 3}}, "321", before + 7},
		"far away":     {tandem.AuditFilter{PageRequest: tandem.PageRequest{Page: 99, PageSize: 3}}, "", before + 7},
		"action":       {tandem.AuditFilter{Action: "odd"}, "531", 3},
		"action, page": {tandem.AuditFilter{Action: "odd", PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, "1", 3},
		"actor":        {tandem.AuditFilter{Actor: "Amy"}, "6543210", 7},
		"account":      {tandem.AuditFilter{Account: "books", Action: "even"}, "6420", 4},
		"nobody":       {tandem.AuditFilter{ActorID: "nobody"}, "", 0},
		"object":       {tandem.AuditFilter{Object: "THINGS/4"}, "4", 1},
		"text":         {tandem.AuditFilter{Text: `30%_"`}, "3", 1},
		"text, action": {tandem.AuditFilter{Text: "198.51.100.7", Action: "even"}, "6420", 4},
		"no pattern":   {tandem.AuditFilter{Text: `3%"`}, "", 0},
		"after":        {tandem.AuditFilter{After: times[4], Actor: "Amy"}, "654", 3},
		"before":       {tandem.AuditFilter{Before: times[4], After: times[1]}, "321", 3},
		"later":        {tandem.AuditFilter{After: times[6].Add(time.Hour)}, "", 0},
		"earlier":      {tandem.AuditFilter{Before: times[0].Add(-time.Hour)}, "", 0},
		"inside out":   {tandem.AuditFilter{Before: times[1], After: times[4]}, "", 0},
	} {
		page, err := s.SearchAudit(t.Context(), p, tc.f)
		if err != nil {
			t.Fatal(name, err)
		}
		var got strings.Builder
		for _, e := range page.Rows {
			got.WriteByte(e.Object[len(e.Object)-1])
		}
		if got.String() != tc.want || page.Total != tc.total {
			t.Errorf("%s: %q of %d, want %q of %d", name, got.String(), page.Total, tc.want, tc.total)
		}
	}
}

// tamper does to the log what somebody with the database might, undoes it, and
// looks whether it shows.
func tamper(t *testing.T, s *store.Store, p tandem.PartnerID) {
	db := s.Dialect().Writer()
	kept := *verify(t, s, p, tandem.AuditHead{}).Head
	n := kept.ID
	old := entries(t, s, p, tandem.AuditFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 5}})[0] // five before the end
	for name, tc := range map[string]struct {
		do     []string
		broken int64
	}{
		"an entry edited":           {[]string{`UPDATE audit SET actor = 'Eve' WHERE partner = $1 AND seq = 3`}, 3},
		"a time edited":             {[]string{`UPDATE audit SET at = at + 1 WHERE partner = $1 AND seq = 3`}, 3},
		"text moved between fields": {[]string{`UPDATE audit SET actor = actor || 'x', account_id = 'y' WHERE partner = $1 AND seq = 4`}, 4},
		"a hash edited":             {[]string{`UPDATE audit SET hash = (SELECT hash FROM audit b WHERE b.partner = $1 AND b.seq = 2) WHERE partner = $1 AND seq = 5`}, 5},
		"an entry deleted":          {[]string{`DELETE FROM audit WHERE partner = $1 AND seq = 4`}, 4},
		"the first deleted":         {[]string{`DELETE FROM audit WHERE partner = $1 AND seq = 1`}, 1},
		"deleted, and closed up": {[]string{
			`DELETE FROM audit WHERE partner = $1 AND seq = 4`, `UPDATE audit SET seq = -seq WHERE partner = $1 AND seq > 4`,
			`UPDATE audit SET seq = -seq - 1 WHERE partner = $1 AND seq < 0`, `UPDATE audit_head SET seq = seq - 1 WHERE partner = $1`,
		}, n - 1},
		"two swapped": {[]string{
			`UPDATE audit SET seq = -1 WHERE partner = $1 AND seq = 3`, `UPDATE audit SET seq = 3 WHERE partner = $1 AND seq = 4`,
			`UPDATE audit SET seq = 4 WHERE partner = $1 AND seq = -1`,
		}, 3},
		"the tail cut":           {[]string{fmt.Sprintf(`DELETE FROM audit WHERE partner = $1 AND seq > %d`, n-5)}, n - 4},
		"the tail cut, and mark": {[]string{fmt.Sprintf(`DELETE FROM audit WHERE partner = $1 AND seq > %d`, old.ID), fmt.Sprintf(`UPDATE audit_head SET seq = %d, hash = (SELECT hash FROM audit WHERE partner = $1 AND seq = %[1]d) WHERE partner = $1`, old.ID)}, old.ID},
		"the mark's time moved":  {[]string{`UPDATE audit_head SET mac = hash WHERE partner = $1`}, n},
		"one put in":             {[]string{fmt.Sprintf(`UPDATE audit SET seq = %d WHERE partner = $1 AND seq = 2`, n+1)}, n + 1},
		"no mark":                {[]string{`DELETE FROM audit_head WHERE partner = $1`}, 1},
		"nothing left":           {[]string{`DELETE FROM audit_head WHERE partner = $1`, `DELETE FROM audit WHERE partner = $1`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			save := func(into, from string) {
				for _, table := range []string{"audit", "audit_head"} {
					if _, err := db.ExecContext(t.Context(), `INSERT INTO `+fmt.Sprintf(into, table)+` SELECT * FROM `+fmt.Sprintf(from, table)+` WHERE partner = $1`, p); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, table := range []string{"audit", "audit_head"} {
				if _, err := db.ExecContext(t.Context(), `CREATE TABLE saved_`+table+` AS SELECT * FROM `+table+` WHERE partner = -1`); err != nil {
					t.Fatal(err)
				}
			}
			save("saved_%s", "%s")
			for _, statement := range tc.do {
				if _, err := db.ExecContext(t.Context(), statement, p); err != nil {
					t.Fatal(statement, err)
				}
			}
			if proof := verify(t, s, p, kept); proof.Intact || proof.Broken != tc.broken || proof.Reason == "" {
				t.Errorf("%+v, want it to be broken at %d", proof, tc.broken)
			}
			for _, table := range []string{"audit", "audit_head"} {
				if _, err := db.ExecContext(t.Context(), `DELETE FROM `+table+` WHERE partner = $1`, p); err != nil {
					t.Fatal(err)
				}
			}
			save("%s", "saved_%s")
			for _, table := range []string{"audit", "audit_head"} {
				if _, err := db.ExecContext(t.Context(), `DROP TABLE saved_`+table); err != nil {
					t.Fatal(err)
				}
			}
			if proof := verify(t, s, p, kept); !proof.Intact || *proof.Head != (tandem.AuditHead{Partner: p, ID: n, Hash: kept.Hash}) {
				t.Fatalf("put back: %+v", proof)
			}
		})
	}
	t.Run("a log that was kept elsewhere", func(t *testing.T) {
		for why, head := range map[string]tandem.AuditHead{
			"was longer": {ID: n + 3, Hash: kept.Hash}, "was another": {ID: n - 2, Hash: strings.Repeat("0", 64)},
		} {
			if proof := verify(t, s, p, head); proof.Intact {
				t.Errorf("%s: %+v", why, proof)
			}
		}
		if proof := verify(t, s, p, tandem.AuditHead{ID: old.ID, Hash: old.Hash}); !proof.Intact {
			t.Errorf("an old one: %+v", proof)
		}
	})
}
