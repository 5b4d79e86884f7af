package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/resttest"
)

// client calls a Postbag over loopback.
type client struct {
	t    *testing.T
	base string
}

func start(t *testing.T, lists ...string) client {
	t.Helper()
	p := newPostbag()
	for _, name := range lists {
		p.addList(name)
	}
	h := hook.New(slog.New(slog.DiscardHandler), "X-Postbag-Event", hook.Options{FirstWait: time.Millisecond})
	srv := httptest.NewServer(newServer("ann", "s3cret", p, h))
	t.Cleanup(func() { srv.Close(); h.Close() })
	return client{t, srv.URL}
}

// do sends body as JSON, decodes the answer into out, and returns the response.
func (c client) do(method, path, key string, body, out any) *http.Response {
	c.t.Helper()
	header := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("ann:s3cret"))}}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	return resttest.Do(c.t, method, c.base+path, header, body, out)
}

func (c client) lists() []List {
	c.t.Helper()
	var out struct{ Lists []List }
	c.do("GET", "/lists", "", nil, &out)
	return out.Lists
}

func TestRefusesWrongCredentials(t *testing.T) {
	c := start(t)
	for _, cred := range [][2]string{{"", ""}, {"ann", "wrong"}, {"bob", "s3cret"}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/lists", nil)
		if err != nil {
			t.Fatal(err)
		}
		if cred[0] != "" {
			req.SetBasicAuth(cred[0], cred[1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%v: status %d, header %q", cred, resp.StatusCode, resp.Header.Get("WWW-Authenticate"))
		}
	}
}

func TestSubscribeAndRead(t *testing.T) {
	c := start(t, "News")
	in := map[string]any{"email": "Ada@Example.com", "full_name": "Ada Lovelace", "country": "GB", "source": "CRM"}
	var got Subscriber
	if resp := c.do("POST", "/lists/1/subscribers", "", in, &got); resp.StatusCode != http.StatusCreated {
		t.Fatalf("status %d", resp.StatusCode)
	}
	want := Subscriber{
		ID: 1, ListID: 1, Email: "ada@example.com", FullName: "Ada Lovelace",
		Country: "GB", Source: "CRM", SubscribedAt: got.SubscribedAt, Requests: 1,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("subscriber (-want +got):\n%s", d)
	}
	var read Subscriber
	c.do("GET", "/lists/1/subscribers/ADA@example.com", "", nil, &read)
	if d := cmp.Diff(want, read); d != "" {
		t.Errorf("read by email (-want +got):\n%s", d)
	}
	var all struct {
		Subscribers []Subscriber
		Total       int
	}
	c.do("GET", "/lists/1/subscribers", "", nil, &all)
	if d := cmp.Diff([]Subscriber{want}, all.Subscribers); d != "" || all.Total != 1 {
		t.Errorf("total %d; list (-want +got):\n%s", all.Total, d)
	}
}

func TestSameKeySameAnswer(t *testing.T) {
	c := start(t, "News")
	in := map[string]any{"email": "ada@example.com"}
	var first, again Subscriber
	c.do("POST", "/lists/1/subscribers", "k1", in, &first)
	c.do("POST", "/lists/1/subscribers", "k2", map[string]any{"email": "ada@example.com", "country": "FR"}, nil)
	resp := c.do("POST", "/lists/1/subscribers", "k1", in, &again)
	if resp.StatusCode != http.StatusCreated || resp.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("replay: status %d, header %q", resp.StatusCode, resp.Header.Get("Idempotent-Replayed"))
	}
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("replayed answer (-first +again):\n%s", d)
	}
	if resp := c.do("POST", "/lists/1/subscribers", "k1", map[string]any{"email": "eve@example.com"}, nil); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("key with another request: status %d", resp.StatusCode)
	}
	want := []List{{ID: 1, Name: "News", Subscribers: 1, Duplicates: 1, Replays: 1}}
	if d := cmp.Diff(want, c.lists()); d != "" {
		t.Errorf("lists (-want +got):\n%s", d)
	}
}

