package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// told queues notices of an account for its own receiver and for the partner's: one
// of them has a receiver of its own, and each kind is there.
func (w *world) told(account string) {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil {
		w.t.Fatal(err)
	}
	_, from, _, err := w.db.Untold(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	now := time.Now()
	one := tandem.Notice{ID: tandem.NewGUID(), Partner: a.Partner, Account: a.ID, Receiver: a.ID, Kind: tandem.ErrorNotice, CycleID: "c", TransactionID: 1 << 22, Message: "Out of retries", Created: now, Payload: []byte("{}")}
	two := one
	two.ID, two.Receiver, two.Created = tandem.NewGUID(), 0, now.Add(-time.Minute)
	three := two
	three.ID, three.Kind, three.TransactionID, three.Created = tandem.NewGUID(), tandem.StopNotice, 0, now.Add(-time.Hour)
	four := two
	four.ID = tandem.NewGUID()
	if done, err := w.db.Tell(w.t.Context(), from, from, []tandem.Notice{one, two, three, four}); err != nil || !done {
		w.t.Fatal(done, err)
	}
}

func TestNotices(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("other", "")
	w.told("books")
	count := func(query string, want int) []map[string]any {
		t.Helper()
		var all []map[string]any
		if w.ok(call{method: "GET", path: "/v1.0/notices" + query}, &all); len(all) != want {
			t.Errorf("%s: %d, want %d", query, len(all), want)
		}
		return all
	}
	all := count("", 4)
	if n := all[0]; n["AccountId"] != "books" || n["Kind"] != "Error" || n["State"] != "Queued" || n["Message"] != "Out of retries" || n["CycleId"] != "c" || n["Payload"] != nil {
		t.Errorf("%v", n)
	}
	if all[3]["TransactionId"] != nil {
		t.Errorf("%v", all[3])
	}
	count("?kind=notification", 1)
	count("?state=Delivered", 0)
	count("?account=books&kind=Error", 3)
	count("?account=other", 0)
	count("?after=2020-01-01&before=2020-01-02", 0)
	count("/receivers", 3)
	w.fails(call{method: "GET", path: "/v1.0/notices?account=none"}, 404, "")
	w.fails(call{method: "GET", path: "/v1.0/notices?kind=Rumour"}, 400, `kind: "Rumour" is not known: want one of [Error Notification]`)
	w.fails(call{method: "GET", path: "/v1.0/notices?state=Lost"}, 400, `state: "Lost" is not known: want one of [Queued Delivered GivenUp]`)
	if a := w.do(call{method: "GET", path: "/v1.0/notices?format=csv"}); a.status != 200 || strings.Count(a.body, "\n") != 5 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// A secret is shown once, when it is made.
func TestWebhookSecrets(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	seen := map[string]bool{}
	for _, path := range []string{"/v1.0/settings/webhooksecret", "/v1.0/settings/webhooksecret", "/v1.0/accounts/books/webhooksecret"} {
		var got struct{ Secret string }
		w.ok(call{method: "POST", path: path}, &got)
		if len(got.Secret) != 50 || !strings.HasPrefix(got.Secret, "whsec_") || seen[got.Secret] {
			t.Errorf("%s: %q", path, got.Secret)
		}
		seen[got.Secret] = true
	}
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/books/webhooksecret"}, nil)
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/books/webhooksecret"}, nil)
	w.fails(call{method: "DELETE", path: "/v1.0/accounts/none/webhooksecret"}, 404, "")
	w.fails(call{method: "POST", path: "/v1.0/accounts/none/webhooksecret"}, 404, "")
	for secret := range seen {
		if strings.Contains(w.log.String(), secret) {
			t.Error("a secret is in the log")
		}
	}
}

func TestNotificationSetting(t *testing.T) {
	w := newWorld(t, api.Options{})
	set := func(body string, want any) {
		t.Helper()
		var got struct{ Notice map[string]any }
		w.ok(call{method: "PUT", path: "/v1.0/settings", body: `{"Notice":{"NotificationWebhookUrl":` + body + `}}`}, nil)
		if w.ok(call{method: "GET", path: "/v1.0/settings"}, &got); got.Notice["NotificationWebhookUrl"] != want {
			t.Errorf("%s: %v", body, got)
		}
	}
	set(`"acme.example/told"`, "https://acme.example/told")
	set(`null`, nil)
	set(`"http://acme.example"`, "http://acme.example")
	set(`" "`, nil)
	w.fails(call{method: "PUT", path: "/v1.0/settings", body: `{"Notice":{"NotificationWebhookUrl":"ftp://x"}}`}, 400, "ftp://x is not a valid URL")
}

// A test goes to an address that need not be saved.
func TestWebhookTest(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	said := make(chan string, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		said <- string(body)
	}))
	t.Cleanup(receiver.Close)
	try := func(path, body, message string) {
		t.Helper()
		var got tandem.NoticeTrial
		if w.ok(call{method: "POST", path: path, body: body}, &got); !got.Delivered || got.Status != 200 || got.Reason != "" {
			t.Errorf("%+v", got)
		}
		if text := <-said; !strings.Contains(text, message) {
			t.Error(text)
		}
	}
	try("/v1.0/settings/webhooktest", `{"Url":"`+receiver.URL+`"}`, `"IncidentLevel":"Error"`)
	try("/v1.0/settings/webhooktest", `{"Kind":"notification","Url":"`+receiver.URL+`"}`, `"title"`)
	try("/v1.0/accounts/books/webhooktest", `{"Url":"`+receiver.URL+`"}`, `"AccountExternalId":"books"`)
	w.fails(call{method: "POST", path: "/v1.0/settings/webhooktest", body: `{"Kind":"Rumour","Url":"x"}`}, 400, `Kind: "Rumour" is not known: want one of [Error Notification]`)
	w.fails(call{method: "POST", path: "/v1.0/settings/webhooktest", body: `{"Url":""}`}, 400, "https:// is not a valid URL")
	w.fails(call{method: "POST", path: "/v1.0/accounts/none/webhooktest", body: `{"Url":"x.test"}`}, 404, "")
}
