package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/notice"
)

// seller is a third party that can fail, and the receivers of what is told of that.
type seller struct {
	url string

	mu     sync.Mutex
	broken bool
	keys   []string         // of requests
	told   map[string][]any // by path
}

func newSeller(t *testing.T) *seller {
	s := &seller{broken: true, told: map[string][]any{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *seller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path != "/send" {
		var said any
		_ = json.Unmarshal(body, &said)
		s.told[r.URL.Path] = append(s.told[r.URL.Path], said)
		return
	}
	s.keys = append(s.keys, r.Header.Get("Idempotency-Key"))
	if s.broken {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (s *seller) messages(path string) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told[path])
}

func (s *seller) mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = false
}

// An error that stops a cycle is told to the account's receiver and to the
// partner's; what failed goes on once it is mended, as another transaction. Poison
// is set aside, and told of, too.
func TestErrorsAreToldAndRepeated(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r, s := start(t, config(t, database)), newSeller(t)
		err := r.acme.Do(t.Context(), "POST", "/accounts", map[string]any{
			"Id": "books", "Name": "Books", "TransactionErrorWebhookEnabled": true, "TransactionErrorWebhookUrl": s.url + "/errors",
		}, nil)
		if err == nil {
			err = r.acme.Do(t.Context(), "PUT", "/settings", map[string]any{"Notice": map[string]any{"NotificationWebhookUrl": s.url + "/stopped"}}, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		books := r.acme.Account("books")
		cycle, hook := r.failing(t, s)
		res, err := http.Post(hook, "application/json", strings.NewReader(`{"n":7}`))
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res, err)
		}
		res.Body.Close()

		eventually(t, "both are told", func() bool { return len(s.messages("/errors")) > 0 && len(s.messages("/stopped")) > 0 })
		said := s.messages("/errors")[0].(map[string]any)
		detail := said["Detail"].(map[string]any)
		request, _ := detail["Request"].(map[string]any)
		if said["AccountExternalId"] != "books" || said["CycleName"] != "Failing" || said["StepType"] != "Action" || said["Message"] != "Failed to call the method" ||
			said["IncidentLevel"] != "Error" || detail["Status"] != 500.0 || request["URL"] != s.url+"/send" {
			t.Errorf("%v", said)
		}
		stopped := s.messages("/stopped")[0].(map[string]any)
		if len(stopped) != 3 || stopped["accountId"] != said["AccountId"] || stopped["title"] != "Failing was stopped by an error" || !strings.Contains(fmt.Sprint(stopped["message"]), "500") {
			t.Errorf("%v", stopped)
		}

		failed, err := tandem.ParseTransactionID(said["TransactionId"].(string))
		if err != nil {
			t.Fatal(err)
		}
		path := "/transactions/" + failed.String() + "/resume"
		if err := books.Do(t.Context(), "POST", path, nil, nil); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("resumed while the cycle is stopped: %v", err)
		}
		s.mend()
		var again tandem.Transaction
		if err = books.Do(t.Context(), "PUT", "/cycles/"+cycle+"/activate", nil, nil); err == nil {
			err = books.Do(t.Context(), "POST", path, nil, &again)
		}
		if err != nil {
			t.Fatal(err)
		}
		if again.RepeatOf != failed {
			t.Errorf("%+v", again)
		}
		ended := func(id tandem.TransactionID) *tandem.Transaction {
			var now tandem.Transaction
			eventually(t, "the end of a transaction", func() bool {
				return books.Do(t.Context(), "GET", "/transactions/"+id.String(), nil, &now) == nil && now.Status.Final()
			})
			return &now
		}
		if now := ended(again.ID); now.Status != tandem.TransactionCompleted || now.Tasks != 1 {
			t.Errorf("%+v", now)
		}
		if was := ended(failed); was.Status != tandem.TransactionFailed || len(s.keys) != 2 || s.keys[0] != s.keys[1] {
			t.Errorf("%+v, keys %v", was, s.keys)
		}
		r.poisoned(t, s, tandem.CycleID(cycle), ended)
	})
}