func TestKeysAreOfOneList(t *testing.T) {
	c := start(t, "News", "Customers")
	for _, list := range []string{"1", "2"} {
		resp := c.do("POST", "/lists/"+list+"/subscribers", "k", map[string]any{"email": "ada@example.com"}, nil)
		if resp.StatusCode != http.StatusCreated || resp.Header.Get("Idempotent-Replayed") != "" {
			t.Errorf("list %s: status %d, replayed %q", list, resp.StatusCode, resp.Header.Get("Idempotent-Replayed"))
		}
	}
}

func TestConcurrentRequestsWithOneKeyCountOnce(t *testing.T) {
	c := start(t, "News")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			resp := c.do("POST", "/lists/1/subscribers", "same", map[string]any{"email": "ada@example.com"}, nil)
			if resp.StatusCode != http.StatusCreated {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	wg.Wait()
	want := []List{{ID: 1, Name: "News", Subscribers: 1, Replays: 19}}
	if d := cmp.Diff(want, c.lists()); d != "" {
		t.Errorf("lists (-want +got):\n%s", d)
	}
}

func TestBadRequests(t *testing.T) {
	c := start(t, "News")
	long := fmt.Sprintf("%0256d", 0)
	for _, tt := range []struct {
		name, method, path, key string
		body                    any
		status                  int
	}{
		{"no email", "POST", "/lists/1/subscribers", "", map[string]any{}, 400},
		{"no JSON", "POST", "/lists/1/subscribers", "", nil, 400},
		{"wrong type", "POST", "/lists/1/subscribers", "", map[string]any{"email": 1}, 400},
		{"long key", "POST", "/lists/1/subscribers", long, map[string]any{"email": "a@b"}, 400},
		{"list that is not there", "POST", "/lists/2/subscribers", "", map[string]any{"email": "a@b"}, 404},
		{"list that is no number", "GET", "/lists/x/subscribers", "", nil, 404},
		{"subscriber that is not there", "GET", "/lists/1/subscribers/a@b", "", nil, 404},
		{"list without a name", "POST", "/lists", "", map[string]any{}, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client{t, c.base}
			var e struct{ Error string }
			if resp := c.do(tt.method, tt.path, tt.key, tt.body, &e); resp.StatusCode != tt.status || e.Error == "" {
				t.Errorf("status %d, error %q; want %d", resp.StatusCode, e.Error, tt.status)
			}
		})
	}
}

func TestCreateList(t *testing.T) {
	c := start(t)
	var got List
	if resp := c.do("POST", "/lists", "", map[string]any{"name": "News"}, &got); resp.StatusCode != http.StatusCreated {
		t.Errorf("status %d", resp.StatusCode)
	}
	if d := cmp.Diff([]List{got}, c.lists()); d != "" || got.ID != 1 {
		t.Errorf("id %d; lists (-created +listed):\n%s", got.ID, d)
	}
}

// A request that is carried out is told of, a replay is not.
func TestTellsOfChanges(t *testing.T) {
	c := start(t, "News")
	got := make(chan Subscriber, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var s Subscriber
		if err := json.NewDecoder(r.Body).Decode(&s); err != nil || r.Header.Get("X-Postbag-Event") != subscriberChanged {
			t.Errorf("event %q, %v", r.Header.Get("X-Postbag-Event"), err)
		}
		got <- s
	}))
	defer receiver.Close()
	var w hook.Webhook
	if resp := c.do("POST", "/webhooks", "", map[string]any{"event": subscriberChanged, "url": receiver.URL}, &w); resp.StatusCode != http.StatusCreated {
		t.Fatalf("subscribe: status %d", resp.StatusCode)
	}
	for i, name := range []string{"Ada", "Ada", "Bob"} {
		c.do("POST", "/lists/1/subscribers", name, map[string]any{"email": "ada@example.com", "full_name": name}, nil)
		if i == 1 {
			continue // a replay
		}
		select {
		case s := <-got:
			if s.FullName != name {
				t.Errorf("told of %q, want %q", s.FullName, name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("not told of %s", name)
		}
	}
	if resp := c.do("DELETE", "/webhooks/"+w.ID, "", nil, nil); resp.StatusCode != http.StatusNoContent || len(got) != 0 {
		t.Errorf("status %d, %d more events", resp.StatusCode, len(got))
	}
}
