package api_test

import (
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/api/apitest"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMatrix(t *testing.T) {
	w := newWorld(t, api.Options{})
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
					return submit(t, w.db, a.ID, c, hook)
				}
			}
			t.Fatalf("there is no account %s", account)
			return 0
		},
		Digest: func() string { return storetest.Digest(t, w.db) },
	})
}
