package app

import (
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/api/apitest"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// patience is how long anything may take that happens in the background.
const patience = time.Minute

// eventually waits until is says yes.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// The matrix again, on all parts wired together: on SQLite, as internal/api has it on
// both databases.
func TestMatrix(t *testing.T) {
	r := start(t, config(t, ""))
	other, err := r.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	apitest.Matrix(t, apitest.Target{
		Client: http.DefaultClient, URL: r.URL(), Upstream: crm(t).URL, Routes: new(api.API).Routes(), Partners: [2]tandem.NewPartner{r.partner, other},
		Transaction: func(account string, c tandem.CycleID, hook tandem.StepID) tandem.TransactionID {
			for _, p := range []tandem.PartnerID{r.partner.PartnerID, other.PartnerID} {
				if a, err := r.Accounts.Get(t.Context(), p, account); err == nil {
					return r.submit(t, a.ID, c, hook)
				}
			}
			t.Fatalf("there is no account %s", account)
			return 0
		},
		Session: func(p tandem.PartnerID) tandem.SessionID {
			users, err := r.ConsoleUsers.List(t.Context(), p, tandem.Search{})
			if err != nil {
				t.Fatal(err)
			}
			token, err := r.Sessions.Begin(t.Context(), tandem.Session{Who: tandem.Principal{Partner: p, ConsoleUser: users.Rows[0].ID}})
			if err != nil {
				t.Fatal(err)
			}
			n, err := r.Sessions.Resume(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			return n.ID
		},
		SignIn:  func(who tandem.Principal, account string) http.Header { return r.cookies(t, who, account) },
		Expired: func(p tandem.NewPartner) string { return r.expired(t, p) },
		Digest:  func() string { return storetest.Digest(t, r.store) },
		Flush:   func() { r.audit.Flush(t.Context()) },
	})
}

// cookies are those of a browser in which somebody is signed in.
func (r *running) cookies(t *testing.T, who tandem.Principal, account string) http.Header {
	t.Helper()
	if account != "" {
		a, err := r.Accounts.Get(t.Context(), who.Partner, account)
		if err != nil {
			t.Fatal(err)
		}
		who.Account = a.ID
	}
	token, err := r.Sessions.Begin(t.Context(), tandem.Session{Who: who})
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Sessions.Resume(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	name := "tandem_session"
	if who.User != 0 {
		name = "tandem_account_" + n.ID.String()
	}
	return http.Header{"Cookie": {name + "=" + string(token)}}
}

// expired is a token that was good until a second ago.
func (r *running) expired(t *testing.T, p tandem.NewPartner) string {
	t.Helper()
	c, err := r.store.OAuthClient(t.Context(), p.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	const token = "once a token"
	hash, end := sha256.Sum256([]byte(token)), time.Now().Add(-time.Second)
	if err := r.store.SaveToken(t.Context(), hash[:], c, 0, end.Add(-time.Hour), end); err != nil {
		t.Fatal(err)
	}
	return token
}

// submit makes a transaction, as an event of the hook does, and waits for its end.
func (r *running) submit(t *testing.T, a tandem.AccountID, c tandem.CycleID, hook tandem.StepID) tandem.TransactionID {
	t.Helper()
	of := tandem.Webhook{Account: a, Cycle: c, Version: 1, Step: hook, Method: "60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}
	event := tandem.Exchange{Method: http.MethodPost, Body: []byte(`{"id":12}`)}
	ids, err := r.engine.Submit(t.Context(), startByWebhook(of, time.Now(), event))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of a transaction", func() bool {
		x, err := r.store.Transactions().Get(t.Context(), a, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		return x.Status.Final()
	})
	return ids[0]
}

// crm stands for the sample CRM: one contact, and webhooks.
func crm(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/webhooks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":7}`)
	})
	mux.HandleFunc("DELETE /api/webhooks/7", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /api/contacts/12", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "the key" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":12,"email":"ada@x.test"}`)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

const lookUp = `{"Format":"tandem-template/1","Name":"Look up","Graph":{
	"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}],
	"Steps":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","Name":"New","ActionType":2,"Connector":"crm","Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002","Name":"Get","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StepOutput","SourceStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","SourceField":"id"}]}],
	"Edges":[{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0003","EdgeType":"Forward",
		"HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002"}]}}`

// From a webhook to the third party and back, over HTTP all the way.
func TestRuns(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"})
		must(err)
		books := r.acme.Account("books")
		_, err = books.InstallConnector(t.Context(), "Bookshelf CRM", client.Install{
			AuthValue: "the key", Properties: []client.Property{{Name: "BaseUrl", Value: crm(t).URL}},
		})
		must(err)
		template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(lookUp))
		must(err)
		c, err := books.InstallTemplate(t.Context(), template)
		must(err)
		_, err = books.Activate(t.Context(), c.ID, client.Activation{})
		must(err)
		steps, err := books.Steps(t.Context(), c.ID)
		must(err)
		res, err := http.Post(steps[0].WebhookURL, "application/json", strings.NewReader(`{"id":12}`))
		must(err)
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("the webhook: %d", res.StatusCode)
		}
		var ran []tandem.Transaction
		eventually(t, "the end of the transaction", func() bool {
			ran, err = books.Transactions(t.Context(), c.ID)
			must(err)
			return len(ran) == 1 && ran[0].Status.Final()
		})
		var items []struct {
			StepName string
			Response struct{ Body map[string]any }
		}
		must(books.Do(t.Context(), http.MethodGet, "/cycles/"+string(c.ID)+"/transactions/"+ran[0].ID.String(), nil, &items))
		if ran[0].Status != tandem.TransactionCompleted || len(items) != 2 || items[1].StepName != "Get" || items[1].Response.Body["email"] != "ada@x.test" {
			t.Errorf("%+v: %+v", ran[0], items)
		}
		used, err := r.acme.Usage(t.Context(), "books")
		must(err)
		if used.TasksUsed != ran[0].Tasks || used.TasksUsed == 0 {
			t.Errorf("%d tasks used, %d by the transaction", used.TasksUsed, ran[0].Tasks)
		}
	})
}