// poisoned submits what cannot be run.
func (r *running) poisoned(t *testing.T, s *seller, cycle tandem.CycleID, ended func(tandem.TransactionID) *tandem.Transaction) {
	t.Helper()
	a, err := r.Accounts.Get(t.Context(), r.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.cycles.Get(t.Context(), a.ID, cycle)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := r.engine.Submit(t.Context(), journal.NewTxn{Account: a.ID, Cycle: c.ID, Version: c.Version, Frontier: []byte("damaged")})
	if err != nil {
		t.Fatal(err)
	}
	if now := ended(ids[0]); now.Status != tandem.TransactionFailed {
		t.Errorf("%+v", now)
	}
	eventually(t, "poison is told of", func() bool { return len(s.messages("/errors")) > 1 })
	said := s.messages("/errors")[1].(map[string]any)
	if said["Message"] != "Transaction Stopped" || said["TransactionId"] != ids[0].String() || said["StepId"] != "" || said["CycleName"] != "Failing" {
		t.Errorf("%v", said)
	}
}

// failing makes a cycle that sends what it gets to the shop, and is stopped by an
// error.
func (r *running) failing(t *testing.T, s *seller) (cycle, webhook string) {
	books := r.acme.Account("books")
	do := func(method, path string, body, out any) {
		t.Helper()
		if err := books.Do(t.Context(), method, path, body, out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	var in struct {
		ID int64 `json:"Id"`
	}
	id := r.custom(t, "Failing", map[string]any{"Methods": json.RawMessage(limitedMethods)})
	do("POST", fmt.Sprintf("/connectors/%d/install", id), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": s.url}}}, &in)
	var c struct {
		ID string `json:"Id"`
	}
	do("POST", "/cycles", map[string]any{"Name": "Failing", "StepErrorAction": "StopIntegration"}, &c)
	var steps [2]struct {
		ID         string `json:"Id"`
		WebhookURL string `json:"WebhookUrl"`
	}
	for i, kind := range []string{"Webhook", "Action"} {
		do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": kind, "AccountConnector": in.ID, "Method": limitedMethod + fmt.Sprint(i+1)}, &steps[i])
	}
	var targets []struct {
		Field struct {
			ID int64 `json:"Id"`
		}
	}
	do("GET", "/steps/"+steps[1].ID+"/fieldsformapping", nil, &targets)
	do("PUT", fmt.Sprintf("/steps/%s/fieldmappings/%d", steps[1].ID, targets[0].Field.ID), map[string]any{"MappingType": "StaticValue", "Value": "{{n}}"}, nil)
	do("POST", "/cycles/"+c.ID+"/edges", map[string]any{"HeadStepId": steps[0].ID, "TailStepId": steps[1].ID, "EdgeType": "Forward"}, nil)
	do("PUT", "/cycles/"+c.ID+"/activate", nil, nil)
	do("GET", "/steps/"+steps[0].ID, nil, &steps[0])
	return c.ID, steps[0].WebhookURL
}

// The steps of a cycle that cannot run any more are known all the same.
func TestStepsOfABrokenCycle(t *testing.T) {
	r := start(t, config(t, ""))
	if err := r.acme.Do(t.Context(), "POST", "/accounts", map[string]any{"Id": "books", "Name": "Books"}, nil); err != nil {
		t.Fatal(err)
	}
	books, err := r.store.Account(t.Context(), r.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	step := tandem.Step{ID: tandem.StepID(tandem.NewGUID()), Name: "Subscribe", ActionType: tandem.ActionStep, Connector: "gone", Method: "gone"}
	c := &tandem.Cycle{
		Account: books.ID, ID: tandem.CycleID(tandem.NewGUID()), Version: 1, Name: "Broken", Status: tandem.CyclePaused,
		Graph: tandem.Graph{Steps: []tandem.Step{step}, Connectors: []tandem.ConnectorRef{{Ref: "gone", Name: "Gone", Version: "1"}}},
	}
	if err := r.store.InsertCycle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.cycles.Plan(t.Context(), books.ID, c.ID, 1); tandem.ErrorCode(err) == "" {
		t.Error("it can run")
	}
	steps, err := r.stepsOf(t.Context(), books.ID, c.ID, 1)
	if err != nil || len(steps) != 1 || steps[step.ID] != (notice.Step{Name: "Subscribe", Type: "Action"}) {
		t.Errorf("%v, %v", steps, err)
	}
}
