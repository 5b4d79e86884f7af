package trigger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// key is one of the right form.
var key = strings.Repeat("k", 43)

// desk is a store of webhooks and an engine, which write down what they are
// asked.
type desk struct {
	crowded   bool
	mu        sync.Mutex
	webhooks  map[string]tandem.Webhook
	reads     int
	submitted []journal.NewTxn
	fails     error

	held    map[string]journal.Held // by hash
	looks   int                     // for them
	answers map[journal.Caller]journal.Answered
	notes   []tandem.Incident
}

func (d *desk) Match(_ context.Context, a tandem.AccountID, c tandem.CycleID, step tandem.StepID, hash string, _ time.Time) (journal.Held, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	h, ok := d.held[hash]
	if !ok || a != 7 || c != "cycle" || step != "step" {
		return h, tandem.NotFoundf("Transaction could not be found.")
	}
	return h, nil
}

func (d *desk) Items(context.Context, tandem.AccountID, tandem.TransactionID) ([]tandem.StepItem, error) {
	return []tandem.StepItem{{Seq: 1, StepID: "first"}}, nil
}

func (d *desk) Answers(_ context.Context, of []journal.Caller) (found []journal.Answered, _ error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range of {
		if a, ok := d.answers[c]; ok {
			a.Caller = c
			found = append(found, a)
		}
	}
	return found, nil
}

func (d *desk) NoteIncident(_ context.Context, a tandem.AccountID, i tandem.Incident) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a != 7 || i.CycleID != "cycle" || i.StepID != "step" || i.IncidentLevel != tandem.OutcomeWarning || i.Created.IsZero() || i.FullMessage == "" {
		return fmt.Errorf("an incident of account %d: %+v", a, i)
	}
	d.notes = append(d.notes, i)
	return nil
}

// noted are the short messages of incidents.
func (d *desk) noted() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.notes {
		all = append(all, n.ShortMessage)
	}
	return all
}

func (d *desk) WebhookByKey(_ context.Context, k string) (tandem.Webhook, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads++
	w, ok := d.webhooks[k]
	if !ok {
		return w, tandem.NotFoundf("Webhook could not be found.")
	}
	return w, nil
}

func (d *desk) Submit(_ context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		return nil, d.fails
	}
	d.submitted = append(d.submitted, n...)
	return []tandem.TransactionID{42}, nil
}

func (d *desk) Crowded(tandem.AccountID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.crowded
}

func (d *desk) setStatus(s tandem.CycleStatus) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.webhooks[key]
	w.Status = s
	d.webhooks[key] = w
}

func start(w tandem.Webhook, at time.Time, request tandem.Exchange) journal.NewTxn {
	return journal.NewTxn{Account: w.Account, Cycle: w.Cycle, Version: w.Version, Created: at, Items: []tandem.StepItem{{Seq: 1, StepID: w.Step, Request: &request}}}
}

func newDesk() *desk {
	return &desk{webhooks: map[string]tandem.Webhook{
		key: {Key: key, Account: 7, Cycle: "cycle", Step: "step", Version: 3, Status: tandem.CycleRunning},
	}}
}

func serve(t *testing.T, d *desk, o trigger.IntakeOptions) (*trigger.Intake, string) {
	t.Helper()
	in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, o)
	server := httptest.NewServer(in)
	t.Cleanup(server.Close)
	return in, server.URL + trigger.Path
}

// send makes a request; headers are pairs of name and value.
func send(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

func TestTakesARequest(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{})
	resp, body := send(t, "POST", url+key+"?x=1", `{"a":1}`, "Content-Type", "application/json", "Authorization", "Bearer s3cret",
		"Cookie", "s=1", "X-Api-Key", "k", "X-Many", "1", "X-Many", "2", "Idempotency-Key", "event-1")
	if want := `{"TransactionId":"` + tandem.TransactionID(42).String() + `"}`; resp.StatusCode != 200 || body != want || !json.Valid([]byte(body)) {
		t.Errorf("%d %s, want 200 %s", resp.StatusCode, body, want)
	}
	if len(d.submitted) != 1 {
		t.Fatalf("%d transactions", len(d.submitted))
	}
	n := d.submitted[0]
	if n.Account != 7 || n.Cycle != "cycle" || n.Version != 3 || n.Trigger != "webhook step" || n.Key != "event-1" {
		t.Errorf("%+v", n)
	}
	request := n.Items[0].Request
	if string(request.Body) != `{"a":1}` || request.Method != "POST" || request.URL != trigger.Path+key+"?x=1" {
		t.Errorf("%+v", request)
	}
	if request.Headers["X-Many"] != "1, 2" {
		t.Errorf("headers %v", request.Headers)
	}
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
		if _, ok := request.Headers[name]; ok {
			t.Errorf("%s is recorded", name)
		}
	}
}

