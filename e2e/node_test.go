package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// TestRoles: one node takes in what programs send, another runs it; each may be
// away for a while.
func TestRoles(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir(), "--database", pgtest.URL(t)), freeAddresses(t, 1), "--roles", "api,console").withWebhook("deliver.json")
	if !f.post(http.DefaultClient, f.addresses[0], "while nobody works") {
		t.Fatal("an event was not taken")
	}
	time.Sleep(500 * time.Millisecond) // in which it would be delivered
	if n := f.sink.arrived.Load(); n > 0 {
		t.Error("a node that is no worker works")
	}
	address := freeAddresses(t, 1)[0]
	worker := f.in.serve(address, "--connectors", "testdata/connectors", "--roles", "worker")
	f.awaitEvent("while nobody works")
	began := time.Now()
	for i := range 10 {
		id := fmt.Sprint("one of ten ", i)
		if !f.post(http.DefaultClient, f.addresses[0], id) {
			t.Fatal("an event was not taken")
		}
		f.awaitEvent(id)
	}
	t.Logf("10 events, one after the other, took %s", time.Since(began))
	for path, want := range map[string]int{"/v1.0/accounts": 503, f.hook: 503, "/console/": 503, "/healthz": 200, "/readyz": 200} {
		if status, _, body := ask(t, http.MethodGet, "http://"+address+path, ""); status != want || !strings.Contains(body, "worker") && want == 200 {
			t.Errorf("%s of the worker is answered %d %s", path, status, body)
		}
	}
	worker.leave()
	waitIdle(t, f.in, f.base(), 10*time.Second)
	checkLedger(t, f.in, f.base(), 22)
}

// awaitEvent waits until the sink has an event.
func (f *flood) awaitEvent(id string) {
	f.t.Helper()
	for began := time.Now(); f.sink.byEvent()[id] == nil; time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			f.t.Fatalf("event %q did not come", id)
		}
	}
}

// leave stops a program as an operator does, and waits for its end.
func (p *program) leave() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	if err := p.wait(); err != nil {
		p.t.Errorf("a node that was to stop ended with %v:\n%s", err, p.log)
	}
}

// ask makes a request, and gives status, Retry-After and body of its answer.
func ask(t testing.TB, method, to, token string) (int, string, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, to, strings.NewReader("{}"))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := (&http.Client{Timeout: 20 * time.Second}).Do(r)
	if err != nil {
		return 0, "", err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, resp.Header.Get("Retry-After"), string(body)
}

// token asks for a partner's token, and gives status and Retry-After too.
func (in installation) token(base string) (status int, retry, token string) {
	in.t.Helper()
	client := &http.Client{Timeout: 20 * time.Second}
	resp, err := client.PostForm(base+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {in.keys.ClientID}, "client_secret": {string(in.keys.ClientSecret)}})
	if err != nil {
		return 0, "", ""
	}
	defer resp.Body.Close()
	var got struct {
		Token string `json:"access_token"`
	}
	must(in.t, json.NewDecoder(resp.Body).Decode(&got))
	return resp.StatusCode, resp.Header.Get("Retry-After"), got.Token
}

// balancer is a proxy in front of nodes, which asks them whether they are ready and
// sends requests to those that are.
type balancer struct {
	*flood
	ready  []atomic.Bool
	failed atomic.Int64 // requests that were not answered with 200
	turned atomic.Int64 // nodes that became ready, or ceased to be
}

// checkEvery is how often it asks; drain is enough of it, on a slow machine too.
const (
	checkEvery = 50 * time.Millisecond
	drain      = 2 * time.Second
)

func (b *balancer) check(ctx context.Context) {
	client := &http.Client{Timeout: drain / 2}
	for ctx.Err() == nil {
		for i, address := range b.addresses {
			resp, err := client.Get("http://" + address + "/readyz")
			is := err == nil && resp.StatusCode == http.StatusOK
			if err == nil {
				_ = resp.Body.Close()
			}
			if b.ready[i].Swap(is) != is {
				b.turned.Add(1)
			}
		}
		time.Sleep(checkEvery)
	}
}

func (b *balancer) send(ctx context.Context, sender int) {
	client := &http.Client{Timeout: 20 * time.Second}
	for n := 0; ctx.Err() == nil; n++ {
		node := (sender + n) % len(b.addresses)
		if !b.ready[node].Load() {
			time.Sleep(time.Millisecond)
			continue
		}
		id := fmt.Sprintf("%d-%d", sender, n)
		b.sent.Add(1)
		if !b.post(client, b.addresses[node], id) {
			b.failed.Add(1)
			continue
		}
		b.acked.Store(id, true)
		b.ackCount.Add(1)
	}
}

// rounds is how often each node is replaced.
const rounds = 2

// TestRollingRestart replaces nodes one after the other under load. Who asks them
// whether they are ready meets no error, and nothing is lost or doubled.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir(), "--database", pgtest.URL(t)), freeAddresses(t, 2), "--drain", drain.String()).withWebhook("deliver.json")
	b := &balancer{flood: f, ready: make([]atomic.Bool, len(f.addresses))}
	checks, stopChecks := context.WithCancel(t.Context())
	sends, stopSends := context.WithCancel(t.Context())
	var checking, sending sync.WaitGroup
	checking.Go(func() { b.check(checks) })
	for s := range senders {
		sending.Go(func() { b.send(sends, s) })
	}
	for range rounds {
		for i := range f.nodes {
			b.awaitReady(i)
			f.nodes[i].leave()
			f.boot(i)
		}
	}
	b.awaitReady(len(f.nodes) - 1)
	stopSends()
	sending.Wait()
	stopChecks()
	checking.Wait()
	if b.failed.Load() > 0 {
		t.Errorf("%d of %d requests failed", b.failed.Load(), b.sent.Load())
	}
	if n := b.turned.Load(); n < 2*rounds*int64(len(f.nodes)) {
		t.Errorf("readiness changed %d times: nothing was tested", n)
	}
	f.complete(time.Minute)
}

