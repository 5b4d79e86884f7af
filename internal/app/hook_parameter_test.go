package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

const boardParts = `{
	"Authentication":[{"AuthType":"None"}],
	"Triggers":[{"Name":"Boards","Method":"List boards","IdentifierKey":"[].id","HumanReadableKey":"[].name"}],
	"Methods":[
		{"Name":"List boards","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000001","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/boards","ResponseDataType":"Json"},
		{"Name":"Changed","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000002","MethodType":"Webhook","ResponseDataType":"Json",
			"CreateWebhookMethod":"Watch","DeleteWebhookMethod":"Unwatch","Script":"function after_webhook() { method_response.kind = script_parameters.Kind; method_response.account = external_account_id; return true; }",
			"Parameters":[{"Name":"Board","TargetType":"MergeField","Trigger":"Boards"},{"Name":"Kind","TargetType":"Script","Default":"cards"},{"Name":"Note","TargetType":"Script","Optional":true}]},
		{"Name":"Watch","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000003","MethodType":"Action","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/boards/{{Board}}/hooks",
			"RequestDataType":"Json","ResponseDataType":"Json","Parameters":[{"Name":"Board","TargetType":"MergeField"},{"Name":"Kind","TargetType":"QueryString"}],
			"RequestFields":[{"ConnectorField":"url","Hidden":true,"Optional":true,"Default":"{{Cyclr_Webhook_Url}}"}],"ResponseFields":[{"ConnectorField":"id","SystemField":"Cyclr_Webhook_Id"}]},
		{"Name":"Unwatch","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000004","MethodType":"Action","HttpMethod":"DELETE","EndPoint":"{{BaseUrl}}/boards/{{Board}}/hooks/{{Cyclr_Webhook_Id}}",
			"Parameters":[{"Name":"Board","TargetType":"MergeField"}]}]}`

// boards is an application that tells of the changes of one board.
type boards struct {
	url  string
	said chan string // of each request, but those for the list
	busy atomic.Bool // takes no webhook away
}

func newBoards(t *testing.T) *boards {
	t.Helper()
	b := &boards{said: make(chan string, 100)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/boards" {
			_, _ = io.WriteString(w, `[{"id":"b1","name":"Engines"},{"id":"b2","name":"Looms"}]`)
			return
		}
		b.said <- r.Method + " " + r.RequestURI
		if r.Method == http.MethodDelete && b.busy.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, `{"id":"h of `+r.URL.Path[len("/boards/"):][:2]+`"}`)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// asked gives what was asked for since.
func (b *boards) asked() (all []string) {
	for {
		select {
		case one := <-b.said:
			all = append(all, one)
		default:
			return all
		}
	}
}

// watch is a cycle that begins with a webhook of boards.
type watch struct {
	*testing.T
	account *client.Client
	cycle   string
	hook    string         // the step
	targets map[string]int // ids of its parameters
	trigger int            // of the boards
}

func newWatch(t *testing.T, r *running, b *boards) *watch {
	t.Helper()
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
		t.Fatal(err)
	}
	var parts map[string]any
	if err := json.Unmarshal([]byte(boardParts), &parts); err != nil {
		t.Fatal(err)
	}
	w := &watch{T: t, account: r.acme.Account("books"), targets: map[string]int{}}
	var own struct {
		ID int64 `json:"Id"`
	}
	w.do("POST", fmt.Sprintf("/connectors/%d/install", r.custom(t, "Boards", parts)), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": b.url}}}, &own)
	var cycle, hook, list struct {
		ID string `json:"Id"`
	}
	w.do("POST", "/cycles", map[string]any{"Name": "Watch"}, &cycle)
	step := map[string]any{"ActionType": "Webhook", "AccountConnector": own.ID, "Method": "7d000000-0000-4000-8000-000000000002", "Name": "Changed"}
	w.do("POST", "/cycles/"+cycle.ID+"/steps", step, &hook)
	step = map[string]any{"ActionType": "Action", "AccountConnector": own.ID, "Method": "7d000000-0000-4000-8000-000000000001", "Name": "List"}
	w.do("POST", "/cycles/"+cycle.ID+"/steps", step, &list)
	w.do("POST", "/cycles/"+cycle.ID+"/edges", map[string]any{"HeadStepId": hook.ID, "TailStepId": list.ID}, nil)
	w.cycle, w.hook = "/cycles/"+cycle.ID, "/steps/"+hook.ID
	var targets []struct {
		Parameter struct {
			ID       int `json:"Id"`
			Name     string
			Triggers []struct {
				ID int `json:"TriggerId"`
			}
		}
	}
	w.do("GET", w.hook+"/parameters", nil, &targets)
	for _, target := range targets {
		w.targets[target.Parameter.Name] = target.Parameter.ID
		for _, trigger := range target.Parameter.Triggers {
			w.trigger = trigger.ID
		}
	}
	return w
}