func TestBodies(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{MaxBody: 100})
	for name, tt := range map[string]struct {
		method, query, kind, body string
		status                    int
		want                      string // what is submitted
	}{
		"JSON":              {"POST", "", "application/json", ` {"a": [1]} `, 200, ` {"a": [1]} `},
		"JSON, in detail":   {"PUT", "", "application/vnd.api+json; charset=utf-8", `[1]`, 200, `[1]`},
		"JSON, marked":      {"POST", "", "application/json", "\ufeff{}", 200, `{}`},
		"not JSON":          {"POST", "", "application/json", `{"a":`, 400, ""},
		"form":              {"POST", "", "application/x-www-form-urlencoded", "b=2&a=1&b=3&c=%22", 200, `{"a":"1","b":["2","3"],"c":"\""}`},
		"not a form":        {"POST", "", "application/x-www-form-urlencoded", "a=%zz", 400, ""},
		"text":              {"POST", "", "text/plain; charset=utf-8", "hello \"you\"", 200, `{"Text":"hello \"you\""}`},
		"text that is JSON": {"POST", "", "text/plain", ` {"a":1}`, 200, ` {"a":1}`},
		"text like JSON":    {"POST", "", "text/plain", `{a}`, 200, `{"Text":"{a}"}`},
		"no type":           {"POST", "", "", `{"a":1}`, 200, `{"a":1}`},
		"not text":          {"POST", "", "text/plain", "\xff", 200, `{"Text":"�"}`},
		"nothing":           {"POST", "", "application/json", "", 200, `{}`},
		"query":             {"GET", "?b=1&a=x%20y", "", "", 200, `{"a":"x y","b":"1"}`},
		"not a query":       {"GET", "?a=%zz", "", "", 400, ""},
		"nested form":       {"POST", "", "application/x-www-form-urlencoded", "a[b]=1&c[]=2", 200, `{"a":{"b":"1"},"c":["2"]}`},
		"XML":               {"POST", "", "application/xml", `<a x="1"><b>&lt;</b></a>`, 200, `{"a":{"@x":"1","b":"<"}}`},
		"XML, as text":      {"POST", "", "text/xml; charset=ISO-8859-1", "<a>\xe4</a>", 200, `{"a":"ä"}`},
		"not XML":           {"POST", "", "application/xml", "<a>", 400, ""},
		"other text":        {"POST", "", "text/csv; charset=ISO-8859-1", "a;\xe4", 200, `{"Text":"a;ä"}`},
		"a file":            {"POST", "", "application/pdf", "%PDF", 415, ""},
		"no such type":      {"POST", "", "x;;", "a", 415, ""},
		"as large as may":   {"POST", "", "application/json", strings.Repeat("1", 100), 200, strings.Repeat("1", 100)},
		"too large":         {"POST", "", "application/json", strings.Repeat("1", 101), 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d.submitted = nil
			headers := []string{}
			if tt.kind != "" {
				headers = append(headers, "Content-Type", tt.kind)
			}
			resp, body := send(t, tt.method, url+key+tt.query, tt.body, headers...)
			if resp.StatusCode != tt.status || !json.Valid([]byte(body)) {
				t.Fatalf("%d %s, want %d", resp.StatusCode, body, tt.status)
			}
			got := ""
			if len(d.submitted) > 0 {
				got = string(d.submitted[0].Items[0].Request.Body)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A body whose length is not told is read to the limit and no further.
func TestEndlessBody(t *testing.T) {
	d := newDesk()
	in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, trigger.IntakeOptions{MaxBody: 1 << 10})
	body := &endless{}
	r := httptest.NewRequest("POST", trigger.Path+key, body)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	in.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || len(d.submitted) != 0 || body.read > 8<<10 {
		t.Errorf("%d, %d transactions, %d bytes read", w.Code, len(d.submitted), body.read)
	}
}

// endless is a body without an end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte("1"), len(p))), nil
}

func TestEncodedBody(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{})
	if resp, _ := send(t, "POST", url+key, "x", "Content-Encoding", "gzip"); resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("%d, want 415", resp.StatusCode)
	}
}

