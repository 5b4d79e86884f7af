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
)

// news is what the streams of designs tell.
type news struct {
	Revision int64
	People   []string
}

// open opens a stream as somebody, and gives what reads on until it tells as much.
func (w *world) open(ctx context.Context, path, person string) (until func(news)) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("X-Person", person)
	req.Header.Set("X-Cyclr-Account", "books")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != 200 {
		w.t.Fatalf("%s as %s: %d", path, person, res.StatusCode)
	}
	stream := bufio.NewScanner(res.Body)
	return func(want news) {
		w.t.Helper()
		var got news
		for stream.Scan() {
			data, ok := strings.CutPrefix(stream.Text(), "data: ")
			if !ok {
				continue
			}
			got = news{}
			if err := json.Unmarshal([]byte(data), &got); err != nil {
				w.t.Fatal(err)
			}
			if cmp.Equal(want, got) {
				return
			}
		}
		w.t.Fatalf("%s was never told %+v, but at last %+v: %v", person, want, got, stream.Err())
	}
}

// People who have the same design open see each other, customers no more than
// their own, and all see when it was saved.
func TestPresence(t *testing.T) {
	people := map[string]tandem.Principal{}
	w := newWorld(t, api.Options{Poll: 5 * time.Millisecond, Session: func(r *http.Request) (tandem.Principal, error) {
		return people[r.Header.Get("X-Person")], nil
	}})
	w.account("books", "")
	var bert struct {
		ID tandem.ConsoleUserID `json:"Id"`
	}
	w.ok(call{method: "POST", path: "/v1.0/ConsoleUsers", body: `{"Email":"bert@acme.test","Name":"Bert","FullAccess":true}`}, &bert)
	var amy tandem.User
	w.ok(call{method: "POST", path: "/v1.0/users", body: `{"Username":"amy@books.test","FirstName":"Amy","LastName":"Page","Email":"amy@books.test","Password":"a long password of hers"}`}, &amy)
	account, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	console := func(id tandem.ConsoleUserID) tandem.Principal {
		return tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: id, Permissions: tandem.Everything()}
	}
	people["Ada"], people["Bert"] = console(1), console(bert.ID)
	people["Amy"] = tandem.Principal{Partner: w.partner.PartnerID, Account: account.ID, User: amy.ID, Administrator: true}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()

	var cycle struct {
		ID tandem.CycleID `json:"Id"`
	}
	w.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"x"}`}, &cycle)
	path := "/v1.0/cycles/" + string(cycle.ID) + "/design"
	var design struct{ Revision int64 }
	w.ok(call{method: "GET", path: path, account: "books"}, &design)
	ada := w.open(ctx, path+"/live", "Ada")
	ada(news{design.Revision, []string{}})
	bertLeft, leave := context.WithCancel(ctx)
	w.open(bertLeft, path+"/live", "Bert")(news{design.Revision, []string{"ada@acme.test"}})
	ada(news{design.Revision, []string{"Bert"}})
	w.open(ctx, path+"/live", "Ada")(news{design.Revision, []string{"Bert"}}) // another window of hers
	customer := w.open(ctx, path+"/live", "Amy")
	customer(news{design.Revision, []string{}})
	both := []string{"Amy Page", "Bert"}
	slices.Sort(both)
	ada(news{design.Revision, both})
	leave()
	ada(news{design.Revision, []string{"Amy Page"}})

	w.ok(call{method: "PUT", path: path, account: "books", body: `{"Graph":{"Steps":[]}}`}, &design)
	customer(news{design.Revision, []string{}})
	ada(news{design.Revision, []string{"Amy Page"}})

}
