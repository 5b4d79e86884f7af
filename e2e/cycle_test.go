package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
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

// signIn signs in to the console at base, with a browser.
func (in installation) signIn(base string) *http.Client {
	in.t.Helper()
	jar, err := cookiejar.New(nil)
	must(in.t, err)
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	sent, err := json.Marshal(map[string]string{"Email": in.keys.Email, "Password": string(in.keys.Password)})
	must(in.t, err)
	resp, err := browser.Post(base+"/console/session", "application/json", bytes.NewReader(sent))
	must(in.t, err)
	must(in.t, resp.Body.Close())
	if resp.StatusCode != http.StatusOK {
		in.t.Fatalf("sign-in was answered %s", resp.Status)
	}
	return browser
}

// newCycle opens an account with a cycle made of a template in testdata, whose
// third party is the sink.
func newCycle(t testing.TB, in installation, base, template, sink string) (*client.Client, tandem.CycleID) {
	t.Helper()
	ctx := t.Context()
	acme := in.partner(base)
	text, err := os.ReadFile(filepath.Join("testdata", template))
	must(t, err)
	_, err = acme.CreateAccount(ctx, client.Account{ID: account, Name: "Flooded"})
	must(t, err)
	a := acme.Account(account)
	_, err = a.InstallConnector(ctx, "Sink", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: sink}}})
	must(t, err)
	imported, err := acme.ImportTemplate(ctx, json.RawMessage(text))
	must(t, err)
	cycle, err := a.InstallTemplate(ctx, imported)
	must(t, err)
	return a, cycle.ID
}

// hookCycle is newCycle, started, and gives the path of its webhook.
func hookCycle(t testing.TB, in installation, base, template, sink string) string {
	t.Helper()
	a, cycle := newCycle(t, in, base, template, sink)
	_, err := a.Activate(t.Context(), cycle, client.Activation{})
	must(t, err)
	steps, err := a.Steps(t.Context(), cycle)
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
