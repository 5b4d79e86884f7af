package api_test

import (
	"crypto/sha256"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api/apitest"
	"github.com/tandem-ipaas/tandem/internal/audit"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestMatrix(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { matrix(t, storetest.SQLite(t)) })
	t.Run("Postgres", func(t *testing.T) { matrix(t, storetest.Postgres(t)) })
}

func matrix(t *testing.T, db *store.Store) {
	w := newDesks(t, db)
	other, err := w.services.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	partners := [2]tandem.NewPartner{w.partner, other}
	apitest.Matrix(t, apitest.Target{
		Client: http.DefaultClient, URL: w.url, Routes: w.api.Routes(), Partners: partners,
		Transaction: func(account string, c tandem.CycleID, hook tandem.StepID) tandem.TransactionID {
			for _, p := range partners {
				if a, err := w.services.Accounts.Get(t.Context(), p.PartnerID, account); err == nil {
					return submit(t, db, a.ID, c, hook)
				}
			}
			t.Fatalf("there is no account %s", account)
			return 0
		},
		Session: func(p tandem.PartnerID) tandem.SessionID { return beginSession(t, w.services, p).ID },
		SignIn: func(who tandem.Principal, account string) http.Header {
			if account != "" {
				a, err := w.services.Accounts.Get(t.Context(), who.Partner, account)
				if err != nil {
					t.Fatal(err)
				}
				who.Account = a.ID
			}
			token, err := w.services.Sessions.Begin(t.Context(), tandem.Session{Who: who})
			if err != nil {
				t.Fatal(err)
			}
			return http.Header{deskHeader: {string(token)}}
		},
		Expired: func(p tandem.NewPartner) string { return expired(t, db, p) },
		Digest:  func() string { return storetest.Digest(t, db) },
		Flush:   func() { w.services.Audit.(*audit.Log).Flush(t.Context()) },
	})
}

// expired is a token that was good until a second ago.
func expired(t *testing.T, db *store.Store, p tandem.NewPartner) string {
	t.Helper()
	c, err := db.OAuthClient(t.Context(), p.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	const token = "once a token"
	hash, end := sha256.Sum256([]byte(token)), time.Now().Add(-time.Second)
	if err := db.SaveToken(t.Context(), hash[:], c, 0, end.Add(-time.Hour), end); err != nil {
		t.Fatal(err)
	}
	return token
}
