package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

func TestToken(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	id, secret := w.partner.ClientID, w.partner.ClientSecret
	var got map[string]any
	a := w.ok(call{
		method: "POST", path: "/OAuth/Token/", token: "-", header: form,
		body: "grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret,
	}, &got)
	if got["token_type"] != "bearer" || got["expires_in"] != 1209599. || got["clientId"] != id || got[".issued"] == nil || got[".expires"] == nil {
		t.Errorf("answer: %v", got)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		t.Error("a token may be cached")
	}
	for want, body := range map[string]string{
		"invalid_client":         "grant_type=client_credentials&client_id=" + id + "&client_secret=wrong",
		"unsupported_grant_type": "grant_type=password&client_id=" + id + "&client_secret=" + secret,
		"invalid_scope":          "grant_type=client_credentials&scope=account:nowhere&client_id=" + id + "&client_secret=" + secret,
	} {
		a := w.do(call{method: "POST", path: "/oauth/token", token: "-", header: form, body: body})
		if a.status != 400 || strings.TrimSpace(a.body) != fmt.Sprintf(`{"error":%q}`, want) {
			t.Errorf("%s: %d %s", want, a.status, a.body)
		}
	}
	req, _ := http.NewRequest("POST", "/", nil)
	req.SetBasicAuth(id, secret)
	w.ok(call{
		method: "POST", path: "/oauth/token", token: "-", body: "grant_type=client_credentials&scope=account:books",
		header: map[string]string{"Content-Type": form["Content-Type"], "Authorization": req.Header.Get("Authorization")},
	}, nil)
	w.fails(call{method: "POST", path: "/oauth/token", token: "-", body: "{}"}, 415, "")
}