func TestMethods(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{})
	for method, want := range map[string]int{"GET": 200, "POST": 200, "PUT": 200, "PATCH": 200, "DELETE": 200, "HEAD": 200, "OPTIONS": 204, "BREW": 405} {
		d.submitted = nil
		resp, _ := send(t, method, url+key, "")
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", method, resp.StatusCode, want)
		}
		if made := len(d.submitted) == 1; made != (want == 200 && method != "HEAD") {
			t.Errorf("%s: made a transaction: %v", method, made)
		}
		if want != 200 && resp.Header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", method)
		}
	}
}

func TestKeysThatAreNot(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{})
	var bodies []string
	for _, k := range []string{
		"", "short", strings.Repeat("x", 43), strings.Repeat("x", 44), key + "/", "../" + key,
		strings.Repeat("%FF", 43), strings.Repeat("%00", 43), strings.Repeat("x", 42) + "%0A",
	} {
		resp, body := send(t, "POST", url+k, "{}")
		if resp.StatusCode != 404 {
			t.Errorf("%q: %d, want 404", k, resp.StatusCode)
		}
		bodies = append(bodies, body)
	}
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("answers differ: %s and %s", bodies[0], b)
		}
	}
	if d.reads != 1 {
		t.Errorf("%d reads of the database for one key of the right form", d.reads)
	}
}

func TestStoppedCycles(t *testing.T) {
	d := newDesk()
	in, url := serve(t, d, trigger.IntakeOptions{Lease: time.Hour})
	status := func() int {
		t.Helper()
		resp, _ := send(t, "POST", url+key, "{}")
		return resp.StatusCode
	}
	for range 3 {
		if got := status(); got != 200 {
			t.Fatalf("running: %d", got)
		}
	}
	if d.reads != 1 {
		t.Errorf("%d reads of the database for three requests", d.reads)
	}
	d.setStatus(tandem.CyclePaused)
	in.Forget(7, "another")
	if got := status(); got != 200 {
		t.Errorf("another cycle's stop was taken for this one's: %d", got)
	}
	in.Forget(7, "cycle")
	if got := status(); got != 410 {
		t.Errorf("paused: %d, want 410", got)
	}
	d.setStatus(tandem.CycleFinishing)
	if got := status(); got != 410 {
		t.Errorf("finishing: %d, want 410", got)
	}
	d.setStatus(tandem.CycleRunning)
	if got := status(); got != 200 {
		t.Errorf("started by another node: %d, want 200 at once", got)
	}
}

func TestFailures(t *testing.T) {
	for name, tt := range map[string]struct {
		fails      error
		status     int
		retryAfter string
	}{
		"busy":    {engine.ErrBusy, 503, "1"},
		"limited": {&tandem.Error{Code: tandem.RateLimited, Message: "Too much.", RetryAfter: 1500 * time.Millisecond}, 429, "2"},
		"unknown": {errors.New("secret internals"), 503, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.fails = tt.fails
			_, url := serve(t, d, trigger.IntakeOptions{})
			resp, body := send(t, "POST", url+key, "{}")
			if resp.StatusCode != tt.status || resp.Header.Get("Retry-After") != tt.retryAfter || strings.Contains(body, "secret") {
				t.Errorf("%d %q %s", resp.StatusCode, resp.Header.Get("Retry-After"), body)
			}
		})
	}
}

