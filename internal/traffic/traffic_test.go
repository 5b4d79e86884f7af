package traffic_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/traffic"
)

// book is a store in memory.
type book struct {
	traffic.Store
	mu       sync.Mutex
	calls    []tandem.APICall
	requests []tandem.WebhookRequest
	commits  int
	fails    error
}

func (b *book) AppendCalls(_ context.Context, all []tandem.APICall) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.commits++
	b.calls = append(b.calls, all...)
	return b.fails
}

func (b *book) AppendRequests(_ context.Context, all []tandem.WebhookRequest) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, all...)
	return b.fails
}

// shown is what an operator reads.
type shown struct{ strings.Builder }

func newLog(b *book) (*traffic.Log, *shown) {
	out := &shown{}
	return traffic.New(slog.New(slog.NewTextHandler(out, nil)), b), out
}

func TestWrittenSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		l, _ := newLog(b)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		at := time.Now()
		l.Note(tandem.APICall{Partner: 1, Created: at, Path: "/v1.0/a\x00b\xff" + strings.Repeat("x", 600), Status: 200})
		l.NoteRequest(tandem.WebhookRequest{Account: 7, Created: at, Status: 410})
		time.Sleep(1500 * time.Millisecond)
		if len(b.calls) != 1 || len(b.requests) != 1 {
			t.Fatalf("%d calls and %d requests written within a second", len(b.calls), len(b.requests))
		}
		if c := b.calls[0]; c.Count != 1 || !c.ID.Made().Equal(at.Truncate(time.Millisecond)) || !strings.HasPrefix(c.Path, "/v1.0/abx") || len(c.Path) > 510 {
			t.Errorf("written: %+v", c)
		}
		l.Note(tandem.APICall{Partner: 1, Created: time.Now()})
		stop()
		if err := <-done; err != nil || len(b.calls) != 2 {
			t.Errorf("at the end %d calls are written, %v", len(b.calls), err)
		}
	})
}

func TestFlood(t *testing.T) {
	b := &book{}
	l, out := newLog(b)
	for range 5000 {
		l.NoteRequest(tandem.WebhookRequest{Account: 7, CycleID: "c", StepID: "s", Status: 503, Created: time.Now()})
	}
	l.NoteRequest(tandem.WebhookRequest{Account: 8, Status: 410, Created: time.Now()})
	for n := range 3000 {
		l.Note(tandem.APICall{Partner: 1, Operation: fmt.Sprint("op ", n%2), Status: 429, Created: time.Now()})
	}
	l.Flush(t.Context())
	sum, ids := 0, map[tandem.LineID]bool{}
	for _, r := range b.requests {
		sum += r.Count
		ids[r.ID] = true
	}
	if sum != 5001 || len(b.requests) != 22 || len(ids) != 22 {
		t.Errorf("5001 requests are %d lines with %d ids, of %d", len(b.requests), len(ids), sum)
	}
	if last := b.requests[len(b.requests)-1]; last.Account != 8 || last.Count != 1 {
		t.Errorf("an account pays for another: %+v", last)
	}
	sum = 0
	for _, c := range b.calls {
		sum += c.Count
	}
	if sum != 3000 || len(b.calls) != 1002 || b.commits != 3 {
		t.Errorf("3000 calls are %d lines, of %d, in %d commits", len(b.calls), sum, b.commits)
	}
	if out.Len() > 0 {
		t.Errorf("nothing was dropped, and it is said: %s", out)
	}
}

func TestDropsAreCounted(t *testing.T) {
	b := &book{}
	l, out := newLog(b)
	for n := range 100 {
		l.NoteRequest(tandem.WebhookRequest{Account: 7, Reason: fmt.Sprint("reason ", n), Created: time.Now()})
	}
	l.Flush(t.Context())
	if len(b.requests) != 40 || !strings.Contains(out.String(), "lines=60") {
		t.Errorf("%d lines, said: %s", len(b.requests), out)
	}
	b.fails = errors.New("disk full")
	l.Note(tandem.APICall{Partner: 1, Created: time.Now()})
	out.Reset()
	l.Flush(t.Context())
	if !strings.Contains(out.String(), "disk full") || !strings.Contains(out.String(), "lines=1") {
		t.Errorf("a line that cannot be written, said: %s", out)
	}
}

func BenchmarkNote(b *testing.B) {
	l, _ := newLog(&book{})
	c := tandem.APICall{Partner: 1, Created: time.Now(), Path: "/v1.0/accounts", Operation: "listAccounts", Status: 200}
	for b.Loop() {
		l.Note(c)
	}
}
