package e2e

import (
	"context"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

// network is two nodes over one PostgreSQL, each with a network of its own to it.
type network struct {
	*flood
	paths []*proxy
}

func newNetwork(t *testing.T) *network {
	database := pgtest.URL(t)
	n := &network{}
	var storage [][]string
	data := t.TempDir()
	for range 2 {
		p, through := newProxy(t, database)
		n.paths = append(n.paths, p)
		storage = append(storage, []string{"--data", data, "--database", through})
	}
	in := install(t, "--data", data, "--database", database)
	n.flood = newFloodOn(t, in, storage, freeAddresses(t, 2), "--slice-timeout", "1s").withWebhook("deliver.json")
	n.finished = newFinished(t, "pgx", database)
	return n
}

// fault is something that goes wrong for a while.
type fault struct {
	name string
	do   func(n *network, node int)
	end  func(n *network, node int)
	most time.Duration // that it takes
}

func faults() []fault {
	heal := func(n *network, node int) { n.paths[node].heal() }
	return []fault{
		{"kill", func(n *network, node int) { n.nodes[node].mustKill(); n.kills++ }, func(n *network, node int) { n.boot(node) }, time.Second},
		{"cut", func(n *network, node int) { n.paths[node].cut() }, heal, time.Millisecond},
		{"part", func(n *network, node int) { n.paths[node].part() }, heal, 4 * time.Second},
		{"swallow", func(n *network, node int) { n.paths[node].swallow() }, heal, 6 * time.Second},
		{"swallow, then cut", func(n *network, node int) { n.paths[node].swallow() }, func(n *network, node int) { n.paths[node].cut(); n.paths[node].heal() }, 4 * time.Second},
		{"slow", func(n *network, node int) { n.paths[node].slow(50 * time.Millisecond) }, heal, 3 * time.Second},
		{"stop", func(n *network, node int) { n.signal(node, syscall.SIGSTOP) }, func(n *network, node int) { n.signal(node, syscall.SIGCONT) }, 8 * time.Second},
	}
}

// lasts is how long it goes on this time: mostly short, so that there are many, and
// now and then as long as it may.
func (f fault) lasts(with torture.Test) time.Duration {
	part := with.Float64()
	return time.Duration(part * part * part * float64(f.most) / float64(with.Times(1, 3)))
}

func (n *network) signal(node int, s syscall.Signal) { must(n.t, n.nodes[node].cmd.Process.Signal(s)) }

// TestTortureNodes has all kinds of faults come over two nodes that share a database,
// one after another and sometimes two at once, while events are sent to them.
func TestTortureNodes(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	with := n.with
	all, came := faults(), map[string]int{}
	times := with.Times(1000, 2*len(all))
	for done := 0; done < times; done += checkEach {
		n.afflict(all, min(checkEach, times-done), came)
		n.check(4 * time.Minute)
	}
	t.Logf("faults: %v; the networks lost %d and %d", came, n.paths[0].lost.Load(), n.paths[1].lost.Load())
	for _, f := range all {
		if came[f.name] == 0 {
			t.Errorf("there was no %s", f.name)
		}
	}
}

// afflict has so many faults come while events are sent, and counts them.
func (n *network) afflict(all []fault, times int, came map[string]int) {
	with := n.with
	ctx, stop := context.WithCancel(n.t.Context())
	var sending sync.WaitGroup
	for s := range senders {
		sending.Go(func() { n.send(ctx, s) })
	}
	for i := range times {
		f, node := all[i%len(all)], with.IntN(2)
		if with.Long {
			f = all[with.IntN(len(all))]
		}
		time.Sleep(time.Duration(with.IntN(200)) * time.Millisecond) // the moment is what is tested
		f.do(n, node)
		if f.name != "kill" && with.IntN(4) == 0 {
			n.killNode(1-node, 0)
			came["kill"]++
		}
		time.Sleep(f.lasts(with))
		f.end(n, node)
		came[f.name]++
		n.finished.remember()
	}
	stop()
	sending.Wait()
}

// TestStalledNode stops a node with calls under way for longer than its transactions
// are left to it. The other takes them over and ends them; when the first goes on, it
// comes too late with all of them, and changes nothing.
func TestStalledNode(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.sink.slow = 300 * time.Millisecond
	var sending sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for s := range senders {
		sending.Go(func() { n.send(ctx, s) })
	}
	n.stall()
	stop()
	sending.Wait()
	n.refused.Add(1) // the fault is the stop
	other := "http://" + n.addresses[1]
	defer func() {
		if t.Failed() {
			t.Logf("the other node's log:\n%s", n.nodes[1].log)
			n.sessions()
		}
	}()
	waitIdle(t, n.in, other, time.Minute)
	n.finished.remember()
	taken := n.taken()
	if missing := n.missing(); len(missing) > 0 || taken == 0 {
		t.Fatalf("%d transactions were taken over, and %d events are missing", taken, len(missing))
	}
	calls := n.sink.calls.Load()
	n.signal(0, syscall.SIGCONT)
	waitReady(t, n.nodes[0], n.base())
	if !n.post(&http.Client{Timeout: 5 * time.Second}, n.addresses[0], "afterwards") {
		t.Error("the node that was stopped takes nothing")
	}
	n.acked.Store("afterwards", true)
	n.ackCount.Add(1)
	n.check(time.Minute)
	t.Logf("%d transactions were taken over; %d calls until then, %d now", taken, calls, n.sink.calls.Load())
}

// claimed counts transactions that the node which began first has made its own, in jobs
// that it runs.
const claimed = `SELECT count(*) FROM river_job j CROSS JOIN jsonb_array_elements(j.args->'txns') own
		JOIN txn t ON t.account = (j.args->>'account')::bigint AND t.id = (own->>'id')::bigint
	WHERE j.state = 'running' AND t.status < 10 AND t.epoch > 0
		AND j.attempted_by[1] = (SELECT 'node-' || min(objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`

// stall stops the first node at work: what it has under way has to stay so.
func (n *network) stall() {
	for began := time.Now(); time.Since(began) < noWork; {
		if !n.sink.busy(noWork) {
			break
		}
		n.signal(0, syscall.SIGSTOP)
		time.Sleep(time.Second) // what it has sent to the database arrives
		if n.count(claimed) > 0 {
			return
		}
		n.signal(0, syscall.SIGCONT)
	}
	n.t.Fatal("it was never at work when it was stopped")
}

func (n *network) count(query string) (count int) {
	n.t.Helper()
	must(n.t, n.finished.db.QueryRowContext(n.t.Context(), query).Scan(&count))
	return count
}

// sessions logs what the database's sessions do.
func (n *network) sessions() {
	rows, err := n.finished.db.Query(`SELECT format('%s %s since %s, waits for %s %s, blocked by %s: %s', pid, state, clock_timestamp() - state_change, wait_event_type, wait_event, pg_blocking_pids(pid), left(query, 300))
		FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	must(n.t, err)
	defer rows.Close()
	for rows.Next() {
		var session string
		must(n.t, rows.Scan(&session))
		n.t.Log(session)
	}
	must(n.t, rows.Err())
}

// taken is how many transactions had a second owner.
func (n *network) taken() int { return n.count(`SELECT count(*) FROM txn WHERE epoch > 1`) }
