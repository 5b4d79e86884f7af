package local

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Drop implements engine.Engine. First the journal has them cancelled: what works
// on them can commit nothing more. Then that is stopped, and what waits is to be
// read again, so that it is found to be over.
func (e *Engine) Drop(ctx context.Context, a tandem.AccountID, ids ...tandem.TransactionID) error {
	running, err := e.drop(ctx, a, ids)
	for _, ended := range running {
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("wait for the slices of what was dropped: %w", ctx.Err())
		}
	}
	return err
}

// drop returns what is closed when the slices end that ran. What was made before of
// the dropped is queued by then, and so found.
func (e *Engine) drop(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) (running []<-chan struct{}, err error) {
	e.intake.Lock()
	defer e.intake.Unlock()
	dropped, woken, err := e.cycles.Drop(ctx, a, ids)
	running = e.forget(dropped)
	e.wake(ctx, a, woken)
	return running, err
}

// forget stops the slices of transactions, and returns what is closed at their
// ends.
func (e *Engine) forget(dropped []journal.Txn) (running []<-chan struct{}) {
	of := map[*cycle]map[tandem.TransactionID]bool{}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range dropped {
		c := e.queue.cycle(journal.Cycle{Account: t.Account, ID: t.Cycle})
		if of[c] == nil {
			of[c] = map[tandem.TransactionID]bool{}
		}
		of[c][t.ID] = true
		if s := c.slices[t.ID]; s != nil {
			if s.dropped == nil {
				s.dropped = make(chan struct{})
			}
			running = append(running, s.dropped)
			s.stop()
		}
	}
	for c, ids := range of {
		e.queue.reread(c, ids)
		for id := range ids {
			e.queue.unpark(c, id)
		}
		e.queue.ask(c)
	}
	e.dispatch()
	return running
}

// reread has those of a cycle's entries read again that are at hand.
func (q *queue) reread(c *cycle, ids map[tandem.TransactionID]bool) {
	for i := range c.waiting.len() {
		if w := c.waiting.at(i); ids[w.id] {
			q.resident -= weight(w.txn)
			w.txn = nil
		}
	}
}
