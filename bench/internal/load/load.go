// Package load sends requests in a closed loop: each connection sends its next
// request when the last one is answered, or somewhat later. It writes and reads HTTP/1.1 itself,
// on connections that stay open, because it shares the processor with what it
// measures and a full client would take as much of it as a fast server.
package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
)

// Options of a run. It ends after Duration, or after Requests if that is set.
type Options struct {
	URL         string
	Connections int
	Duration    time.Duration
	Requests    int64
	Every       time.Duration // between the requests of a connection, if the answers come in time
	Body        Body
}

// Result is what came of a run.
type Result struct {
	Start, End time.Time
	OK         int64 // answered 2xx
	Refused    int64 // answered otherwise
	Failed     int64 // no answer
	Problem    string
	Answer     latency.Summary // of those answered 2xx
	Refusal    latency.Summary // of those refused
}

// Generator numbers its requests from 1, over all its runs.
type Generator struct{ last atomic.Int64 }

// Run sends requests until the end that o sets, or until ctx is cancelled.
func (g *Generator) Run(ctx context.Context, o Options) (Result, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return Result{}, fmt.Errorf("load: %w", err)
	}
	timed, cancel := context.WithTimeout(ctx, o.Duration)
	defer cancel()
	var left atomic.Int64
	left.Store(o.Requests)
	more := func() bool { return timed.Err() == nil && (o.Requests == 0 || left.Add(-1) >= 0) }

	workers := make([]worker, o.Connections)
	r := Result{Start: time.Now()}
	var wg sync.WaitGroup
	for i := range workers {
		workers[i] = worker{conn: conn{host: u.Host, path: u.RequestURI()}, body: o.Body, every: o.Every}
		wg.Go(func() { workers[i].loop(ctx, &g.last, more) })
	}
	wg.Wait()
	r.End = time.Now()
	var answers, refusals []time.Duration
	for i := range workers {
		w := &workers[i]
		r.OK += int64(len(w.answers))
		r.Refused += int64(len(w.refusals))
		r.Failed += w.failed
		if w.problem != "" {
			r.Problem = w.problem
		}
		answers, refusals = append(answers, w.answers...), append(refusals, w.refusals...)
	}
	r.Answer, r.Refusal = latency.Summarize(answers), latency.Summarize(refusals)
	return r, nil
}

// worker is one connection's loop, and its count.
type worker struct {
	conn     conn
	body     Body
	every    time.Duration
	buf      []byte
	answers  []time.Duration
	refusals []time.Duration
	failed   int64
	problem  string
}

func (w *worker) loop(ctx context.Context, last *atomic.Int64, more func() bool) {
	defer w.conn.close()
	if w.every > 0 {
		pause(ctx, rand.N(w.every))
	}
	for more() {
		start := time.Now()
		w.buf = w.body(w.buf[:0], last.Add(1), start)
		status, text, err := w.conn.post(ctx, w.buf)
		switch {
		case err != nil:
			w.failed++
			w.problem = err.Error()
			time.Sleep(20 * time.Millisecond) // a server that is gone is not worth a busy loop
		case status/100 != 2:
			w.refusals = append(w.refusals, time.Since(start))
			w.problem = fmt.Sprintf("answered %d %s", status, text)
		default:
			w.answers = append(w.answers, time.Since(start))
		}
		pause(ctx, w.every-time.Since(start))
	}
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
