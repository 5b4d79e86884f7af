package library

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestSwish(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewSwish(t, "1231181189")
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, api.Roots(), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorldThatTrusts(t, roots, []string{"swish"}, api.Hosts()...)
	properties := []client.Property{{Name: "BaseUrl", Value: api.URL}, {Name: "MerchantNumber", Value: api.Number}}
	swish := w.install("Swish", client.Install{AuthValue: certified(t, api.Certificate, api.PrivateKey), Properties: properties})
	swish.tested()

	made := swish.call("Create Payment Request", nil, values{"amount": 100.5, "callbackUrl": "https://shop.example.com/swish", "message": "Kingston USB Flash Drive 8 GB"})
	id, token := swish.at(made, "id"), swish.at(made, "token")
	if token != "f34DS34lfd0d03fdDselkfd3ffk21" || swish.at(made, "location") != api.URL+"/swish-cpcapi/api/v1/paymentrequests/"+id.(string) {
		t.Errorf("made %v", made)
	}
	if got := swish.at(swish.call("Get QR Code", nil, values{"token": token}), "File.ContentType"); got != "image/png" {
		t.Errorf("a picture of type %v", got)
	}
	// An ID is used once, so nobody pays twice.
	const own = "11a86be7-0ea1-46cb-88b7-2c9db0ac2f3e"
	again := values{"amount": 1, "callbackUrl": "https://shop.example.com/swish", "payerAlias": "4671234768"}
	second := swish.call("Create Payment Request", values{"NewId": own}, again)
	if swish.at(second, "id") != "11A86BE70EA146CB88B72C9DB0AC2F3E" || swish.at(second, "token") != nil {
		t.Errorf("made %v", second)
	}
	_, err := swish.try("Create Payment Request", values{"NewId": own}, again)
	swish.refused(err, "InstructionUUID not available. (RP09)")
	if got := swish.at(swish.call("Cancel Payment Request", values{"Id": swish.at(second, "id")}, nil), "status"); got != "CANCELLED" {
		t.Errorf("status %v", got)
	}

	api.Pay(id.(string))
	paid := swish.call("Get Payment Request", values{"Id": id}, nil)
	refund := values{"originalPaymentReference": swish.at(paid, "paymentReference"), "amount": 50, "callbackUrl": "https://shop.example.com/swish"}
	back := swish.call("Create Refund", nil, refund)
	if got := swish.at(swish.call("Get Refund", values{"Id": swish.at(back, "id")}, nil), "status"); got != "VALIDATED" || api.Made != 3 {
		t.Errorf("refund %v, %d made", got, api.Made)
	}
	_, err = swish.try("Cancel Payment Request", values{"Id": id}, nil)
	swish.refused(err, "(RP07)")
	_, err = swish.try("Create Refund", nil, with(refund, "callbackUrl", "http://shop.example.com"))
	swish.refused(err, "Callback URL is missing or does not use HTTPS. (RP03)")

	// Who has no certificate of the merchant's gets no further.
	_, certificate, key := fake.Certificate(t, api.Number)
	stranger := w.install("Swish", client.Install{AuthValue: certified(t, certificate, key), Properties: properties})
	if _, err = stranger.try("Get Payment Request", values{"Id": id}, nil); err == nil {
		t.Error("a stranger is let in")
	}
}

// certified is the AuthValue of who shows a certificate.
func certified(t *testing.T, certificate, key string) string {
	t.Helper()
	text, err := json.Marshal(map[string]string{"Certificate": certificate, "PrivateKey": key})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
