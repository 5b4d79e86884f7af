package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// slowCRM is the sample CRM, which takes its time: each call for a contact says
// so on asked, and is answered once answer lets it; one that was cut off says that
// on left.
func slowCRM(t *testing.T) (url string, asked, answer, left chan struct{}) {
	asked, answer, left = make(chan struct{}, 10), make(chan struct{}, 10), make(chan struct{}, 10)
	fast := crm(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/contacts") {
			gone := r.Context().Done()
			select { // more may ask than are listened to
			case asked <- struct{}{}:
			case <-gone:
			}
			select {
			case <-answer:
			case <-gone:
				select {
				case left <- struct{}{}:
				default:
				}
				return
			}
		}
		fast.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked, answer, left
}

// installTwice makes an account with two cycles that look contacts up at url.
func (r *running) installTwice(t *testing.T, url string) (books *client.Client, a, b client.Cycle) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"})
	must(err)
	books = r.acme.Account("books")
	_, err = books.InstallConnector(t.Context(), "Bookshelf CRM", client.Install{AuthValue: "the key", Properties: []client.Property{{Name: "BaseUrl", Value: url}}})
	must(err)
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(lookUp))
	must(err)
	a, err = books.InstallTemplate(t.Context(), template)
	must(err)
	b, err = books.InstallTemplate(t.Context(), template)
	must(err)
	return books, a, b
}

// An account is suspended while a step of it sends, and comes back as it was;
// then once more, by a process that ends before anything follows.
func TestSuspend(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		url, asked, answer, left := slowCRM(t)
		books, c, stopped := r.installTwice(t, url)
		c, err := books.Activate(t.Context(), c.ID, client.Activation{})
		must(err)
		steps, err := books.Steps(t.Context(), c.ID)
		must(err)
		hook := steps[0].WebhookURL
		if hook == "" {
			hook = steps[1].WebhookURL
		}
		send := func(want int) {
			t.Helper()
			res, err := http.Post(hook, "application/json", strings.NewReader(`{"id":12}`))
			must(err)
			defer res.Body.Close()
			if body, _ := io.ReadAll(res.Body); res.StatusCode != want {
				t.Fatalf("webhook: %d %s, want %d", res.StatusCode, body, want)
			}
		}
		status := func(want ...tandem.TransactionStatus) {
			t.Helper()
			eventually(t, "transactions "+want[0].String(), func() bool {
				all, err := books.Transactions(t.Context(), c.ID)
				must(err)
				for i, w := range want {
					if len(all) != len(want) || all[i].Status != w {
						return false
					}
				}
				return true
			})
		}
		state := func(path string) {
			t.Helper()
			must(r.acme.Do(t.Context(), "POST", "/accounts/books/"+path, nil, nil))
		}
		shown := func(id tandem.CycleID, want tandem.CycleStatus) {
			t.Helper()
			if c, err := books.Cycle(t.Context(), id); err != nil || c.Status != want {
				t.Errorf("the cycle is %s, %v; want %s", c.Status, err, want)
			}
		}

		send(200)
		<-asked
		state("suspend")
		state("suspend")
		status(tandem.TransactionHeld)
		<-left
		send(410)
		shown(c.ID, tandem.CyclePaused)
		if _, err := books.Activate(t.Context(), stopped.ID, client.Activation{}); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("activated while suspended: %v", err)
		}
		state("resume")
		<-asked
		answer <- struct{}{}
		status(tandem.TransactionCompleted)
		shown(c.ID, tandem.CycleRunning)
		shown(stopped.ID, tandem.CyclePaused)

		// Only the account's own row says so.
		cut := func(enabled bool) {
			t.Helper()
			_, err := r.store.UpdateAccount(t.Context(), r.partner.PartnerID, "books", func(a *tandem.Account) error { a.Enabled = enabled; return nil })
			must(err)
			r.cycles.Settle()
		}
		send(200)
		<-asked
		cut(false)
		status(tandem.TransactionHeld, tandem.TransactionCompleted)
		<-left
		cut(true)
		<-asked
		answer <- struct{}{}
		status(tandem.TransactionCompleted, tandem.TransactionCompleted)
		send(200)
		<-asked
		answer <- struct{}{}
		status(tandem.TransactionCompleted, tandem.TransactionCompleted, tandem.TransactionCompleted)

		must(r.acme.DeleteAccount(t.Context(), "books"))
		send(410)
		state("restore")
		shown(c.ID, tandem.CyclePaused)
	})
}