func TestErrorsHaveOneShape(t *testing.T) {
	w := newWorld(t, api.Options{MaxBody: 1000})
	w.account("a", "")
	for _, c := range []struct {
		call   call
		status int
	}{
		{call{method: "GET", path: "/v1.0/nothing"}, 404},
		{call{method: "GET", path: "/v1.0//accounts"}, 404},
		{call{method: "GET", path: "/v1.0/accounts/../accounts"}, 404},
		{call{method: "PATCH", path: "/v1.0/accounts"}, 405},
		{call{method: "POST", path: "/v1.0/accounts", body: `{"Name":`}, 400},
		{call{method: "POST", path: "/v1.0/accounts"}, 400},
		{call{method: "POST", path: "/v1.0/accounts", body: `[]`}, 400},
		{call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"` + strings.Repeat("x", 2000) + `"}`}, 413},
		{call{method: "POST", path: "/v1.0/accounts", body: `{}`, header: map[string]string{"Content-Type": "text/plain"}}, 415},
		{call{method: "GET", path: "/v1.0/accounts?page=x"}, 400},
		{call{method: "GET", path: "/v1.0/accounts?page=0"}, 400},
		{call{method: "GET", path: "/v1.0/cycles/none", account: "a"}, 400},
		{call{method: "GET", path: "/v1.0/cycles/" + tandem.NewGUID(), account: "a"}, 404},
		{call{method: "GET", path: "/v1.0/methods/x"}, 400},
		{call{method: "GET", path: "/v1.0/accounts", token: "-"}, 401},
		{call{method: "GET", path: "/v1.0/accounts", token: "made-up"}, 401},
		{call{method: "GET", path: "/v1.0/cycles"}, 401},
	} {
		w.fails(c.call, c.status, "")
	}
	if a := w.do(call{method: "PATCH", path: "/v1.0/accounts"}); strings.Join(a.header.Values("Allow"), " ") != "GET HEAD POST" {
		t.Errorf("allowed: %v", a.header.Values("Allow"))
	}
	a := w.do(call{method: "POST", path: "/v1.0/cycles", account: "a", body: `{"Name":"x","Tags":"no list"}`})
	if want := `{"Message":"The request is invalid.","ModelState":{"Tags":["wrong type: string"]}}`; strings.TrimSpace(a.body) != want || a.status != 400 {
		t.Errorf("%d %s, want %s", a.status, a.body, want)
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t, api.Options{})
	for _, path := range []string{"/v1.0/accounts", "/v1.0/nothing", "/docs/index"} {
		h := w.do(call{method: "GET", path: path, header: map[string]string{"X-Request-Id": "mine-1"}}).header
		for name, want := range map[string]string{"X-Request-Id": "mine-1", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	if id := w.do(call{method: "GET", path: "/v1.0/accounts", header: map[string]string{"X-Request-Id": "not; fit"}}).header.Get("X-Request-Id"); len(id) < 20 {
		t.Errorf("request id %q", id)
	}
}

// broken panics.
type broken struct{ tandem.Accounts }

func TestPanic(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.services.Accounts = broken{}
	w.serve(api.Options{})
	w.fails(call{method: "GET", path: "/v1.0/accounts", header: map[string]string{"X-Request-Id": "find-me"}}, 500, "An error has occurred.")
	var line map[string]any
	for text := range strings.Lines(w.log.String()) {
		if strings.Contains(text, "find-me") {
			if line != nil {
				t.Error("logged twice")
			}
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if line["level"] != "ERROR" || line["route"] != "listAccounts" || line["status"] != 500. || !strings.Contains(fmt.Sprint(line["error"]), "panic") {
		t.Errorf("logged: %v", line)
	}
}

func TestSpelling(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.ok(call{method: "POST", path: "/V1.0/Accounts/", body: `{"ID":"Mixed","NAME":"n","stepdatasuccessretentionhours":"8","TransactionErrorWebhookIncludeWarnings":"True","Unknown":1}`}, nil)
	w.account("other", "")
	var got tandem.Account
	w.ok(call{method: "GET", path: "/V1.0/ACCOUNTS/Mixed"}, &got)
	if *got.StepDataSuccessRetentionHours != 8 || !got.TransactionErrorWebhookIncludeWarnings {
		t.Errorf("%+v", got)
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/mixed"}, 404, "") // ids keep their case, but GUIDs: TestAccountGUID
	var page []tandem.Account
	a := w.ok(call{method: "GET", path: "/v1.0/accounts?PER_PAGE=1&Page=2&ORDERBY=Id"}, &page)
	if len(page) != 1 || page[0].APIID != "other" || a.header.Get("Total-Pages") != "2" || a.header.Get("Total-Records") != "2" {
		t.Errorf("%s, %v", a.body, a.header)
	}
	if a := w.ok(call{method: "GET", path: "/v1.0/accounts?page=9"}, nil); strings.TrimSpace(a.body) != "[]" {
		t.Errorf("past the end: %s", a.body)
	}
	if a := w.do(call{method: "HEAD", path: "/v1.0/accounts"}); a.status != 200 {
		t.Errorf("HEAD: %d", a.status)
	}
}

func TestAccounts(t *testing.T) {
	w := newWorld(t, api.Options{})
	var made map[string]any
	w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Id":"books","Name":"Page Turner Books","NextBillDateUtc":"2027-01-02T03:04:05"}`}, &made)
	delete(made, "CreatedDate")
	want := map[string]any{
		"Id": "books", "Name": "Page Turner Books", "Description": nil, "ParentAccountId": nil, "AuditInfo": nil, "TaskAuditInfo": nil, "Timezone": "UTC",
		"NextBillDateUtc": "2027-01-02T03:04:05Z", "StepDataSuccessRetentionHours": nil, "StepDataErroredRetentionHours": nil,
		"TransactionErrorWebhookEnabled": false, "TransactionErrorWebhookUrl": nil, "TransactionErrorWebhookIncludeWarnings": false,
		"ConcurrentTransactionLimit": nil, "StepLimit": nil, "Enabled": true,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	post := func(body string) call { return call{method: "POST", path: "/v1.0/accounts", body: body} }
	change := func(body string) call { return call{method: "PUT", path: "/v1.0/accounts/books", body: body} }
	w.fails(post(`{"Id":"books","Name":"x"}`), 400, "ID already in use")
	w.fails(post(`{}`), 400, "Name is required")
	w.fails(post(`{"Name":5}`), 400, "Name is required")
	w.fails(change(`{"TransactionErrorWebhookEnabled":true}`), 400, "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined")
	w.fails(change(`{"TransactionErrorWebhookUrl":"a b"}`), 400, "https://a b is not a valid URL")
	w.fails(change(`{"StepDataSuccessRetentionHours":"-10"}`), 400, "StepDataSuccessRetentionHours (-10): must be non negative")
	var got tandem.Account
	w.ok(change(`{"Description":"d","ConcurrentTransactionLimit":"8","StepDataErroredRetentionHours":9999}`), &got)
	w.ok(change(`{"ConcurrentTransactionLimit":"many","Timezone":7,"StepDataErroredRetentionHours":null}`), &got)
	if got.ConcurrentTransactionLimit == nil || *got.ConcurrentTransactionLimit != 8 || got.Timezone != "UTC" || *got.Description != "d" || got.StepDataErroredRetentionHours != nil {
		t.Errorf("after wrong types: %+v", got)
	}
	w.account("brighton", "books")
	var subs []tandem.Account
	w.ok(call{method: "GET", path: "/v1.0/accounts/books/subaccounts"}, &subs)
	if len(subs) != 1 || subs[0].APIID != "brighton" {
		t.Errorf("sub-accounts: %+v", subs)
	}
	w.fails(call{method: "DELETE", path: "/v1.0/accounts/books"}, 409, "")
	var used tandem.Usage
	w.ok(call{method: "GET", path: "/v1.0/accounts/books/usage?start=1/31/2026"}, &used)
	if used.ID != "books" || used.StartTime.Format("2006-01-02") != "2026-01-31" {
		t.Errorf("usage: %+v", used)
	}
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/brighton"}, nil)
	w.fails(call{method: "GET", path: "/v1.0/accounts/brighton"}, 404, "")
}

