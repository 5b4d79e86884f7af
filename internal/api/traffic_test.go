package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/traffic"
)

// idOf is the id that an account is known by inside.
func (w *world) idOf(account string) tandem.AccountID {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

// refused notes two requests to webhooks of an account.
func (w *world) refused(account string) {
	w.t.Helper()
	log := w.services.Traffic.(*traffic.Log)
	for n := range 2 {
		log.NoteRequest(tandem.WebhookRequest{Account: w.idOf(account), CycleID: "c", StepID: "s", Created: time.Now().Add(time.Duration(n) * time.Second), Status: 410})
	}
	log.Flush(w.t.Context())
}

// logged waits until the log at a path tells of an operation, and gives its line.
func (w *world) logged(c call, operation string) map[string]any {
	w.t.Helper()
	c.method = "GET"
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		w.services.Traffic.(*traffic.Log).Flush(w.t.Context())
		var all []map[string]any
		w.ok(c, &all)
		for _, line := range all {
			if line["Operation"] == operation {
				return line
			}
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s tells nothing of %s: %v", c.path, operation, all)
		}
	}
}

// Calls of programs are logged, without their query; those of browsers that only
// read are not. Who is in an account sees its calls alone, and people of an account
// are not told who of the partner's it was.
func TestCallsAreLogged(t *testing.T) {
	who := tandem.Principal{}
	w := newWorld(t, api.Options{Session: func(*http.Request) (tandem.Principal, error) { return signed(who) }})
	w.account("books", "")
	w.account("shop", "")
	books := w.idOf("books")
	w.ok(call{method: "GET", path: "/v1.0/cycles?tag=sesame", account: "books", header: map[string]string{"X-Request-Id": "mine"}}, nil)
	w.fails(call{method: "POST", path: "/v1.0/cycles", account: "shop", body: "{"}, 400, "")

	l := w.logged(call{path: "/v1.0/logs/api"}, "listCycles")
	if l["AccountId"] != "books" || l["Method"] != "GET" || l["Path"] != "/v1.0/cycles" || l["Status"] != 200.0 || l["ActorType"] != "Client" || l["ActorId"] != w.partner.ClientID ||
		l["Actor"] == "" || l["Address"] != "127.0.0.1" || l["RequestId"] != "mine" || l["Count"] != 1.0 || strings.Contains(fmt.Sprint(l), "sesame") {
		t.Errorf("%v", l)
	}
	if l := w.logged(call{path: "/v1.0/logs/api?account=shop&status=failed&method=post"}, "createCycle"); l["Status"] != 400.0 {
		t.Errorf("%v", l)
	}
	w.logged(call{path: "/v1.0/logs/api?status=2xx"}, "issueToken")
	w.logged(call{path: "/v1.0/account/logs/api?requestId=mine", account: "books"}, "listCycles")
	for path, want := range map[string]string{
		"/v1.0/logs/api?account=shop":                                         "createCycle",
		"/v1.0/logs/api?requestId=other":                                      "",
		"/v1.0/logs/api?status=400":                                           "createCycle",
		"/v1.0/logs/api?status=404":                                           "",
		"/v1.0/logs/api?account=books&before=2020-01-01":                      "",
		"/v1.0/logs/api?requestId=mine&orderBy=CreatedOnUtc&after=2020-01-01": "listCycles",
	} {
		var all []struct{ Operation string }
		if w.ok(call{method: "GET", path: path}, &all); len(all) != min(len(want), 1) || want != "" && all[0].Operation != want {
			t.Errorf("%s: %v, want %s", path, all, want)
		}
	}
	if a := w.do(call{method: "GET", path: "/v1.0/logs/api?account=books&requestId=mine&format=csv"}); a.status != 200 || strings.Count(a.body, "\r\n") != 2 {
		t.Errorf("CSV: %d %s", a.status, a.body)
	}
	w.fails(call{method: "GET", path: "/v1.0/logs/api?account=none"}, 404, "")
	w.fails(call{method: "GET", path: "/v1.0/logs/api?status=good"}, 400, `status: "good" is not known: want one such as 404, or 4xx, or failed`)
	w.fails(call{method: "GET", path: "/v1.0/logs/api?method=BREW"}, 400, "")
	w.fails(call{method: "GET", path: "/v1.0/logs/api?orderBy=Path"}, 400, "")

	who = tandem.Principal{Partner: w.partner.PartnerID, Account: books, User: 1, Session: 1, Administrator: true}
	w.ok(call{method: "GET", path: "/v1.0/cycles?tag=seen", token: "-"}, nil)
	w.ok(call{method: "POST", path: "/v1.0/cycles", token: "-", body: `{"Name":"New"}`}, nil)
	own := call{path: "/v1.0/account/logs/api", token: "-"}
	if l := w.logged(own, "createCycle"); l["ActorType"] != "User" || l["Address"] != "127.0.0.1" {
		t.Errorf("%v", l)
	}
	if l := w.logged(own, "listCycles"); l["RequestId"] != "mine" || l["ActorId"] != "" || l["Actor"] != "" || l["Address"] != "" || l["ActorType"] != "Client" {
		t.Errorf("an account's user reads %v", l)
	}
}

func TestWebhookLog(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("shop", "")
	books := w.idOf("books")
	log := w.services.Traffic.(*traffic.Log)
	cycle := tandem.NewGUID()
	took := 3
	log.NoteRequest(tandem.WebhookRequest{Account: books, CycleID: tandem.CycleID(cycle), StepID: "s", Created: time.Now(), Method: "POST", Status: 410, Reason: "Stopped.", Bytes: 9, Milliseconds: &took, Address: "192.0.2.1"})
	log.Flush(t.Context())
	get := func(account, query string) (all []map[string]any) {
		t.Helper()
		w.ok(call{method: "GET", path: "/v1.0/account/logs/webhooks" + query, account: account}, &all)
		return all
	}
	if all := get("books", "?status=4xx&cycle="+cycle); len(all) != 1 || all[0]["Status"] != 410.0 || all[0]["Reason"] != "Stopped." || all[0]["Milliseconds"] != 3.0 || all[0]["TransactionId"] != nil {
		t.Errorf("%v", all)
	}
	if len(get("shop", "?cycle="+cycle)) > 0 || len(get("books", "?status=200")) > 0 {
		t.Error("more than is asked for")
	}
	if a := w.do(call{method: "GET", path: "/v1.0/account/logs/webhooks?format=csv", account: "books"}); a.status != 200 || !strings.Contains(a.body, ",410,Stopped.,9,3,,192.0.2.1,1") {
		t.Errorf("CSV: %d %s", a.status, a.body)
	}
	w.fails(call{method: "GET", path: "/v1.0/account/logs/webhooks?cycle=x", account: "books"}, 400, "")
}
