package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/resttest"
)

const testKey = "key-1"

// client calls a CRM over loopback.
type client struct {
	t    *testing.T
	base string
}

func start(t *testing.T) client {
	t.Helper()
	h := hook.New(slog.New(slog.DiscardHandler), "X-Bookshelf-Event", hook.Options{FirstWait: time.Millisecond, Attempts: 4})
	srv := httptest.NewServer(newServer(testKey, newBook(), h))
	t.Cleanup(func() { srv.Close(); h.Close() })
	return client{t, srv.URL}
}

// do sends body as JSON, decodes the answer into out, and returns the status.
func (c client) do(method, path string, body, out any) int {
	c.t.Helper()
	return resttest.Do(c.t, method, c.base+path, http.Header{"X-Api-Key": {testKey}}, body, out).StatusCode
}

// add creates a contact named n.
func (c client) add(n int) Contact {
	c.t.Helper()
	var got Contact
	in := Contact{FirstName: fmt.Sprint("n", n), Email: fmt.Sprintf("n%d@example.com", n)}
	if status := c.do("POST", "/api/contacts", in, &got); status != http.StatusCreated {
		c.t.Fatalf("create: status %d", status)
	}
	return got
}

func TestRefusesWrongKey(t *testing.T) {
	c := start(t)
	for _, key := range []string{"", "key-2"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/api/contacts", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Api-Key", key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("key %q: status %d", key, resp.StatusCode)
		}
	}
}

func TestCreateReadUpdate(t *testing.T) {
	c := start(t)
	in := Contact{
		ID: 99, FirstName: "Ada", LastName: "Lovelace", Email: "ADA@Example.com",
		Company: "Engines", Country: "gb", Consent: true, OrderTotalCents: 129950,
	}
	var made Contact
	c.do("POST", "/api/contacts", in, &made)
	want := in
	want.ID, want.CreatedAt, want.UpdatedAt = 1, made.CreatedAt, made.CreatedAt
	if d := cmp.Diff(want, made); d != "" || made.CreatedAt.IsZero() {
		t.Fatalf("created at %v (-want +got):\n%s", made.CreatedAt, d)
	}
	var changed, read Contact
	c.do("PUT", "/api/contacts/1", map[string]any{"id": 7, "consent": false, "created_at": "2001-01-01T00:00:00Z"}, &changed)
	want.Consent, want.UpdatedAt = false, changed.UpdatedAt
	c.do("GET", "/api/contacts/1", nil, &read)
	for what, got := range map[string]Contact{"changed": changed, "read": read} {
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}
}

func TestPages(t *testing.T) {
	c := start(t)
	for n := 1; n <= 5; n++ {
		c.add(n)
	}
	for page, want := range map[int][]int64{1: {1, 2}, 2: {3, 4}, 3: {5}, 4: nil} {
		var got contactPage
		c.do("GET", fmt.Sprintf("/api/contacts?page=%d&page_size=2", page), nil, &got)
		var ids []int64
		for _, contact := range got.Contacts {
			ids = append(ids, contact.ID)
		}
		if d := cmp.Diff(want, ids); d != "" {
			t.Errorf("page %d (-want +got):\n%s", page, d)
		}
		got.Contacts = nil
		if d := cmp.Diff(contactPage{Page: page, Pages: 3, Total: 5}, got); d != "" {
			t.Errorf("page %d (-want +got):\n%s", page, d)
		}
	}
}

func TestUpdatedSince(t *testing.T) {
	c := start(t)
	first, second := c.add(1), c.add(2)
	for first.UpdatedAt.Equal(second.UpdatedAt) { // a change falls in a later millisecond
		c.do("PUT", "/api/contacts/2", map[string]any{"company": "New"}, &second)
	}
	var got contactPage
	since := url.QueryEscape(second.UpdatedAt.Format(time.RFC3339Nano))
	c.do("GET", "/api/contacts?updated_since="+since, nil, &got)
	if d := cmp.Diff([]Contact{second}, got.Contacts); d != "" || got.Total != 1 {
		t.Errorf("total %d (-want +got):\n%s", got.Total, d)
	}
}

func TestFindsByEmail(t *testing.T) {
	c := start(t)
	c.add(1)
	want := c.add(2)
	var got contactPage
	c.do("GET", "/api/contacts?email=N2@example.com", nil, &got)
	if d := cmp.Diff([]Contact{want}, got.Contacts); d != "" || got.Total != 1 {
		t.Errorf("total %d (-want +got):\n%s", got.Total, d)
	}
}

func TestBadRequests(t *testing.T) {
	c := start(t)
	c.add(1)
	for _, tt := range []struct {
		name, method, path string
		body               any
		status             int
	}{
		{"page 0", "GET", "/api/contacts?page=0", nil, 400},
		{"page size over the limit", "GET", "/api/contacts?page_size=201", nil, 400},
		{"page that is no number", "GET", "/api/contacts?page=x", nil, 400},
		{"time that is none", "GET", "/api/contacts?updated_since=yesterday", nil, 400},
		{"no email", "POST", "/api/contacts", map[string]any{"first_name": "Ada"}, 400},
		{"wrong type", "POST", "/api/contacts", map[string]any{"email": "a@b", "consent": "yes"}, 400},
		{"no body", "POST", "/api/contacts", nil, 400},
		{"update to no email", "PUT", "/api/contacts/1", map[string]any{"email": ""}, 400},
		{"contact that is not there", "GET", "/api/contacts/2", nil, 404},
		{"contact that is no number", "PUT", "/api/contacts/x", map[string]any{}, 404},
		{"another event", "POST", "/api/webhooks", map[string]any{"event": "x", "url": "http://a/"}, 400},
		{"relative URL", "POST", "/api/webhooks", map[string]any{"event": contactCreated, "url": "/a"}, 400},
		{"webhook that is not there", "DELETE", "/api/webhooks/9", nil, 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client{t, c.base}
			var e struct{ Error string }
			if status := c.do(tt.method, tt.path, tt.body, &e); status != tt.status || e.Error == "" {
				t.Errorf("status %d, error %q; want %d", status, e.Error, tt.status)
			}
		})
	}
}
