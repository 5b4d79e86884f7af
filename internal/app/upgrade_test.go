package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// inFlight is an installation whose third party takes its time.
type inFlight struct {
	*running
	books    *client.Client
	template tandem.TemplateID
	cycle    tandem.CycleID
	hook     string // URL
	asked    chan struct{}
	answer   chan struct{}
}

func newInFlight(t *testing.T, r *running) *inFlight {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	url, asked, answer, _ := slowCRM(t)
	f := &inFlight{running: r, books: r.acme.Account("books"), asked: asked, answer: answer}
	_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"})
	must(err)
	_, err = f.books.InstallConnector(t.Context(), "Bookshelf CRM", client.Install{AuthValue: "the key", Properties: []client.Property{{Name: "BaseUrl", Value: url}}})
	must(err)
	f.template, err = r.acme.ImportTemplate(t.Context(), json.RawMessage(lookUp))
	must(err)
	c, err := f.books.InstallTemplate(t.Context(), f.template)
	must(err)
	f.cycle = c.ID
	_, err = f.books.Activate(t.Context(), c.ID, client.Activation{})
	must(err)
	f.hook = f.address(t)
	return f
}

// address is where the webhook of the cycle is.
func (f *inFlight) address(t *testing.T) string {
	t.Helper()
	steps, err := f.books.Steps(t.Context(), f.cycle)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		if s.WebhookURL != "" {
			return s.WebhookURL
		}
	}
	return ""
}

// send gives the cycle something to do.
func (f *inFlight) send(t *testing.T) {
	t.Helper()
	res, err := http.Post(f.hook, "application/json", strings.NewReader(`{"id":12}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("webhook: %d", res.StatusCode)
	}
}

// release makes live a release that looks each contact up twice.
func (f *inFlight) release(t *testing.T) {
	t.Helper()
	path := "/templates/" + string(f.template) + "/releases"
	var r struct {
		ID    string `json:"Id"`
		Graph tandem.Graph
	}
	do := func(method, path string, in, out any) {
		t.Helper()
		if err := f.acme.Do(t.Context(), method, path, in, out); err != nil {
			t.Fatal(err)
		}
	}
	do(http.MethodPost, path, map[string]string{}, &r)
	again := r.Graph.Steps[1]
	r.Graph.Steps[1].Name = "Look up"
	again.ID, again.Name = tandem.StepID(tandem.NewGUID()), "Again"
	r.Graph.Steps = append(r.Graph.Steps, again)
	r.Graph.Edges = append(r.Graph.Edges, tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: r.Graph.Steps[1].ID, TailStepID: again.ID, EdgeType: tandem.ForwardEdge})
	do(http.MethodPut, path+"/"+r.ID, map[string]any{"Graph": r.Graph}, nil)
	do(http.MethodPost, path+"/"+r.ID+"/promote", map[string]string{}, nil)
}

// ran waits for the end of so many transactions, and gives the names of the steps
// of each, oldest first.
func (f *inFlight) ran(t *testing.T, n int) (all []string) {
	t.Helper()
	var found []tandem.Transaction
	eventually(t, "the end of transactions", func() bool {
		var err error
		if found, err = f.books.Transactions(t.Context(), f.cycle); err != nil {
			t.Fatal(err)
		}
		ended := 0
		for _, x := range found {
			if x.Status.Final() {
				ended++
			}
		}
		return ended == n
	})
	for _, x := range found {
		if x.Status != tandem.TransactionCompleted {
			t.Errorf("transaction %+v", x)
		}
		var items []struct{ StepName string }
		if err := f.books.Do(t.Context(), http.MethodGet, "/cycles/"+string(f.cycle)+"/transactions/"+x.ID.String(), nil, &items); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, i := range items {
			names = append(names, i.StepName)
		}
		all = append([]string{strings.Join(names, " ")}, all...)
	}
	return all
}

// A cycle is upgraded while a step of it sends: what began on the old release
// ends on it, what comes later runs the new one, at the same address.
func TestUpgradeInFlight(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		f := newInFlight(t, start(t, config(t, database)))
		f.send(t)
		<-f.asked
		f.release(t)
		var c struct {
			Status string
			Lost   []tandem.Lost
		}
		if err := f.books.Do(t.Context(), http.MethodPost, "/cycles/"+string(f.cycle)+"/upgrade", nil, &c); err != nil {
			t.Fatal(err)
		}
		if c.Status != "Running" || len(c.Lost) != 0 || f.address(t) != f.hook {
			t.Errorf("upgraded: %+v, at %s, was %s", c, f.address(t), f.hook)
		}
		f.send(t)
		for range 3 {
			f.answer <- struct{}{}
		}
		got := f.ran(t, 2)
		if want := "New Get|New Look up Again"; strings.Join(got, "|") != want {
			t.Errorf("ran %v, want %s", got, want)
		}
	})
}