// awaitReady waits until the balancer sends to a node.
func (b *balancer) awaitReady(i int) {
	for began := time.Now(); !b.ready[i].Load(); time.Sleep(checkEvery) {
		if time.Since(began) > time.Minute {
			b.t.Fatal("a node does not become ready")
		}
	}
}

// complete waits until all that was acknowledged was delivered, each under one key,
// as often as it was counted.
func (f *flood) complete(limit time.Duration) {
	f.t.Helper()
	for began := time.Now(); len(f.missing()) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > limit {
			f.t.Fatalf("%d of %d acknowledged events were lost", len(f.missing()), f.ackCount.Load())
		}
	}
	for id, keys := range f.sink.byEvent() {
		if len(keys) != 1 {
			f.t.Errorf("event %s came under %d keys", id, len(keys))
		}
	}
	waitIdle(f.t, f.in, f.base(), limit)
	checkLedger(f.t, f.in, f.base(), 2*f.ackCount.Load())
	f.t.Logf("%d events sent, %d acknowledged, %d deliveries", f.sent.Load(), f.ackCount.Load(), f.sink.calls.Load())
}

// outages are for how long the database goes away.
var outages = []time.Duration{time.Second, 6 * time.Second}

// recovery is how long after that all works again, at most, and cutOff how long after
// that what was under way has come to its end.
const (
	recovery = 10 * time.Second
	cutOff   = 45 * time.Second
)

// TestDatabaseAway takes the database away from two nodes under load. They say so,
// with when to try again, and go on by themselves.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	p, through := newProxy(t, database)
	in := install(t, "--data", t.TempDir(), "--database", through)
	f := newFlood(t, in, freeAddresses(t, 2)).withWebhook("deliver.json") // what was cut off goes on long before a slice's time is over
	_, _, token := in.token(f.base())
	browser := in.signIn(f.base())
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() { f.send(ctx, s) })
	}
	for _, away := range outages {
		time.Sleep(time.Second) // of work
		p.part()
		for _, address := range f.addresses {
			awayAnswers(t, f, "http://"+address, token, browser)
		}
		time.Sleep(away)
		p.heal()
		healed := time.Now()
		for _, address := range f.addresses {
			for !works(t, f, "http://"+address, token) {
				if time.Since(healed) > recovery {
					t.Fatalf("%s does not work again", address)
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
		t.Logf("all works %s after an outage of %s", time.Since(healed).Round(time.Millisecond), away)
	}
	stop()
	all.Wait()
	if p.lost.Load() == 0 {
		t.Fatal("no connection was cut")
	}
	for i, n := range f.nodes {
		if err := n.cmd.Process.Signal(syscall.Signal(0)); err != nil {
			t.Errorf("node %d has ended: %v\n%s", i, err, n.log)
		}
	}
	resp, err := browser.Get(f.base() + "/v1.0/accounts")
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != http.StatusOK {
		t.Errorf("who was signed in is answered %s", resp.Status)
	}
	f.complete(cutOff)
}

// awayAnswers checks what a node answers while the database is away.
func awayAnswers(t *testing.T, f *flood, base, token string, browser *http.Client) {
	t.Helper()
	for _, path := range []string{"/v1.0/accounts", "/console/session"} {
		resp, err := browser.Get(base + path)
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s for a browser is answered %s, Retry-After %q", path, resp.Status, resp.Header.Get("Retry-After"))
		}
	}
	for path, method := range map[string]string{
		"/v1.0/accounts": http.MethodGet, "/v1.0/accounts ": http.MethodPost, f.hook: http.MethodPost, "/account/signin": http.MethodGet,
	} {
		began := time.Now()
		status, retry, body := ask(t, method, base+strings.TrimSpace(path), token)
		if status != http.StatusServiceUnavailable || retry == "" {
			t.Errorf("%s %s is answered %d, Retry-After %q: %s", method, path, status, retry, body)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s %s took %s", method, path, took)
		}
	}
	if status, retry, _ := f.in.token(base); status != http.StatusServiceUnavailable || retry == "" {
		t.Errorf("a client that signs in is answered %d, Retry-After %q", status, retry)
	}
	if status, _, body := ask(t, http.MethodGet, base+"/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("it is ready: %d %s", status, body)
	}
	if status, _, body := ask(t, http.MethodGet, base+"/healthz", ""); status != http.StatusOK {
		t.Errorf("it is not alive: %d %s", status, body)
	}
}

// works says that a node takes events and answers the API.
func works(t *testing.T, f *flood, base, token string) bool {
	ready, _, _ := ask(t, http.MethodGet, base+"/readyz", "")
	api, _, _ := ask(t, http.MethodGet, base+"/v1.0/accounts", token)
	return ready == http.StatusOK && api == http.StatusOK
}
