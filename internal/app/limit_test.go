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
	"time"

	"github.com/tandem-ipaas/tandem/client"
)

// The methods of a connector with a limit, and a script that chooses.
const limitedMethods = `[
	{"Name":"Added","MethodType":"Webhook","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000001","ResponseDataType":"Json"},
	{"Name":"Send","MethodType":"Action","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000002","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/send",
		"RequestDataType":"Json","ResponseDataType":"Json","RequestFields":[{"ConnectorField":"n","DataType":"Integer"}],
		"RateLimit":{"Requests":4,"Seconds":3}},
	{"Name":"Even","MethodType":"Action","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000003","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/even",
		"RequestDataType":"Json","ResponseDataType":"Json","RequestFields":[{"ConnectorField":"n","DataType":"Integer"}]},
	{"Name":"Odd","MethodType":"Action","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000004","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/odd",
		"RequestDataType":"Json","ResponseDataType":"Json","RequestFields":[{"ConnectorField":"n","DataType":"Integer"}]}]`

const limitedMethod = "7e000000-0000-4000-8000-00000000000"

// taker takes requests, refuses the fifth once, and notes what came.
type taker struct {
	url string

	mu   sync.Mutex
	at   []time.Time // of /send
	got  []string
	all  chan struct{} // closed when all have come
	want int
}

func newTaker(t *testing.T, want int) *taker {
	k := &taker{all: make(chan struct{}), want: want}
	s := httptest.NewServer(k)
	t.Cleanup(s.Close)
	k.url = s.URL
	return k
}

func (k *taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.URL.Path == "/send" {
		k.at = append(k.at, time.Now())
		if len(k.at) == 5 {
			w.Header().Set("Retry-After", "4")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
	}
	k.got = append(k.got, strings.TrimPrefix(r.URL.Path, "/")+string(body))
	if len(k.got) == k.want {
		close(k.all)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// A cycle's calls keep to a limit, wait together when one is refused, and all get
// there; inline scripts make what is sent, and a step's script chooses the way on.
func TestStepsWithLimitsAndScripts(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		const events = 12
		r, k := start(t, config(t, database)), newTaker(t, 2*events)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		hook := r.limited(t, k)
		for i := range events {
			res, err := http.Post(hook, "application/json", strings.NewReader(fmt.Sprintf(`{"n":%d}`, i)))
			if err != nil || res.StatusCode != http.StatusOK {
				t.Fatal(res, err)
			}
			res.Body.Close()
		}
		select {
		case <-k.all:
		case <-time.After(time.Minute):
			t.Error("not all have come")
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		var want []string
		for i := range events {
			n := 10 * i
			want = append(want, fmt.Sprintf(`send{"n":%d}`, n), fmt.Sprintf(`%s{"n":%d}`, map[int]string{0: "even", 1: "odd"}[i%2], n))
		}
		slices.Sort(want)
		slices.Sort(k.got)
		if strings.Join(k.got, " ") != strings.Join(want, " ") {
			t.Errorf("got %v, want %v", k.got, want)
		}
		for i := 4; i < len(k.at); i++ {
			// A second shorter than the limit says: on the way here calls may close up.
			if d := k.at[i].Sub(k.at[i-4]); d < 2*time.Second {
				t.Errorf("calls %d to %d came within %s", i-4, i, d)
			}
		}
		if len(k.at) != events+1 {
			t.Errorf("%d calls", len(k.at))
		}
		for _, at := range k.at[5:] { // but for those that were under way
			if d := at.Sub(k.at[4]); d > 2*time.Second && d < 3900*time.Millisecond {
				t.Errorf("a call %s after the refused one", d)
			}
		}
	})
}

// limited makes a cycle with a limit, an inline script and a condition, and gives
// the address of its webhook.
func (r *running) limited(t *testing.T, k *taker) (webhook string) {
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
	id := r.custom(t, "Limited", map[string]any{"Methods": json.RawMessage(limitedMethods)})
	do("POST", fmt.Sprintf("/connectors/%d/install", id), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": k.url}}}, &in)
	var c struct {
		ID string `json:"Id"`
	}
	do("POST", "/cycles", map[string]any{"Name": "Limited"}, &c)
	step := func(kind, method, value, script string) string {
		t.Helper()
		var s struct {
			ID string `json:"Id"`
		}
		do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": kind, "AccountConnector": in.ID, "Method": limitedMethod + method, "Script": script}, &s)
		var targets []struct {
			Field struct {
				ID int64 `json:"Id"`
			}
		}
		if value != "" {
			do("GET", "/steps/"+s.ID+"/fieldsformapping", nil, &targets)
			do("PUT", fmt.Sprintf("/steps/%s/fieldmappings/%d", s.ID, targets[0].Field.ID), map[string]any{"MappingType": "StaticValue", "Value": value}, nil)
		}
		return s.ID
	}
	first := step("Webhook", "1", "", "")
	send := step("Action", "2", "=[n] * 10", "function action_condition() { return method_response.n % 20 === 0 }")
	for _, edge := range [][3]string{{first, send, "Forward"}, {send, step("Action", "3", "{{n}}", ""), "True"}, {send, step("Action", "4", "{{n}}", ""), "False"}} {
		do("POST", "/cycles/"+c.ID+"/edges", map[string]any{"HeadStepId": edge[0], "TailStepId": edge[1], "EdgeType": edge[2]}, nil)
	}
	do("PUT", "/cycles/"+c.ID+"/activate", nil, nil)
	var hook struct {
		WebhookURL string `json:"WebhookUrl"`
	}
	do("GET", "/steps/"+first, nil, &hook)
	return hook.WebhookURL
}
