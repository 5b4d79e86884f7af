package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// unhurried waits four seconds, then for a date that has passed, gets a contact, and
// once all have, gets one more.
const unhurried = `{"Format":"tandem-template/1","Name":"Patient","Graph":{
	"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}],
	"Steps":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","Name":"New","ActionType":2,"Connector":"crm","Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002","Name":"Wait","ActionType":4,"Delay":{"Interval":4,"Unit":"Seconds"}},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0003","Name":"Due","ActionType":5,
			"Until":{"Target":"","MappingType":"StepOutput","SourceStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","SourceField":"due","Format":"dd/MM/yyyy"}},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0004","Name":"Get","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StepOutput","SourceStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","SourceField":"id"}]},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0005","Name":"All","ActionType":6},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0006","Name":"Last","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StaticValue","Value":"12"}]},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0007","Name":"Note","Description":"Waits for all.","ActionType":7}],
	"Edges":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0011","EdgeType":"Forward","HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0012","EdgeType":"Forward","HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0003"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0013","EdgeType":"Forward","HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0003","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0004"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0014","EdgeType":"Forward","HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0004","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0005"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0015","EdgeType":"Forward","HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0005","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0006"}]}}`

// restart ends an installation, and runs it again over what is there.
func (r *running) restart(t *testing.T, c Config) *running {
	t.Helper()
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), logger(t), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return &running{App: a, partner: r.partner, acme: client.New(a.URL(), r.partner.ClientID, tandem.Secret(r.partner.ClientSecret)), stop: func() error { return nil }}
}

// A delay lasts over a restart and a stop, and is over while the cycle is stopped;
// then all goes on at once, and one more transaction when all have ended.
func TestWaits(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		cfg := config(t, database)
		r := start(t, cfg)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var asked atomic.Int32
		sample := crm(t)
		counted := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if strings.HasPrefix(req.URL.Path, "/api/contacts") {
				asked.Add(1)
			}
			sample.Config.Handler.ServeHTTP(w, req)
		}))
		t.Cleanup(counted.Close)
		_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"})
		must(err)
		books := r.acme.Account("books")
		_, err = books.InstallConnector(t.Context(), "Bookshelf CRM", client.Install{AuthValue: "the key", Properties: []client.Property{{Name: "BaseUrl", Value: counted.URL}}})
		must(err)
		template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(unhurried))
		must(err)
		c, err := books.InstallTemplate(t.Context(), template)
		must(err)
		c, err = books.CopyCycle(t.Context(), c.ID, "Copied")
		must(err)
		_, err = books.Activate(t.Context(), c.ID, client.Activation{})
		must(err)
		steps, err := books.Steps(t.Context(), c.ID)
		must(err)
		began := time.Now()
		for range 2 {
			res, err := http.Post(steps[0].WebhookURL, "application/json", strings.NewReader(`{"id":12,"due":"31/01/2020"}`))
			must(err)
			res.Body.Close()
		}
		var all []tandem.Transaction
		are := func(what string, want ...tandem.TransactionStatus) {
			t.Helper()
			eventually(t, what, func() bool {
				all, err = books.Transactions(t.Context(), c.ID)
				must(err)
				return slices.EqualFunc(all, want, func(t tandem.Transaction, w tandem.TransactionStatus) bool { return t.Status == w })
			})
		}
		are("two wait", tandem.TransactionWaiting, tandem.TransactionWaiting)
		r = r.restart(t, cfg)
		books = r.acme.Account("books")
		_, err = books.Deactivate(t.Context(), c.ID, false)
		must(err)
		if time.Since(began) < 4*time.Second {
			are("two are held", tandem.TransactionHeld, tandem.TransactionHeld)
		}
		time.Sleep(4*time.Second - time.Since(began))
		_, err = books.Activate(t.Context(), c.ID, client.Activation{})
		must(err)
		const done = tandem.TransactionCompleted
		are("all end, and one goes on", done, done, done)
		if asked.Load() != 3 || all[0].ParentID != 0 || all[0].Tasks != 1 || all[1].Tasks != 2 {
			t.Errorf("%d requests, transactions %+v", asked.Load(), all)
		}
		items, err := books.StepItems(t.Context(), c.ID, all[2].ID)
		must(err)
		var names []string
		for _, i := range items {
			names = append(names, i.StepName)
		}
		if got := strings.Join(names, " "); got != "New Wait Due Get All" || items[1].FinishedOnUTC.Sub(items[1].StartedOnUTC) < 4*time.Second {
			t.Errorf("steps %s, waited from %s to %s", got, items[1].StartedOnUTC, items[1].FinishedOnUTC)
		}
	})
}
