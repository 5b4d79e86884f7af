package trigger

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/seat"
)

// Bounds of the waits between looks for answers, which grow with how long those
// wait who came last.
const (
	firstLook = 10 * time.Millisecond
	lastLook  = 500 * time.Millisecond
	lookTime  = 10 * time.Second // that one may take
)

// callers are those who wait for answers of steps.
//
// What is answered on this node is told, and looked for at once. What other nodes
// answer is found by looking for all who wait here together, and so are the ends
// of transactions that were split. Nobody looks while nobody waits.
type callers struct {
	log    *slog.Logger
	find   func(ctx context.Context, of []journal.Caller) ([]journal.Answered, error)
	shared bool // other nodes may answer
	places *seat.Seats

	mu      sync.Mutex
	waiting map[journal.Caller][]chan journal.Answered
	count   int
	told    []journal.Caller // for whom there may be something
	last    time.Time        // somebody came
	looking bool
	wake    chan struct{}
}

func newCallers(log *slog.Logger, find func(context.Context, []journal.Caller) ([]journal.Answered, error), shared bool) *callers {
	return &callers{log: log, find: find, shared: shared, places: seat.New(maxCallers), waiting: map[journal.Caller][]chan journal.Answered{}, wake: make(chan struct{}, 1)}
}

// Answered says that there may be something for a caller.
func (c *callers) Answered(who journal.Caller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting[who]) > 0 {
		c.told = append(c.told, who)
		c.kick()
	}
}

func (c *callers) kick() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// wait waits for what there is to tell a caller, until done, or nobody is to wait
// any more. Not ok: nothing yet.
func (c *callers) wait(who journal.Caller, done, closing <-chan struct{}) (a journal.Answered, ok bool) {
	ch := c.enter(who)
	defer c.leave(who, ch)
	select {
	case a = <-ch:
		return a, true
	case <-done:
	case <-closing:
	}
	return a, false
}

func (c *callers) enter(who journal.Caller) chan journal.Answered {
	ch := make(chan journal.Answered, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[who] = append(c.waiting[who], ch)
	c.count++
	c.last = time.Now()
	c.told = append(c.told, who) // it may be there already
	c.kick()
	if !c.looking {
		c.looking = true
		go c.look()
	}
	return ch
}

func (c *callers) leave(who journal.Caller, ch chan journal.Answered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count--
	left := c.waiting[who][:0]
	for _, other := range c.waiting[who] {
		if other != ch {
			left = append(left, other)
		}
	}
	if c.waiting[who] = left; len(left) == 0 {
		delete(c.waiting, who)
	}
	if c.count == 0 {
		c.kick()
	}
}

// look looks for answers until nobody waits. Between looks for all it waits as long
// as the last one took, at least.
func (c *callers) look() {
	next, at := time.NewTimer(0), time.Now()
	defer next.Stop()
	var took time.Duration
	for {
		all := false
		select {
		case <-c.wake:
		case <-next.C:
			all = true
		}
		of, interval := c.due(all)
		if interval == 0 {
			return
		}
		began := time.Now()
		if len(of) > 0 {
			c.tell(of)
		}
		now := time.Now()
		if all {
			took = now.Sub(began)
		}
		if interval = max(interval, took); all || at.After(now.Add(interval)) {
			at = now.Add(interval)
			next.Reset(interval)
		}
	}
}

// due are those to look for, and when to look for all; 0: nobody waits.
func (c *callers) due(all bool) (of []journal.Caller, interval time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 {
		c.looking, c.told = false, nil
		return nil, 0
	}
	of, c.told = c.told, nil
	if all {
		of = of[:0]
		for who := range c.waiting {
			of = append(of, who)
		}
	}
	if !c.shared {
		return of, lastLook
	}
	return of, min(max(time.Since(c.last)/4, firstLook), lastLook)
}

// tell looks for answers and hands them to who waits for them.
func (c *callers) tell(of []journal.Caller) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	found, err := c.find(ctx, of)
	if err != nil {
		c.log.WarnContext(ctx, "answers to callers of webhooks could not be read", "error", err)
		return // they are looked for again
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range found {
		for _, ch := range c.waiting[a.Caller] {
			select {
			case ch <- a:
			default: // it has it
			}
		}
	}
}
