package app

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/examples/templates"
)

// Whoever activates a cycle is told what the third party answered when it was
// asked to call its webhook.
func TestWebhookThatIsRefused(t *testing.T) {
	party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer party.Close()
	r := start(t, config(t, ""))
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"}); err != nil {
		t.Fatal(err)
	}
	account := r.acme.Account("a")
	for name, key := range map[string]string{"Bookshelf CRM": "key", "Postbag": "YTpi"} {
		if _, err := account.InstallConnector(t.Context(), name, client.Install{AuthValue: key, Properties: []client.Property{{Name: "BaseUrl", Value: party.URL}}}); err != nil {
			t.Fatal(err)
		}
	}
	file, err := fs.ReadFile(templates.Files, "new-contact.json")
	if err != nil {
		t.Fatal(err)
	}
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(file))
	if err != nil {
		t.Fatal(err)
	}
	c, err := account.InstallTemplate(t.Context(), template)
	if err != nil {
		t.Fatal(err)
	}
	_, err = account.Activate(t.Context(), c.ID, client.Activation{})
	if want := "Failed to authenticate the connector: the answer was 401 Unauthorized"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want it to say %q", err, want)
	}
}
