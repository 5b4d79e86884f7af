package local

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Time that an account gets in each round; that it can owe at most, so that
// one long slice does not keep it out for long; and that a slice is thought to
// take at least.
const (
	quantum = 10 * time.Millisecond
	maxDebt = 500 * time.Millisecond
	minCost = 100 * time.Microsecond
)

// entry is a transaction that waits for its turn.
type entry struct {
	id        tandem.TransactionID
	cycle     *cycle
	txn       *journal.Txn // nil: to be read
	recovered bool         // from before a restart: its first slice is counted
	submitted bool         // and has not begun
	suspect   bool         // that slice begins while no other suspect's does
	turn      int          // of its cycle, see cycle.turn
}

// cycle is a cycle's transactions.
type cycle struct {
	journal.Cycle
	account *account
	waiting fifo
	queued  bool // in its account's ring
	held    bool // nothing begins
	turn    int  // counts the signals; timers of an earlier turn are void
	slices  map[tandem.TransactionID]*slice
	idle    chan struct{} // if not nil, closed when no slice runs

	// Of a serial account: what waits for its turn, whether to ask whose it is,
	// and the root that had it last.
	parked  map[tandem.TransactionID]entry
	due     bool
	serving tandem.TransactionID
}

// slice is a transaction that runs.
type slice struct {
	entry
	stop  context.CancelFunc
	woken bool // its last child ended: queue it when this slice ends

	dropped chan struct{} // if not nil, it is over: closed when this slice ends
}

// account is the cycles of an account that have something to run.
type account struct {
	id      tandem.AccountID
	ring    ring[*cycle]
	queued  bool // in the queue's ring
	credit  time.Duration
	cost    time.Duration // of a slice, the mean of the latest
	running int
	limit   int  // of running; 0: none of its own
	known   bool // the limit is
	crowded bool // it is in the queue's list of those without room
	cycles  []*cycle
	parked  int // entries, in all of them
}

// queue is what waits, and decides who is next. Its user locks it.
type queue struct {
	o        Options
	cycles   map[journal.Cycle]*cycle
	accounts map[tandem.AccountID]*account
	ring     ring[*account]
	length   int   // entries that wait
	resident int64 // bytes of the data that they have at hand
	running  int
	stopped  bool
	unknown  []*account // that wait for their limits
	crowded  ring[*account]
}

func newQueue(o Options) *queue {
	return &queue{o: o, cycles: map[journal.Cycle]*cycle{}, accounts: map[tandem.AccountID]*account{}}
}

// cycle finds or makes a cycle.
func (q *queue) cycle(key journal.Cycle) *cycle {
	c := q.cycles[key]
	if c == nil {
		a := q.accounts[key.Account]
		if a == nil {
			a = &account{id: key.Account, cost: minCost, known: q.o.Limit == nil}
			q.accounts[key.Account] = a
		}
		c = &cycle{Cycle: key, account: a, slices: map[tandem.TransactionID]*slice{}}
		q.cycles[key] = c
		a.cycles = append(a.cycles, c)
	}
	return c
}

// push queues an entry behind those of its cycle. What is held is not queued:
// it is read again when its cycle is resumed.
func (q *queue) push(e entry) {
	c := e.cycle
	if c.held {
		return
	}
	if c.account.serial() {
		q.park(e)
		return
	}
	if e.id == 0 { // the account was serial
		return
	}
	if size := weight(e.txn); q.resident+size > q.o.Resident {
		e.txn = nil
	} else {
		q.resident += size
	}
	if a := c.account; a.ring.len() == 0 && a.running == 0 {
		a.credit = quantum // who was idle owes nothing
	}
	q.length++
	c.waiting.push(e)
	q.activate(c)
}

// Bytes that things take beside their text.
const (
	txnWeight      = 224
	itemWeight     = 240
	exchangeWeight = 96
	headersWeight  = 340 // a map, for each eight; the names are shared
)

// weight is roughly the bytes of a transaction at hand.
func weight(t *journal.Txn) int64 {
	if t == nil {
		return 0
	}
	n := txnWeight + len(t.Frontier)
	for i := range t.Items {
		n += itemWeight + exchangeBytes(t.Items[i].Request) + exchangeBytes(t.Items[i].Response)
	}
	return int64(n)
}

