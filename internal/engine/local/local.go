package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Journal is where transactions are durable.
type Journal interface {
	Submit(ctx context.Context, n []journal.NewTxn) ([]tandem.TransactionID, error)
	Commit(ctx context.Context, d journal.Delta) (journal.Outcome, error)
	// Suspect suspects a transaction by so much more, since its last commit.
	Suspect(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, more int) (int, error)
	// Release keeps t.Suspicion.
	Release(ctx context.Context, t journal.Txn, wake time.Time) error
	Load(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (journal.Txn, error)
	// Open lists a cycle's transactions that are not at their end.
	Open(ctx context.Context, of journal.Cycle, after tandem.TransactionID, limit int) ([]journal.Txn, error)
	LastTransaction(ctx context.Context) (tandem.TransactionID, error)
	// Turn says which transaction of a cycle may run where one runs after the
	// other, 0: none, and of which root it is a part; begun was that before.
	Turn(ctx context.Context, of journal.Cycle, begun tandem.TransactionID) (id, root tandem.TransactionID, err error)
}

// Cycles is where the signals to cycles are durable.
type Cycles interface {
	Hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	Resume(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	// Cancel returns transactions of other cycles that can go on now.
	Cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	// ExpireHold does the same to a cycle that is held for too long, only.
	ExpireHold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	Holds(ctx context.Context) ([]journal.Cycle, error)
	// Pending lists those with transactions that are not at their end.
	Pending(ctx context.Context) ([]journal.Cycle, error)
	// Unmatch ends the waiting for requests. It returns those that waited for
	// nothing else.
	Unmatch(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	// Drop cancels transactions, with what they were split into. It returns
	// these, and those that can go on now.
	Drop(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) (dropped []journal.Txn, woken []tandem.TransactionID, err error)
}

// Workers are those of an engine that is not told how many.
const Workers = 1024

// Options bound an engine. Zero values mean the defaults.
type Options struct {
	Workers  int           // slices at once, of one account half of these at most; Workers
	Queued   int           // transactions that may wait in memory; 1,000,000
	Resident int64         // bytes of their data, beyond which it is read again; 64 MB
	Grace    time.Duration // for slices to end by themselves at the end; 10 s
	Retry    time.Duration // before a slice that failed is tried again, longer each time; 1 s
	Limit    engine.Limit  // nil: none
	Ask      time.Duration // between looks at the limits of those who have something to run; 1 s
	// Crashed says that the process before ended by a fault in it, of which what
	// ran then is suspected more than when it was killed.
	Crashed bool
}

func (o Options) withDefaults() Options {
	o.Workers = cmp.Or(o.Workers, Workers)
	o.Queued = cmp.Or(o.Queued, 1_000_000)
	o.Resident = cmp.Or(o.Resident, 64<<20)
	o.Grace = cmp.Or(o.Grace, 10*time.Second)
	o.Retry = cmp.Or(o.Retry, time.Second)
	o.Ask = cmp.Or(o.Ask, time.Second)
	return o
}

// Engine runs transactions in this process.
type Engine struct {
	log     *slog.Logger
	journal Journal
	cycles  Cycles
	o       Options
	ids     *engine.IDs
	door    *engine.Entrance
	jobs    chan job     // to workers that rest
	resting atomic.Int32 // workers

	// intake is held for reading from before a commit makes transactions
	// runnable until they are queued, and for writing while a signal reads
	// them back, so that no transaction is queued twice.
	intake sync.RWMutex

	mu       sync.Mutex
	runner   engine.Runner // nil: not running
	slices   context.Context
	queue    *queue
	timers   timers
	siftAt   int           // so many timers, of which most may be void
	kick     chan struct{} // the first timer is a new one
	ask      chan struct{} // there is an account whose limit is not known
	suspects []entry
	alone    chan struct{} // full while a suspect has its first moments
	idle     chan struct{} // if not nil, closed when no slice runs
}

var _ engine.Engine = (*Engine)(nil)

// New makes an engine over a store that no other engine uses, with all that is
// pending in it.
func New(ctx context.Context, log *slog.Logger, j Journal, c Cycles, o Options) (*Engine, error) {
	last, err := j.LastTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	o = o.withDefaults()
	e := &Engine{log: log, journal: j, cycles: c, o: o, ids: engine.NewIDs(0, last), door: engine.NewEntrance(), queue: newQueue(o), jobs: make(chan job), alone: make(chan struct{}, 1), kick: make(chan struct{}, 1), ask: make(chan struct{}, 1)}
	holds, err := c.Holds(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	for _, h := range holds {
		e.queue.cycle(h).held = true
	}
	pending, err := c.Pending(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	for _, of := range pending {
		if err := e.recover(ctx, of, true); err != nil {
			return nil, fmt.Errorf("start the engine: %w", err)
		}
	}
	return e, nil
}

// recoverPage is how many transactions are read at once.
const recoverPage = 5000

// recover queues what is pending in a cycle; restart says that it may have been
// running when the process ended.
func (e *Engine) recover(ctx context.Context, of journal.Cycle, restart bool) error {
	for after := tandem.TransactionID(0); ; {
		page, err := e.journal.Open(ctx, of, after, recoverPage)
		if err != nil {
			return err
		}
		e.mu.Lock()
		for i := range page {
			e.recovered(&page[i], restart)
		}
		e.mu.Unlock()
		if len(page) < recoverPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

func (e *Engine) recovered(t *journal.Txn, restart bool) {
	c := e.queue.cycle(journal.Cycle{Account: t.Account, ID: t.Cycle})
	switch {
	case c.held:
	case t.Status == tandem.TransactionQueued && restart && t.Suspicion > 0:
		e.suspects = append(e.suspects, entry{id: t.ID, cycle: c, recovered: true, suspect: true})
	case t.Status == tandem.TransactionQueued:
		e.queue.push(entry{id: t.ID, cycle: c, recovered: restart})
	case t.Status == tandem.TransactionWaiting:
		e.wakeAt(entry{id: t.ID, cycle: c}, t.Wake)
	}
}

// Submit implements engine.Engine.
func (e *Engine) Submit(ctx context.Context, n ...journal.NewTxn) (ids []tandem.TransactionID, err error) {
	if len(n) == 0 {
		return nil, nil
	}
	if e.full(n[0].Account, len(n)) {
		return nil, engine.ErrBusy
	}
	err = e.door.Let(ctx, n[0].Account, func() error {
		ids, err = e.submit(ctx, n)
		return err
	})
	return ids, err
}

// Crowded implements engine.Engine.
func (e *Engine) Crowded(a tandem.AccountID) bool { return e.door.Crowded(a) || e.full(a, 1) }

func (e *Engine) submit(ctx context.Context, n []journal.NewTxn) ([]tandem.TransactionID, error) {
	e.intake.RLock()
	defer e.intake.RUnlock()
	for i := range n {
		e.ids.Identify(&n[i])
	}
	ids, err := e.journal.Submit(ctx, n)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range n {
		if ids[i] == n[i].ID {
			e.enqueueNew(&n[i])
		}
	}
	e.dispatch()
	return ids, nil
}

// full says that so many more may not wait. Once half of the room is taken, an
// account may have no more of it than is left.
func (e *Engine) full(a tandem.AccountID, more int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	left := e.o.Queued - e.queue.length
	return more > left || left < e.o.Queued/2 && e.queue.backlog(a)+more > left
}

// enqueueNew queues a transaction that was just made.
func (e *Engine) enqueueNew(n *journal.NewTxn) {
	t := &journal.Txn{
		ID: n.ID, Account: n.Account, Cycle: n.Cycle, Version: n.Version, Parent: n.Parent,
		Created: n.Created, Frontier: n.Frontier, Unlogged: n.Unlogged, NextSeq: 1, Items: append([]tandem.StepItem{}, n.Items...),
	}
	for i := range t.Items {
		t.NextSeq = max(t.NextSeq, t.Items[i].Seq+1)
	}
	e.queue.push(entry{id: t.ID, cycle: e.queue.cycle(journal.Cycle{Account: t.Account, ID: t.Cycle}), txn: t, submitted: t.Parent == 0})
}

// Run implements engine.Engine. It may be called once.
func (e *Engine) Run(ctx context.Context, r engine.Runner) error {
	slices, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	e.mu.Lock()
	if e.runner != nil {
		e.mu.Unlock()
		return errors.New("the engine runs already")
	}
	e.runner, e.slices = r, slices
	e.dispatch()
	e.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(func() { e.runTimers(ctx) })
	wg.Go(func() { e.runSuspects(ctx) })
	if e.o.Limit != nil {
		wg.Go(func() { e.runLimits(ctx) })
	}
	<-ctx.Done()
	idle := e.stop()
	grace := time.NewTimer(e.o.Grace)
	defer grace.Stop()
	select {
	case <-idle:
	case <-grace.C:
		cancel()
		<-idle
	}
	wg.Wait()
	return nil
}

// stop begins no more slices; the channel is closed when the last has ended.
func (e *Engine) stop() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue.stopped = true
	idle := make(chan struct{})
	e.idle = idle
	e.checkIdle()
	return idle
}

func (e *Engine) checkIdle() {
	if e.idle != nil && e.queue.running == 0 {
		close(e.idle)
		e.idle = nil
	}
}
