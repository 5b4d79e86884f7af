package river_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// TestSerialAcrossNodes has two nodes work on an account of which one transaction
// runs after the other: never two at a time, and in the order of their arrival from
// the beginning to the end, with pauses in between, whichever node takes them.
func TestSerialAcrossNodes(t *testing.T) {
	url := storetest.URL(t)
	o := options
	o.Timeout, o.Rescue = time.Minute, 2*time.Minute
	o.Limit = func(context.Context, tandem.AccountID) (int, error) { return 1, nil }
	var mu sync.Mutex
	var got []string
	nodes := map[string]int{}
	var running atomic.Int32
	done := make(chan bool, 100)
	run := func(node string) func(context.Context, engine.Lease, journal.Txn) (engine.Yield, error) {
		return func(ctx context.Context, l engine.Lease, txn journal.Txn) (engine.Yield, error) {
			if running.Add(1) > 1 {
				t.Error("two run at once")
			}
			defer running.Add(-1)
			mu.Lock()
			got = append(got, string(txn.Frontier))
			nodes[node]++
			mu.Unlock()
			name, left, more := strings.Cut(string(txn.Frontier), " ")
			if !more {
				y, err := finish(ctx, l)
				done <- true
				return y, err
			}
			d := journal.Delta{Frontier: []byte(name)}
			if left == "ready" {
				return engine.Yield{Kind: engine.Ready}, l.Commit(ctx, d)
			}
			d.Status, d.Wake = tandem.TransactionWaiting, time.Now().Add(20*time.Millisecond).Truncate(time.Microsecond)
			return engine.Yield{Kind: engine.Until, Wake: d.Wake}, l.Commit(ctx, d)
		}
	}
	here, there := newEngine(t, openStore(t, url), o), newEngine(t, openStore(t, url), o)
	var want []string
	for i := range 24 {
		name := string(rune('a' + i))
		script := name
		switch i % 3 {
		case 1:
			script += " ready"
		case 2:
			script += " wait"
		}
		if want = append(want, script); script != name {
			want = append(want, name)
		}
		if _, err := here.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c", Frontier: []byte(script)}); err != nil {
			t.Fatal(err)
		}
	}
	start(t, here, run("here"))
	start(t, there, run("there"))
	for range 24 {
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Fatal("waited in vain")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(nodes) < 2 {
		t.Errorf("it was one node alone: %v", nodes)
	}
}
