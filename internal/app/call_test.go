package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// A partner's own connector has all that calls can have: scripts, XML and limits;
// and what cannot be compiled is refused alone.
func TestCustomConnectorInFull(t *testing.T) {
	var sent []string
	party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, r.URL.Path+" "+r.Header.Get("X-Signed")+" "+string(body))
		if r.URL.Path == "/orders" {
			w.Header().Set("Content-Type", "application/xml")
			io.WriteString(w, `<Orders><Order><Id>1</Id></Order></Orders>`)
			return
		}
		io.WriteString(w, `{"taken":[1]}`)
	}))
	defer party.Close()
	r := start(t, config(t, ""))
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"}); err != nil {
		t.Fatal(err)
	}
	account := r.acme.Account("a")
	document := `{
		"Name": "Own", "Version": "1", "ReleaseStatus": "Live", "UniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c77",
		"Authentication": [{"AuthType": "ApiKey"}],
		"RateLimits": [{"Requests": 1000, "Seconds": 1}],
		"Script": "function before_action() { method_request_headers['X-Signed'] = cyclr_sign('HMAC-SHA256', method_auth_value, 'x').length > 10 ? 'yes' : 'no'; return true }",
		"Methods": [
			{"Name": "Orders", "MethodUniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c01", "MethodType": "Action", "HttpMethod": "POST", "EndPoint": "PARTY/orders",
				"RequestDataType": "Xml", "RequestXmlRoot": "Query", "ResponseDataType": "Xml", "ResponseFields": [{"ConnectorField": "Orders.[Order].Id"}],
				"Script": "function after_action() { method_response.Orders.seen = method_response.Orders.Order.length; return true }"},
			{"Name": "Sum", "MethodUniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c03", "MethodType": "Script", "ResponseDataType": "Json",
				"Script": "function after_action() { cyclr_storage_set('n', 7); method_response = { n: cyclr_storage_get('n'), mode: script_execution_context }; return true }"},
			{"Name": "Broken", "MethodUniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c04", "MethodType": "Action", "HttpMethod": "GET", "EndPoint": "PARTY/x",
				"Script": "function after_action( {"}
		]
	}`
	if err := account.Do(t.Context(), http.MethodPost, "/account/connectors/custom", json.RawMessage(strings.ReplaceAll(document, "PARTY", party.URL)), nil); err != nil {
		t.Fatal(err)
	}
	installed, err := account.InstallConnector(t.Context(), "Own", client.Install{AuthValue: "k3y-value"})
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]string{
		"6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c01": `{"Orders":{"Order":[{"Id":"1"}],"seen":1}}`,
		"6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c03": `{"mode":"RUNNING_TRANSACTION","n":7}`,
	} {
		got, err := account.CallMethod(t.Context(), installed.ID, method, client.MethodInput{})
		var document any
		if err == nil {
			err = json.Unmarshal(got, &document)
		}
		clean, _ := json.Marshal(document)
		if err != nil || string(clean) != want {
			t.Errorf("%s: %s, %v", method, clean, err)
		}
	}
	if len(sent) != 1 || !strings.HasPrefix(sent[0], "/orders yes ") {
		t.Errorf("sent %q", sent)
	}
	_, err = account.CallMethod(t.Context(), installed.ID, "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c04", client.MethodInput{})
	if tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("what is no JavaScript: %v", err)
	}
}
