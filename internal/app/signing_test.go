package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// payments is a connector whose webhook installs itself, and signs with a secret
// that the third party makes.
const payments = `Name: Payments
Version: "1"
UniqueIdentifier: 7b0f2f5e-0b1c-4a51-9c0e-3d8f1a2b4c01
Authentication: [{AuthType: None}]
Parameters:
  - {Name: BaseUrl, TargetType: MergeField, AccountConnectorProperty: true}
Methods:
  - Name: Paid
    MethodUniqueIdentifier: 7b0f2f5e-0b1c-4a51-9c0e-3d8f1a2b4c02
    MethodType: Webhook
    HttpMethod: POST
    ResponseDataType: Json
    CreateWebhookMethod: Subscribe
    DeleteWebhookMethod: Unsubscribe
    Reception:
      EventField: id
      Signature:
        Type: Hmac
        Secret: "{{Cyclr_Webhook_Secret}}"
        Header: X-Signature
        Separator: ","
        Prefix: v1=
        TimestampPrefix: t=
        Content: "{{Timestamp}}.{{Body}}"
  - Name: Subscribe
    MethodType: Action
    HttpMethod: POST
    Endpoint: "{{BaseUrl}}/hooks"
    ResponseDataType: Json
    ResponseFields:
      - {ConnectorField: id, SystemField: Cyclr_Webhook_Id}
      - {ConnectorField: secret, SystemField: Cyclr_Webhook_Secret}
  - Name: Unsubscribe
    MethodType: Action
    HttpMethod: DELETE
    Endpoint: "{{BaseUrl}}/hooks/{{Cyclr_Webhook_Id}}"
  - Name: Note
    MethodUniqueIdentifier: 7b0f2f5e-0b1c-4a51-9c0e-3d8f1a2b4c03
    MethodType: Action
    HttpMethod: POST
    Endpoint: "{{BaseUrl}}/notes"
    ResponseDataType: Json
`

// What the third party says it signs with is kept sealed for as long as it calls,
// and nothing else is taken for signed.
func TestSecretOfTheThirdParty(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		asked := 0
		party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hooks" {
				asked++
			}
			fmt.Fprintf(w, `{"id":"h1","secret":"whsec_%d"}`, asked)
		}))
		t.Cleanup(party.Close)
		c := config(t, database)
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "payments"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "payments", "connector.yaml"), []byte(payments), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Connectors = []string{dir}
		r := start(t, c)
		account, id, url := r.paid(t, party.URL)

		signed := func(secret, event string) int {
			t.Helper()
			at, body := fmt.Sprint(time.Now().Unix()), fmt.Sprintf(`{"id":%q}`, event)
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(at + "." + body))
			status, _ := tell(t, "POST", url, "application/json", body, "X-Signature", "t="+at+",v1="+hex.EncodeToString(mac.Sum(nil)))
			return status
		}
		if status := signed("whsec_1", "e1"); status != 200 {
			t.Errorf("signed: %d", status)
		}
		if status := signed("whsec_1", "e1"); status != 200 {
			t.Errorf("sent again: %d", status)
		}
		if status := signed("", "e2"); status != 401 {
			t.Errorf("signed with nothing: %d", status)
		}
		if all, err := account.Transactions(t.Context(), id); err != nil || len(all) != 1 {
			t.Errorf("%d transactions, %v", len(all), err)
		}
		hooks, err := r.store.Webhooks(t.Context(), 1, id)
		if err != nil || len(hooks[0].Sealed) < len("whsec_1")+16 {
			t.Errorf("%+v, %v", hooks, err)
		}
		if _, err := account.Deactivate(t.Context(), id, false); err != nil {
			t.Fatal(err)
		}
		if hooks, err = r.store.Webhooks(t.Context(), 1, id); err != nil || hooks[0].Sealed != nil {
			t.Errorf("after the end it is kept: %+v, %v", hooks, err)
		}
		if _, err := account.Activate(t.Context(), id, client.Activation{}); err != nil {
			t.Fatal(err)
		}
		if before, after := signed("whsec_1", "e3"), signed("whsec_2", "e3"); before != 401 || after != 200 {
			t.Errorf("with another secret: the old one %d, the new one %d", before, after)
		}
	})
}

// paid is an account with a running cycle that begins with a payment.
func (r *running) paid(t *testing.T, base string) (account *client.Client, id tandem.CycleID, url string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "shop", Name: "Shop"})
	must(err)
	account = r.acme.Account("shop")
	_, err = account.InstallConnector(t.Context(), "Payments", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: base}}})
	must(err)
	in, out := tandem.StepID(tandem.NewGUID()), tandem.StepID(tandem.NewGUID())
	text, err := json.Marshal(tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "Paid", Graph: tandem.Graph{
		Steps: []tandem.Step{
			{ID: in, Name: "Paid", ActionType: tandem.WebhookStep, Connector: "p", Method: "7b0f2f5e-0b1c-4a51-9c0e-3d8f1a2b4c02"},
			{ID: out, Name: "Note", ActionType: tandem.ActionStep, Connector: "p", Method: "7b0f2f5e-0b1c-4a51-9c0e-3d8f1a2b4c03"},
		},
		Edges:      []tandem.Edge{{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: in, TailStepID: out, EdgeType: tandem.ForwardEdge}},
		Connectors: []tandem.ConnectorRef{{Ref: "p", Name: "Payments", Version: "1"}},
	}})
	must(err)
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(text))
	must(err)
	c, err := account.InstallTemplate(t.Context(), template)
	must(err)
	_, err = account.Activate(t.Context(), c.ID, client.Activation{})
	must(err)
	steps, err := account.Steps(t.Context(), c.ID)
	must(err)
	return account, c.ID, steps[0].WebhookURL
}
