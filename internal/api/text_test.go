package api_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// What PostgreSQL takes for no text is the caller's fault, on either database,
// wherever it stands; and so is a page that there cannot be.
func TestTextThatNoDatabaseKeeps(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *store.Store{"SQLite": storetest.SQLite, "PostgreSQL": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOn(t, open(t), api.Options{})
			w.account("books", "")
			for _, bad := range []string{"%00", "a%00b", "%ff", "%ed%a0%80"} {
				w.fails(call{method: "GET", path: "/v1.0/accounts/" + bad}, 400, "")
				w.fails(call{method: "GET", path: "/v1.0/accounts?query=" + bad}, 400, "")
				w.fails(call{method: "GET", path: "/v1.0/templates?" + bad + "=1&tag=" + bad}, 400, "")
			}
			w.fails(call{method: "GET", path: "/v1.0/cycles", header: map[string]string{"X-Tandem-Account": "\xff"}}, 400, "")
			for _, c := range []call{
				{method: "POST", path: "/v1.0/accounts", body: `{"Name":"a\u0000b"}`},
				{method: "POST", path: "/v1.0/accounts", body: `{"Name":"x","AuditInfo":"\\\u0000"}`},
				{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"x","Tags":["\u0000"]}`},
				{method: "POST", path: "/v1.0/connectors/1/install", account: "books", body: `{"Properties":[{"Name":"BaseUrl","Value":"\u0000"}]}`},
				{method: "POST", path: "/v1.0/templates/import", body: `{"Format":"tandem-template/1","Name":"\u0000"}`},
				{method: "PUT", path: "/v1.0/accounts/books/users", body: `{"Username":"\u0000","Password":"long enough"}`},
			} {
				w.fails(c, 400, "")
			}
			form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
			for _, body := range []string{"grant_type=client_credentials&client_id=%00", "grant_type=client_credentials&scope=account:%ff"} {
				if a := w.do(call{method: "POST", path: "/oauth/token", token: "-", header: form, body: body}); a.status != 400 {
					t.Errorf("%s: %d %s", body, a.status, a.body)
				}
			}
			w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"no zero: \\u0000, \ud800"}`}, nil)
			for _, page := range []string{"9223372036854775807", "4611686018427387904", "99999999999"} {
				for _, path := range []string{"/v1.0/accounts", "/v1.0/connectors", "/v1.0/templates", "/v1.0/cycles", "/v1.0/cycles/transactions", "/v1.0/cycles/incidents/error"} {
					if a := w.ok(call{method: "GET", path: path + "?pageSize=1000&page=" + page, account: "books"}, nil); strings.TrimSpace(a.body) != "[]" {
						t.Errorf("%s, page %s: %s", path, page, a.body)
					}
				}
			}
		})
	}
}
