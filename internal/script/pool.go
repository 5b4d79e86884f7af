package script

import (
	"log/slog"
	"runtime"
	"sync"
	"time"
)

// Subcommand is how this program is started as a worker.
const Subcommand = "script-worker"

// Options of a [Pool]; the zero value works.
type Options struct {
	Command []string      // starts a worker; default: this program as Subcommand
	Workers int           // processes at once; default: two for each processor, at least four
	Memory  int64         // of a worker, in bytes, half of which a script may have; default 256 MB
	Timeout time.Duration // of a trip, at most; default 60 s
	Runs    int           // trips after which a worker is replaced; default 1000
	Waiting int           // trips that may wait for a worker, an eighth of them of one owner; default 8192: all steps of an account at once
}

func (o Options) withDefaults() Options {
	def := func(n *int, value int) {
		if *n <= 0 {
			*n = value
		}
	}
	def(&o.Workers, max(4, 2*runtime.GOMAXPROCS(0)))
	def(&o.Runs, 1000)
	def(&o.Waiting, 8192)
	if o.Memory <= 0 {
		o.Memory = 256 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if len(o.Command) == 0 {
		o.Command = []string{self(), Subcommand}
	}
	return o
}

// Pool runs scripts in workers, which it starts when they are first needed.
type Pool struct {
	log     *slog.Logger
	options Options
	queue   queue

	mu      sync.Mutex
	workers map[*process]bool // all there are
	idle    []*process        // the last one first, as it is the warmest
	failing failing
	closed  bool
}

// NewPool makes a pool. What a worker says as it dies is logged.
func NewPool(log *slog.Logger, o Options) *Pool {
	o = o.withDefaults()
	return &Pool{
		log: log, options: o, workers: map[*process]bool{},
		queue: queue{places: o.Workers, share: max(1, o.Workers/2), most: o.Waiting, own: max(1, o.Waiting/8), owners: map[string]int{}},
	}
}

// Close ends all workers, in the middle of what they do.
func (p *Pool) Close() error {
	p.queue.close()
	p.mu.Lock()
	p.closed = true
	for w := range p.workers {
		w.kill()
	}
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, w := range idle {
		p.drop(w)
	}
	p.queue.users.Wait()
	return nil
}

// take gives a worker to who has a place in the queue; it is for put or drop.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch last := len(p.idle) - 1; {
	case p.closed:
		return nil, errClosed
	case last >= 0:
		w := p.idle[last]
		p.idle = p.idle[:last]
		return w, nil
	case p.failing.now():
		return nil, &Error{Kind: Unavailable, Err: p.failing.err}
	}
	p.mu.Unlock()
	w, err := startProcess(p.options.Command)
	p.mu.Lock()
	switch {
	case err != nil:
		p.failing.again(err)
		p.log.Error("a script worker does not start", "error", err, "failures", p.failing.times)
		return nil, &Error{Kind: Unavailable, Err: err}
	case p.closed:
		w.end()
		return nil, errClosed
	}
	p.failing = failing{}
	p.workers[w] = true
	return w, nil
}

// put takes a worker back, once it has cleared away what it did.
func (p *Pool) put(w *process) {
	w.runs++
	if w.runs >= p.options.Runs || w.ready(clearTime) != nil {
		p.drop(w)
		return
	}
	p.mu.Lock()
	closed := p.closed
	if !closed {
		p.idle = append(p.idle, w)
	}
	p.mu.Unlock()
	if closed {
		p.drop(w)
	}
}

// drop ends a worker.
func (p *Pool) drop(w *process) {
	w.end()
	p.mu.Lock()
	delete(p.workers, w)
	p.mu.Unlock()
}

// failing is how often in a row workers did not start. Each time it takes longer
// until the next is tried, so that a program that cannot start is not started all
// the time.
type failing struct {
	times int
	until time.Time
	err   error
}

func (f *failing) now() bool { return time.Now().Before(f.until) }

func (f *failing) again(err error) {
	f.times++
	f.err = err
	f.until = time.Now().Add(min(100*time.Millisecond<<min(f.times, 10), 30*time.Second))
}
