package app

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/storage"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// library reads the connectors that Tandem comes with, by name.
func library(t *testing.T) map[string]*connector.Connector {
	t.Helper()
	files, err := fs.Glob(connectors.Files, "*/connector.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*connector.Connector{}
	for _, name := range files {
		text, err := fs.ReadFile(connectors.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := connector.Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		all[c.Name] = c
	}
	return all
}

// Every operation that the library's methods run is there.
func TestBuiltInsAreThere(t *testing.T) {
	r := start(t, config(t, ""))
	operations := r.callOptions().BuiltIns
	for name, c := range library(t) {
		for _, m := range c.Methods {
			if m.BuiltIn != "" && operations[m.BuiltIn] == nil {
				t.Errorf("%s, %s: there is no operation %s", name, m.Name, m.BuiltIn)
			}
		}
	}
}

// relay is a cycle that counts, and then starts a cycle of its own name.
func relay(t *testing.T) tandem.TemplateFile {
	t.Helper()
	all := library(t)
	step := func(id, ref, name, method string, kind tandem.ActionType, fields ...tandem.Mapping) tandem.Step {
		for _, m := range all[name].Methods {
			if m.Name == method {
				return tandem.Step{ID: tandem.StepID(id), Name: method, ActionType: kind, Connector: ref, Method: m.MethodUniqueIdentifier, Fields: fields}
			}
		}
		t.Fatalf("%s has no method %s", name, method)
		return tandem.Step{}
	}
	static := func(target, value string) tandem.Mapping {
		return tandem.Mapping{Target: target, MappingType: tandem.MapStatic, Value: value}
	}
	first, second, third := tandem.NewGUID(), tandem.NewGUID(), tandem.NewGUID()
	launch := step(third, "starts", "Start Another Cycle", "Start Cycle", tandem.ActionStep, static("Data.first_name", "{{New Contact::first_name}}!"))
	launch.Parameters = []tandem.Mapping{static("Cycle", "Relay")}
	edge := func(from, to string) tandem.Edge {
		return tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: tandem.StepID(from), TailStepID: tandem.StepID(to), EdgeType: tandem.ForwardEdge}
	}
	return tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "Relay", Graph: tandem.Graph{
		Steps: []tandem.Step{
			step(first, "crm", "Bookshelf CRM", "New Contact", tandem.WebhookStep),
			step(second, "counter", "Counter Storage", "Increment Counter", tandem.ActionStep, static("Key", "{{first_name | length}}")),
			launch,
		},
		Edges: []tandem.Edge{edge(first, second), edge(second, third)},
		Connectors: []tandem.ConnectorRef{
			{Ref: "crm", Name: "Bookshelf CRM", Version: "1.0"}, {Ref: "counter", Name: "Counter Storage", Version: "1.0"}, {Ref: "starts", Name: "Start Another Cycle", Version: "1.0"},
		},
	}}
}

// Cycles that start each other end, each having run with the data that it was
// given.
func TestCyclesThatGoRound(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		account, c := r.installed(t, relay(t))
		steps, err := account.Steps(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.WebhookURL != "" {
				post(t, s.WebhookURL, `{"first_name":"a"}`)
			}
		}
		var all []tandem.Transaction
		eventually(t, "the last cycle to end", func() bool {
			if all, err = account.Transactions(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			ended, failed := 0, 0
			for _, x := range all {
				if x.Status.Final() {
					ended++
				}
				if x.Status == tandem.TransactionFailed {
					failed++
				}
			}
			return ended == len(all) && failed > 0
		})
		if len(all) != maxLaunches+1 {
			t.Errorf("%d transactions, want the first and %d more", len(all), maxLaunches)
		}
		a, err := r.Accounts.Get(t.Context(), r.partner.PartnerID, "a")
		if err != nil {
			t.Fatal(err)
		}
		counters := tandem.Storage{Account: a.ID, Purpose: tandem.StoredCounters}
		items, err := storage.New(r.store, r.vault, storage.Options{}).Items(t.Context(), counters, "", 0)
		if err != nil || len(items) != maxLaunches+1 {
			t.Errorf("counted %v, %v, want each length of the name once", items, err)
		}
		var incidents []tandem.Incident
		if err := account.Do(t.Context(), http.MethodGet, "/cycles/incidents/error", nil, &incidents); err != nil || len(incidents) != 1 || !strings.Contains(incidents[0].FullMessage, "10 deep") {
			t.Errorf("incidents %+v, %v", incidents, err)
		}
		r.launches(t, a.ID, c)
	})
}

// launches: a step that is tried again starts the cycle once, and none of another
// account.
func (r *running) launches(t *testing.T, a tandem.AccountID, c tandem.CycleID) {
	t.Helper()
	l := launches{r.store, r.engine}
	ask := utility.Launch{Account: a, Cycle: "Relay", Once: "key", Data: map[string]any{"first_name": "b"}}
	first, err := l.Launch(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	ask.Cycle = strings.ToUpper(string(c))
	if again, err := l.Launch(t.Context(), ask); err != nil || again != first {
		t.Errorf("tried again: %v, %v, want %v", again, err, first)
	}
	for name, ask := range map[string]utility.Launch{
		"no such name": {Account: a, Cycle: "Relay2"}, "part of a name": {Account: a, Cycle: "Rela"},
		"no such id": {Account: a, Cycle: tandem.NewGUID()}, "another account's": {Account: a + 1, Cycle: string(c)},
	} {
		if _, err := l.Launch(t.Context(), ask); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Control.Deactivate(t.Context(), a, c, false); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Launch(t.Context(), utility.Launch{Account: a, Cycle: "Relay"}); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("a stopped cycle: %v", err)
	}
}

// installed is an account with a running cycle of a template.
func (r *running) installed(t *testing.T, file tandem.TemplateFile) (*client.Client, tandem.CycleID) {
	t.Helper()
	party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"id":"1"}`)
	}))
	t.Cleanup(party.Close)
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"}); err != nil {
		t.Fatal(err)
	}
	account := r.acme.Account("a")
	for name, in := range map[string]client.Install{
		"Bookshelf CRM":   {AuthValue: "key", Properties: []client.Property{{Name: "BaseUrl", Value: party.URL}}},
		"Counter Storage": {}, "Start Another Cycle": {},
	} {
		if _, err := account.InstallConnector(t.Context(), name, in); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := account.InstallTemplate(t.Context(), template)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.Activate(t.Context(), c.ID, client.Activation{}); err != nil {
		t.Fatal(err)
	}
	return account, c.ID
}

func post(t *testing.T, url, body string) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", resp.Status, text)
	}
}