func (w *watch) do(method, path string, in, out any) {
	w.Helper()
	if err := w.account.Do(w.Context(), method, path, in, out); err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
}

func (w *watch) parameter(name string) string {
	return fmt.Sprintf("%s/parameters/%d", w.hook, w.targets[name])
}

func (w *watch) maps(name, value string) {
	w.Helper()
	w.do("PUT", w.parameter(name), map[string]string{"MappingType": "StaticValue", "Value": value}, nil)
}

// refused activates the cycle, which fails and says why.
func (w *watch) refused(says string) {
	w.Helper()
	if err := w.account.Do(w.Context(), "PUT", w.cycle+"/activate", nil, nil); err == nil || !strings.Contains(err.Error(), says) {
		w.Errorf("%v, want it to say %q", err, says)
	}
}

// A webhook's step says of what its third party is to tell, which is asked for like
// other parameters; it is told no more of the same, whatever the step says by then.
func TestWebhookParameters(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		b := newBoards(t)
		w := newWatch(t, start(t, config(t, database)), b)
		wants := func(when string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, b.asked()); diff != "" {
				t.Errorf("%s: -want +got\n%s", when, diff)
			}
		}

		var missing []tandem.Prerequisite
		w.do("GET", w.cycle+"/prerequisites", nil, &missing)
		if len(missing) != 1 || missing[0].ReasonCode != tandem.ReasonParameter || !strings.Contains(missing[0].Reason, `Step "Changed": Board`) {
			t.Errorf("prerequisites: %+v", missing)
		}
		w.refused("Board has no mapping")
		w.maps("Board", "{{Name}}") // of nothing that has come by then
		w.refused(`Step "Changed", Board: a required value is empty.`)
		w.maps("Board", "=nope.nope")
		w.refused(`Step "Changed", Board: `)
		wants("before the board is known")

		var choices []client.Choice
		w.do("POST", w.parameter("Board")+"/lookup", map[string]int{"TriggerId": w.trigger}, &choices)
		if diff := cmp.Diff([]client.Choice{{Name: "Engines", Value: "b1"}, {Name: "Looms", Value: "b2"}}, choices); diff != "" {
			t.Errorf("choices: %s", diff)
		}
		w.do("PUT", w.parameter("Board"), map[string]string{"MappingType": "Trigger", "TriggerValue": choices[0].Value}, nil)
		w.do("PUT", w.cycle+"/activate", nil, nil)
		wants("started", "POST /boards/b1/hooks?Kind=cards")

		b.busy.Store(true)
		w.do("PUT", w.cycle+"/deactivate", nil, nil)
		wants("not removed", "DELETE /boards/b1/hooks/h%20of%20b1")
		b.busy.Store(false)
		w.maps("Board", `="b" + 2`)
		w.maps("Kind", "lists")
		w.do("PUT", w.cycle+"/activate", nil, nil)
		wants("started with others", "DELETE /boards/b1/hooks/h%20of%20b1", "POST /boards/b2/hooks?Kind=lists")

		if got := w.heard(); got != `{"card":1,"kind":"lists","account":"books"}` {
			t.Errorf("heard %s", got)
		}
		w.do("PUT", w.cycle+"/deactivate", nil, nil)
		wants("stopped", "DELETE /boards/b2/hooks/h%20of%20b2")
	})
}

// heard sends something to the webhook, and gives what its step made of it.
func (w *watch) heard() string {
	w.Helper()
	var steps []struct {
		WebhookURL string `json:"WebhookUrl"`
	}
	w.do("GET", w.cycle+"/steps", nil, &steps)
	res, err := http.Post(steps[0].WebhookURL, "application/json", strings.NewReader(`{"card":1}`))
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	var began struct{ TransactionID string }
	if err := json.NewDecoder(res.Body).Decode(&began); err != nil {
		w.Fatal(err)
	}
	var items []client.StepItem
	w.do("GET", w.cycle+"/transactions/"+began.TransactionID, nil, &items)
	return string(items[0].Response.Body)
}
