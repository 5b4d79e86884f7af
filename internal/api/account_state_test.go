package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

func TestSuspendedAccount(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	narrow := w.tokenFor(w.partner, "account:books")
	var got tandem.Account
	act := func(path string, enabled bool) {
		t.Helper()
		if w.ok(call{method: "POST", path: "/v1.0/accounts/books/" + path}, &got); got.Enabled != enabled || got.APIID != "books" {
			t.Errorf("%s: %+v", path, got)
		}
	}
	act("suspend", false)
	act("suspend", false)
	w.fails(call{method: "GET", path: "/v1.0/cycles", token: narrow}, 401, "")
	w.ok(call{method: "GET", path: "/v1.0/cycles", account: "books"}, nil)
	w.fails(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"x"}`}, 409, "The account is suspended.")
	w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: `{"Description":"did not pay"}`}, nil)
	var found []tandem.Account
	w.account("brighton", "")
	for query, want := range map[string]int{"enabled=true": 1, "enabled=False": 1, "": 2} {
		if w.ok(call{method: "GET", path: "/v1.0/accounts?" + query}, &found); len(found) != want {
			t.Errorf("%q: %d accounts, want %d", query, len(found), want)
		}
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts?enabled=perhaps"}, 400, "")
	act("resume", true)
	act("resume", true)
	w.ok(call{method: "GET", path: "/v1.0/cycles", token: narrow}, nil)
	for _, path := range []string{"suspend", "resume", "restore"} {
		w.fails(call{method: "POST", path: "/v1.0/accounts/nobody/" + path}, 404, "")
	}
}

func TestRecycleBin(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("brighton", "books")
	narrow := w.tokenFor(w.partner, "account:brighton")
	w.fails(call{method: "DELETE", path: "/v1.0/accounts/books"}, 409, "The account has sub-accounts. Delete them first.")
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/books?subaccounts=true"}, nil)
	w.fails(call{method: "GET", path: "/v1.0/accounts/books"}, 404, "")
	w.fails(call{method: "GET", path: "/v1.0/cycles", token: narrow}, 401, "")
	var bin []tandem.Account
	a := w.ok(call{method: "GET", path: "/v1.0/accounts?deleted=true"}, &bin)
	if len(bin) != 2 || bin[0].APIID != "books" || bin[0].DeletedDate == nil || a.header.Get("Total-Records") != "2" {
		t.Errorf("the bin: %s", a.body)
	}
	restore := func(id string) call { return call{method: "POST", path: "/v1.0/accounts/" + id + "/restore"} }
	w.fails(restore("brighton"), 409, "The account above it is deleted, too. Restore that first.")
	w.account("books", "")
	w.fails(restore("books"), 400, `ID already in use: "books" is the ID of another account by now.`)
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/books"}, nil)
	var back tandem.Account
	if a := w.ok(restore("books"), &back); back.APIID != "books" || strings.Contains(a.body, "DeletedDate") {
		t.Errorf("restored: %s", a.body)
	}
}

func TestMoveAccount(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("a", "")
	w.account("b", "")
	move := func(body string) call { return call{method: "PUT", path: "/v1.0/accounts/a", body: body} }
	for _, c := range []struct {
		body string
		want *string
	}{{`{"ParentAccountId":"b"}`, new("b")}, {`{"Name":"stays"}`, new("b")}, {`{"ParentAccountId":null}`, nil}} {
		var got tandem.Account
		w.ok(move(c.body), &got)
		if diff := cmp.Diff(c.want, got.ParentAccountID); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.body, diff)
		}
	}
	w.fails(move(`{"ParentAccountId":"a"}`), 400, "ParentAccountId: an account cannot be below itself")
	w.fails(move(`{"ParentAccountId":"nobody"}`), 400, `ParentAccountId: there is no account with the ID "nobody"`)
}

func TestSettings(t *testing.T) {
	w := newWorld(t, api.Options{})
	put := func(body string) call { return call{method: "PUT", path: "/v1.0/settings", body: body} }
	type settings struct {
		Account tandem.AccountDefaults
		Task    tandem.TaskSettings
	}
	var got settings
	w.ok(call{method: "GET", path: "/v1.0/settings"}, &got)
	if diff := cmp.Diff(settings{Task: tandem.TaskSettings{Alerts: []string{}}}, got); diff != "" {
		t.Errorf("at first: -want +got\n%s", diff)
	}
	w.ok(put(`{"account":{"StepDataSuccessRetentionHours":"9999","StepLimit":5},"Task":{"Allowance":10,"Alerts":["ops@acme.test"]}}`), nil)
	w.ok(put(`{"Account":{"StepLimit":null,"ConcurrentTransactionLimit":"many","TransactionErrorWebhookUrl":"acme.test/x","TransactionErrorWebhookEnabled":"true"}}`), nil)
	want := settings{
		Account: tandem.AccountDefaults{StepDataSuccessRetentionHours: new(744), TransactionErrorWebhookEnabled: true, TransactionErrorWebhookURL: new("https://acme.test/x")},
		Task:    tandem.TaskSettings{Allowance: 10, Alerts: []string{"ops@acme.test"}},
	}
	got = settings{}
	w.ok(call{method: "GET", path: "/v1.0/settings"}, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after changes: -want +got\n%s", diff)
	}
	w.fails(put(`{"Account":{"StepDataErroredRetentionHours":-1}}`), 400, "StepDataErroredRetentionHours (-1): must be non negative")
	w.fails(put(`{"Account":{"TransactionErrorWebhookUrl":""}}`), 400, "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined")
	w.fails(put(`{"Task":{"Allowance":-1}}`), 400, "Allowance (-1): must be non negative")
	w.fails(put(`{"Task":{"Alerts":["nobody"]}}`), 400, `Alerts: "nobody" is not an email address`)
}

func TestOwnAccount(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: `{"AuditInfo":"the partner's","StepLimit":7}`}, nil)
	w.ok(call{method: "PUT", path: "/v1.0/settings", body: `{"Account":{"StepDataErroredRetentionHours":100}}`}, nil)
	a := w.ok(call{
		method: "PUT", path: "/v1.0/account", account: "books",
		body: `{"Description":"ours","Timezone":"Europe/Berlin","StepDataErroredRetentionHours":500,"StepDataSuccessRetentionHours":500,"Name":"mine","StepLimit":null}`,
	}, nil)
	if strings.Contains(a.body, "partner's") {
		t.Errorf("it tells what is the partner's: %s", a.body)
	}
	var got tandem.Account
	w.ok(call{method: "GET", path: "/v1.0/accounts/books"}, &got)
	if *got.Description != "ours" || got.Timezone != "Europe/Berlin" || *got.StepDataErroredRetentionHours != 100 || *got.StepDataSuccessRetentionHours != 500 ||
		got.Name == "mine" || *got.StepLimit != 7 {
		t.Errorf("changed by its own people: %+v", got)
	}
	w.fails(call{method: "PUT", path: "/v1.0/account", account: "books", body: `{"Timezone":"Mars"}`}, 400, `Timezone: "Mars" is not an IANA time zone`)
}
