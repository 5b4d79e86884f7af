package river_test

import (
	"context"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/enginetest"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// TestStopUnderLoadAcrossNodes has two nodes send for a cycle, hundreds of slices at
// once, when it is stopped on one of them: after the answer neither sends.
func TestStopUnderLoadAcrossNodes(t *testing.T) {
	url := storetest.URL(t)
	o := options
	o.Workers, o.Window, o.Timeout, o.Rescue = 64, 300, time.Minute, 2*time.Minute
	here, there := newEngine(t, openStore(t, url), o), newEngine(t, openStore(t, url), o)
	if _, err := here.Submit(t.Context(), func() (all []journal.NewTxn) {
		for range 1000 {
			all = append(all, journal.NewTxn{Account: 1, Cycle: "c"})
		}
		return all
	}()...); err != nil {
		t.Fatal(err)
	}
	a, b := enginetest.NewSender(1000), enginetest.NewSender(1000)
	start(t, here, a.Slice)
	start(t, there, b.Slice)
	for _, s := range []*enginetest.Sender{a, b} {
		for range 100 {
			select {
			case <-s.Began:
			case <-time.After(30 * time.Second):
				t.Fatal("not enough slices began")
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	began := time.Now()
	if err := here.SignalCycle(ctx, 1, "c", engine.Hold); err != nil {
		t.Fatal(err)
	}
	if n := a.Stopped() + b.Stopped(); n != 0 {
		t.Errorf("%d slices are at work after the stop", n)
	}
	t.Logf("stopped in %s", time.Since(began))
	time.Sleep(300 * time.Millisecond) // several looks for what is due
	if n := a.Late() + b.Late(); n != 0 {
		t.Errorf("%d requests were sent after the stop", n)
	}
}
