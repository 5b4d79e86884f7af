package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// told is what a stream of changes says.
type told struct{ AccountId, Subject string }

// listener follows a stream of changes.
type listener struct {
	t     *testing.T
	name  string
	lines *bufio.Scanner
	heard map[told]bool
}

// listen opens a stream as somebody.
func (w *world) listen(ctx context.Context, name, url string, header map[string]string) *listener {
	w.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/v1.0/changes/live", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	if account := header["account"]; account != "" {
		req.URL.RawQuery = "account=" + account
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d", name, res.StatusCode)
	}
	return &listener{w.t, name, bufio.NewScanner(res.Body), map[told]bool{}}
}

// until reads on until it was told something, and gives all that it was told since the
// last time, in order.
func (l *listener) until(want told) (all []told) {
	l.t.Helper()
	for !l.heard[want] {
		if !l.lines.Scan() {
			l.t.Fatalf("%s was never told of %+v, but of %v: %v", l.name, want, l.heard, l.lines.Err())
		}
		data, ok := strings.CutPrefix(l.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var news []told
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			l.t.Fatal(err)
		}
		for _, n := range news {
			l.heard[n] = true
		}
	}
	for n := range l.heard {
		all = append(all, n)
	}
	clear(l.heard)
	return sortTold(all)
}

func sortTold(all []told) []told {
	slices.SortFunc(all, func(x, y told) int { return strings.Compare(x.AccountId+" "+x.Subject, y.AccountId+" "+y.Subject) })
	return all
}

// Everybody is told of what they may look at, from any node, and of nothing else.
func TestChanges(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		people := map[string]tandem.Principal{}
		o := api.Options{Poll: 5 * time.Millisecond, Session: func(r *http.Request) (tandem.Principal, error) {
			return people[r.Header.Get("X-Person")], nil
		}}
		w := newWorldOn(t, db, o)
		bolt := w.other()
		w.account("books", "")
		w.account("shop", "")
		books, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
		if err != nil {
			t.Fatal(err)
		}
		people["Tim"] = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1, Permissions: tandem.Permissions{tandem.AreaTemplates: tandem.ViewLevel}}
		people["Amy"] = tandem.Principal{Partner: w.partner.PartnerID, Account: books.ID, User: 7}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		there := w.url
		w.serve(o) // another node, by which everything is changed from now on

		bearer := func(token string) map[string]string { return map[string]string{"Authorization": "Bearer " + token} }
		all := w.listen(ctx, "the partner", there, bearer(w.token))
		other := w.listen(ctx, "another partner", there, bearer(bolt))
		restricted := w.listen(ctx, "a restricted token", there, bearer(w.tokenFor(w.partner, "account:books")))
		tim := w.listen(ctx, "who may look at templates", there, map[string]string{"X-Person": "Tim"})
		amy := w.listen(ctx, "a user of an account", there, map[string]string{"X-Person": "Amy"})
		byItself := []told{{"books", "Cycles"}, {"books", "Installed connectors"}, {"books", "Runs"}}
		for _, l := range []*listener{restricted, amy} { // at first what it did before is not known
			if diff := cmp.Diff(byItself, l.until(byItself[2])); diff != "" {
				t.Errorf("%s: -want +got\n%s", l.name, diff)
			}
		}
		began := told{"", "Marketplaces"} // what was done just before they began to look may be told
		w.ok(call{method: "POST", path: "/v1.0/marketplaces", body: `{"Name":"first"}`}, nil)
		all.until(began)

		w.ok(call{method: "POST", path: "/v1.0/cycles", account: "shop", body: `{"Name":"x"}`}, nil)
		w.fails(call{method: "PUT", path: "/v1.0/audit", body: `{}`}, http.StatusMethodNotAllowed, "")
		w.ok(call{method: "POST", path: "/v1.0/folders", body: `{"Name":"x"}`}, nil)
		w.ok(call{method: "PUT", path: "/v1.0/accounts/books", body: `{"Description":"x"}`}, nil)
		w.ok(call{method: "PUT", path: "/v1.0/accounts/bolts", token: bolt, body: `{"Description":"x"}`}, nil)
		for _, c := range []struct {
			who  *listener
			want []told // the last comes last
		}{
			{all, []told{{"", "Templates"}, {"shop", "Cycles"}, {"books", "Accounts"}}},
			{other, []told{{"bolts", "Accounts"}}},
			{restricted, []told{{"books", "Accounts"}}},
			{tim, []told{{"", "Templates"}}},
			{amy, []told{{"books", "Accounts"}}},
		} {
			got := c.who.until(c.want[len(c.want)-1])
			got = slices.DeleteFunc(got, func(n told) bool { return n == told{"", "Accounts"} || n == told{"", "Access tokens"} }) // from before
			sortTold(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.who.name, diff)
			}
		}

		looking := w.listen(ctx, "who looks at an account", there, map[string]string{"Authorization": "Bearer " + w.token, "account": "books"})
		looking.until(byItself[0])
		w.transaction("books", "c", "s")
		looking.until(byItself[2])
	})
}

// Nobody looks at an account that is not theirs to look at.
func TestChangesOfOtherAccounts(t *testing.T) {
	w := newWorld(t, api.Options{})
	bolt := w.other()
	w.account("books", "")
	w.account("shop", "")
	w.fails(call{method: "GET", path: "/v1.0/changes/live?account=books", token: bolt}, http.StatusNotFound, "")
	w.fails(call{method: "GET", path: "/v1.0/changes/live?account=shop", token: w.tokenFor(w.partner, "account:books")}, http.StatusForbidden, "")
	w.fails(call{method: "GET", path: "/v1.0/changes/live", token: "-"}, http.StatusUnauthorized, "")
}

// Who may not look at accounts does not learn which there are.
func TestChangesTellNothingOfAccounts(t *testing.T) {
	people := map[string]tandem.Principal{}
	w := newWorld(t, api.Options{Poll: 5 * time.Millisecond, Session: func(r *http.Request) (tandem.Principal, error) { return people[r.Header.Get("X-Person")], nil }})
	w.account("books", "")
	people["Tim"] = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1, Permissions: tandem.Permissions{tandem.AreaTemplates: tandem.ViewLevel}}
	people["Ann"] = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 2, Permissions: tandem.Permissions{tandem.AreaAccounts: tandem.ViewLevel}}
	for _, account := range []string{"books", "none"} {
		w.fails(call{method: "GET", path: "/v1.0/changes/live?account=" + account, token: "-", header: map[string]string{"X-Person": "Tim"}}, http.StatusForbidden, "")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	w.listen(ctx, "Ann", w.url, map[string]string{"X-Person": "Ann", "account": "books"}).until(told{"books", "Runs"})
	w.fails(call{method: "GET", path: "/v1.0/changes/live?account=none", token: "-", header: map[string]string{"X-Person": "Ann"}}, http.StatusNotFound, "")
}