func TestUsers(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	path := "/v1.0/accounts/books/users"
	w.ok(call{method: "PUT", path: path, body: `{"username":"Amy","password":"long enough"}`}, nil)
	if a := w.ok(call{method: "GET", path: path}, nil); strings.TrimSpace(a.body) != `["Amy"]` {
		t.Errorf("users: %s", a.body)
	}
	w.fails(call{method: "PUT", path: path, body: `{}`}, 400, "Username is required")
	w.fails(call{method: "PUT", path: "/v1.0/users", body: `{"Username":"ben","Password":"long enough"}`}, 404, "")
	w.ok(call{method: "PUT", path: "/v1.0/users", body: `{"Username":"amy","Password":"even longer"}`}, nil)
	w.ok(call{method: "DELETE", path: path, body: `{"Username":"amy"}`}, nil)
	w.fails(call{method: "DELETE", path: path, body: `{"Username":"amy"}`}, 404, "")
	if strings.Contains(w.log.String(), "long enough") {
		t.Error("a password is in the log")
	}
}

// signed says that somebody is signed in; the zero Principal: nobody.
func signed(who tandem.Principal) (tandem.Principal, error) {
	if who.Partner == 0 {
		return who, &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
	}
	return who, nil
}

func TestSession(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.serve(api.Options{Session: func(r *http.Request) (who tandem.Principal, err error) {
		switch r.Header.Get("Cookie") {
		case "session=good":
			who = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1, Permissions: tandem.Everything()}
		case "session=any":
			return who, fmt.Errorf("look for it: %w", tandem.ErrAway)
		}
		return signed(who)
	}})
	good := map[string]string{"Cookie": "session=good"}
	w.ok(call{method: "GET", path: "/v1.0/accounts", token: "-", header: good}, nil)
	w.ok(call{method: "GET", path: "/v1.0/cycles", token: "-", header: map[string]string{"Cookie": "session=good", "X-Tandem-Account": "books"}}, nil)
	w.fails(call{method: "GET", path: "/v1.0/accounts", token: "-", header: map[string]string{"Cookie": "session=bad"}}, 401, "")
	// A token that is no good is not made up for by a session.
	w.fails(call{method: "GET", path: "/v1.0/accounts", token: "bad", header: good}, 401, "")
	// While nobody can tell, nobody is signed out.
	w.fails(call{method: "GET", path: "/v1.0/accounts", token: "-", header: map[string]string{"Cookie": "session=any"}}, 503, "The data cannot be reached. Try again shortly.")
}
