package trigger_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// The log is told of all requests but those that simply begin a transaction, which
// that itself tells of, and those whose account nobody knows.
func TestLog(t *testing.T) {
	d := newDesk()
	var mu sync.Mutex
	var lines []tandem.WebhookRequest
	in, url := serve(t, d, trigger.IntakeOptions{MaxBody: 50, Told: func(r tandem.WebhookRequest) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, r)
	}})
	last := func() tandem.WebhookRequest {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if len(lines) != 1 {
			t.Fatalf("%d lines, want 1", len(lines))
		}
		l := lines[0]
		lines = nil
		return l
	}
	send(t, http.MethodPost, url+key, `{"a":1}`)
	send(t, http.MethodPost, url+strings.Repeat("A", 43), `{}`)
	send(t, http.MethodHead, url+key, "")
	if len(lines) > 0 {
		t.Errorf("told of %+v", lines)
	}
	if n := d.submitted[0]; n.Received != 8 {
		t.Errorf("the transaction says %d of 7 bytes and one", n.Received)
	}
	send(t, http.MethodPost, url+key, strings.Repeat(" ", 60))
	l := last()
	if l.Account != 7 || l.CycleID != "cycle" || l.StepID != "step" || l.Status != 413 || l.Bytes != 60 || l.Method != "POST" || l.Address != "127.0.0.1" ||
		l.Milliseconds == nil || l.Created.IsZero() || !strings.Contains(l.Reason, "larger") {
		t.Errorf("too large: %+v", l)
	}
	send(t, "BREW", url+key, "")
	if l := last(); l.Status != 405 || l.Reason == "" {
		t.Errorf("a method: %+v", l)
	}
	d.fails = journal.ErrBusy
	send(t, http.MethodPost, url+key, "{}")
	if l := last(); l.Status != 503 {
		t.Errorf("busy: %+v", l)
	}
	d.setStatus(tandem.CyclePaused)
	in.Forget(7, "cycle")
	send(t, http.MethodPost, url+key, "{}")
	if l := last(); l.Status != 410 || l.Reason != "The integration is stopped." {
		t.Errorf("stopped: %+v", l)
	}
}
