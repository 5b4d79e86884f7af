package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

// TestKillStop kills the server while a cycle is started and stopped again and
// again, each time with an event between. What was acknowledged is delivered
// once the cycle runs for good.
func TestKillStop(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir()), freeAddresses(t, 1)).withWebhook("deliver.json")
	f.sink.slow = 10 * time.Millisecond
	a := f.in.partner(f.base()).Account(account)
	var cycles []client.Cycle
	must(t, a.Do(t.Context(), "GET", "/cycles", nil, &cycles))
	cycle := cycles[0].ID
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for n := 0; ctx.Err() == nil; n++ {
			// Not with ctx: a stop that its caller gives up may still happen,
			// after the start at the end.
			f.startAndStop(t.Context(), a, cycle, n)
		}
	}()
	for k := range splitKills {
		if !f.sink.busy(noWork) {
			t.Fatal("nothing is delivered any more")
		}
		f.killNode(k, 0)
	}
	stop()
	<-ended
	if c, err := a.Activate(t.Context(), cycle, client.Activation{}); err != nil && tandem.ErrorCode(err) != tandem.Conflict {
		t.Fatalf("activate %s: %v", c.Status, err)
	}
	if f.ackCount.Load() < splitKills {
		t.Errorf("only %d events were taken", f.ackCount.Load())
	}
	f.check(20 * time.Second)
}

// startAndStop does what it can: the server may be gone at any time.
func (f *flood) startAndStop(ctx context.Context, a *client.Client, cycle tandem.CycleID, n int) {
	_, _ = a.Activate(ctx, cycle, client.Activation{})
	for i := range 3 {
		id := fmt.Sprintf("%d-%d", n, i)
		f.sent.Add(1)
		if f.post(http.DefaultClient, f.addresses[0], id) {
			f.acked.Store(id, true)
			f.ackCount.Add(1)
		}
	}
	if _, err := a.Deactivate(ctx, cycle, false); err != nil {
		return
	}
	at := f.sink.heard.Load() // what was sent before the stop may arrive after it, but nobody waits for it any more
	time.Sleep(2 * f.sink.slow)
	if now := f.sink.heard.Load(); now != at {
		f.t.Errorf("%d requests came after the stop was answered", now-at)
	}
}

// TestKillInit kills tandem init at any moment: the next one, or the one after
// it, makes an installation that can be served.
func TestKillInit(t *testing.T) {
	dir, with, met := t.TempDir(), torture.Begin(t), 0
	for k := range splitKills {
		p := start(t, "tandem", "init", "--partner", "Acme", "--email", fmt.Sprintf("sam%d@acme.example", k), "--data", dir)
		time.Sleep(time.Duration(with.IntN(120)) * time.Millisecond) // the moment is what is tested
		p.kill()
		if s := p.cmd.ProcessState; !s.Exited() || runtime.GOOS == "windows" { // there nobody can tell
			met++
		}
	}
	if met == 0 {
		t.Error("no kill met it at work")
	}
	in := install(t, "--data", dir)
	address := freeAddresses(t, 1)[0]
	in.serve(address)
	_, err := in.partner("http://"+address).CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"})
	must(t, err)
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
