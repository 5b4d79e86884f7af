// Package load sends requests in a closed loop: each connection sends its next
// request when the last one is answered. It writes and reads HTTP/1.1 itself,
// on connections that stay open, because it shares the processor with what it
// measures and a full client would take as much of it as a fast server.
package load

import (
	"context"
	"fmt"
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
		workers[i] = worker{conn: conn{host: u.Host, path: u.RequestURI()}, body: o.Body}
		wg.Go(func() { workers[i].loop(ctx, &g.last, more) })
	}
	wg.Wait()
	r.End = time.Now()
	var answers []time.Duration
	for i := range workers {
		w := &workers[i]
		r.OK += int64(len(w.answers))
		r.Refused += w.refused
		r.Failed += w.failed
		if w.problem != "" {
			r.Problem = w.problem
		}
		answers = append(answers, w.answers...)
	}
	r.Answer = latency.Summarize(answers)
	return r, nil
}

// worker is one connection's loop, and its count.
type worker struct {
	conn            conn
	body            Body
	buf             []byte
	answers         []time.Duration
	refused, failed int64
	problem         string
}

func (w *worker) loop(ctx context.Context, last *atomic.Int64, more func() bool) {
	defer w.conn.close()
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
			w.refused++
			w.problem = fmt.Sprintf("answered %d %s", status, text)
		default:
			w.answers = append(w.answers, time.Since(start))
		}
	}
}
