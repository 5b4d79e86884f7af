package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// keyed is a call with an Idempotency-Key.
func keyed(key string, c call) call {
	c.header = map[string]string{"Idempotency-Key": key}
	return c
}

func replayed(a answer) bool { return a.header.Get("Idempotency-Replayed") == "true" }

func create(name string) call {
	return call{method: "POST", path: "/v1.0/accounts", body: map[string]string{"Name": name}}
}

// accounts counts those of a name.
func (w *world) accounts(name string) int {
	w.t.Helper()
	a := w.ok(call{method: "GET", path: "/v1.0/accounts?query=" + name}, nil)
	var all []struct{ Name string }
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		w.t.Fatal(err)
	}
	return len(all)
}

func TestOneKeyOneAccount(t *testing.T) {
	w := newWorld(t, api.Options{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	count, bodies := map[string]int{}, map[string]bool{}
	for range 50 {
		wg.Go(func() {
			a := w.do(keyed("k", create("books")))
			mu.Lock()
			defer mu.Unlock()
			count[fmt.Sprintf("%d %v", a.status, replayed(a))]++
			switch a.status {
			case http.StatusOK:
				bodies[a.body] = true
			case http.StatusConflict:
				if a.header.Get("Retry-After") != "1" {
					t.Errorf("Retry-After: %v", a.header)
				}
			}
		})
	}
	wg.Wait()
	if count["200 false"] != 1 || count["200 true"]+count["409 false"] != 49 || len(bodies) != 1 || w.accounts("books") != 1 {
		t.Errorf("%v, %d different answers, %d accounts", count, len(bodies), w.accounts("books"))
	}
	w.serve(api.Options{}) // nothing is in memory
	a := w.ok(keyed("k", create("books")), nil)
	if !replayed(a) || !bodies[a.body] || a.header.Get("Content-Type") != "application/json" || w.accounts("books") != 1 {
		t.Errorf("after a restart: %v %s", a.header, a.body)
	}
	var log []tandem.AuditEntry
	w.ok(call{method: "GET", path: "/v1.0/audit?action=createAccount"}, &log)
	if len(log) != 1 {
		t.Errorf("the audit log has %d entries", len(log))
	}
}

func TestKeyIsForOneCall(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("a", "")
	w.account("b", "")
	cycle := call{method: "POST", path: "/v1.0/cycles", account: "a", body: map[string]string{"Name": "c"}}
	first := w.ok(keyed("k", cycle), nil)
	again := w.ok(keyed("k", cycle), nil)
	if first.status != 201 || again.status != 201 || first.body != again.body || replayed(first) || !replayed(again) {
		t.Errorf("%v, then %v", first, again)
	}
	for what, c := range map[string]call{
		"account": {method: "POST", path: "/v1.0/cycles", account: "b", body: map[string]string{"Name": "c"}},
		"body":    {method: "POST", path: "/v1.0/cycles", account: "a", body: map[string]string{"Name": "d"}},
		"path":    create("c"),
	} {
		if a := w.do(keyed("k", c)); a.status != 400 || !strings.Contains(a.body, `"ModelState":{"Idempotency-Key":`) {
			t.Errorf("another %s: %d %s", what, a.status, a.body)
		}
	}
	var made struct{ ID, ClientSecret string }
	w.ok(keyed("client", call{method: "POST", path: "/v1.0/oauthclients", body: map[string]string{"Name": "other"}}), &made)
	var secret struct{ ClientSecret string }
	w.ok(keyed("client", call{method: "POST", path: "/v1.0/oauthclients", body: map[string]string{"Name": "other"}}), &secret)
	if made.ClientSecret == "" || secret.ClientSecret != made.ClientSecret {
		t.Errorf("the secret is %q, then %q", made.ClientSecret, secret.ClientSecret)
	}
	other := keyed("k", create("others"))
	other.token = w.tokenFor(tandem.NewPartner{ClientID: made.ID, ClientSecret: made.ClientSecret}, "")
	if a := w.ok(other, nil); replayed(a) {
		t.Error("a key of another client was found")
	}
	for range 2 {
		if a := w.ok(keyed("read", call{method: "GET", path: "/v1.0/accounts"}), nil); replayed(a) {
			t.Error("a GET was replayed")
		}
	}
}

func TestKeys(t *testing.T) {
	w := newWorld(t, api.Options{MaxBody: 1000})
	for _, key := range []string{"x", strings.Repeat("x", 255), "with a space", "größe"} {
		w.ok(keyed(key, create("books")), nil)
	}
	for _, key := range []string{"", strings.Repeat("x", 256), "a\tb"} {
		w.fails(keyed(key, create("books")), 400, "Idempotency-Key: want 1 to 255 printable characters")
	}
	w.fails(keyed("long", create(strings.Repeat("x", 2000))), 413, "")
	w.ok(keyed("long", create("books")), nil)
}

// failing makes accounts once it is told to.
type failing struct {
	tandem.Accounts
	with error
	late bool // it makes one, and fails all the same
}

func (f *failing) Create(ctx context.Context, p tandem.PartnerID, u tandem.AccountUpdate) (*tandem.Account, error) {
	if f.with == nil {
		return f.Accounts.Create(ctx, p, u)
	}
	if f.late {
		if _, err := f.Accounts.Create(ctx, p, u); err != nil {
			return nil, err
		}
	}
	if f.with.Error() == "panic" {
		panic(f.with)
	}
	return nil, f.with
}

func TestFailuresAreNotKept(t *testing.T) {
	w := newWorld(t, api.Options{})
	f := &failing{Accounts: w.services.Accounts}
	w.services.Accounts = f
	w.serve(api.Options{})
	for i, c := range []struct {
		with   error
		status int
		kept   bool
	}{
		{&tandem.Error{Code: tandem.Internal}, 500, false},
		{fmt.Errorf("panic"), 500, false},
		{&tandem.Error{Code: tandem.Unavailable}, 503, false},
		{&tandem.Error{Code: tandem.Forbidden, Message: "no"}, 403, false},
		{&tandem.Error{Code: tandem.RateLimited, Message: "no"}, 429, false},
		{tandem.Conflictf("no"), 409, true},
		{tandem.Invalidf("Name", "no"), 400, true},
	} {
		key := fmt.Sprint(i)
		f.with = c.with
		if a := w.do(keyed(key, create("books"))); a.status != c.status {
			t.Errorf("%v: %d", c.with, a.status)
		}
		f.with = nil
		a := w.do(keyed(key, create("books")))
		if replayed(a) != c.kept || c.kept && a.status != c.status || !c.kept && a.status != 200 {
			t.Errorf("after %v: %d, %v", c.with, a.status, a.header)
		}
	}
}

// What has changed something is not made again, however it ended.
func TestFailuresAfterChanges(t *testing.T) {
	w := newWorld(t, api.Options{})
	f := &failing{Accounts: w.services.Accounts, late: true}
	w.services.Accounts = f
	w.serve(api.Options{})
	for name, c := range map[string]struct {
		with   error
		status int
	}{
		"broken": {&tandem.Error{Code: tandem.Internal}, 500},
		"panics": {fmt.Errorf("panic"), 500},
		"full":   {&tandem.Error{Code: tandem.Unavailable}, 503},
	} {
		f.with = c.with
		if a := w.do(keyed(name, create(name))); a.status != c.status {
			t.Errorf("%s: %d", name, a.status)
		}
		f.with = nil
		w.fails(keyed(name, create(name)), 409, "The first call with this Idempotency-Key was cut off after it had changed something. It is not made again: look at what is there, and use another key for what is missing.")
		if n := w.accounts(name); n != 1 {
			t.Errorf("%s: %d accounts", name, n)
		}
	}
}
