package e2e

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// relief is how long after a fault all works again, at most.
const relief = 5 * time.Second

// mostLogged is how many lines a server may log about a fault: when it begins, when it
// ends, and some from who works in the background.
const mostLogged = 25

// weather is a flood of events on a server that faults come over, without ending it.
type weather struct {
	*flood
	pad      string // of each event
	mu       sync.Mutex
	statuses map[int]int
	rude     atomic.Int64 // 503s without Retry-After
	next     atomic.Int64
}

func newWeather(t *testing.T, pad int, dir string) *weather {
	f := newFlood(t, install(t, "--data", dir), freeAddresses(t, 1)).withWebhook("deliver.json")
	noise := make([]byte, pad)
	_, _ = rand.Read(noise) // never fails
	return &weather{flood: f, pad: base64.StdEncoding.EncodeToString(noise), statuses: map[int]int{}}
}

// try sends one event once, and gives the status, 0 for none.
func (w *weather) try(ctx context.Context, client *http.Client, id string) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base()+w.hook, strings.NewReader(fmt.Sprintf(`{"id":%q,"pad":%q}`, id, w.pad)))
	if err != nil {
		w.t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", id)
	resp, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "" {
		w.rude.Add(1)
	}
	return resp.StatusCode
}

// blow has senders send, each event until it is taken, while during is under way, and
// then until one more of each is taken.
func (w *weather) blow(during func()) {
	ctx, stop := context.WithCancel(w.t.Context())
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				w.deliver(client)
			}
		})
	}
	during()
	stop()
	all.Wait()
}

func (w *weather) deliver(client *http.Client) {
	id := fmt.Sprint("event-", w.next.Add(1))
	w.sent.Add(1)
	for {
		status := w.try(w.t.Context(), client, id)
		w.mu.Lock()
		w.statuses[status]++
		w.mu.Unlock()
		if status == http.StatusOK {
			w.acked.Store(id, true)
			w.ackCount.Add(1)
			return
		}
		w.refused.Add(1)
		time.Sleep(20 * time.Millisecond)
	}
}

// await waits until something is so.
func (w *weather) await(what string, limit time.Duration, is func() bool) {
	w.t.Helper()
	for began := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > limit {
			w.t.Fatalf("%s: not within %v\n%s", what, limit, w.nodes[0].log)
		}
	}
}

// taken waits for so many more events to be taken.
func (w *weather) taken(more int64, limit time.Duration) {
	w.t.Helper()
	want := w.ackCount.Load() + more
	w.await(fmt.Sprintf("%d more events", more), limit, func() bool { return w.ackCount.Load() >= want })
}

// through has a fault come and go, and checks what senders were told, how much was
// logged, and that all works again soon.
func (w *weather) through(during time.Duration, fault, end func(), told func() bool) {
	t := w.t
	t.Helper()
	logged := 0
	w.blow(func() {
		w.taken(20, 20*time.Second)
		logged = strings.Count(w.nodes[0].log.String(), "\n")
		fault()
		w.await("the fault to be noticed", 30*time.Second, told)
		time.Sleep(during) // is what is tested
		if !told() {
			t.Error("the fault was over by itself")
		}
		end()
		over := time.Now()
		w.taken(1, relief)
		w.taken(50, relief)
		t.Logf("it worked again %v after the fault", time.Since(over))
	})
	w.mu.Lock()
	t.Logf("statuses: %v", w.statuses)
	for status := range w.statuses {
		if status != http.StatusOK && status != http.StatusServiceUnavailable && status != 0 {
			t.Errorf("%d senders were told %d", w.statuses[status], status)
		}
	}
	w.mu.Unlock()
	if n := w.rude.Load(); n > 0 {
		t.Errorf("%d answers of 503 had no Retry-After", n)
	}
	text := w.nodes[0].log.String()
	if lines := strings.Count(text, "\n") - logged; lines == 0 || lines > mostLogged {
		shown := strings.Split(text, "\n")[logged:]
		t.Errorf("%d lines were logged, want 1 to %d, such as:\n%s", lines, mostLogged, strings.Join(shown[:min(len(shown), 12)], "\n"))
	}
	w.check(time.Minute)
}

// refusals waits until senders are told that they should come again.
func (w *weather) refusals() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.statuses[http.StatusServiceUnavailable] > 0
}
