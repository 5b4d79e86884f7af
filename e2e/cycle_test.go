package e2e

import (
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

const account = "flooded"

// partner is a client of the installation, at the server at base.
func (in installation) partner(base string) *client.Client {
	return client.New(base, in.keys.ClientID, tandem.Secret(in.keys.ClientSecret))
}

// deliverCycle opens an account with a running cycle that passes each event of
// its webhook to the sink, and returns the path of the webhook.
func deliverCycle(t testing.TB, in installation, base, sink string) string {
	t.Helper()
	ctx := t.Context()
	acme := in.partner(base)
	text, err := os.ReadFile("testdata/deliver.json")
	must(t, err)
	_, err = acme.CreateAccount(ctx, client.Account{ID: account, Name: "Flooded"})
	must(t, err)
	a := acme.Account(account)
	_, err = a.InstallConnector(ctx, "Sink", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: sink}}})
	must(t, err)
	template, err := acme.ImportTemplate(ctx, json.RawMessage(text))
	must(t, err)
	cycle, err := a.InstallTemplate(ctx, template)
	must(t, err)
	_, err = a.Activate(ctx, cycle.ID, client.Activation{})
	must(t, err)
	steps, err := a.Steps(ctx, cycle.ID)
	must(t, err)
	for _, s := range steps {
		if s.WebhookURL != "" {
			u, err := url.Parse(s.WebhookURL)
			must(t, err)
			return u.Path
		}
	}
	t.Fatal("the cycle has no webhook")
	return ""
}

// waitIdle waits until the account has nothing in progress, and checks that
// nothing failed.
func waitIdle(t testing.TB, in installation, base string, limit time.Duration) {
	t.Helper()
	a := in.partner(base).Account(account)
	deadline := time.Now().Add(limit)
	for {
		var cycles []client.Cycle
		must(t, a.Do(t.Context(), "GET", "/cycles", nil, &cycles))
		if len(cycles) != 1 {
			t.Fatalf("the account has %d cycles, not one", len(cycles))
		}
		if cycles[0].InProgressTransactionCount == 0 {
			if cycles[0].ErrorCount > 0 {
				t.Errorf("%d errors", cycles[0].ErrorCount)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d transactions are still in progress", cycles[0].InProgressTransactionCount)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
