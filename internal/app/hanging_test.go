package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// The methods of a connector that sends what a webhook got.
const sendingMethods = `[
	{"Name":"Added","MethodType":"Webhook","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000011","ResponseDataType":"Json"},
	{"Name":"Send","MethodType":"Action","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000012","HttpMethod":"POST","EndPoint":"{{BaseUrl}}","ResponseDataType":"Json"}]`

const sendingMethod = "7e000000-0000-4000-8000-00000000001"

// mute is a third party that takes requests and says nothing until it is well.
type mute struct {
	*httptest.Server
	well   chan struct{}
	came   atomic.Int64 // requests
	gaveUp atomic.Int64 // callers that did not wait any more
}

func newMute(t *testing.T) *mute {
	m := &mute{well: make(chan struct{})}
	m.Server = httptest.NewServer(m)
	t.Cleanup(func() {
		m.recover()
		m.Close()
	})
	return m
}

func (m *mute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.came.Add(1)
	select {
	case <-m.well:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	case <-r.Context().Done():
		m.gaveUp.Add(1)
	}
}

// recover has it answer.
func (m *mute) recover() {
	select {
	case <-m.well:
	default:
		close(m.well)
	}
}

// prompt is a third party that answers at once, and tells of it.
func prompt(t *testing.T) (url string, came <-chan bool) {
	c := make(chan bool, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
		c <- true
	}))
	t.Cleanup(s.Close)
	return s.URL, c
}

// sends makes a cycle of an account that sends what it gets to a third party, by an
// account connector of its own, and gives what starts it.
func (r *running) sends(t *testing.T, account string, connector int64, url string) tandem.Webhook {
	t.Helper()
	do := func(method, path string, body, out any) {
		t.Helper()
		if err := r.acme.Account(account).Do(t.Context(), method, path, body, out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	var in struct {
		ID int64 `json:"Id"`
	}
	do("POST", fmt.Sprintf("/connectors/%d/install", connector), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": url}}}, &in)
	var c, hook, send struct {
		ID string `json:"Id"`
	}
	do("POST", "/cycles", map[string]any{"Name": "Sends"}, &c)
	do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": "Webhook", "AccountConnector": in.ID, "Method": sendingMethod + "1"}, &hook)
	do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": "Action", "AccountConnector": in.ID, "Method": sendingMethod + "2"}, &send)
	do("POST", "/cycles/"+c.ID+"/edges", map[string]any{"HeadStepId": hook.ID, "TailStepId": send.ID, "EdgeType": "Forward"}, nil)
	do("PUT", "/cycles/"+c.ID+"/activate", nil, nil)
	a, err := r.store.Account(t.Context(), r.partner.PartnerID, account)
	if err != nil {
		t.Fatal(err)
	}
	return tandem.Webhook{Account: a.ID, Cycle: tandem.CycleID(c.ID), Version: 1, Step: tandem.StepID(hook.ID), Method: sendingMethod + "1"}
}

// get makes transactions of a cycle.
func (r *running) get(t *testing.T, of tandem.Webhook, n int) {
	t.Helper()
	all := make([]journal.NewTxn, n)
	for i := range all {
		all[i] = startByWebhook(of, time.Now(), tandem.Exchange{Method: http.MethodPost, Body: []byte(`{"id":1}`)})
	}
	if _, err := r.engine.Submit(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
}

// goesThrough has a cycle send, again and again, while others hang: no caller of
// these has given up when what it sends has come.
func (r *running) goesThrough(t *testing.T, of tandem.Webhook, came <-chan bool, hangs *mute) {
	t.Helper()
	for n := range 5 {
		r.get(t, of, 1)
		select {
		case <-came:
		case <-time.After(2 * time.Minute):
			t.Fatalf("%d are through, while %d calls hang", n, hangs.came.Load())
		}
		if n := hangs.gaveUp.Load(); n > 0 {
			t.Fatalf("it came after %d calls that hang had given up", n)
		}
	}
}

// A third party that does not answer holds back the account connector that calls it,
// and no other one of the same account; what waits goes on when it answers.
func TestThirdPartyHangs(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		waiting := 1000
		if database != "" {
			waiting = 300 // an account has 64 jobs at once
		}
		r, hangs := start(t, config(t, database)), newMute(t)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		connector := r.custom(t, "Sending", map[string]any{"Methods": json.RawMessage(sendingMethods)})
		url, came := prompt(t)
		dead, quick := r.sends(t, "books", connector, hangs.URL), r.sends(t, "books", connector, url)
		r.get(t, dead, waiting)
		eventually(t, "calls to hang", func() bool { return hangs.came.Load() >= 40 })
		r.goesThrough(t, quick, came, hangs)
		most := r.callLimits().Calls * 3 / 8
		if database != "" {
			most = r.callLimits().Each
		}
		if n := hangs.came.Load(); n > int64(most) {
			t.Errorf("%d calls hang, want %d at most", n, most)
		}
		hangs.recover()
		eventually(t, "what waits to go on", func() bool { return hangs.came.Load() > int64(most) })
		if waits, err := r.store.ConnectorWaits(t.Context()); err != nil || len(waits) > 0 {
			t.Errorf("it counts as refused: %v, %v", waits, err)
		}
	})
}

// Third parties of twenty accounts that do not answer leave room for another one.
func TestManyThirdPartiesHang(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		const accounts = 20
		each := 60 // more than there are workers
		if database != "" {
			each = 40
		}
		r, hangs := start(t, config(t, database)), newMute(t)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		connector := r.custom(t, "Sending", map[string]any{"Methods": json.RawMessage(sendingMethods)})
		url, came := prompt(t)
		quick := r.sends(t, "books", connector, url)
		var dead []tandem.Webhook
		for i := range accounts {
			id := fmt.Sprintf("dead-%d", i)
			if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: id, Name: id}); err != nil {
				t.Fatal(err)
			}
			dead = append(dead, r.sends(t, id, connector, hangs.URL))
		}
		for _, of := range dead {
			r.get(t, of, each)
		}
		eventually(t, "calls to hang", func() bool { return hangs.came.Load() >= 150 })
		r.goesThrough(t, quick, came, hangs)
		if n, most := hangs.came.Load(), r.callLimits().Calls; n >= int64(most) {
			t.Errorf("%d calls hang of %d", n, most)
		}
	})
}
