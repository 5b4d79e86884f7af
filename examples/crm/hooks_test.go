package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
)

type delivery struct {
	Contact
	key, event string
}

// receiver takes deliveries and refuses the first ones; all arrive at the
// channel, also those that it refused.
func receiver(t *testing.T, refuse int) (url string, got chan delivery) {
	t.Helper()
	got = make(chan delivery, 100)
	seen := make(chan int, 1)
	seen <- 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := delivery{key: r.Header.Get("Idempotency-Key"), event: r.Header.Get("X-Bookshelf-Event")}
		if err := json.NewDecoder(r.Body).Decode(&d.Contact); err != nil {
			t.Errorf("delivery: %v", err)
		}
		n := <-seen + 1
		seen <- n
		if n <= refuse {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		got <- d
	}))
	t.Cleanup(srv.Close)
	return srv.URL, got
}

func receive(t *testing.T, got chan delivery) delivery {
	t.Helper()
	select {
	case d := <-got:
		return d
	case <-time.After(time.Minute):
		t.Fatal("no delivery within 5 s")
		return delivery{}
	}
}

func (c client) subscribe(event, url string) hook.Webhook {
	c.t.Helper()
	var w hook.Webhook
	if status := c.do("POST", "/api/webhooks", map[string]any{"event": event, "url": url}, &w); status != http.StatusCreated {
		c.t.Fatalf("subscribe: status %d", status)
	}
	return w
}

// settled waits until the only webhook has so many deliveries behind it.
func (c client) settled(n int) hook.Webhook {
	c.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var out struct{ Webhooks []hook.Webhook }
		c.do("GET", "/api/webhooks", nil, &out)
		if len(out.Webhooks) == 1 && out.Webhooks[0].Delivered+out.Webhooks[0].Failed >= n {
			return out.Webhooks[0]
		}
	}
	c.t.Fatalf("there are no %d deliveries", n)
	return hook.Webhook{}
}

func TestDeliversNewContacts(t *testing.T) {
	c := start(t)
	url, got := receiver(t, 0)
	hook := c.subscribe(contactCreated, url)
	one, two := c.add(1), c.add(2)
	byID := map[int64]delivery{}
	for range 2 {
		d := receive(t, got)
		byID[d.ID] = d
	}
	for _, want := range []Contact{one, two} {
		d := byID[want.ID]
		if diff := cmp.Diff(want, d.Contact); diff != "" || d.event != contactCreated {
			t.Errorf("event %q (-want +got):\n%s", d.event, diff)
		}
	}
	if k := byID[1].key; k == "" || k == byID[2].key {
		t.Errorf("keys %q and %q are not two", k, byID[2].key)
	}
	hook.Delivered = 2
	if d := cmp.Diff(hook, c.settled(2)); d != "" {
		t.Errorf("webhook (-want +got):\n%s", d)
	}
}

func TestDeliversAgainWithTheSameKey(t *testing.T) {
	c := start(t)
	url, got := receiver(t, 2)
	c.subscribe(contactCreated, url)
	c.add(1)
	first := receive(t, got)
	for range 2 {
		if d := receive(t, got); d.key != first.key || d.ID != 1 {
			t.Errorf("sent again: contact %d with key %q, first %q", d.ID, d.key, first.key)
		}
	}
	if w := c.settled(1); w.Delivered != 1 || w.Failed != 0 {
		t.Errorf("webhook %+v", w)
	}
}

func TestGivesUpAfterTheLastAttempt(t *testing.T) {
	c := start(t)
	url, got := receiver(t, 100)
	c.subscribe(contactCreated, url)
	c.add(1)
	if w := c.settled(1); w.Failed != 1 || len(got) != 4 {
		t.Errorf("webhook %+v after %d attempts, want 4", w, len(got))
	}
}

func TestRemovedWebhookHearsNothing(t *testing.T) {
	c := start(t)
	url, got := receiver(t, 0)
	gone, stays := c.subscribe(contactCreated, url+"/gone"), c.subscribe(contactCreated, url+"/stays")
	if status := c.do("DELETE", "/api/webhooks/"+gone.ID, nil, nil); status != http.StatusNoContent {
		t.Fatalf("delete: status %d", status)
	}
	c.add(1)
	if w := c.settled(1); w.ID != stays.ID || len(got) != 1 {
		t.Errorf("webhook %+v, %d deliveries", w, len(got))
	}
}

func TestDeliversChanges(t *testing.T) {
	c := start(t)
	url, got := receiver(t, 0)
	c.subscribe(contactChanged, url)
	c.add(1)
	receive(t, got)
	c.do("PUT", "/api/contacts/1", map[string]any{"company": "New"}, nil)
	if d := receive(t, got); d.Company != "New" || d.event != contactChanged {
		t.Errorf("event %q of %+v", d.event, d.Contact)
	}
	if w := c.settled(2); w.Delivered != 2 || w.Pending != 0 {
		t.Errorf("webhook %+v", w)
	}
}
