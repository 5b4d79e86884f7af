package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// A customer's own screens can be made of a token for the account, or of a session
// in it, and see nothing that is for the partner alone.
func TestSharedWithAccounts(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		var visitor tandem.Principal
		w := newWorldOn(t, db, api.Options{Session: func(*http.Request) (tandem.Principal, error) { return signed(visitor) }})
		w.account("books", "")
		w.account("shop", "")
		w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: `{"AuditInfo":"a secret of ours"}`}, nil)
		books, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
		if err != nil {
			t.Fatal(err)
		}
		visitor = tandem.Principal{Partner: w.partner.PartnerID, Account: books.ID, User: 1}
		shown, hidden, draft := w.shelve()
		w.ok(call{method: "POST", path: customPath, account: "books", body: map[string]any{"Name": "Own", "UniqueIdentifier": tandem.NewGUID()}}, nil)
		for name, token := range map[string]string{"token": w.tokenFor(w.partner, "account:books"), "session": "-"} {
			get := func(path string) call { return call{method: "GET", path: "/v1.0" + path, token: token} }
			all := w.ok(get("/templates"), nil)
			if !strings.Contains(all.body, shown) || strings.Contains(all.body, hidden) || strings.Contains(all.body, draft) {
				t.Errorf("%s: templates: %s", name, all.body)
			}
			for _, path := range []string{
				"/templates/" + shown, "/connectors", "/connectors/Postbag", "/connectors/Postbag/1.0", "/connectors/Postbag/methods", "/connectors/Postbag/1.0/methods",
				"/marketplaces", "/accounts/books", "/templates?includePrerequisites=true&includeUnpublished=false",
			} {
				w.ok(get(path), nil)
			}
			var own tandem.Account
			if w.ok(get("/accounts/books"), &own); own.Name == "" || (own.AuditInfo != nil) != (name == "token") {
				t.Errorf("%s: account: %+v", name, own)
			}
			for _, id := range []string{hidden, draft, tandem.NewGUID()} {
				w.fails(get("/templates/"+id), 404, fmt.Sprintf("Template %s could not be found.", id))
				w.fails(call{method: "POST", path: "/v1.0/templates/" + id + "/install", token: token}, 404, fmt.Sprintf("Template %s could not be found.", id))
			}
			w.ok(call{method: "POST", path: "/v1.0/templates/" + shown + "/install", token: token}, nil)
			for _, query := range []string{"includeUnpublished=true", "deleted=true", "folderId=" + tandem.NewGUID()} {
				parameter, _, _ := strings.Cut(query, "=")
				w.fails(get("/templates?"+query), 403, parameter+": this is not for who may act in one account only.")
			}
			for _, path := range []string{"/accounts/shop", "/accounts/nowhere", "/accounts", "/folders", "/marketplaces/1", "/templates/" + shown + "/releases", "/templates/" + shown + "/export"} {
				w.fails(get(path), 403, "This token works for one account only.")
			}
			if a := w.ok(get("/connectors?query=own"), nil); strings.Contains(a.body, `"Name":"Own"`) {
				t.Errorf("%s sees a draft: %s", name, a.body)
			}
			if a := w.ok(get("/connectors/Own"), nil); a.body != "[]\n" {
				t.Errorf("%s sees a draft: %s", name, a.body)
			}
			w.fails(get("/connectors/Own/methods"), 404, `Connector "Own" could not be found.`)
		}
		if a := w.ok(call{method: "GET", path: "/v1.0/connectors/Own"}, nil); !strings.Contains(a.body, `"Name":"Own"`) {
			t.Errorf("the partner does not see its draft: %s", a.body)
		}
	})
}

// shelve makes a template that customers see, one that is not published, and one
// that was never promoted.
func (w *world) shelve() (shown, hidden, draft string) {
	w.t.Helper()
	file := func(name, query string) string {
		var made struct {
			ID string `json:"Id"`
		}
		w.ok(call{method: "POST", path: "/v1.0/templates/import" + query, body: map[string]any{
			"Format": tandem.TemplateFileFormat, "Name": name,
			"Graph": tandem.Graph{Steps: []tandem.Step{{ID: tandem.StepID(tandem.NewGUID()), Name: "fork", ActionType: tandem.DecisionStep}}},
		}}, &made)
		return made.ID
	}
	shown, hidden, draft = file("Shown", ""), file("Hidden", ""), file("Draft", "?draft=true")
	w.ok(call{method: "PUT", path: "/v1.0/templates/" + hidden, body: `{"Published":false}`}, nil)
	return shown, hidden, draft
}
