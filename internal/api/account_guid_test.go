package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// TestAccountGUID names accounts by GUIDs in another case than they have.
func TestAccountGUID(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		var made tandem.Account
		w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"made up"}`}, &made)
		lower, upper := made.APIID, strings.ToUpper(made.APIID)
		own := "0FB5B2F4-5E4F-4E44-9C0A-3A4B5C6D7E8F"
		w.account(own, "")
		for _, id := range []string{lower, upper, own, strings.ToLower(own), strings.ToUpper(lower[:9]) + lower[9:]} {
			named := "/v1.0/accounts/" + id
			var got tandem.Account
			if w.ok(call{method: "GET", path: named}, &got); !strings.EqualFold(got.APIID, id) || got.APIID != lower && got.APIID != own {
				t.Errorf("%s is %s", id, got.APIID)
			}
			w.ok(call{method: "PUT", path: named, body: map[string]any{"Id": id, "Description": "seen"}}, nil)
			w.ok(call{method: "GET", path: "/v1.0/account", account: id}, nil)
			w.ok(call{method: "GET", path: named + "/usage"}, nil)
			w.ok(call{method: "GET", path: "/v1.0/users?account=" + id}, nil)
			narrow := w.tokenFor(w.partner, "account:"+id)
			if w.ok(call{method: "GET", path: "/v1.0/account", token: narrow, account: got.APIID}, &got); !strings.EqualFold(got.APIID, id) {
				t.Errorf("a token for %s works for %s", id, got.APIID)
			}
		}
		var below tandem.Account
		w.ok(call{method: "POST", path: "/v1.0/accounts", body: map[string]any{"Name": "below", "ParentAccountId": upper}}, &below)
		if below.ParentAccountID == nil || *below.ParentAccountID != lower {
			t.Errorf("below %v", below.ParentAccountID)
		}
		w.ok(call{method: "DELETE", path: "/v1.0/accounts/" + strings.ToLower(own)}, nil)
		w.ok(call{method: "POST", path: "/v1.0/accounts/" + strings.ToLower(own) + "/restore"}, nil)
		var log []tandem.AuditEntry
		for _, id := range []string{own, strings.ToLower(own)} {
			if w.ok(call{method: "GET", path: "/v1.0/audit?action=updateAccount&account=" + id}, &log); len(log) != 2 || log[0].AccountID != own {
				t.Errorf("the audit log of %s: %+v", id, log)
			}
		}
	})
}

// TestAccountGUIDsApart has two accounts that differ by case alone, and two
// partners.
func TestAccountGUIDsApart(t *testing.T) {
	w := newWorld(t, api.Options{})
	lower := tandem.NewGUID()
	upper := strings.ToUpper(lower)
	w.account(lower, "")
	w.account(upper, "")
	for _, id := range []string{lower, upper} {
		var got tandem.Account
		if w.ok(call{method: "GET", path: "/v1.0/accounts/" + id}, &got); got.APIID != id {
			t.Errorf("%s is %s", id, got.APIID)
		}
	}
	narrow := w.tokenFor(w.partner, "account:"+lower)
	w.ok(call{method: "GET", path: "/v1.0/account", token: narrow, account: lower}, nil)
	w.fails(call{method: "GET", path: "/v1.0/account", token: narrow, account: upper}, http.StatusForbidden, "")

	other, err := w.services.Identity.Setup(t.Context(), "Another", "eve@another.test")
	if err != nil {
		t.Fatal(err)
	}
	eve := w.tokenFor(other, "")
	w.account("Plain", "")
	for _, id := range []string{lower, upper, "plain"} {
		w.fails(call{method: "GET", path: "/v1.0/accounts/" + id, token: eve}, http.StatusNotFound, "")
		w.fails(call{method: "GET", path: "/v1.0/account", token: eve, account: id}, http.StatusUnauthorized, "")
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/plain"}, http.StatusNotFound, "") // it is no GUID
}
