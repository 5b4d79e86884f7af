package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

// senders is how many send at once.
const senders = 8

// withWebhook has a cycle take events.
func (f *flood) withWebhook(template string) *flood {
	f.t.Helper()
	f.hook = hookCycle(f.t, f.in, f.base(), template, f.sink.URL)
	return f
}

// base is the first server.
func (f *flood) base() string { return "http://" + f.addresses[0] }

// TestKillSQLite kills the server again and again during a flood of webhooks.
func TestKillSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := newFlood(t, install(t, "--data", dir), freeAddresses(t, 1)).withWebhook("deliver.json")
	f.finished = newFinished(t, "sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "tandem.db"))+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	f.runs(f.with.Times(1000, 12), time.Minute)
}

// TestKillPostgres does the same to two nodes over one PostgreSQL, one killed
// at a time.
func TestKillPostgres(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	f := newFlood(t, install(t, "--data", t.TempDir(), "--database", database), freeAddresses(t, 2), "--slice-timeout", "5s").withWebhook("deliver.json") // a lost node's transactions go on after that
	f.finished = newFinished(t, "pgx", database)
	f.runs(f.with.Times(1000, 12), 4*time.Minute)
}

// checkEach is after how many kills everything has to be in order.
const checkEach = 100

// runs kills nodes n times, and checks now and then, each time within limit.
func (f *flood) runs(n int, limit time.Duration) {
	for done := 0; done < n; done += checkEach {
		f.run(min(checkEach, n-done))
		f.check(limit)
	}
}

// flood sends events to the webhook of a cycle that passes them to a sink,
// while the servers are killed and started again.
type flood struct {
	t         testing.TB
	with      torture.Test
	in        installation
	storage   [][]string // flags, of each node that has its own
	addresses []string
	flags     []string
	nodes     []*program
	hook      string // path of the webhook
	sink      *sink
	finished  *finished // nil: nothing is remembered
	acked     sync.Map  // event id
	ackCount  atomic.Int64
	sent      atomic.Int64
	refused   atomic.Int64 // requests that met no server: the faults that fired
	kills     int
}

func newFlood(t testing.TB, in installation, addresses []string, flags ...string) *flood {
	return newFloodOn(t, in, nil, addresses, flags...)
}

func newFloodOn(t testing.TB, in installation, storage [][]string, addresses []string, flags ...string) *flood {
	f := &flood{t: t, with: torture.Begin(t), in: in, storage: storage, addresses: addresses, flags: append(flags, "--connectors", "testdata/connectors"), sink: newSink(t), nodes: make([]*program, len(addresses))}
	for i := range addresses {
		f.boot(i)
	}
	return f
}

func (f *flood) boot(i int) {
	in := f.in
	if f.storage != nil {
		in.storage = f.storage[i]
	}
	f.nodes[i] = in.serve(f.addresses[i], f.flags...)
}

// run kills a node n times, at random moments, while senders send.
func (f *flood) run(n int) {
	ctx, stop := context.WithCancel(f.t.Context())
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() { f.send(ctx, s) })
	}
	for k := range n {
		f.killNode(k, 20*time.Millisecond)
		f.finished.remember()
	}
	stop()
	all.Wait()
}

// killNode kills a node, each in turn, a random while after some time, and
// starts it again.
func (f *flood) killNode(k int, after time.Duration) {
	time.Sleep(after + time.Duration(f.with.IntN(180))*time.Millisecond) // the moment is what is tested
	i := k % len(f.nodes)
	f.nodes[i].mustKill()
	f.kills++
	f.boot(i)
}

// send sends one event after another, each until it is taken, as a third party
// does: the same event again, with the same key, to whichever node answers.
func (f *flood) send(ctx context.Context, sender int) {
	client := &http.Client{Timeout: 5 * time.Second}
	for ctx.Err() == nil {
		id := fmt.Sprintf("%d-%d", sender, f.sent.Add(1))
		for try := 0; ; try++ {
			if f.post(client, f.addresses[(sender+try)%len(f.addresses)], id) {
				f.acked.Store(id, true)
				f.ackCount.Add(1)
				break
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

func (f *flood) post(client *http.Client, address, id string) bool {
	r, err := http.NewRequest(http.MethodPost, "http://"+address+f.hook, strings.NewReader(`{"id":"`+id+`"}`))
	if err != nil {
		f.t.Error(err)
		return true
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", id)
	resp, err := client.Do(r)
	if err != nil {
		f.refused.Add(1)
		time.Sleep(5 * time.Millisecond)
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// check waits until everything acknowledged has run to its end, as long as there is
// some of it within each limit, and looks at what the sink received.
func (f *flood) check(limit time.Duration) {
	t := f.t
	if f.refused.Load() == 0 {
		t.Fatal("no request met a dead server: nothing was tested")
	}
	began, deadline := time.Now(), time.Now().Add(limit)
	missing := f.missing()
	backlog := len(missing)
	for len(missing) > 0 && time.Now().Before(deadline) {
		time.Sleep(200 * time.Millisecond)
		left := f.missing()
		if len(left) < len(missing) {
			deadline = time.Now().Add(limit)
		}
		missing = left
	}
	t.Logf("%d were under way, and took %s", backlog, time.Since(began).Round(time.Millisecond))
	calls, keys := f.sink.calls.Load(), int64(len(f.sink.keys()))
	t.Logf("%d kills; %d events sent, %d acknowledged, %d lost; %d requests met a dead server; %d deliveries, %d of them again under the same key",
		f.kills, f.sent.Load(), f.ackCount.Load(), len(missing), f.refused.Load(), calls, calls-keys)
	if len(missing) > 0 {
		t.Fatalf("%d acknowledged events were lost, among them %v", len(missing), missing[:min(5, len(missing))])
	}
	for id, keys := range f.sink.byEvent() {
		if len(keys) != 1 {
			t.Errorf("event %s came under %d keys", id, len(keys))
		}
	}
	waitIdle(t, f.in, f.base(), time.Until(deadline)+10*time.Second)
	checkLedger(t, f.in, f.base(), 2*f.ackCount.Load()) // the webhook's and the delivery's
	if f.finished != nil {
		f.finished.check()
	}
}

// missing lists acknowledged events that the sink has not seen.
func (f *flood) missing() (ids []string) {
	seen := f.sink.byEvent()
	f.acked.Range(func(id, _ any) bool {
		if seen[id.(string)] == nil {
			ids = append(ids, id.(string))
		}
		return true
	})
	return ids
}

// freeAddresses gives loopback addresses that nobody listens on. They are below
// the ports that systems give to connections, of which one could have the port of a
// server that is away for a moment.
func freeAddresses(t testing.TB, n int) []string {
	t.Helper()
	const lowest, ports, tries = 10_000, 20_000, 100
	var all []string
	for range tries {
		if len(all) == n {
			return all
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", lowest+rand.IntN(ports)))
		if err != nil {
			continue // it is somebody's
		}
		defer l.Close()
		all = append(all, l.Addr().String())
	}
	t.Fatalf("no %d ports are free", n)
	return nil
}
