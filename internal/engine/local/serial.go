package local

import (
	"context"
	"maps"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// serial says that of each of the account's cycles one transaction runs after the
// other, to its end: that is what a limit of 1 means. Which one is next says the
// journal, for it depends on what waits, and on what was split from what.
func (a *account) serial() bool { return a.known && a.limit == 1 }

// park keeps an entry until the journal says that it has its turn; 0 only has it
// asked.
func (q *queue) park(e entry) {
	c := e.cycle
	if e.id != 0 {
		if c.parked == nil {
			c.parked = map[tandem.TransactionID]entry{}
		}
		if _, known := c.parked[e.id]; !known {
			q.length++
			c.account.parked++
		}
		e.txn = nil
		c.parked[e.id] = e
	}
	q.ask(c)
}

// ask has the journal asked whose turn it is.
func (q *queue) ask(c *cycle) {
	c.due = len(c.parked) > 0
	q.activate(c)
}

// unpark takes an entry out.
func (q *queue) unpark(c *cycle, id tandem.TransactionID) (e entry, ok bool) {
	if e, ok = c.parked[id]; ok {
		delete(c.parked, id)
		q.length--
		c.account.parked--
	}
	return e, ok
}

// reorder is for an account whose limit has become 1, or is not any more.
func (q *queue) reorder(a *account) {
	for _, c := range a.cycles {
		if !a.serial() {
			c.due = false
			for _, id := range slices.Sorted(maps.Keys(c.parked)) {
				e, _ := q.unpark(c, id)
				q.push(e)
			}
			continue
		}
		for c.waiting.len() > 0 {
			e := c.waiting.pop()
			q.length--
			q.resident -= weight(e.txn)
			q.park(e)
		}
	}
}

// remind has the journal asked again, for what may have ended without a slice.
func (q *queue) remind(a *account) {
	if !a.serial() || a.running > 0 {
		return
	}
	for _, c := range a.cycles {
		if len(c.parked) > 0 {
			q.ask(c)
		}
	}
}

// choose gives a slice the transaction whose turn it is. Errors: errOver, if there
// is none that can go on.
func (e *Engine) choose(ctx context.Context, s *slice) error {
	e.mu.Lock()
	c, begun := s.cycle, s.cycle.serving
	e.mu.Unlock()
	id, root, err := e.journal.Turn(ctx, c.Cycle, begun)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	chosen, ok := e.queue.unpark(c, id)
	if !ok { // it waits for a time, or the cycle was stopped
		return errOver
	}
	delete(c.slices, s.id)
	s.entry, c.serving = chosen, root
	c.slices[id] = s
	return nil
}
