package local

import (
	"context"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// dispatch begins slices for as long as one may. The caller holds e.mu.
func (e *Engine) dispatch() {
	if e.runner == nil {
		return
	}
	for {
		w, ok := e.queue.next()
		if !ok {
			break
		}
		e.hand(e.begin(w))
	}
	if len(e.queue.unknown) > 0 {
		select {
		case e.ask <- struct{}{}:
		default: // it is asked already
		}
	}
}

func (e *Engine) begin(w entry) (context.Context, *slice) {
	if w.submitted {
		e.door.Begins(w.cycle.Account, w.id)
	}
	ctx, stop := context.WithCancel(e.slices)
	s := &slice{entry: w, stop: stop}
	w.cycle.slices[w.id] = s
	return ctx, s
}

// run runs one slice and does what its end asks for.
func (e *Engine) run(ctx context.Context, s *slice) {
	began := time.Now()
	l := &lease{e: e, s: s, known: func() {}}
	y, err := e.slice(ctx, l)
	e.acquit(l)
	var again *time.Time // when to go on; nil: not by itself
	switch {
	case errors.Is(err, errOver), errors.Is(err, engine.ErrFenced), ctx.Err() != nil && err != nil:
	case err != nil:
		again = e.failed(l, err)
	case y.Kind == engine.Ready || y.Kind == engine.Children && l.Txn.Status == tandem.TransactionQueued:
		again = new(time.Time)
	case y.Kind == engine.Until:
		again = &y.Wake
	}
	s.stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.end(s, time.Since(began))
	switch {
	case s.dropped != nil:
		close(s.dropped)
	case s.woken:
		e.queue.push(entry{id: s.id, cycle: s.cycle})
	case again == nil:
	case !again.After(time.Now()):
		e.queue.push(entry{id: s.id, cycle: s.cycle, txn: &l.Txn})
	case !s.cycle.held:
		e.wakeAt(entry{id: s.id, cycle: s.cycle}, *again)
	}
	e.dispatch()
}

// acquit clears of suspicion a transaction whose slice was cut off because the
// process is told to end: it does not take the process with it.
func (e *Engine) acquit(l *lease) {
	if e.slices.Err() == nil || !l.s.recovered || l.Txn.Suspicion == 0 {
		return
	}
	l.Txn.Suspicion = 0
	if err := e.journal.Release(context.WithoutCancel(e.slices), l.Txn, time.Time{}); err != nil {
		e.log.Error("clear a transaction of suspicion", "transaction_id", l.s.id, "err", err)
	}
}

// end takes note that a slice ended.
func (e *Engine) end(s *slice, took time.Duration) {
	c := s.cycle
	delete(c.slices, s.id)
	if c.idle != nil && len(c.slices) == 0 {
		close(c.idle)
		c.idle = nil
	}
	if c.account.serial() && s.id != 0 {
		c.due = len(c.parked) > 0
	}
	e.queue.ended(c, took)
	e.checkIdle()
}

// errOver says that there is nothing to run.
var errOver = errors.New("the transaction is at its end, or held")

// slice reads the transaction if it has to, and runs it.
func (e *Engine) slice(ctx context.Context, l *lease) (y engine.Yield, err error) {
	err = e.prepare(ctx, l)
	defer l.known()
	if err != nil {
		return y, err
	}
	return l.Slice(ctx, e.runner, l)
}

func (e *Engine) prepare(ctx context.Context, l *lease) error {
	if l.s.id == 0 {
		if err := e.choose(ctx, l.s); err != nil {
			l.Broken = true
			return err
		}
	}
	if l.s.txn != nil {
		l.Txn = *l.s.txn
		l.s.txn = nil
		return nil
	}
	t, err := e.journal.Load(ctx, l.s.cycle.Account, l.s.id)
	if err != nil {
		l.Broken = true
		return err
	}
	l.Txn = t
	if t.Status.Final() || t.Status == tandem.TransactionHeld || t.Status == tandem.TransactionSplit {
		return errOver
	}
	if l.s.suspect {
		if l.known = e.leaveAlone(ctx); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if l.s.recovered {
		if t.Suspicion >= journal.Poisonous {
			return errPoison
		}
		if l.Txn.Suspicion, err = e.journal.Suspect(ctx, t.Account, t.ID, e.lossSuspicion()); err != nil {
			l.Broken = !errors.Is(err, engine.ErrFenced)
			return err
		}
	}
	return nil
}

// errPoison is what a transaction that took the process with it fails with.
var errPoison = errors.New("the process ended each time that it ran")

// failed counts a failed slice, and says when to try again; nil means never.
func (e *Engine) failed(l *lease, err error) *time.Time {
	log := e.log.With("transaction_id", l.s.id, "account_id", l.s.cycle.Account, "cycle_id", l.s.cycle.ID)
	again := time.Now().Add(e.o.Retry)
	if l.Broken {
		if tandem.ErrorCode(err) != tandem.Unavailable { // of which the store tells, once for all
			log.Error("run a transaction: the journal failed", "err", err)
		}
		return &again
	}
	ctx := context.WithoutCancel(e.slices)
	suspicion, suspectErr := e.suspect(ctx, l, err)
	log.Error("run a transaction", "suspicion", suspicion, "err", err)
	if suspectErr != nil {
		log.Error("suspect a transaction", "err", suspectErr)
		return &again
	}
	if suspicion < journal.Poisonous {
		again = time.Now().Add(engine.Backoff(e.o.Retry, suspicion))
		return &again
	}
	if err := l.SetAside(ctx, log, e.runner, l); err != nil {
		log.Error("set a transaction aside", "err", err)
		return &again
	}
	return nil
}

// lossSuspicion is how much a transaction is suspected that ran when the
// process before ended.
func (e *Engine) lossSuspicion() int {
	if e.o.Crashed {
		return journal.FailureSuspicion
	}
	return journal.LossSuspicion
}

// suspect is how much a transaction is suspected that failed just now.
func (e *Engine) suspect(ctx context.Context, l *lease, err error) (int, error) {
	if errors.Is(err, errPoison) {
		return l.Txn.Suspicion, nil
	}
	more := journal.FailureSuspicion
	if l.s.recovered && l.Txn.Suspicion > 0 {
		more -= e.lossSuspicion() // it was suspected when it began
	}
	return e.journal.Suspect(ctx, l.Txn.Account, l.Txn.ID, more)
}

// lease is the ownership of a transaction; no other can have it, because the
// process owns the store.
type lease struct {
	engine.Owner
	e     *Engine
	s     *slice
	known func() // ends the first moments of a suspect
}

// Commit implements engine.Lease.
func (l *lease) Commit(ctx context.Context, d journal.Delta) error {
	e := l.e
	e.intake.RLock()
	defer e.intake.RUnlock()
	o, err := l.Owner.Commit(ctx, e.journal, e.ids, &d)
	if err != nil {
		return err
	}
	if len(d.Children) > 0 {
		e.mu.Lock()
		for i := range d.Children {
			e.enqueueNew(&d.Children[i])
		}
		e.dispatch()
		e.mu.Unlock()
	}
	e.wake(ctx, l.Txn.Account, o.Woken)
	return nil
}

// wake queues transactions whose last child has ended.
func (e *Engine) wake(ctx context.Context, a tandem.AccountID, woken []tandem.TransactionID) {
	for _, id := range woken {
		t, err := e.journal.Load(context.WithoutCancel(ctx), a, id)
		if err != nil {
			// It is queued in the journal, and runs after the next start.
			e.log.Error("wake a transaction", "transaction_id", id, "account_id", a, "err", err)
			continue
		}
		e.mu.Lock()
		c := e.queue.cycle(journal.Cycle{Account: a, ID: t.Cycle})
		if s := c.slices[id]; s != nil {
			s.woken = true
		} else {
			e.queue.push(entry{id: id, cycle: c, txn: &t})
		}
		e.dispatch()
		e.mu.Unlock()
	}
}