// A request of an account that submits too much is refused unread.
func TestBusyAccount(t *testing.T) {
	d := newDesk()
	d.crowded = true
	_, url := serve(t, d, trigger.IntakeOptions{})
	if resp, body := send(t, "POST", url+key, "this is no JSON"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	d.crowded = false
	if resp, body := send(t, "POST", url+key, "{}"); resp.StatusCode != 200 {
		t.Errorf("then: %d %s", resp.StatusCode, body)
	}
}

// Who is refused very often is answered as late as he is told to come again, so that to
// refuse him takes little; and not kept waiting when the process ends.
func TestManyRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		d.crowded = true
		closing := make(chan struct{})
		in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, trigger.IntakeOptions{Closing: closing})
		refused := func() time.Duration {
			began := time.Now()
			if w := ask(in, t.Context(), `{}`); w.Code != 503 || w.Header().Get("Retry-After") != "1" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			return time.Since(began)
		}
		for range 1000 {
			if took := refused(); took != 0 {
				t.Fatalf("a refusal took %v", took)
			}
		}
		if took := refused(); took != time.Second {
			t.Errorf("one more took %v", took)
		}
		for range 1000 {
			refused()
		}
		close(closing)
		if took := refused(); took != 0 {
			t.Errorf("at the end one took %v", took)
		}
	})
}

func TestEventIDs(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{EventHeaders: []string{"x-github-delivery"}})
	for _, tt := range []struct{ header, value, want string }{
		{"Idempotency-Key", "a", "a"},
		{"X-GitHub-Delivery", "b", "b"},
		{"Webhook-Id", "c", ""},
	} {
		send(t, "POST", url+key, "{}", tt.header, tt.value)
		if got := d.submitted[len(d.submitted)-1].Key; got != tt.want {
			t.Errorf("%s: key %q, want %q", tt.header, got, tt.want)
		}
	}
	if resp, _ := send(t, "POST", url+key, "{}", "Idempotency-Key", strings.Repeat("x", 256)); resp.StatusCode != 400 {
		t.Errorf("an id that is too long: %d, want 400", resp.StatusCode)
	}
	if resp, _ := send(t, "POST", url+key, "{}", "Idempotency-Key", "\xff"); resp.StatusCode != 400 {
		t.Errorf("an id that is not text: %d, want 400", resp.StatusCode)
	}
}

func FuzzBody(f *testing.F) {
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "", "a/b;c"} {
		f.Add(kind, []byte(`{"a":1}`))
		f.Add(kind, []byte("a=%zz&b=\xff"))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		d := newDesk()
		in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, trigger.IntakeOptions{})
		r := httptest.NewRequest("POST", trigger.Path+key, bytes.NewReader(body))
		r.Header["Content-Type"] = []string{kind}
		w := httptest.NewRecorder()
		in.ServeHTTP(w, r)
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("answer %d is not JSON: %s", w.Code, w.Body)
		}
		if taken := len(d.submitted) == 1; taken != (w.Code == 200) || taken && !json.Valid(d.submitted[0].Items[0].Request.Body) {
			t.Errorf("answer %d, submitted %d", w.Code, len(d.submitted))
		}
	})
}

func BenchmarkIntake(b *testing.B) {
	d := newDesk()
	in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, trigger.IntakeOptions{})
	body := []byte(`{"id":1,"first_name":"Ann","last_name":"Lee","email":"ann@example.com","consent":true}`)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", trigger.Path+key, bytes.NewReader(body))
		r.Header["Content-Type"] = []string{"application/json"}
		in.ServeHTTP(httptest.NewRecorder(), r)
		d.submitted = d.submitted[:0]
	}
}

// Many who say that they will send much, and do not, get no memory for it.
func TestSaidLengthIsNotSetAside(t *testing.T) {
	in, _ := serve(t, newDesk(), trigger.IntakeOptions{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 50 {
		r := httptest.NewRequest("POST", trigger.Path+key, strings.NewReader("{"))
		r.ContentLength = 10 << 20
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if in.ServeHTTP(w, r); w.Code != 400 {
			t.Fatalf("%d %s, want 400", w.Code, w.Body)
		}
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 50<<20 {
		t.Errorf("%d bytes were set aside for bodies that did not come", took)
	}
}
