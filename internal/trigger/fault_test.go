package trigger_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/disktest"
)

// A disk that refuses, for whatever reason, has senders come again, of whose events
// none that was taken is lost; with the disk all works again, at once.
func TestDisksThatFail(t *testing.T) {
	for name, why := range map[string]error{"full": syscall.ENOSPC, "read-only": syscall.EROFS, "broken": syscall.EIO} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			disk := disktest.New(t, dir)
			s, err := store.OpenWith(t.Context(), "", dir, store.Options{Disk: disk.Files()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			p := newPlantOn(t, s)
			_, url := p.serve(t)
			w := &wave{plant: p, t: t, url: url, taken: map[string]tandem.TransactionID{}}
			stop := w.begin()
			w.await("events", func() bool { return w.ok.Load() > 20 })
			disk.Fail(func(what disktest.Operation, _ string) error {
				if what == disktest.Sync && errors.Is(why, syscall.EROFS) {
					return nil // there is nothing to sync
				}
				return why
			})
			w.await("refusals", func() bool { return w.refused.Load() > 20 })
			failed := disk.Fired()
			disk.Fail(nil)
			again := w.ok.Load()
			healed := time.Now()
			w.await("events again", func() bool { return w.ok.Load() > again+20 })
			t.Logf("%d operations failed, %d requests were refused; it works again after %v", failed, w.refused.Load(), time.Since(healed))
			stop()
			if failed == 0 {
				t.Error("nothing failed")
			}
			for event, id := range w.taken {
				p.ended(t, id)
				if _, again := post(t, url, event); again != id {
					t.Errorf("%s is transaction %s, then %s", event, id, again)
				}
			}
		})
	}
}

// wave is events that are sent, each until it is taken.
type wave struct {
	*plant
	t           *testing.T
	url         string
	ok, refused atomic.Int64

	mu    sync.Mutex
	taken map[string]tandem.TransactionID
}

// begin sends; stop lets each sender end with its event.
func (w *wave) begin() (stop func()) {
	var done atomic.Bool
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := 0; !done.Load(); n++ {
				for event := fmt.Sprintf("%d-%d", i, n); !w.send(event); {
					time.Sleep(5 * time.Millisecond) // a little patience
				}
			}
		})
	}
	return func() {
		done.Store(true)
		all.Wait()
	}
}

// send says whether an event was taken.
func (w *wave) send(event string) bool {
	resp, body := send(w.t, "POST", w.url, `{"a":1}`, "Content-Type", "application/json", "Idempotency-Key", event)
	switch {
	case resp.StatusCode == 200:
		w.ok.Add(1)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.taken[event] = transactionOf(w.t, body)
		return true
	case resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "":
		w.t.Errorf("%s: %d %v %s", event, resp.StatusCode, resp.Header, body)
	}
	w.refused.Add(1)
	return false
}

// await waits for what has to come.
func (w *wave) await(what string, is func() bool) {
	w.t.Helper()
	for began := time.Now(); !is(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			w.t.Fatalf("no %s", what)
		}
	}
}