func exchangeBytes(x *tandem.Exchange) int {
	if x == nil {
		return 0
	}
	n := exchangeWeight + len(x.URL) + len(x.Body) + (len(x.Headers)+7)/8*headersWeight
	for _, value := range x.Headers {
		n += len(value)
	}
	return n
}

// activate puts a cycle and its account in their rings if they can run.
func (q *queue) activate(c *cycle) {
	a := c.account
	if !c.queued && !c.held && (c.waiting.len() > 0 || c.due) {
		c.queued = true
		a.ring.push(c)
	}
	q.admit(a)
}

// admit puts an account in the ring if it can run something. One whose limit is
// not known has to wait for that, and one without room for some: at the latest until
// a slice of its own ends, for there is always room for one.
func (q *queue) admit(a *account) {
	switch {
	case a.queued || a.ring.len() == 0:
	case !a.known:
		q.unknown = append(q.unknown, a)
	case a.running < q.room(a):
		a.queued = true
		q.ring.push(a)
	case !a.crowded:
		a.crowded = true
		q.crowded.push(a)
	}
}

// looks is how many accounts without room are looked at when a slice has ended.
const looks = 2

// uncrowd lets accounts go on that have room now.
func (q *queue) uncrowd() {
	for range min(looks, q.crowded.len()) {
		a := q.crowded.pop()
		a.crowded = false
		q.admit(a)
	}
}

// room is how many slices of an account may run: as many as workers are free. So of
// n accounts whose slices all hang each has one part of n+1, and one part is left
// for everybody else.
func (q *queue) room(a *account) int {
	most := max(q.o.Workers-q.running, 1)
	if a.limit > 0 {
		most = min(most, a.limit)
	}
	return most
}

// next takes the entry whose turn it is, if there is one and it may begin.
func (q *queue) next() (entry, bool) {
	for q.running < q.o.Workers && !q.stopped && q.ring.len() > 0 {
		a := q.ring.pop()
		if a.running >= q.room(a) { // the limit was lowered, or others have begun
			a.queued = false
			q.admit(a)
			continue
		}
		if a.credit <= 0 && q.ring.len() > 0 {
			a.credit += quantum
			q.ring.push(a)
			continue
		}
		a.queued = false
		e, ok := q.take(a)
		if ok {
			return e, true
		}
	}
	return entry{}, false
}

// take takes the account's next entry and leaves the account in its place.
func (q *queue) take(a *account) (entry, bool) {
	for a.ring.len() > 0 {
		c := a.ring.pop()
		c.queued = false
		e := entry{cycle: c}
		switch {
		case c.held:
			continue
		case c.due:
			c.due = false
		case c.waiting.len() == 0:
			continue
		default:
			e = c.waiting.pop()
			q.length--
			q.resident -= weight(e.txn)
		}
		q.running++
		a.running++
		a.credit -= a.cost
		q.activate(c)
		if a.queued && a.credit > 0 {
			q.ring.toFront()
		}
		return e, true
	}
	return entry{}, false
}

// ended charges an account for a slice.
func (q *queue) ended(c *cycle, took time.Duration) {
	a := c.account
	a.credit = max(a.credit-(took-a.cost), -maxDebt)
	a.cost = max(a.cost+(min(took, maxDebt)-a.cost)/8, minCost)
	q.running--
	a.running--
	q.activate(c)
	q.uncrowd()
}

// backlog is how many entries of an account wait.
func (q *queue) backlog(id tandem.AccountID) (n int) {
	a := q.accounts[id]
	if a == nil {
		return 0
	}
	for _, c := range a.cycles {
		n += c.waiting.len() + len(c.parked)
	}
	return n
}

// drop forgets what waits of a cycle.
func (q *queue) drop(c *cycle) {
	for c.waiting.len() > 0 {
		q.resident -= weight(c.waiting.pop().txn)
		q.length--
	}
	q.length -= len(c.parked)
	c.account.parked -= len(c.parked)
	c.parked, c.due = nil, false
	c.turn++
}
